"""What services about one person share: the lock, and the checks of a period."""

from datetime import date

from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.organization.exceptions import OverlapError
from pms.organization.models import Affiliation, Person

from .duties import check_affiliation, day_text, one_at_a_time, period_text


def lock_person(person_id: int) -> Person:
    """The person, held until the transaction ends, with the rules of duties held before it."""
    one_at_a_time()
    return Person.objects.select_for_update().get(pk=person_id)


def save_affiliation(affiliation: Affiliation) -> None:
    """Check and save an affiliation whose person is locked.

    Raises:
        DomainError: the department does not exist on the first day.
        OverlapError: the person belongs to that department then already.
        DutyConflictError: a post held then forbids it.
    """
    department = affiliation.department
    if not department.holds_on(affiliation.starts_on):
        raise DomainError(
            _("The department “%(department)s” does not exist on %(day)s.")
            % {"department": department, "day": day_text(affiliation.starts_on)}
        )
    affiliation.full_clean()
    same = Affiliation.objects.overlapping(affiliation.starts_on, affiliation.ends_on).filter(
        person=affiliation.person, department=department
    )
    other = same.exclude(pk=affiliation.pk).first()
    if other is not None:
        raise OverlapError(
            _("%(person)s belongs to “%(department)s” %(period)s already. End that post first.")
            % {
                "person": affiliation.person,
                "department": department,
                "period": period_text(other.starts_on, other.ends_on),
            }
        )
    check_affiliation(affiliation)
    affiliation.save()


def refuse_outside(person: Person, starts_on: date, ends_on: date | None) -> None:
    """Refuse a period of which a known day is outside the employment."""
    if starts_on < person.joined_on:
        raise DomainError(
            _("%(person)s joins only on %(day)s.")
            % {"person": person, "day": day_text(person.joined_on)}
        )
    last = ends_on or starts_on
    if person.left_on and max(last, starts_on) > person.left_on:
        raise DomainError(
            _("%(person)s leaves on %(day)s.") % {"person": person, "day": day_text(person.left_on)}
        )
