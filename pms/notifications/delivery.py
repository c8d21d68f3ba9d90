"""How mails leave the outbox, each once, whatever the mail server or the machine does.

Before a mail is sent, it is claimed in a transaction of its own, so that of two workers only one
sends it. Between the mail server's yes and our note of it lies a moment that no system can close:
who is killed there leaves the mail claimed, and after CLAIM_LASTS it is sent again under the same
Message-ID, by which mail programs know the second copy. We rather repeat a mail than lose it.
"""

import logging
import smtplib
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from .choices import MailState as S
from .models import Notification
from .writing import language_of, link_to

# How long after the first attempt the next one follows, after the second, …; the last one stays.
BACKOFF: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
GIVES_UP_AFTER: Final = timedelta(days=3)  # since the first attempt
CLAIM_LASTS: Final = timedelta(minutes=15)
# Claimed together: even if the server lets each of them time out, it takes less than CLAIM_LASTS.
BATCH: Final = 20
MAX_FAILURES_IN_A_ROW: Final = 2
MAX_REASON: Final = 500  # characters
HANGS_UP: Final = 421  # the server closes the connection after this (RFC 5321, 3.8)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Delivery:
    """What came of a delivery.

    Attributes:
        sent: how many mails the server took.
        put_off: keys of those that are tried again later.
        failed: how many are given up.
        next_try_at: when the first of `put_off` is due; None without any.
    """

    sent: int = 0
    put_off: list[int] = field(default_factory=list)
    failed: int = 0
    next_try_at: datetime | None = None


class _RefusedError(Exception):
    """The server does not want this mail; `is_final` if it never will."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final


class _BrokenError(Exception):
    """There is no talking to the server at the moment."""


class _Clock:
    """The moment, as it moves on from the one that was given at the edge."""

    def __init__(self, now: datetime) -> None:
        self.start, self.mark = now, time.monotonic()

    def now(self) -> datetime:
        """The present moment."""
        return self.start + timedelta(seconds=time.monotonic() - self.mark)


def deliver(notification_ids: Sequence[int], *, now: datetime) -> Delivery:
    """Send those of these mails that are due, and that nobody else is sending.

    Args:
        notification_ids: of any state; what was sent already is left alone.
        now: the moment.

    Returns:
        What came of it; mails that somebody else claimed are not among it.
    """
    return _deliver(Notification.objects.filter(pk__in=notification_ids), _Clock(now))


def deliver_waiting(*, now: datetime) -> Delivery:
    """Send every mail that is due, e.g. because its time has come or a worker left it lying.

    Args:
        now: the moment.

    Returns:
        What came of it.
    """
    return _deliver(Notification.objects.all(), _Clock(now))


def _deliver(rows: Any, clock: _Clock) -> Delivery:
    result = Delivery()
    _put_back_lost(rows, clock.now())
    with _Server() as server:
        while server.is_there and (batch := _claim(rows, clock.now())):
            for mail in batch:
                _deliver_one(mail, server, result, clock)
    if result.sent or result.put_off or result.failed:
        logger.info(
            "Mails: %d sent, %d put off, %d failed.",
            result.sent,
            len(result.put_off),
            result.failed,
        )
    return result


def _put_back_lost(rows: Any, now: datetime) -> None:
    """Let mails wait again whose sender was killed; whether they went out, nobody knows.

    How old a claim is, the machine's clock says: of two who send at once, one may be told that it
    is another day, and must not take what the other is just sending for lost.
    """
    lost = rows.left_lying(timezone.now() - CLAIM_LASTS)
    count = lost.update(mail_state=S.WAITING, next_try_at=now, claimed_at=None)
    if count:
        logger.warning("%d mails were left lying by a worker and are sent again.", count)


def _claim(rows: Any, now: datetime) -> list[Notification]:
    """Take up to BATCH due mails for ourselves, in a transaction that ends before any is sent."""
    with transaction.atomic(durable=True):
        free = rows.due(now).order_by("next_try_at", "pk").values_list("pk", flat=True)
        # PostgreSQL skips what another one is just claiming; on SQLite one writes at a time.
        keys = list(free.select_for_update(skip_locked=True)[:BATCH])
        if not keys:
            return []
        Notification.objects.filter(pk__in=keys, mail_state=S.WAITING).update(
            mail_state=S.SENDING,
            claimed_at=timezone.now(),
            next_try_at=None,
            attempts=F("attempts") + 1,
            gives_up_at=Coalesce("gives_up_at", Value(now + GIVES_UP_AFTER)),
        )
    mails = Notification.objects.filter(pk__in=keys, mail_state=S.SENDING)
    return list(mails.select_related("recipient").order_by("pk"))


def _deliver_one(mail: Notification, server: "_Server", result: Delivery, clock: _Clock) -> None:
    try:
        server.send(mail)
    except _RefusedError as refusal:
        _put_off(mail, str(refusal), result, clock.now(), is_final=refusal.is_final)
    except _BrokenError as trouble:
        _put_off(mail, str(trouble), result, clock.now(), is_final=False)
    else:
        result.sent += _put_down(
            mail, mail_state=S.SENT, sent_at=clock.now(), last_error="", gives_up_at=None
        )


def _put_off(
    mail: Notification, reason: str, result: Delivery, now: datetime, *, is_final: bool
) -> None:
    """Note why a mail did not go out, and when it is tried again, if it is."""
    wait = BACKOFF[min(mail.attempts, len(BACKOFF)) - 1]
    if is_final or (mail.gives_up_at and now + wait > mail.gives_up_at):
        result.failed += _put_down(
            mail, mail_state=S.FAILED, last_error=reason[:MAX_REASON], gives_up_at=None
        )
        return
    next_try_at = now + wait
    if _put_down(
        mail, mail_state=S.WAITING, next_try_at=next_try_at, last_error=reason[:MAX_REASON]
    ):
        result.put_off.append(mail.pk)
        result.next_try_at = min(result.next_try_at or next_try_at, next_try_at)


def _put_down(mail: Notification, **facts: Any) -> int:
    """End our claim; without effect if it was taken for lost and somebody else has it now."""
    mine = Notification.objects.filter(pk=mail.pk, mail_state=S.SENDING, attempts=mail.attempts)
    return mine.update(claimed_at=None, **facts)


class _Server:
    """The mail server, over one connection for as long as it lasts."""

    def __init__(self) -> None:
        self.connection: Any = None
        self.failures = 0

    def __enter__(self) -> "_Server":
        return self

    def __exit__(self, *error: object) -> None:
        self._hang_up()

    @property
    def is_there(self) -> bool:
        """Whether it is worth going on; a server that failed twice in a row is left alone."""
        return self.failures < MAX_FAILURES_IN_A_ROW

    def send(self, mail: Notification) -> None:
        """Hand over one mail.

        Raises:
            _RefusedError: the server does not take this one.
            _BrokenError: the server is not there, hangs or hung up.
        """
        if not self.is_there:
            raise _BrokenError("The mail server did not answer.")
        try:
            self._connect()
            self.connection.send_messages([_message(mail)])
        except (ValueError, smtplib.SMTPException, OSError) as error:
            trouble = _judge(error)
            if isinstance(trouble, _BrokenError):
                self.failures += 1
                self._hang_up()
            # Neither the cause nor its text is logged: both may name the recipient.
            logger.warning("A mail was not taken: %s.", _label(error))
            raise trouble from None
        except Exception as error:  # noqa: BLE001 - one mail must not hold up all others for ever
            # Our own program could not write it. As above, the error itself may name people.
            logger.error("A mail could not be written: %s.", type(error).__name__)  # noqa: TRY400
            raise _RefusedError(type(error).__name__, is_final=False) from None
        self.failures = 0

    def _connect(self) -> None:
        if self.connection is None:
            self.connection = mailers.default
            self.connection.open()

    def _hang_up(self) -> None:
        if self.connection is not None:
            # A server that is gone cannot be said good-bye to.
            with suppress(smtplib.SMTPException, OSError):
                self.connection.close()
            self.connection = None


def _judge(error: Exception) -> _RefusedError | _BrokenError:
    """What an error of the mail backend means for this mail and the next ones."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _refused(code, text)
    if isinstance(error, smtplib.SMTPDataError):
        return _refused(error.smtp_code, error.smtp_error)
    if isinstance(error, ValueError):
        # No mailbox can have such an address.
        return _RefusedError(str(error), is_final=True)
    # What else the server says (of us, of our password, of itself) is not this recipient's fault.
    return _BrokenError(f"{type(error).__name__}: {error}")


def _refused(code: int, text: bytes | str) -> _RefusedError | _BrokenError:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    reason = f"{code} {words}".strip()
    if code == HANGS_UP:
        return _BrokenError(reason)
    return _RefusedError(reason, is_final=code >= 500)


def _label(error: Exception) -> str:
    """What may be logged of an error: its class, and the server's code."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes: Iterable[Any] = (code for code, _text in error.recipients.values())
        return f"SMTPRecipientsRefused {', '.join(map(str, codes))}"
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()


def _message(mail: Notification) -> EmailMessage:
    """The mail itself: the words of the row, where the page is, and that a machine wrote it."""
    facts = {
        "mail": mail,
        "link": link_to(mail.url),
        "settings_link": link_to(reverse("notifications:preference")),
    }
    with override(language_of(mail.recipient)):
        text = render_to_string("emails/notifications/mail.txt", facts)
    return EmailMessage(
        subject=mail.subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.recipient.email],
        headers={
            "Message-ID": mail.message_id,
            # RFC 3834: nobody's holiday notice should answer.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
