"""Telling people something, once each, and what they and the office do with it."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db import connection, transaction

from pms.accounts.models import User
from pms.core.bulk import BATCH, create_rows
from pms.history.context import as_actor

from .choices import MailState
from .delivery import Delivery, deliver, deliver_waiting
from .models import Notification, Preference
from .tasks import deliver_mail
from .writing import Notice, compose

__all__ = [
    "Delivery",
    "Notice",
    "change_preference",
    "deliver",
    "deliver_waiting",
    "notify",
    "notify_many",
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
