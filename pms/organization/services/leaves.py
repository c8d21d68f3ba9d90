"""When people are away for long."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.history.context import as_actor
from pms.history.services import record
from pms.organization.exceptions import OverlapError
from pms.organization.models import Leave

from .duties import day_text, period_text
from .employment import lock_person, refuse_outside


@transaction.atomic
@as_actor
def add_leave(
    person_id: int,
    *,
    kind: str,
    starts_on: date,
    ends_on: date | None = None,
    note: str = "",
    actor: Any,
) -> Leave:
    """Register a long absence.

    Raises:
        DomainError: the period is outside the employment.
        OverlapError: there is another leave in that period.
    """
    person = lock_person(person_id)
    refuse_outside(person, starts_on, ends_on)
    other = Leave.objects.overlapping(starts_on, ends_on).filter(person=person).first()
    if other is not None:
        raise OverlapError(
            _("%(person)s is on leave %(period)s already (%(kind)s).")
            % {
                "person": person,
                "period": period_text(other.starts_on, other.ends_on),
                "kind": other.get_kind_display(),
            }
        )
    leave = Leave(person=person, kind=kind, starts_on=starts_on, ends_on=ends_on, note=note)
    leave.full_clean()
    leave.save()
    record("organization.leave_added", person, actor=actor)
    return leave


@transaction.atomic
@as_actor
def end_leave(leave_id: int, *, ends_on: date, actor: Any) -> Leave:
    """Set the last day of a long absence, earlier or later than planned.

    Raises:
        ValidationError: it would end before it begins.
        OverlapError: the next leave begins before that day.
    """
    person_id = Leave.objects.values_list("person_id", flat=True).get(pk=leave_id)
    person = lock_person(person_id)
    leave = Leave.objects.select_for_update().get(pk=leave_id)
    leave.person = person
    others = Leave.objects.overlapping(leave.starts_on, ends_on).filter(person=person)
    other = others.exclude(pk=leave.pk).first()
    if other is not None:
        raise OverlapError(
            _("The next leave begins on %(day)s.") % {"day": day_text(other.starts_on)}
        )
    leave.ends_on = ends_on
    leave.full_clean()
    leave.save()
    record("organization.leave_ended", person, actor=actor)
    return leave
