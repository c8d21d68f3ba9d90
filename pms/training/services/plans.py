"""The training plan of a year (教育計画書): made, approved by another, revised as a new version.

Training is done according to a plan (JIS Q 15001:2023 6.3, J.3.3; A.3.3.6 of the 2017 edition).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.core.exceptions import DomainError, InvalidTransitionError
from pms.cycles.choices import Fulfilment
from pms.cycles.models import Cycle
from pms.cycles.services import fulfil
from pms.history.context import as_actor
from pms.history.services import Action, record
from pms.training.choices import PlanStatus
from pms.training.models import PlanItem, TrainingPlan

from .locking import require_reason

COPIED = ("purpose", "follow_up_rule", "responsible")
COPIED_WITH_ITEM = ("course", "target", "method", "lecturer", "comprehension", "pass_mark")


@transaction.atomic
@as_actor
def create_plan(
    cycle: Cycle,
    *,
    actor: User,
    today: date,
    copy_from: TrainingPlan | None = None,
    **fields: Any,
) -> TrainingPlan:
    """Start a plan for `cycle`.

    Args:
        cycle: the year.
        actor: who makes it; somebody else has to approve it.
        today: written on it as the day of making.
        copy_from: another plan, e.g. last year's; its lines are moved into `cycle`.
        fields: purpose, follow_up_rule, responsible; they come before what is copied.

    Raises:
        DomainError: a version of this cycle is still being made or waits for approval.
        ValidationError: a field is wrong.
    """
    _lock_cycle(cycle.pk)
    unfinished = _unfinished(cycle)
    if unfinished is not None:
        raise DomainError(
            _("“%(plan)s” is not finished yet. Go on with it instead of starting another."),
            params={"plan": unfinished},
        )
    return _start_version(cycle, actor=actor, today=today, copy_from=copy_from, **fields)


@transaction.atomic
@as_actor
def change_plan(
    plan_id: int,
    *,
    actor: User,
    items: Sequence[PlanItem] = (),
    removed: Sequence[PlanItem] = (),
    **fields: Any,
) -> TrainingPlan:
    """Change purpose, follow_up_rule or responsible of a draft, and its lines at once.

    Args:
        plan_id: a draft.
        actor: who changes it.
        items: lines as they shall be: new ones, and those of the draft that changed.
        removed: lines of the draft that go.
        fields: of the plan.

    Raises:
        DomainError: it is not a draft, or a month lies outside the cycle.
        ValidationError: a field is wrong; then nothing is changed.
    """
    plan = _lock_draft(plan_id)
    for name, value in fields.items():
        setattr(plan, name, value)
    plan.full_clean()
    plan.save()
    for item in items:
        item.plan = plan
        item.full_clean()
        item.save()
    for item in removed:
        item.delete()
    record("training.plan_changed", plan, actor=actor, details={"fields": sorted(fields)})
    return plan


@transaction.atomic
@as_actor
def add_item(plan_id: int, *, actor: User, **fields: Any) -> PlanItem:
    """Add a line to a draft: course, target, planned_month, method, lecturer, comprehension …

    Raises:
        DomainError: it is not a draft, or the month lies outside the cycle.
        ValidationError: a field is wrong.
    """
    item = PlanItem(plan=_lock_draft(plan_id), **fields)
    item.full_clean()
    item.save()
    record("training.plan_item_added", item, actor=actor, action=Action.CREATE)
    return item


@transaction.atomic
@as_actor
def change_item(item_id: int, *, actor: User, **fields: Any) -> PlanItem:
    """Change a line of a draft; refusals as in `add_item`."""
    item = PlanItem.objects.get(pk=item_id)
    item.plan = _lock_draft(item.plan_id)
    for name, value in fields.items():
        setattr(item, name, value)
    item.full_clean()
    item.save()
    record("training.plan_item_changed", item, actor=actor, details={"fields": sorted(fields)})
    return item


@transaction.atomic
@as_actor
def remove_item(item_id: int, *, actor: User) -> None:
    """Take a line out of a draft.

    Raises:
        DomainError: it is not a draft.
    """
    item = PlanItem.objects.get(pk=item_id)
    _lock_draft(item.plan_id)
    record("training.plan_item_removed", item, actor=actor, action=Action.DELETE)
    item.delete()


@transaction.atomic
@as_actor
def submit_plan(plan_id: int, *, actor: User) -> TrainingPlan:
    """Ask for approval of a draft.

    Raises:
        DomainError: it has no line.
        InvalidTransitionError: it is approved or replaced already.
    """
    plan = _lock(plan_id)
    if plan.status == PlanStatus.SUBMITTED:
        return plan
    plan.move_to(PlanStatus.SUBMITTED)
    if not plan.items.exists():
        raise DomainError(_("The plan has no line. Add the trainings of the year first."))
    plan.save()
    record("training.plan_submitted", plan, actor=actor)
    return plan


@transaction.atomic
@as_actor
def return_plan(plan_id: int, *, actor: User, reason: str) -> TrainingPlan:
    """Send a plan that waits for approval back to its maker.

    Raises:
        DomainError: no reason is given.
        InvalidTransitionError: it does not wait for approval.
    """
    reason = require_reason(reason)
    plan = _lock(plan_id)
    plan.move_to(PlanStatus.DRAFT)
    plan.save()
    record("training.plan_returned", plan, actor=actor, reason=reason)
    return plan


@transaction.atomic
@as_actor
def approve_plan(plan_id: int, *, actor: User, today: date) -> TrainingPlan:
    """Approve a plan; it replaces the version in force.

    Args:
        plan_id: a plan that waits for approval.
        actor: somebody other than its maker.
        today: the day of approval.

    Raises:
        DomainError: `actor` made the plan.
        InvalidTransitionError: it does not wait for approval.
    """
    plan = _lock(plan_id)
    if plan.status == PlanStatus.APPROVED and plan.approved_by_id == actor.pk:
        return plan
    plan.move_to(PlanStatus.APPROVED)
    if plan.created_by_id == actor.pk:
        raise DomainError(_("Nobody approves a plan that they made themselves."))
    for former in TrainingPlan.objects.in_force(plan.cycle).select_for_update():
        former.move_to(PlanStatus.SUPERSEDED)
        former.save()
        record("training.plan_superseded", former, actor=actor)
    plan.approved_by, plan.approved_on = actor, today
    plan.save()
    record("training.plan_approved", plan, actor=actor)
    fulfil(Fulfilment.TRAINING_PLAN, plan.cycle, by=plan, actor=actor, on=today)
    return plan


@transaction.atomic
@as_actor
def revise_plan(plan_id: int, *, actor: User, today: date) -> TrainingPlan:
    """Start the next version of an approved plan, with its lines copied.

    A version of the cycle that is still being made comes back instead of a second one.

    Raises:
        DomainError: the plan is not the one in force, or a version waits for approval.
    """
    plan = _lock(plan_id)
    unfinished = _unfinished(plan.cycle)
    if unfinished is not None and unfinished.status == PlanStatus.DRAFT:
        return unfinished
    if unfinished is not None:
        raise DomainError(
            _("“%(plan)s” waits for approval. Have it approved or returned first."),
            params={"plan": unfinished},
        )
    if plan.status != PlanStatus.APPROVED:
        raise InvalidTransitionError(
            _("“%(plan)s” has been replaced. Revise the version in force."), params={"plan": plan}
        )
    return _start_version(plan.cycle, actor=actor, today=today, copy_from=plan)


def _lock_cycle(cycle_id: int) -> Cycle:
    """The cycle, held: its plans are numbered one after the other."""
    return Cycle.objects.select_for_update().get(pk=cycle_id)


def _lock(plan_id: int) -> TrainingPlan:
    """The plan as it is now, held together with its cycle's other versions."""
    _lock_cycle(TrainingPlan.objects.values_list("cycle_id", flat=True).get(pk=plan_id))
    return (
        TrainingPlan.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=plan_id)
    )


def _lock_draft(plan_id: int) -> TrainingPlan:
    plan = _lock(plan_id)
    if plan.status != PlanStatus.DRAFT:
        raise DomainError(
            _("“%(plan)s” is no longer a draft. Have it returned, or start a new version."),
            params={"plan": plan},
        )
    return plan


def _unfinished(cycle: Cycle) -> TrainingPlan | None:
    return cycle.training_plans.filter(status__in=(PlanStatus.DRAFT, PlanStatus.SUBMITTED)).first()


def _start_version(
    cycle: Cycle, *, actor: User, today: date, copy_from: TrainingPlan | None, **fields: Any
) -> TrainingPlan:
    copied = {name: getattr(copy_from, name) for name in COPIED} if copy_from else {}
    last = cycle.training_plans.aggregate(last=Max("version"))["last"] or 0
    plan = TrainingPlan(
        cycle=cycle, version=last + 1, created_on=today, created_by=actor, **copied | fields
    )
    plan.full_clean()
    plan.save()
    for item in copy_from.items.all() if copy_from else ():
        PlanItem.objects.create(
            plan=plan,
            planned_month=same_month(item.planned_month, cycle),
            **{name: getattr(item, name) for name in COPIED_WITH_ITEM},
        )
    record("training.plan_created", plan, actor=actor, action=Action.CREATE)
    return plan


def same_month(month: date, cycle: Cycle) -> date:
    """The first day of the same calendar month in `cycle`."""
    first = date(cycle.starts_on.year, month.month, 1)
    if first < cycle.starts_on.replace(day=1):
        return first.replace(year=first.year + 1)
    return first
