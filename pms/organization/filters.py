"""What the lists of the organization can be narrowed to."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from pms.accounts.roles import Role
from pms.core.forms import DayInput, PlainSelect
from pms.core.models import dated_on

from .choices import EmploymentKind, PersonState
from .models import Affiliation, Appointment, ClosedDay, Department, Person, Site
from .tree import ids_below, in_tree_order

_BY_STATE: Final[dict[str, Callable[[Any, date], QuerySet]]] = {
    PersonState.EMPLOYED: lambda people, day: people.employed_on(day),
    PersonState.LEAVE: lambda people, day: people.employed_on(day).on_leave_on(day),
    PersonState.JOINING: lambda people, day: people.filter(joined_on__gt=day),
    PersonState.LEFT: lambda people, day: people.filter(left_on__lt=day),
    PersonState.ALL: lambda people, day: people,
}


class PersonFilter(FilterSet):
    """Who, where and on which terms, on a day; without a day today, without a state those here."""

    q = CharFilter(label=_("Name, kana or employee number"), method="keep_matches")
    department = ChoiceFilter(
        label=_("Department (with those below)"),
        choices=(),
        empty_label=_("All"),
        method="do_nothing",
        widget=PlainSelect,
    )
    kind = ChoiceFilter(
        label=_("Employment kind"),
        choices=EmploymentKind.choices,
        empty_label=_("All"),
        method="do_nothing",
        widget=PlainSelect,
    )
    state = ChoiceFilter(
        label=_("State"),
        choices=[it for it in PersonState.choices if it[0] != PersonState.EMPLOYED],
        empty_label=PersonState.EMPLOYED.label,
        method="do_nothing",
        widget=PlainSelect,
    )
    day = DateFilter(label=_("On the day"), widget=DayInput, method="do_nothing")

    class Meta:
        model = Person
        fields: list[str] = []

    @cached_property
    def departments(self) -> dict[int, Department]:
        """Every department by its id, in one query for the filter and for the rows."""
        return {it.pk: it for it in Department.objects.all()}

    @cached_property
    def as_of(self) -> date:
        """The day that is asked about."""
        return self.form.cleaned_data.get("day") or timezone.localdate()

    def get_form_class(self) -> type:
        """With the departments of the day in the order of their tree."""
        form_class = super().get_form_class()
        choices = department_choices(self.departments.values())
        form_class.base_fields["department"].choices = choices
        return form_class

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """The rows, each outlined on the day."""
        facts = self.form.cleaned_data
        people: Any = super().filter_queryset(queryset)
        state = facts["state"] or PersonState.EMPLOYED
        people = _BY_STATE[state](people, self.as_of)
        place = Q()
        if facts["department"]:
            below = ids_below(self.departments.values(), int(facts["department"]))
            place &= Q(department__in=below)
        if facts["kind"]:
            place &= Q(employment_kind=facts["kind"], is_primary=True)
        if place:
            # Gathered once: asked for each person, SQLite reads the whole department every time.
            there = Affiliation.objects.filter(place, self._period(state)).order_by()
            people = people.filter(pk__in=there.values("person"))
        return people.outlined_on(self.as_of)

    def _period(self, state: str) -> Q:
        """Affiliations that tell where somebody belongs: of the day, else the last or the first."""
        present = dated_on(self.as_of)
        if state in (PersonState.EMPLOYED, PersonState.LEAVE):
            return present
        last = Q(ends_on=F("person__left_on"), ends_on__lt=self.as_of)
        first = Q(starts_on=F("person__joined_on"), starts_on__gt=self.as_of)
        return present | last | first

    def keep_matches(self, people: Any, name: str, value: str) -> QuerySet:
        """Those who match every word."""
        return people.search(value)

    def do_nothing(self, people: Any, name: str, value: Any) -> QuerySet:
        """All rows: `filter_queryset` looks at these filters together."""
        return people


class AppointmentFilter(FilterSet):
    """Which post, held by whom, and when."""

    role = ChoiceFilter(
        label=pgettext_lazy("appointment", "Post"),
        choices=Role.choices,
        empty_label=_("All"),
        widget=PlainSelect,
    )
    q = CharFilter(label=_("Name, kana or employee number"), method="keep_matches")
    day = DateFilter(label=_("On the day"), widget=DayInput, method="keep_day")

    class Meta:
        model = Appointment
        fields: list[str] = []

    def keep_matches(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Posts of those who match every word."""
        return rows.filter(person__in=Person.objects.search(value))

    def keep_day(self, rows: Any, name: str, value: date) -> QuerySet:
        """Posts held on the day."""
        return rows.on(value)


class DepartmentFilter(FilterSet):
    """Departments are shown as one tree."""

    class Meta:
        model = Department
        fields: list[str] = []


class SiteFilter(FilterSet):
    """Sites are few."""

    class Meta:
        model = Site
        fields: list[str] = []


def _closed_years() -> list[tuple[str, str]]:
    years = ClosedDay.objects.dates("day", "year", order="DESC")
    return [(str(it.year), str(it.year)) for it in years]


class ClosedDayFilter(FilterSet):
    """Which year."""

    year = ChoiceFilter(
        label=_("Year"),
        field_name="day__year",
        choices=_closed_years,
        empty_label=_("All"),
        widget=PlainSelect,
    )

    class Meta:
        model = ClosedDay
        fields: list[str] = []


def department_choices(departments: Any) -> list[tuple[str, str]]:
    """Id and indented name of each department, in the order of the tree."""
    return [(str(it.pk), "\u3000" * depth + str(it)) for it, depth in in_tree_order(departments)]
