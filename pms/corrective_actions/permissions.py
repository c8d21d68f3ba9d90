"""Who may do what to one action, where the name of a permission does not say enough."""

from typing import Any

from .choices import Status
from .models import CorrectiveAction, Extension, Measure, Round

RUN = "corrective_actions.change_correctiveaction"
CHECK = "corrective_actions.check_effect"


def is_person(user: Any, person: Any) -> bool:
    """Whether `user` is the account of `person`."""
    return person is not None and user.pk is not None and person.user_id == user.pk


def may_work_on(user: Any, action: CorrectiveAction) -> bool:
    """Who runs the register, and whoever answers for the action."""
    return user.has_perm(RUN) or is_person(user, action.owner)


def may_carry_out(user: Any, measure: Measure) -> bool:
    """Whoever answers for the measure, for its action, or for the register."""
    return is_person(user, measure.owner) or may_work_on(user, measure.round.action)


def may_approve(user: Any, action: CorrectiveAction) -> bool:
    """Whoever holds the post that the plan needs; nobody decides on their own plan."""
    current = action.current
    if action.status != Status.SUBMITTED or current is None:
        return False
    needed = "approve_grave_plan" if current.needs_top_management else "approve_plan"
    return (
        user.has_perm(f"corrective_actions.{needed}")
        and current.submitted_by_id != user.pk
        and not is_person(user, action.owner)
    )


def may_check(user: Any, action: CorrectiveAction, measures: list[Measure]) -> bool:
    """Whoever was asked to, or examines effects anyway; never who answers for anything in it.

    Args:
        user: the account.
        action: with its present round.
        measures: of all rounds, with their owners.
    """
    current = action.current
    if action.status != Status.CHECKING or current is None or current.verdict:
        return False
    is_asked = is_person(user, current.checker) or user.has_perm(CHECK)
    owners = [action.owner, *(measure.owner for measure in measures)]
    return is_asked and not any(is_person(user, it) for it in owners)


def may_decide(user: Any, extension: Extension) -> bool:
    """Nobody decides on a request of their own, or on one for what they answer for."""
    owner = extension.measure.owner if extension.measure else extension.action.owner
    return (
        user.has_perm("corrective_actions.decide_extension")
        and extension.asked_by_id != user.pk
        and not is_person(user, owner)
    )


def answers_for_something(person_id: int, action: CorrectiveAction) -> bool:
    """Whether somebody owns the action or a measure of any of its rounds."""
    if action.owner_id == person_id:
        return True
    rounds = Round.objects.filter(action=action)
    return Measure.objects.filter(round__in=rounds, owner=person_id).exists()
