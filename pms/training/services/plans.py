"""The training plan of a year (教育計画書): made, approved by another, revised as a new version."""

from datetime import date
from typing import Any

from pms.accounts.models import User
from pms.cycles.models import Cycle
from pms.training.models import PlanItem, TrainingPlan


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
    raise NotImplementedError


def change_plan(plan_id: int, *, actor: User, **fields: Any) -> TrainingPlan:
    """Change purpose, follow_up_rule or responsible of a draft.

    Raises:
        DomainError: it is not a draft.
    """
    raise NotImplementedError


def add_item(plan_id: int, *, actor: User, **fields: Any) -> PlanItem:
    """Add a line to a draft: course, target, planned_month, method, lecturer, comprehension …

    Raises:
        DomainError: it is not a draft, or the month lies outside the cycle.
        ValidationError: a field is wrong.
    """
    raise NotImplementedError


def change_item(item_id: int, *, actor: User, **fields: Any) -> PlanItem:
    """Change a line of a draft; refusals as in `add_item`."""
    raise NotImplementedError


def remove_item(item_id: int, *, actor: User) -> None:
    """Take a line out of a draft.

    Raises:
        DomainError: it is not a draft.
    """
    raise NotImplementedError


def submit_plan(plan_id: int, *, actor: User) -> TrainingPlan:
    """Ask for approval of a draft.

    Raises:
        DomainError: it has no line.
        InvalidTransitionError: it is approved or replaced already.
    """
    raise NotImplementedError


def return_plan(plan_id: int, *, actor: User, reason: str) -> TrainingPlan:
    """Send a plan that waits for approval back to its maker.

    Raises:
        DomainError: no reason is given.
        InvalidTransitionError: it does not wait for approval.
    """
    raise NotImplementedError


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
    raise NotImplementedError


def revise_plan(plan_id: int, *, actor: User, today: date) -> TrainingPlan:
    """Start the next version of an approved plan, with its lines copied.

    A version of the cycle that is still being made comes back instead of a second one.

    Raises:
        DomainError: the plan is not the one in force, or a version waits for approval.
    """
    raise NotImplementedError
