"""People and where they work."""

from datetime import date, timedelta

import factory
from factory.django import DjangoModelFactory

from pms.accounts.roles import Role
from pms.organization.choices import EmploymentKind, LeaveKind
from pms.organization.models import (
    Affiliation,
    Appointment,
    ClosedDay,
    Department,
    Leave,
    Person,
    Site,
)


class SiteFactory(DjangoModelFactory):
    """A place of business."""

    code = factory.Sequence("S{:02}".format)
    name = factory.Sequence("第{}事業所".format)

    class Meta:
        model = Site


class ClosedDayFactory(DjangoModelFactory):
    """A founding day, each on a day of its own from August 2026 on."""

    day = factory.Sequence(lambda number: date(2026, 8, 10) + timedelta(days=number))
    name = "創立記念日"

    class Meta:
        model = ClosedDay


class DepartmentFactory(DjangoModelFactory):
    """A department since 2015, at the top of the tree; `parent=` puts it below another."""

    code = factory.Sequence("D{:03}".format)
    name = factory.Sequence("第{}部".format)
    starts_on = date(2015, 4, 1)

    class Meta:
        model = Department


class PersonFactory(DjangoModelFactory):
    """A regular employee since 2020, with a main affiliation and without an account.

    `affiliation__department=`, `affiliation__employment_kind=` … set the affiliation;
    `affiliation=None` leaves it out; `with_account=True` gives an account.
    """

    employee_number = factory.Sequence("{:06}".format)
    family_name = "山田"
    given_name = factory.Sequence("太郎{}".format)
    family_kana = "ヤマダ"
    given_kana = "タロウ"
    joined_on = date(2020, 4, 1)
    affiliation = factory.RelatedFactory(
        "tests.organization.factories.AffiliationFactory", factory_related_name="person"
    )

    class Meta:
        model = Person
        skip_postgeneration_save = True

    class Params:
        with_account = factory.Trait(
            user=factory.SubFactory("tests.accounts.factories.UserFactory")
        )


class AffiliationFactory(DjangoModelFactory):
    """A regular employee's main affiliation, from the day of joining on."""

    person = factory.SubFactory(PersonFactory, affiliation=None)
    department = factory.SubFactory(DepartmentFactory)
    employment_kind = EmploymentKind.REGULAR
    starts_on = factory.LazyAttribute(lambda it: it.person.joined_on)

    class Meta:
        model = Affiliation


class AppointmentFactory(DjangoModelFactory):
    """A training officer since 2020; a department manager needs `department=`."""

    role = Role.TRAINING_OFFICER
    person = factory.SubFactory(PersonFactory)
    starts_on = date(2020, 4, 1)

    class Meta:
        model = Appointment


class LeaveFactory(DjangoModelFactory):
    """Childcare leave for the year from April 2026 on."""

    person = factory.SubFactory(PersonFactory)
    kind = LeaveKind.CHILDCARE
    starts_on = date(2026, 4, 1)
    ends_on = date(2027, 3, 31)

    class Meta:
        model = Leave
