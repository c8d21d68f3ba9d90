"""Milestones that are fulfilled, missed, or given more time."""

from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.cycles.choices import ExtensionStatus, Fulfilment, MilestoneStatus
from pms.cycles.models import Cycle, Extension, Milestone
from pms.history.context import acting, as_actor
from pms.history.services import record

from .locking import lock_milestone, require_in_force
from .telling import tell_deciders, tell_who_asked

S = MilestoneStatus


@transaction.atomic
def fulfil(what: str, cycle: Cycle, *, by: models.Model, actor: Any, on: date) -> Milestone | None:
    """Mark the year's milestone that waits for this record as done; nobody ticks twice.

    Called by the service that brings the record about, in its transaction. The earliest open
    milestone of the kind is meant; where the plan has none, nothing happens.

    Args:
        what: a `Fulfilment`.
        cycle: the year that the record is filed under.
        by: the record.
        actor: who brought it about.
        on: the day it came about.

    Returns:
        The milestone, or None if none was open.
    """
    milestone = (
        cycle.milestones.open()
        .filter(fulfilment=what)
        .select_for_update(of=("self",))
        .order_by("due_on", "pk")
        .first()
    )
    if milestone is None:
        return None
    milestone.move_to(S.DONE)
    milestone.done_on = on
    milestone.fulfilled_by_type = ContentType.objects.get_for_model(by)
    milestone.fulfilled_by_id = by.pk
    milestone.save()
    _drop_request(milestone, actor=actor)
    record("cycles.milestone_fulfilled", milestone, actor=actor, details={"by": str(by)})
    return milestone


@transaction.atomic
@as_actor
def complete_milestone(
    milestone_id: int, *, done_on: date, result: str, today: date, actor: Any
) -> Milestone:
    """Say that a milestone is done.

    Args:
        milestone_id: one that no record fulfils by itself.
        done_on: the day it was done; a day that is over is entered late and shows it.
        result: what came of it, and where the proof is.
        today: the day of saying so.
        actor: who says so.

    Raises:
        DomainError: the plan is not approved, a record fulfils it, the day is in the future or
            before the year, or the result is empty.
    """
    milestone = lock_milestone(milestone_id)
    if milestone.fulfilment != Fulfilment.BY_HAND:
        raise DomainError(
            _("“%(milestone)s” is done when: %(when)s. Nobody has to say so.")
            % {"milestone": milestone, "when": milestone.get_fulfilment_display()}
        )
    require_in_force(milestone)
    if done_on > today:
        raise DomainError({"done_on": _("This day has not come yet. Enter when it was done.")})
    if done_on < milestone.cycle.starts_on:
        raise DomainError(
            {
                "done_on": _("The year begins on %(day)s. Enter that day or a later one.")
                % {"day": milestone.cycle.starts_on.isoformat()}
            }
        )
    if not result.strip():
        raise DomainError({"result": _("Say what was done and where the proof is.")})
    milestone.move_to(S.DONE)
    milestone.done_on, milestone.result = done_on, result.strip()
    milestone.save()
    _drop_request(milestone, actor=actor)
    record("cycles.milestone_completed", milestone, actor=actor, details={"on": str(done_on)})
    return milestone


@transaction.atomic
@as_actor
def reopen_milestone(milestone_id: int, *, reason: str, today: date, actor: Any) -> Milestone:
    """Take back that a milestone is done or not needed.

    Raises:
        DomainError: no reason is given, or a record fulfils it.
        InvalidTransitionError: it is open.
    """
    if not reason.strip():
        raise DomainError({"reason": _("Give a reason.")})
    milestone = lock_milestone(milestone_id)
    if milestone.fulfilled_by_id:
        raise DomainError(_("A record proves that this is done; it cannot be taken back."))
    milestone.move_to(S.MISSED if milestone.missed_on else S.PLANNED)
    milestone.done_on, milestone.result = None, ""
    milestone.save()
    record("cycles.milestone_reopened", milestone, actor=actor, reason=reason.strip())
    return milestone


@transaction.atomic
def record_missed(*, today: date) -> int:
    """Mark every milestone whose due day is over and that is not done; gives how many.

    The mark stays when it is done late. Doing it again on the same day changes nothing.

    Args:
        today: in the organization's time zone.
    """
    late = list(
        Milestone.objects.in_force()
        .filter(status=S.PLANNED, due_on__lt=today)
        .select_for_update(of=("self",))
        .select_related("cycle")
        .order_by("pk")
    )
    for milestone in late:
        milestone.move_to(S.MISSED)
        milestone.missed_on = milestone.missed_on or today
        with acting(actor=None):
            milestone.save(update_fields=["status", "missed_on"])
            details = {"due_on": str(milestone.due_on)}
            record("cycles.milestone_missed", milestone, actor=None, details=details)
    return len(late)


@transaction.atomic
@as_actor
def request_extension(
    milestone_id: int, *, new_due_on: date, reason: str, actor: Any, now: datetime
) -> Extension:
    """Ask for a later date.

    Raises:
        DomainError: the plan is not approved, the milestone is not open, the date is not later,
            or a request waits.
        ValidationError: the reason is empty.
    """
    milestone = lock_milestone(milestone_id)
    require_in_force(milestone)
    if not milestone.is_open:
        raise DomainError(_("“%(milestone)s” is no longer open.") % {"milestone": milestone})
    if new_due_on <= milestone.due_on:
        raise DomainError(
            {
                "new_due_on": _("It is due on %(day)s now. Choose a later day.")
                % {"day": milestone.due_on.isoformat()}
            }
        )
    extension = Extension(
        milestone=milestone,
        old_due_on=milestone.due_on,
        new_due_on=new_due_on,
        reason=reason.strip(),
        asked_by=actor,
        asked_at=now,
    )
    extension.full_clean()
    extension.save()
    record(
        "cycles.extension_requested",
        milestone,
        actor=actor,
        reason=extension.reason,
        details={"due_on": str(new_due_on)},
    )
    tell_deciders(extension, now=now)
    return extension


@transaction.atomic
@as_actor
def decide_extension(
    extension_id: int, *, grants: bool, answer: str, actor: Any, today: date, now: datetime
) -> Extension:
    """Grant a later date, or refuse it; the first date stays beside it.

    A milestone that was missed is planned again if the new date is still to come; that it was
    missed stays written.

    Raises:
        DomainError: `actor` asked for it, or a refusal gives no reason.
        InvalidTransitionError: it is decided already.
    """
    asked = Extension.objects.get(pk=extension_id)
    milestone = lock_milestone(asked.milestone_id)
    extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension_id)
    if extension.asked_by_id == actor.pk:
        raise DomainError(_("Nobody decides on a request of their own."))
    if not grants and not answer.strip():
        raise DomainError({"answer": _("Say why it is refused.")})
    extension.move_to(ExtensionStatus.GRANTED if grants else ExtensionStatus.REFUSED)
    extension.decided_by, extension.decided_at = actor, now
    extension.answer = answer.strip()
    extension.save()
    if grants:
        milestone.due_on = extension.new_due_on
        if milestone.status == S.MISSED and milestone.due_on >= today:
            milestone.move_to(S.PLANNED)
        milestone.save()
    event = "cycles.extension_granted" if grants else "cycles.extension_refused"
    details = {"due_on": str(extension.new_due_on)}
    record(event, milestone, actor=actor, reason=extension.answer, details=details)
    extension.milestone = milestone
    tell_who_asked(extension, now=now)
    return extension


def _drop_request(milestone: Milestone, *, actor: Any) -> None:
    """A request for more time is pointless once the thing is done."""
    for extension in milestone.extensions.waiting():
        extension.move_to(ExtensionStatus.WITHDRAWN)
        extension.save()
        record("cycles.extension_withdrawn", milestone, actor=actor)
