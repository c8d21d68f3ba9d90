"""Delivery status notifications (RFC 3464), as a mail server sends them back."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError

# A number as we make them; whatever else stands in the headers is not ours.
NUMBER: Final = re.compile(r"<[0-9a-zA-Z._%+-]+@[0-9a-zA-Z.-]+>")


class Bounce(NamedTuple):
    """What came back.

    Attributes:
        message_ids: numbers that the mail may have had, the likeliest first.
        reason: status and words of the server that refused it.
    """

    message_ids: list[str]
    reason: str


def read_bounce(raw: bytes) -> Bounce:
    """Read a mail that says that another mail came back.

    Args:
        raw: the whole mail, as a mail server pipes it.

    Raises:
        DomainError: it is no such mail, names no mail, or says that the mail may still arrive.
    """
    # The older policy takes every nonsense without complaint; headers are decoded where they are
    # read, and the report is plain ASCII.
    mail = message_from_bytes(raw, policy=policy.compat32)
    failures = [it for it in _reports(mail) if it.get("Action", "").strip().lower() == "failed"]
    if not any(True for _part in _status_parts(mail)):
        raise DomainError(
            _(
                "This is not a delivery status notification (RFC 3464): it has no part "
                "message/delivery-status. Please hand over the whole mail, as it came."
            )
        )
    if not failures:
        raise DomainError(
            _("The notification does not say that the mail failed, so nothing was changed."),
            code="not_failed",
        )
    numbers = list(dict.fromkeys(_numbers(mail)))
    if not numbers:
        raise DomainError(
            _(
                "The notification does not name the mail that came back: neither its headers "
                "nor its references hold a Message-ID."
            )
        )
    return Bounce(numbers, _reason(failures[0]))


def _status_parts(mail: Message) -> Iterator[Message]:
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            yield part


def _reports(mail: Message) -> Iterator[Message]:
    """The blocks of the report; the first is about the server, each other about a recipient."""
    for part in _status_parts(mail):
        blocks = part.get_payload()
        if isinstance(blocks, list):
            yield from (it for it in blocks if isinstance(it, Message))


def _numbers(mail: Message) -> Iterator[str]:
    """The returned mail's own number, then what the notification says it answers."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                yield from NUMBER.findall(str(inner[0].get("Message-ID", "")))
        elif kind == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                headers = message_from_bytes(content, policy=policy.compat32)
                yield from NUMBER.findall(str(headers.get("Message-ID", "")))
    for name in ("In-Reply-To", "References"):
        yield from NUMBER.findall(str(mail.get(name, "")))


def _reason(report: Message) -> str:
    """Status and words of the refusing server, in one line."""
    words = str(report.get("Diagnostic-Code", "")).partition(";")[2] or ""
    return " ".join(f"{report.get('Status', '')} {words}".split()) or "failed"
