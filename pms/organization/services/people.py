"""Who works here, where they belong, and when they are away."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.core.text import fold, fold_code
from pms.history.context import as_actor
from pms.history.services import record
from pms.organization.exceptions import OverlapError
from pms.organization.models import Affiliation, Appointment, Department, Person

from .duties import day_text, one_at_a_time
from .employment import lock_person, save_affiliation

NAME_FIELDS: Final = ("family_name", "given_name", "family_kana", "given_kana")


@transaction.atomic
@as_actor
def create_person(
    *,
    department: Department,
    employment_kind: str,
    post: str = "",
    actor: Any,
    **facts: Any,
) -> Person:
    """Register somebody who joins, with the first affiliation.

    Args:
        department, employment_kind, post: where they belong from the day of joining.
        facts: fields of `Person`: employee_number, family_name, joined_on …; folded here.

    Raises:
        ValidationError: a field is missing or the employee number is taken.
        DomainError: the department does not exist on the day of joining.
    """
    one_at_a_time()
    person = Person(**_folded(facts))
    person.full_clean()
    person.save()
    save_affiliation(
        Affiliation(
            person=person,
            department=department,
            employment_kind=employment_kind,
            post=fold(post),
            starts_on=person.joined_on,
        )
    )
    record("organization.person_registered", person, actor=actor)
    return person


@transaction.atomic
@as_actor
def update_person(person_id: int, *, actor: Any, reason: str = "", **facts: Any) -> Person:
    """Change what is known about somebody; where they belong has services of its own.

    Args:
        facts: fields of `Person` to change. With another day of joining, the affiliation that
            began on the old one begins on the new one.

    Raises:
        ValidationError: a value is not allowed; the affiliation would end before it begins.
        OverlapError: an affiliation begins before the new day of joining.
    """
    person = lock_person(person_id)
    old_joined_on = person.joined_on
    for name, value in _folded(facts).items():
        setattr(person, name, value)
    person.full_clean()
    person.save()
    if person.joined_on != old_joined_on:
        _move_first_day(person, old_joined_on)
    return person


@transaction.atomic
@as_actor
def end_employment(person_id: int, *, left_on: date, actor: Any, reason: str = "") -> Person:
    """Register somebody's last day; affiliations, leaves and posts end with it.

    From that day on the account cannot sign in. Called again with another day, it moves what
    ended on the first.

    Args:
        left_on: the last day of employment (退職日).

    Raises:
        OverlapError: something of this person begins only after that day.
        ValidationError: the day is before the day of joining.
    """
    person = lock_person(person_id)
    former = person.left_on
    person.left_on = left_on
    person.full_clean()
    for rows in (person.affiliations, person.leaves, person.appointments):
        for it in rows.select_for_update():
            if it.starts_on > left_on:
                raise OverlapError(
                    _(
                        "“%(record)s” of %(person)s begins on %(day)s, after the last day. "
                        "Withdraw it first or choose a later day."
                    )
                    % {"record": it, "person": person, "day": day_text(it.starts_on)}
                )
            goes_beyond = it.ends_on is None or it.ends_on > left_on
            # A post that ended with the former last day is not taken up again by a later one.
            ended_with_former = it.ends_on == former and not isinstance(it, Appointment)
            if goes_beyond or ended_with_former:
                it.ends_on = left_on
                it.save()
    person.save()
    record(
        "organization.employment_ended",
        person,
        actor=actor,
        details={"left_on": left_on.isoformat()},
        reason=reason,
    )
    return person


@transaction.atomic
@as_actor
def withdraw_leaving(person_id: int, *, actor: Any, reason: str) -> Person:
    """Take back somebody's leaving, registered by mistake; affiliations go on as before.

    Posts and leaves that ended with it stay ended: they may be somebody else's by now.

    Raises:
        DomainError: no last day is registered.
    """
    person = lock_person(person_id)
    if person.left_on is None:
        raise DomainError(
            _("No last day is registered for %(person)s.") % {"person": person},
        )
    for affiliation in person.affiliations.filter(ends_on=person.left_on).select_for_update():
        affiliation.ends_on = None
        affiliation.save()
    person.left_on = None
    person.full_clean()
    person.save()
    record("organization.leaving_withdrawn", person, actor=actor, reason=reason)
    return person


def _folded(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are stored, however they were typed."""
    folded = dict(facts)
    for name in NAME_FIELDS:
        if name in folded:
            folded[name] = fold(folded[name])
    if "employee_number" in folded:
        folded["employee_number"] = fold_code(folded["employee_number"])
    if "email" in folded:
        folded["email"] = fold(folded["email"]).lower()
    return folded


def _move_first_day(person: Person, old_joined_on: date) -> None:
    """Let the affiliations that began with the employment begin with it again."""
    for affiliation in person.affiliations.filter(starts_on=old_joined_on).select_for_update():
        affiliation.starts_on = person.joined_on
        affiliation.full_clean()
        affiliation.save()
    early = person.affiliations.filter(starts_on__lt=person.joined_on).first()
    if early is not None:
        raise OverlapError(
            _(
                "%(person)s belongs to “%(department)s” from %(day)s on, before the day of "
                "joining. Choose an earlier day of joining."
            )
            % {
                "person": person,
                "department": early.department,
                "day": day_text(early.starts_on),
            }
        )
