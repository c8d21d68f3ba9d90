"""Who is named for which post."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.history.context import as_actor
from pms.history.services import record
from pms.organization.exceptions import OverlapError
from pms.organization.models import Appointment, Department, Person

from .duties import check_appointment, day_text, one_at_a_time


@transaction.atomic
@as_actor
def appoint(
    role: str,
    person: Person,
    *,
    starts_on: date,
    ends_on: date | None = None,
    department: Department | None = None,
    appointed_by: str = "",
    note: str = "",
    actor: Any,
) -> Appointment:
    """Name `person` for a post of the management system.

    Args:
        role: one of `Role`.
        starts_on, ends_on: first and last day; no end means until further notice.
        department: for a department privacy manager, and for no other post.
        appointed_by: who named them, as the letter shall say; empty for the representative.

    Returns:
        The appointment as stored.

    Raises:
        OverlapError, DutyConflictError: see `duties.check_appointment`.
        ValidationError: a constraint is broken, e.g. the period ends before it starts.
    """
    one_at_a_time()
    person = Person.objects.select_for_update().get(pk=person.pk)
    appointment = Appointment(
        role=role,
        person=person,
        department=department,
        starts_on=starts_on,
        ends_on=ends_on,
        appointed_by=appointed_by,
        note=note,
    )
    appointment.clean_fields()
    if ends_on is None or ends_on >= starts_on:
        check_appointment(appointment)
    appointment.full_clean()
    appointment.save()
    record("organization.appointed", appointment, actor=actor)
    return appointment


@transaction.atomic
@as_actor
def end_appointment(
    appointment_id: int, *, ends_on: date, actor: Any, reason: str = ""
) -> Appointment:
    """Let an appointment end earlier than it would.

    Args:
        ends_on: the last day on which the post is held.

    Raises:
        DomainError: it ends before that day already, or has not begun by then.
    """
    appointment = Appointment.objects.select_for_update().get(pk=appointment_id)
    if appointment.ends_on and ends_on > appointment.ends_on:
        raise DomainError(
            _(
                "This appointment ends on %(day)s already. For a longer period, make a new "
                "appointment."
            )
            % {"day": day_text(appointment.ends_on)}
        )
    if ends_on < appointment.starts_on:
        raise OverlapError(
            _("This appointment begins only on %(day)s. Withdraw it instead.")
            % {"day": day_text(appointment.starts_on)}
        )
    appointment.ends_on = ends_on
    appointment.full_clean()
    appointment.save()
    record("organization.appointment_ended", appointment, actor=actor, reason=reason)
    return appointment


@transaction.atomic
@as_actor
def withdraw_appointment(appointment_id: int, *, today: date, actor: Any, reason: str) -> None:
    """Take back an appointment that has not begun; the journal keeps what was planned.

    Raises:
        DomainError: it has begun, so that it can only be ended.
    """
    appointment = Appointment.objects.select_for_update().get(pk=appointment_id)
    if appointment.starts_on <= today:
        raise DomainError(_("This appointment has begun; it can be ended, not withdrawn."))
    record("organization.appointment_withdrawn", appointment, actor=actor, reason=reason)
    appointment.delete()
