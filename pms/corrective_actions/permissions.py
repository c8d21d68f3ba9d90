"""Who may do what to one action, where the name of a permission does not say enough."""

from datetime import date
from typing import Any, Final

from django.db.models import Q

from pms.accounts.roles import Role
from pms.organization.models import Appointment, Person, access_of

from .choices import Source, Status
from .models import CorrectiveAction, Extension, Measure, Round

RUN = "corrective_actions.change_correctiveaction"
CHECK = "corrective_actions.check_effect"
# Whose business the findings of an audit are to the end (domain: audit 4, step 8; our own rule).
AUDITORS: Final = (Role.AUDIT_OFFICER, Role.AUDITOR)


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


def may_check(user: Any, action: CorrectiveAction, today: date) -> bool:
    """Whoever was asked to, or examines effects anyway; never who answers for anything in it."""
    current = action.current
    if action.status != Status.CHECKING or current is None or current.verdict:
        return False
    person = access_of(user).person
    if person is None or not (current.checker_id == person.pk or user.has_perm(CHECK)):
        return False
    return may_judge(person, action, today) and not answers_for_something(person.pk, action)


def may_judge(person: Person, action: CorrectiveAction, day: date) -> bool:
    """Whether the post is right on `day`: the audit looks after its own findings."""
    if action.source != Source.AUDIT:
        return True
    return Appointment.objects.on(day).filter(person=person, role__in=AUDITORS).exists()


def may_decide(user: Any, extension: Extension) -> bool:
    """Nobody decides on a request of their own, or on one for what they answer for."""
    owner = extension.measure.owner if extension.measure else extension.action.owner
    return (
        user.has_perm("corrective_actions.decide_extension")
        and extension.asked_by_id != user.pk
        and not is_person(user, owner)
    )


def answers_for_something(person_id: int, action: CorrectiveAction) -> bool:
    """Whether somebody owns the action or a measure of any of its rounds.

    So does, in the present round, whoever handed one of them over or submitted the plan.
    """
    if action.owner_id == person_id:
        return True
    rounds = Round.objects.filter(action=action)
    if Measure.objects.filter(round__in=rounds, owner=person_id).exists():
        return True
    present = rounds.filter(pk=action.current_id or 0)
    return present.filter(
        Q(handovers__person=person_id) | Q(submitted_by__person=person_id)
    ).exists()
