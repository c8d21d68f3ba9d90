"""Accounts: bare, or of people who hold posts."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory, Password

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.organization.models import Department
from tests.organization.factories import AppointmentFactory, PersonFactory

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory):
    """An account without a person, which may do nothing.

    `roles=[]` puts a member of staff behind it, `roles=[Role.X, …]` one who has held these posts
    since 2020. `department=` is where they belong, and what a department manager manages.
    """

    email = factory.Sequence("user{}@example.jp".format)
    password = Password(PASSWORD)
    roles = None
    department = None

    class Meta:
        model = User

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        roles, department = kwargs.pop("roles"), kwargs.pop("department")
        user = super()._create(model_class, *args, **kwargs)
        if roles is not None:
            appoint(user, roles, department)
        return user


def appoint(user: User, roles: list[str], department: Department | None = None) -> None:
    """Put a person who holds `roles` behind `user`."""
    place = {"affiliation__department": department} if department else {}
    person = PersonFactory(user=user, email=user.email, **place)
    for role in roles:
        managed = person.affiliations.get().department if role == Role.DEPARTMENT_MANAGER else None
        AppointmentFactory(person=person, role=role, department=managed, starts_on=date(2020, 4, 1))
