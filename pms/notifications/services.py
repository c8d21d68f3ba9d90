"""Telling people something, once each, and what they and the office do with it."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.core.bulk import BATCH, create_rows
from pms.core.exceptions import DomainError
from pms.history.context import as_actor
from pms.history.services import record

from .bounces import Bounce
from .choices import MailState
from .delivery import MAX_REASON, Delivery, deliver, deliver_waiting
from .models import Notification, Preference
from .tasks import deliver_mail
from .writing import Notice, compose

__all__ = [
    "Delivery",
    "Notice",
    "change_preference",
    "deliver",
    "deliver_waiting",
    "mark_all_read",
    "mark_read",
    "notify",
    "notify_many",
    "record_bounce",
    "retry",
]

# Mails that one task delivers; a worker that is stopped in between leaves the others untouched.
MAILS_PER_TASK: Final = 100
LOCKS: Final = 256
LOCK_SPACE: Final = 7_301  # told apart from other advisory locks


def notify(
    recipients: Iterable[User],
    *,
    kind: str,
    key: str,
    url: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    is_duty: bool = False,
) -> list[Notification]:
    """Tell accounts something, in the transaction of what has happened.

    Args:
        recipients: the accounts; those that are switched off are told nothing.
        kind: "app.event"; the words come from `templates/notifications/<app>/<event>.txt`: a line
            of subject, an empty line, the text, rendered once in each recipient's language.
        key: the same key is told to the same recipient only once.
        url: path of the page that it is about.
        now: the moment.
        facts: what the template names beside `recipient` and `link`.
        is_duty: whether they have something to do; such mails cannot be switched off.

    Returns:
        The rows written; their mails are delivered after the transaction.

    Raises:
        TemplateDoesNotExist: the kind has no template.
        ValueError: the template has no subject, or no empty line below it.
    """
    notices = [Notice(recipient, kind, key, url, facts or {}, is_duty) for recipient in recipients]
    return notify_many(notices, now=now)


@transaction.atomic
def notify_many(notices: Sequence[Notice], *, now: datetime) -> list[Notification]:
    """Tell many accounts something of their own each; see `notify`.

    Args:
        notices: what to tell whom; the same key twice for one recipient counts once.
        now: the moment.

    Returns:
        The rows written, in the order of `notices`; left out are accounts that are switched off
        and what was told before.
    """
    _hold({notice.key for notice in notices})
    told = _told({notice.key for notice in notices})
    new: dict[tuple[int, str], Notice] = {}
    for notice in notices:
        place = (notice.recipient.pk, notice.key)
        if notice.recipient.is_active and place not in told:
            new.setdefault(place, notice)
    if not new:
        return []
    without_news = set(Preference.objects.filter(mails_news=False).values_list("user", flat=True))
    rows = list(compose(new.values(), without_news=without_news, now=now))
    create_rows(rows)
    mailed = [row.pk for row in rows if row.mail_state == MailState.WAITING]
    for start in range(0, len(mailed), MAILS_PER_TASK):
        part = mailed[start : start + MAILS_PER_TASK]
        transaction.on_commit(partial(deliver_mail.enqueue, part))
    return rows


def _hold(keys: set[str]) -> None:
    """Let nobody else write the same keys until the transaction ends.

    On SQLite one transaction writes at a time anyway. Here PostgreSQL would otherwise let the
    unique constraint end the transaction of the second, and all that it has done.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for number in sorted({zlib.crc32(key.encode()) % LOCKS for key in keys}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, number])


def _told(keys: set[str]) -> set[tuple[int, str]]:
    """Recipient and key of what has been told before."""
    told = Notification.objects.filter
    return {
        place
        for part in _parts(sorted(keys))
        for place in told(key__in=part).values_list("recipient", "key")
    }


def _parts(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


@as_actor
@transaction.atomic
def change_preference(*, actor: User, mails_news: bool) -> Preference:
    """Store whether somebody wants news by mail; duties are mailed in any case.

    Args:
        actor: whose choice it is.
        mails_news: whether news come by mail; in the system they are told anyway.

    Returns:
        The choice as stored; the journal sees it by itself.
    """
    chosen = {"mails_news": mails_news}
    preference, _created = Preference.objects.update_or_create(user=actor, defaults=chosen)
    return preference


@transaction.atomic
def mark_read(notification_id: int, *, actor: User, now: datetime) -> Notification:
    """Note that somebody has opened what they were told; the first time counts.

    Args:
        notification_id: one of the actor's own.
        actor: its recipient.
        now: the moment.

    Raises:
        Notification.DoesNotExist: the actor was told no such thing.
    """
    mine = Notification.objects.to(actor)
    mine.unread().filter(pk=notification_id).update(read_at=now)
    return mine.get(pk=notification_id)


@transaction.atomic
def mark_all_read(*, actor: User, now: datetime) -> int:
    """Note that somebody has seen everything that they were told.

    Args:
        actor: the recipient.
        now: the moment.

    Returns:
        How many were unread.
    """
    return Notification.objects.to(actor).unread().update(read_at=now)


@as_actor
@transaction.atomic
def retry(notification_id: int, *, actor: User, now: datetime) -> Notification:
    """Have a mail that was given up sent again, e.g. after the address was corrected.

    Args:
        notification_id: primary key; the row stays locked until the transaction ends.
        actor: who asks for it.
        now: the moment.

    Returns:
        The notification, whose mail waits again and is tried for another three days.

    Raises:
        Notification.DoesNotExist: there is none.
        InvalidTransitionError: its mail has not failed.
    """
    told = Notification.objects.select_for_update().get(pk=notification_id)
    told.wait_again(now)
    told.full_clean()
    told.save(update_fields=["mail_state", "next_try_at", "gives_up_at"])
    record("notifications.retried", told, actor=actor, details={"reason": told.last_error})
    transaction.on_commit(partial(deliver_mail.enqueue, [told.pk]))
    return told


@transaction.atomic
def record_bounce(bounce: Bounce, *, now: datetime) -> Notification:
    """Note that a mail came back; reporting it again changes nothing.

    Args:
        bounce: what the notification of the mail server says.
        now: the moment.

    Returns:
        The notification whose mail it was.

    Raises:
        DomainError: none of the numbers belongs to a mail of ours.
    """
    rows = Notification.objects.select_for_update()
    told = rows.filter(message_id__in=bounce.message_ids).order_by("-id").first()
    if told is None:
        raise DomainError(
            _("No mail of this system has the Message-ID %(number)s."),
            params={"number": bounce.message_ids[0]},
        )
    if told.mail_state == MailState.BOUNCED:
        return told
    told.come_back(bounce.reason[:MAX_REASON], now)
    told.full_clean()
    told.save(
        update_fields=[
            "mail_state",
            "sent_at",
            "last_error",
            "claimed_at",
            "next_try_at",
            "gives_up_at",
        ]
    )
    record("notifications.bounced", told, actor=None, details={"reason": told.last_error})
    return told
