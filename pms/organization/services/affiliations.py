"""Where people belong: main affiliations one after the other, and second ones beside them."""

from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.core.text import fold
from pms.history.context import as_actor
from pms.history.services import record
from pms.organization.exceptions import OverlapError
from pms.organization.models import Affiliation, Department

from .duties import day_text
from .employment import lock_person, refuse_outside, save_affiliation

ONE_DAY: Final = timedelta(days=1)


@transaction.atomic
@as_actor
def move_person(
    person_id: int,
    *,
    department: Department,
    employment_kind: str,
    post: str = "",
    on: date,
    actor: Any,
    reason: str = "",
) -> Affiliation:
    """End the main affiliation on the day before `on` and begin another.

    Args:
        department, employment_kind, post: what holds from `on`.
        on: the first day at the new place.

    Returns:
        The new affiliation.

    Raises:
        DomainError: nothing would change, or `on` is outside the employment.
        OverlapError: another main affiliation begins on `on` or later.
        DutyConflictError: a post held then forbids the new terms.
    """
    person = lock_person(person_id)
    refuse_outside(person, on, person.left_on)
    main = person.affiliations.primary().select_for_update()
    later = main.filter(starts_on__gte=on).order_by("starts_on").first()
    if later is not None:
        raise OverlapError(
            _(
                "%(person)s has a main affiliation with “%(department)s” that begins on %(day)s. "
                "A move must begin after that day; correct that affiliation instead if it is wrong."
            )
            % {
                "person": person,
                "department": later.department,
                "day": day_text(later.starts_on),
            }
        )
    present = main.on(on).select_related("department").first()
    moved = Affiliation(
        person=person,
        department=department,
        employment_kind=employment_kind,
        post=fold(post),
        starts_on=on,
        ends_on=person.left_on,
    )
    if present is not None:
        if _terms(present) == _terms(moved):
            raise DomainError(_("Nothing would change: department, kind and post are the same."))
        present.ends_on = on - ONE_DAY
        present.save()
    save_affiliation(moved)
    details = {
        "from": str(present.department) if present else "–",
        "to": str(department),
        "on": on.isoformat(),
    }
    record("organization.person_moved", person, actor=actor, details=details, reason=reason)
    return moved


@transaction.atomic
@as_actor
def correct_affiliation(
    affiliation_id: int,
    *,
    department: Department,
    employment_kind: str,
    post: str,
    actor: Any,
    reason: str,
) -> Affiliation:
    """Mend an affiliation that was wrong from its first day; a real move is `move_person`.

    Raises:
        DutyConflictError: a post held then forbids the corrected terms.
        OverlapError: there is another affiliation with that department in the period.
    """
    person_id = Affiliation.objects.values_list("person_id", flat=True).get(pk=affiliation_id)
    person = lock_person(person_id)
    affiliation = Affiliation.objects.select_for_update().get(pk=affiliation_id)
    affiliation.person = person
    affiliation.department = department
    affiliation.employment_kind = employment_kind
    affiliation.post = fold(post)
    save_affiliation(affiliation)
    record("organization.affiliation_corrected", person, actor=actor, reason=reason)
    return affiliation


@transaction.atomic
@as_actor
def add_concurrent_post(
    person_id: int,
    *,
    department: Department,
    post: str = "",
    starts_on: date,
    ends_on: date | None = None,
    actor: Any,
) -> Affiliation:
    """Let somebody belong to a second department as well, on the terms of the main one.

    Raises:
        DomainError: no main affiliation on the first day, or the period is outside the employment.
        OverlapError: the person belongs to that department then already.
    """
    person = lock_person(person_id)
    refuse_outside(person, starts_on, ends_on)
    main = person.affiliations.primary().on(starts_on).first()
    if main is None:
        raise DomainError(
            _("%(person)s has no main affiliation on %(day)s to which a second could be added.")
            % {"person": person, "day": day_text(starts_on)}
        )
    affiliation = Affiliation(
        person=person,
        department=department,
        employment_kind=main.employment_kind,
        post=fold(post),
        is_primary=False,
        starts_on=starts_on,
        ends_on=ends_on or person.left_on,
    )
    save_affiliation(affiliation)
    record("organization.concurrent_post_added", person, actor=actor)
    return affiliation


@transaction.atomic
@as_actor
def end_concurrent_post(affiliation_id: int, *, ends_on: date, actor: Any) -> Affiliation:
    """End a second affiliation on `ends_on`; the main one ends by a move or by leaving.

    Raises:
        DomainError: it is the main affiliation, or it ends before that day already.
        ValidationError: it would end before it begins.
    """
    affiliation = (
        Affiliation.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=affiliation_id)
    )
    if affiliation.is_primary:
        raise DomainError(_("The main affiliation ends by a move or by leaving."))
    _refuse_longer(affiliation, ends_on)
    affiliation.ends_on = ends_on
    affiliation.full_clean()
    affiliation.save()
    record("organization.concurrent_post_ended", affiliation.person, actor=actor)
    return affiliation


def _terms(affiliation: Affiliation) -> tuple[int, str, str]:
    return affiliation.department_id, affiliation.employment_kind, affiliation.post


def _refuse_longer(affiliation: Affiliation, ends_on: date) -> None:
    if affiliation.ends_on and ends_on > affiliation.ends_on:
        raise DomainError(
            _("This post ends on %(day)s already.") % {"day": day_text(affiliation.ends_on)}
        )
