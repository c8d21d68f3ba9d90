"""What an account may see: computed once per request from the appointments of the day."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from pms.accounts.roles import EVERYONE, ROLES, Role

from .appointments import Appointment
from .people import Person
from .places import Department


@dataclass(frozen=True)
class Access:
    """Roles, permissions and rows of one account on one day.

    Attributes:
        day: the day it was computed for, in the organization's time zone.
        person: who stands behind the account; None for a technical account.
        roles: posts held on that day.
        permissions: what those posts may do.
        managed_ids: departments managed, without those below them.
    """

    day: date
    person: Person | None = None
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    managed_ids: frozenset[int] = field(default_factory=frozenset)

    @cached_property
    def department_ids(self) -> frozenset[int]:
        """Departments managed, with those below them; found only when somebody asks."""
        return frozenset(
            Department.objects.subtree_ids(self.managed_ids) if self.managed_ids else ()
        )

    def people(self, people: Any) -> Any:
        """Those of `people` that this account may see."""
        if "organization.view_person" in self.permissions:
            return people
        return people.filter(self.own_people())

    def own_people(self, prefix: str = "") -> Q:
        """The condition "myself, or somebody of a department I manage", through `prefix`."""
        condition = Q(**{f"{prefix}pk": self.person.pk if self.person else None})
        if self.department_ids:
            managed = Person.objects.in_departments_on(self.department_ids, self.day)
            condition |= Q(**{f"{prefix}pk__in": managed.values("pk")})
        return condition


def compute_access(user: Any, day: date) -> Access:
    """The access of `user` on `day`, in one query."""
    person = getattr(user, "person", None)
    if person is None or not person.may_sign_in_on(day):
        return Access(day=day, permissions=_ALL if user.is_superuser else frozenset())
    held = list(
        Appointment.objects.on(day).filter(person=person).values_list("role", "department_id")
    )
    roles = frozenset(role for role, _ in held)
    managed = [department for role, department in held if role == Role.DEPARTMENT_MANAGER]
    return Access(
        day=day,
        person=person,
        roles=roles,
        permissions=EVERYONE.union(*(ROLES[role] for role in roles)),
        managed_ids=frozenset(managed),
    )


def access_of(user: Any) -> Access:
    """The access of `user` today, kept on the account object for the rest of the request."""
    today = timezone.localdate()
    access = getattr(user, "_access", None)
    if access is None or access.day != today:
        access = compute_access(user, today) if user.is_authenticated else Access(day=today)
        user._access = access
    return access


_ALL = EVERYONE.union(*ROLES.values())
