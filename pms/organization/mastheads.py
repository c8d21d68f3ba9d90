"""The head that every paper of the company wears."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from pms.core.dates import format_wareki, format_wareki_short
from pms.core.pdf import Approval, Masthead

from .models import Company


def masthead(
    *,
    now: datetime,
    number: str = "",
    issued_on: date | None = None,
    approvals: Sequence[Approval] = (),
    addressee: str = "",
    lead: str = "",
    uses_wareki: bool = False,
) -> Masthead:
    """The company's name, number, day and approval boxes of a paper.

    Args:
        now: the moment that the data is as of.
        number: of the document.
        issued_on: the day that the paper bears.
        approvals: boxes, filled or to be stamped.
        addressee: to whom it goes, with the honorific of the language.
        lead: a sentence below the title.
        uses_wareki: whether the reader wants years of the Japanese era.
    """
    moment = formats.date_format(timezone.localtime(now), "SHORT_DATETIME_FORMAT")
    return Masthead(
        company=str(Company.objects.current()),
        number=number,
        issued=in_words(issued_on, uses_wareki=uses_wareki) if issued_on else "",
        addressee=addressee,
        lead=lead,
        source=_("Personal information protection management system"),
        as_of=moment,
        approvals=tuple(approvals),
    )


def in_words(day: date | None, *, uses_wareki: bool = False) -> str:
    """A day as papers write it; empty if there is none."""
    if day is None:
        return ""
    return format_wareki(day) if uses_wareki else formats.date_format(day, "DATE_FORMAT")


def person_of(user: Any) -> str:
    """The name behind an account, as papers write it."""
    if user is None:
        return ""
    person = getattr(user, "person", None)
    return person.full_name if person else user.email


def stamped(day: date | None, *, uses_wareki: bool) -> str:
    """A day as it fits into an approval box."""
    if day is None:
        return ""
    return format_wareki_short(day) if uses_wareki else day.isoformat()
