"""When the company is closed beside weekends and public holidays."""

from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.core.text import fold
from pms.history.context import as_actor
from pms.organization.models import ClosedDay

# A longer time without any working day is a slip of the pen.
LONGEST_CLOSING: Final = 31


@transaction.atomic
@as_actor
def add_closed_days(
    *,
    first: date,
    last: date | None = None,
    name: str,
    name_en: str = "",
    is_public_holiday: bool = False,
    actor: Any,
) -> list[ClosedDay]:
    """Close the company from `first` to `last`; on closed days nobody is reminded of anything.

    Args:
        first: the first closed day.
        last: the last one, itself included; None: `first` alone.
        name, name_en: why, e.g. 夏季休業.
        is_public_holiday: a holiday made by law that the calendar does not know yet.
        actor: who says so.

    Returns:
        The days that were not closed before; those that were keep their name.

    Raises:
        DomainError: `last` lies before `first` or more than 31 days are named, or the company is
            closed on all of them already.
        ValidationError: the name is missing or too long.
    """
    last = last or first
    if last < first:
        raise DomainError({"last": _("The last day is before the first day.")})
    count = (last - first).days + 1
    if count > LONGEST_CLOSING:
        raise DomainError(
            {
                "last": _("These are %(count)s days. Enter at most %(most)s at a time.")
                % {"count": count, "most": LONGEST_CLOSING}
            }
        )
    known = set(ClosedDay.objects.filter(day__range=(first, last)).values_list("day", flat=True))
    days = [first + timedelta(number) for number in range(count)]
    added = [
        ClosedDay(
            day=day,
            name=fold(name),
            name_en=fold(name_en),
            is_public_holiday=is_public_holiday,
        )
        for day in days
        if day not in known
    ]
    if not added:
        raise DomainError({"first": _("The company is closed on this day already.")})
    for closed_day in added:
        closed_day.full_clean()
        closed_day.save()
    return added


@transaction.atomic
@as_actor
def remove_closed_day(closed_day_id: int, *, actor: Any) -> None:
    """Take a closed day back: the company works on it. Who was told already stays told.

    Raises:
        ClosedDay.DoesNotExist: somebody else was faster.
    """
    ClosedDay.objects.select_for_update().get(pk=closed_day_id).delete()
