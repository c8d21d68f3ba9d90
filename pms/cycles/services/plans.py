"""The plan of a year: made from a template or from last year's, approved, kept (J.3.2, J.3.3).

Top management approves it before the first activity; an approval that comes later says why.
After the approval milestones are added and dropped with a date and a reason, and later dates
are granted, never overwritten.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError, refuse
from pms.cycles.calendar import TEMPLATE
from pms.cycles.choices import Fulfilment, MilestoneStatus, PlanStatus
from pms.cycles.deadlines import month_end, month_start, same_day
from pms.cycles.models import Clause, Cycle, GuidelineEdition, Milestone, Objective, YearPlan
from pms.history.context import as_actor
from pms.history.services import Action, record, record_created
from pms.organization.models import Appointment, Person

from .fulfilling import fulfil
from .locking import lock_milestone, require_in_force
from .telling import tell_approvers, tell_maker

COPIED = ("phase", "title", "title_en", "role", "fulfilment", "records")


@transaction.atomic
@as_actor
def make_plan(
    cycle_id: int,
    *,
    actor: Any,
    today: date,
    copy_from: Cycle | None = None,
    with_template: bool = True,
) -> YearPlan:
    """Start the plan of a year, with milestones from last year's plan or from the template.

    Last year's milestones come on the same days of their months, on the dates first planned;
    dropped ones stay behind. Objectives come without results. Whoever holds the post on the new
    year's first day (or today, if it has begun) answers; where nobody holds it last year's person
    does, if they still work here then.

    Args:
        cycle_id: the year.
        actor: who makes it; somebody else has to approve it.
        today: written on it as the day of making.
        copy_from: the year whose plan is taken over; None for the template.
        with_template: False for a plan that begins empty.

    Raises:
        DomainError: the year has a plan already, or `copy_from` has none.
    """
    cycle = Cycle.objects.select_for_update().get(pk=cycle_id)
    if YearPlan.objects.filter(cycle=cycle).exists():
        raise DomainError(_("%(cycle)s has a plan already.") % {"cycle": cycle})
    plan = YearPlan(cycle=cycle, created_on=today, created_by=actor)
    plan.full_clean()
    plan.save()
    if copy_from is not None:
        milestones, objectives = _of_last_year(cycle, copy_from, today)
    else:
        milestones, objectives = (_of_template(cycle, today) if with_template else []), []
    Milestone.objects.bulk_create(milestones)
    Objective.objects.bulk_create(objectives)
    record_created([*milestones], actor=actor)
    record_created([*objectives], actor=actor)
    record(
        "cycles.plan_made",
        plan,
        actor=actor,
        action=Action.CREATE,
        details={"milestones": len(milestones), "source": str(copy_from or "")},
    )
    return plan


def _of_template(cycle: Cycle, today: date) -> list[Milestone]:
    clauses, holders = _clauses(max(cycle.starts_on, today)), _holders(max(cycle.starts_on, today))
    made = []
    for planned in TEMPLATE:
        last = month_end(cycle.starts_on, planned.month)
        due_on = last
        if planned.day is not None:
            due_on = month_start(cycle.starts_on, planned.month) + timedelta(days=planned.day)
        # A year may be shorter than twelve months; what lies behind its end is due at its end.
        due_on = min(due_on, cycle.ends_on)
        made.append(
            Milestone(
                cycle=cycle,
                phase=planned.phase,
                title=planned.title,
                title_en=planned.title_en,
                clause_id=clauses.get(planned.clause),
                role=planned.role,
                owner_id=holders.get(planned.role),
                fulfilment=planned.fulfilment,
                records=planned.records,
                due_on=due_on,
                first_due_on=due_on,
            )
        )
    return made


def _of_last_year(
    cycle: Cycle, former: Cycle, today: date
) -> tuple[list[Milestone], list[Objective]]:
    if not YearPlan.objects.filter(cycle=former).exists():
        raise DomainError(_("%(cycle)s has no plan to take over.") % {"cycle": former})
    clauses, holders = _clauses(max(cycle.starts_on, today)), _holders(max(cycle.starts_on, today))
    made = []
    here = set(
        Person.objects.employed_on(max(cycle.starts_on, today))
        .filter(milestones__cycle=former)
        .values_list("pk", flat=True)
    )
    kept = former.milestones.exclude(status=MilestoneStatus.DROPPED).select_related("clause")
    for old in kept.order_by("due_on", "id"):
        due_on = min(
            same_day(old.first_due_on, old_start=former.starts_on, new_start=cycle.starts_on),
            cycle.ends_on,
        )
        made.append(
            Milestone(
                cycle=cycle,
                owner_id=holders.get(old.role, old.owner_id if old.owner_id in here else None),
                # The same number in the edition of the new year; a number that is gone stays.
                clause_id=clauses.get(old.clause.code, old.clause_id) if old.clause else None,
                due_on=due_on,
                first_due_on=due_on,
                **{name: getattr(old, name) for name in COPIED},
            )
        )
    objectives = [
        Objective(
            cycle=cycle,
            title=old.title,
            measure=old.measure,
            target=old.target,
            owner_id=old.owner_id,
            due_on=old.due_on
            and same_day(old.due_on, old_start=former.starts_on, new_start=cycle.starts_on),
        )
        for old in former.objectives.order_by("id")
    ]
    return made, objectives


def _clauses(day: date) -> dict[str, int]:
    """The guideline's numbers in the edition of `day`; before the first edition, in that one."""
    editions = GuidelineEdition.objects
    edition = editions.on(day).first() or editions.order_by("starts_on").first()
    return dict(Clause.objects.filter(edition=edition).values_list("code", "pk"))


def _holders(day: date) -> dict[str, int]:
    """Who holds each post of the whole company on `day`; the one appointed first."""
    found: dict[str, int] = {}
    rows = Appointment.objects.on(day).filter(department=None).order_by("starts_on", "pk")
    for role, person_id in rows.values_list("role", "person_id"):
        found.setdefault(role, person_id)
    return found


@transaction.atomic
@as_actor
def change_policy(plan_id: int, *, policy: str, actor: Any) -> YearPlan:
    """Write what matters this year; possible until the plan is approved.

    Raises:
        DomainError: the plan waits for approval or is approved.
    """
    plan = _lock_draft(plan_id)
    plan.policy = policy.strip()
    plan.save()
    return plan


@transaction.atomic
@as_actor
def submit_plan(plan_id: int, *, actor: Any, now: datetime) -> YearPlan:
    """Ask top management for approval.

    Raises:
        DomainError: there is no milestone, or one has nobody who answers for it.
    """
    plan = _lock(plan_id)
    if plan.status == PlanStatus.SUBMITTED:
        return plan
    plan.move_to(PlanStatus.SUBMITTED)
    refuse(submission_obstacles(plan))
    plan.submitted_by = actor
    plan.save()
    record("cycles.plan_submitted", plan, actor=actor)
    tell_approvers(plan, now=now)
    return plan


def submission_obstacles(plan: YearPlan) -> list[str]:
    """What speaks against asking for approval, in words; nothing if it can be asked for."""
    milestones = plan.cycle.milestones.exclude(status=MilestoneStatus.DROPPED)
    if not milestones.exists():
        return [_("The plan has no milestone yet.")]
    nobody = list(milestones.filter(owner=None).order_by("due_on", "id"))
    return [
        _("Nobody answers for “%(milestone)s”. Name somebody.") % {"milestone": it} for it in nobody
    ]


@transaction.atomic
@as_actor
def return_plan(plan_id: int, *, reason: str, actor: Any, now: datetime) -> YearPlan:
    """Send a plan that waits for approval back to its maker.

    Raises:
        DomainError: no reason is given.
    """
    if not reason.strip():
        raise DomainError({"reason": _("Say what shall be changed.")})
    plan = _lock(plan_id)
    plan.move_to(PlanStatus.DRAFT)
    plan.save()
    record("cycles.plan_returned", plan, actor=actor, reason=reason.strip())
    tell_maker(plan, reason=reason.strip(), now=now)
    return plan


@transaction.atomic
@as_actor
def approve_plan(
    plan_id: int,
    *,
    actor: Any,
    today: date,
    now: datetime,
    late_reason: str = "",
) -> YearPlan:
    """Put a plan into force.

    The guideline wants plans approved before what they plan is done (J.3.3). When that is over
    already, the approval says why it is late; the reason stays on the plan.

    Args:
        plan_id: a plan that waits for approval.
        actor: of top management, neither its maker nor who submitted it.
        today: the day of approval.
        now: its moment, for the notification.
        late_reason: needed if `today` lies after the year's `first_activity`.

    Raises:
        DomainError: `actor` made or submitted it, or a late approval has no reason.
    """
    plan = _lock(plan_id)
    if plan.status == PlanStatus.APPROVED and plan.approved_by_id == actor.pk:
        return plan
    plan.move_to(PlanStatus.APPROVED)
    if actor.pk in (plan.created_by_id, plan.submitted_by_id):
        raise DomainError(_("Nobody approves a plan that they made themselves."))
    started_on = first_activity(plan.cycle)
    is_late = started_on is not None and today > started_on
    if is_late and not late_reason.strip():
        raise DomainError(
            {
                "late_reason": _(
                    "The first activity of the year was on %(day)s. Say why the approval comes "
                    "after it."
                )
                % {"day": started_on}
            }
        )
    plan.approved_by, plan.approved_on = actor, today
    plan.late_reason = late_reason.strip() if is_late else ""
    plan.save()
    record("cycles.plan_approved", plan, actor=actor, reason=plan.late_reason)
    fulfil(Fulfilment.YEAR_PLAN, plan.cycle, by=plan, actor=actor, on=today)
    tell_maker(plan, now=now)
    return plan


def first_activity(cycle: Cycle) -> date | None:
    """The first day on which something of the year was done; None if nothing was.

    A milestone that is done counts, and what the subjects on the floors above began: the table
    of those is named by the settings.
    """
    milestones = cycle.milestones.aggregate(first=Min("done_on"))["first"]
    others = (begun(cycle) for begun in import_string(settings.FIRST_ACTIVITIES))
    return min((day for day in (milestones, *others) if day), default=None)


# --- Milestones -----------------------------------------------------------------------------------


@transaction.atomic
@as_actor
def add_milestone(
    cycle_id: int, *, actor: Any, today: date, reason: str = "", **fields: Any
) -> Milestone:
    """Plan one more milestone; after the approval with a reason, and marked as added later.

    Args:
        cycle_id: the year.
        actor: who plans it.
        today: the day of adding.
        reason: needed once the plan is approved.
        fields: phase, title, title_en, clause, role, owner, fulfilment, records, due_on.

    Raises:
        DomainError: the plan waits for approval, or a reason is missing.
        ValidationError: a field is wrong; the day lies outside the year.
    """
    plan = _plan_of(cycle_id)
    milestone = Milestone(cycle=plan.cycle, **fields)
    if plan.is_in_force:
        if not reason.strip():
            raise DomainError({"reason": _("The plan is approved. Say why this comes on top.")})
        milestone.added_later_on = today
    _store_new_dates(milestone)
    record(
        "cycles.milestone_added",
        milestone,
        actor=actor,
        action=Action.CREATE,
        reason=reason.strip(),
    )
    return milestone


@transaction.atomic
@as_actor
def change_milestone(milestone_id: int, *, actor: Any, **fields: Any) -> Milestone:
    """Change a milestone: everything in a draft; who answers and the records later, too.

    Raises:
        DomainError: the plan is approved or waits for approval, and more would change.
        ValidationError: a field is wrong.
    """
    milestone = lock_milestone(milestone_id)
    plan = _plan_of(milestone.cycle_id)
    changed = {name for name, value in fields.items() if getattr(milestone, name) != value}
    if plan.status != PlanStatus.DRAFT and changed - {"owner", "role", "records", "title_en"}:
        raise DomainError(
            _(
                "The plan is no longer a draft. Only who answers, the post, the records and the "
                "English words can still be changed; ask for a later date where it is needed."
            )
        )
    for name, value in fields.items():
        setattr(milestone, name, value)
    if "due_on" in changed:
        _store_new_dates(milestone)
    else:
        milestone.full_clean()
        milestone.save()
    return milestone


@transaction.atomic
@as_actor
def remove_milestone(milestone_id: int, *, actor: Any) -> None:
    """Take a milestone out of a draft.

    Raises:
        DomainError: the plan is not a draft; then it is dropped with a reason instead.
    """
    milestone = lock_milestone(milestone_id)
    if _plan_of(milestone.cycle_id, may_wait=True).status != PlanStatus.DRAFT:
        raise DomainError(_("The plan is no longer a draft. Drop the milestone with a reason."))
    record("cycles.milestone_removed", milestone, actor=actor, action=Action.DELETE)
    milestone.delete()


@transaction.atomic
@as_actor
def drop_milestone(milestone_id: int, *, reason: str, actor: Any) -> Milestone:
    """Decide that a milestone of an approved plan is not needed after all.

    Raises:
        DomainError: no reason is given, or the plan is not approved.
        InvalidTransitionError: it is done.
    """
    if not reason.strip():
        raise DomainError({"reason": _("Say why it is not needed.")})
    milestone = lock_milestone(milestone_id)
    require_in_force(milestone)
    milestone.move_to(MilestoneStatus.DROPPED)
    milestone.result = reason.strip()
    milestone.save()
    record("cycles.milestone_dropped", milestone, actor=actor, reason=reason.strip())
    return milestone


# --- Objectives -----------------------------------------------------------------------------------


@transaction.atomic
@as_actor
def save_objective(
    cycle_id: int, *, actor: Any, objective_id: int | None = None, **fields: Any
) -> Objective:
    """Set an objective of the year, or change one.

    Once the plan is approved, an objective keeps its words, measure and target; who answers and
    when it is measured can still change until it is.

    Raises:
        DomainError: it has been measured, the plan waits for approval, or it is approved and
            more would change.
        ValidationError: a field is wrong.
    """
    plan = _plan_of(cycle_id)
    objective = Objective(cycle_id=cycle_id)
    if objective_id:
        objective = Objective.objects.select_for_update().get(pk=objective_id, cycle_id=cycle_id)
        if objective.measured_on:
            raise DomainError(_("This objective has been measured; it stays as it was set."))
        changed = {name for name, value in fields.items() if getattr(objective, name) != value}
        if plan.is_in_force and changed & {"title", "measure", "target"}:
            raise DomainError(
                _(
                    "The plan is approved: the objective keeps its words, measure and target. "
                    "Who answers and the date can still be changed."
                )
            )
    for name, value in fields.items():
        setattr(objective, name, value)
    objective.full_clean()
    objective.save()
    event = "cycles.objective_changed" if objective_id else "cycles.objective_set"
    record(event, objective, actor=actor)
    return objective


@transaction.atomic
@as_actor
def measure_objective(
    objective_id: int, *, result: str, verdict: str, measured_on: date, today: date, actor: Any
) -> Objective:
    """Write down what came of an objective; a second measuring replaces the first.

    Raises:
        DomainError: the day is in the future.
        ValidationError: a field is wrong or empty.
    """
    if measured_on > today:
        raise DomainError(
            {"measured_on": _("This day has not come yet. Enter when it was measured.")}
        )
    objective = Objective.objects.select_for_update().get(pk=objective_id)
    objective.result, objective.verdict = result.strip(), verdict
    objective.measured_on = measured_on
    objective.full_clean()
    objective.save()
    record(
        "cycles.objective_measured",
        objective,
        actor=actor,
        details={"verdict": objective.verdict},
    )
    return objective


@transaction.atomic
@as_actor
def remove_objective(objective_id: int, *, actor: Any) -> None:
    """Take an objective out of a draft.

    Raises:
        DomainError: the plan is no longer a draft.
    """
    objective = Objective.objects.select_for_update().get(pk=objective_id)
    if _plan_of(objective.cycle_id, may_wait=True).status != PlanStatus.DRAFT:
        raise DomainError(_("The plan is no longer a draft; its objectives stay."))
    record("cycles.objective_removed", objective, actor=actor, action=Action.DELETE)
    objective.delete()


# --- What the verbs above share -------------------------------------------------------------------


def _store_new_dates(milestone: Milestone) -> None:
    """Check the day against the year, and let it be the first date, too."""
    milestone.first_due_on = None  # type: ignore[assignment]
    milestone.full_clean(exclude={"first_due_on"}, validate_constraints=False)
    milestone.first_due_on = milestone.due_on
    milestone.full_clean()
    milestone.save()


def _lock(plan_id: int) -> YearPlan:
    return YearPlan.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=plan_id)


def _lock_draft(plan_id: int) -> YearPlan:
    plan = _lock(plan_id)
    if plan.status != PlanStatus.DRAFT:
        raise DomainError(_("“%(plan)s” is no longer a draft.") % {"plan": plan})
    return plan


def _plan_of(cycle_id: int, *, may_wait: bool = False) -> YearPlan:
    """The year's plan, held; one that waits for approval is left alone unless `may_wait`."""
    plan = (
        YearPlan.objects.select_for_update(of=("self",))
        .select_related("cycle")
        .filter(cycle_id=cycle_id)
        .first()
    )
    if plan is None:
        raise DomainError(_("This year has no plan yet. Make one first."))
    if plan.status == PlanStatus.SUBMITTED and not may_wait:
        raise DomainError(
            _("“%(plan)s” waits for approval. Have it approved or returned first.") % {"plan": plan}
        )
    return plan
