"""Measures, and the plan's way to its approval and back."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.corrective_actions.choices import Status
from pms.corrective_actions.exceptions import SubmissionRefusedError
from pms.corrective_actions.models import CorrectiveAction, Measure
from pms.corrective_actions.permissions import is_person
from pms.history.context import as_actor
from pms.history.services import record
from pms.organization.models import Person

from .analysis import cause_obstacles
from .execution import wait_for_effect
from .locking import (
    keep_former,
    lock_action,
    lock_measure,
    require_drafting,
    require_present,
    require_text,
    round_of,
)
from .telling import tell_approvers, tell_decision, tell_new_measure_owner


@transaction.atomic
@as_actor
def add_measure(
    action_id: int, *, title: str, kind: str, owner: Person, due_on: date, actor: Any, today: date
) -> Measure:
    """Plan one more measure of the present round.

    Args:
        action_id: the action, before its plan is handed in.
        title: what is changed.
        kind: a `MeasureKind`.
        owner: who carries it out.
        due_on: by when; not after the action's own due date.
        actor: who plans.
        today: the day of planning.

    Raises:
        DomainError: the plan is handed in, or the day is over or too late.
        ValidationError: a field is wrong.
    """
    action = lock_action(action_id)
    require_drafting(action)
    measure = Measure(round=round_of(action))
    _fill(measure, action, title=title, kind=kind, owner=owner, due_on=due_on, today=today)
    record("corrective_actions.measure_added", action, actor=actor, details={"title": title})
    return measure


@transaction.atomic
@as_actor
def change_measure(
    measure_id: int, *, title: str, kind: str, owner: Person, due_on: date, actor: Any, today: date
) -> Measure:
    """Change a measure before the plan is handed in; what was done already stays.

    Raises:
        DomainError: see `add_measure`; also for a measure that was carried out.
    """
    action, measure = lock_measure(measure_id)
    require_drafting(action)
    require_present(action, measure)
    _require_undone(measure)
    _fill(measure, action, title=title, kind=kind, owner=owner, due_on=due_on, today=today)
    record("corrective_actions.measure_changed", action, actor=actor, details={"title": title})
    return measure


@transaction.atomic
@as_actor
def remove_measure(measure_id: int, *, actor: Any) -> CorrectiveAction:
    """Take a measure out of a plan that is not handed in.

    Raises:
        DomainError: the plan is handed in, the measure was carried out, or a later date was asked
            for it.
    """
    action, measure = lock_measure(measure_id)
    require_drafting(action)
    require_present(action, measure)
    _require_undone(measure)
    if measure.extensions.exists():
        raise DomainError(_("A later date was asked for this measure, so it stays in the plan."))
    title = measure.title
    measure.delete()
    record("corrective_actions.measure_removed", action, actor=actor, details={"title": title})
    return action


def _fill(
    measure: Measure,
    action: CorrectiveAction,
    *,
    title: str,
    kind: str,
    owner: Person,
    due_on: date,
    today: date,
) -> None:
    if due_on < today and due_on != measure.due_on:
        raise DomainError({"due_on": _("This day is over. Choose today or a later day.")})
    if due_on > action.due_on:
        raise DomainError(
            {
                "due_on": _(
                    "The action is due on %(day)s; a measure cannot be due later. Choose an "
                    "earlier day, or ask for a later date of the action."
                )
                % {"day": action.due_on.isoformat()}
            }
        )
    measure.title, measure.kind, measure.due_on = title.strip(), kind, due_on
    _give(measure, owner)
    measure.full_clean(exclude=["round"])
    measure.save()


def _give(measure: Measure, owner: Person) -> None:
    # Of a plan that was never approved nobody answered for anything.
    if measure.first_due_on and owner.pk != measure.owner_id:
        keep_former(measure.round, measure.owner_id)
    measure.owner = owner


def _require_undone(measure: Measure) -> None:
    if measure.is_done:
        raise DomainError(_("“%(measure)s” was carried out and stays.") % {"measure": measure})


@transaction.atomic
@as_actor
def reassign_measure(
    measure_id: int, *, owner: Person, reason: str, actor: Any, now: datetime
) -> Measure:
    """Let somebody else carry out a measure, e.g. because its owner has moved.

    Raises:
        DomainError: no reason is given, the measure was carried out, or that person checks the
            effect.
    """
    reason = require_text("reason", reason, _("Give a reason."))
    action, measure = lock_measure(measure_id)
    require_present(action, measure)
    _require_undone(measure)
    if round_of(action).checker_id == owner.pk:
        raise DomainError(
            {
                "owner": _("%(person)s checks the effect and cannot answer for it, too.")
                % {"person": owner}
            }
        )
    _give(measure, owner)
    measure.save()
    details = {"title": measure.title, "owner": str(owner)}
    record(
        "corrective_actions.measure_reassigned",
        action,
        actor=actor,
        reason=reason,
        details=details,
    )
    measure.round.action = action
    tell_new_measure_owner(measure, actor=actor, now=now)
    return measure


@transaction.atomic
@as_actor
def describe_resources(action_id: int, *, resources: str, actor: Any) -> CorrectiveAction:
    """Write what the plan takes: people, time, money.

    Raises:
        DomainError: the plan is handed in.
    """
    action = lock_action(action_id)
    require_drafting(action)
    current = round_of(action)
    current.resources = resources.strip()
    current.save()
    return action


def submission_obstacles(action: CorrectiveAction) -> list[str]:
    """What the plan lacks before it can be approved, in sentences; empty if nothing."""
    current = round_of(action)
    missing = []
    if not action.correction:
        missing.append(_("Write what was done at once (correction)."))
    missing += cause_obstacles(current)
    measures = list(current.measures.all())
    if not measures:
        missing.append(_("Plan at least one measure with somebody responsible and a day."))
    missing += [
        _("“%(measure)s” is due on %(day)s, after the action itself (%(last)s).")
        % {"measure": it, "day": it.due_on.isoformat(), "last": action.due_on.isoformat()}
        for it in measures
        if it.due_on > action.due_on
    ]
    return missing


def needs_top_management(action: CorrectiveAction) -> bool:
    """Whether the company's rule has top management approve the plan of this action."""
    rule = settings.TOP_MANAGEMENT_APPROVES
    return action.grade in rule["grades"] or action.source in rule["sources"]


@transaction.atomic
@as_actor
def submit_plan(action_id: int, *, actor: Any, today: date, now: datetime) -> CorrectiveAction:
    """Ask for the approval of the plan; whose, is decided now and stays.

    Raises:
        SubmissionRefusedError: something is missing; one message each.
        InvalidTransitionError: the action is not being planned.
    """
    action = lock_action(action_id)
    require_drafting(action)
    missing = submission_obstacles(action)
    if missing:
        raise SubmissionRefusedError(missing)
    action.move_to(Status.SUBMITTED)
    current = round_of(action)
    current.needs_top_management = needs_top_management(action)
    current.submitted_by, current.submitted_on = actor, today
    current.return_comment = ""
    current.save()
    action.save()
    record("corrective_actions.plan_submitted", action, actor=actor)
    tell_approvers(action, now=now)
    return action


@transaction.atomic
@as_actor
def approve_plan(
    action_id: int, *, comment: str = "", actor: Any, today: date, now: datetime
) -> CorrectiveAction:
    """Let the measures be carried out; their days are the first due dates from now on.

    Raises:
        DomainError: `actor` submitted the plan or answers for the action.
        InvalidTransitionError: no plan waits.
    """
    action = lock_action(action_id)
    _require_another(action, actor)
    action.move_to(Status.EXECUTION)
    current = round_of(action)
    current.approved_by, current.approved_on = actor, today
    current.approval_comment = comment.strip()
    # Before the approval: afterwards the database keeps the dates.
    for measure in current.measures.filter(first_due_on__isnull=True):
        measure.first_due_on = measure.due_on
        measure.save(update_fields=["first_due_on"])
    current.full_clean(exclude=["action"])
    current.save()
    action.save()
    record("corrective_actions.plan_approved", action, actor=actor, reason=comment.strip())
    tell_decision(action, actor=actor, now=now)
    # A plan that was changed may have nothing left to do.
    wait_for_effect(action, actor=actor, now=now)
    return action


@transaction.atomic
@as_actor
def return_plan(action_id: int, *, reason: str, actor: Any, now: datetime) -> CorrectiveAction:
    """Send a plan back to its owner, with what has to be mended.

    Raises:
        DomainError: no reason is given, or the plan is `actor`'s own.
        InvalidTransitionError: no plan waits.
    """
    reason = require_text("reason", reason, _("Say what has to be corrected."))
    action = lock_action(action_id)
    _require_another(action, actor)
    if action.status != Status.SUBMITTED:
        # Planning can be reached from execution as well, by `replan` and not from here.
        raise DomainError(_("No plan of “%(action)s” waits for approval.") % {"action": action})
    action.move_to(Status.PLANNING)
    current = round_of(action)
    current.return_comment = reason
    current.save()
    action.save()
    record("corrective_actions.plan_returned", action, actor=actor, reason=reason)
    tell_decision(action, actor=actor, now=now)
    return action


@transaction.atomic
@as_actor
def replan(action_id: int, *, reason: str, actor: Any) -> CorrectiveAction:
    """Change a plan that is being carried out; it has to be approved again.

    What was done stays; dates that were approved stay as first dates.

    Raises:
        DomainError: no reason is given, or nothing is being carried out.
    """
    reason = require_text("reason", reason, _("Give a reason."))
    action = lock_action(action_id)
    if action.status != Status.EXECUTION:
        raise DomainError(_("No plan of “%(action)s” is being carried out.") % {"action": action})
    action.move_to(Status.PLANNING)
    current = round_of(action)
    current.approved_by = current.approved_on = None
    current.approval_comment = ""
    current.save()
    action.save()
    record("corrective_actions.replanned", action, actor=actor, reason=reason)
    return action


def _require_another(action: CorrectiveAction, actor: Any) -> None:
    if round_of(action).submitted_by_id == actor.pk or is_person(actor, action.owner):
        raise DomainError(_("Nobody decides on a plan of their own."))
