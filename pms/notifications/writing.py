"""The words of a notification: from a template, once, in the recipient's language."""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from functools import cache
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.text import Truncator
from django.utils.translation import override

from pms.accounts.models import User

from .choices import MailState
from .models import MAX_SUBJECT, Notification


@dataclass(frozen=True, slots=True)
class Notice:
    """What one account is to be told.

    Attributes:
        recipient: the account.
        kind: "app.event"; the words come from `templates/notifications/<app>/<event>.txt`.
        key: the same key is told to the same recipient only once.
        url: path of the page that it is about.
        facts: what the template names beside `recipient` and `link` (the page's full address).
        is_duty: whether the recipient has something to do; such mails cannot be switched off.
    """

    recipient: User
    kind: str
    key: str
    url: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_duty: bool = False

    def __post_init__(self) -> None:
        """Refuse what would lead somewhere else."""
        if not self.url.startswith("/") or self.url.startswith("//"):
            raise ValueError(f"{self.url} is no path of ours: it has to begin with one “/”.")


def language_of(user: User) -> str:
    """The language that somebody is written to in."""
    return user.language or settings.LANGUAGE_CODE


def link_to(path: str) -> str:
    """The full address of one of our pages."""
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def compose(
    notices: Iterable[Notice], *, without_news: set[int], now: datetime
) -> Iterator[Notification]:
    """The rows of `notices`, not stored yet.

    Args:
        notices: what to tell whom.
        without_news: keys of the accounts that want no mail of what is no duty.
        now: the moment of telling.

    Raises:
        TemplateDoesNotExist: a kind has no template.
        ValueError: a template has no subject, or no empty line below it.
    """
    for notice in notices:
        subject, body = _words(notice)
        is_mailed = notice.is_duty or notice.recipient.pk not in without_news
        yield Notification(
            recipient=notice.recipient,
            kind=notice.kind,
            key=notice.key,
            subject=subject,
            body=body,
            url=notice.url,
            is_duty=notice.is_duty,
            created_at=now,
            mail_state=MailState.WAITING if is_mailed else MailState.NOT_WANTED,
            next_try_at=now if is_mailed else None,
            message_id=new_message_id(),
        )


def _words(notice: Notice) -> tuple[str, str]:
    """Subject and text; plain text, so nothing is escaped."""
    template: Any = get_template(f"notifications/{notice.kind.replace('.', '/')}.txt")
    facts = {"recipient": notice.recipient, "link": link_to(notice.url), **notice.facts}
    with override(language_of(notice.recipient)):
        text = template.template.render(Context(facts, autoescape=False)).strip()
    subject, *rest = re.split(r"\n\s*\n", text, maxsplit=1)
    if not (subject and rest):
        raise ValueError(
            f"The template of {notice.kind} needs a line of subject, an empty line, and a text."
        )
    # A fact with a line break of its own must not become a header.
    plain = " ".join(subject.split())
    return Truncator(plain).chars(MAX_SUBJECT), f"{rest[0].strip()}\n"


def new_message_id() -> str:
    """A Message-ID for one mail; a mail that may have gone out is repeated under the same one."""
    return f"<{uuid.uuid4().hex}@{_mail_domain()}>"


@cache
def _mail_domain() -> str:
    """The domain that our message numbers end in: that of the sender."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
