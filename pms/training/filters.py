"""What training's lists can be filtered by."""

from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, CharField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.forms import CheckboxInput, HiddenInput
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from pms.cycles.models import Cycle
from pms.organization.choices import EmploymentKind
from pms.organization.models import Department, Person, in_language

from .choices import (
    OPEN_STATUSES,
    POPULATION_STATUSES,
    CampaignStatus,
    CourseKind,
    ExcuseReason,
    ExcuseStatus,
    PlanStatus,
    QuestionKind,
    RecordStatus,
    Topic,
)
from .models import Campaign, Course, Excuse, Question, TrainingPlan, TrainingRecord
from .trees import indented, subtree

IN_USE = [("1", gettext_lazy("In use")), ("0", gettext_lazy("No longer in use"))]

# The group of records that a person must still act on; a word of the address, not of the database.
OPEN = "open"
RECORD_STATES = [
    (OPEN, gettext_lazy("Not completed yet")),
    *((status.value, status.label) for status in RecordStatus),
]

# The groups that a report counts (`Figures`), each with the list behind its number.
_PASSED = Q(status=RecordStatus.PASSED)
_TARGETED = Q(status__in=(*OPEN_STATUSES, RecordStatus.PASSED))
OUTCOMES: dict[str, tuple[Any, Q]] = {
    "targeted": (gettext_lazy("To be trained"), _TARGETED),
    "attended": (gettext_lazy("Trained"), _TARGETED & Q(attended_on__isnull=False)),
    "not_attended": (gettext_lazy("Not trained"), _TARGETED & Q(attended_on__isnull=True)),
    "passed_first": (gettext_lazy("Passed at first"), _PASSED & Q(failures=0)),
    "passed_later": (gettext_lazy("Passed after failing"), _PASSED & Q(failures__gt=0)),
}


def _keep_in_use(rows: QuerySet, name: str, value: str) -> QuerySet:
    return rows.filter(**{name: value == "1"})


class CourseFilter(FilterSet):
    """Courses by kind and use."""

    kind = ChoiceFilter(label=gettext_lazy("kind"), choices=CourseKind)
    in_use = ChoiceFilter(
        "is_active", label=gettext_lazy("use"), choices=IN_USE, method=_keep_in_use
    )

    class Meta:
        model = Course
        fields: list[str] = []


class QuestionFilter(FilterSet):
    """Questions by what they are about, and by words in them."""

    q = CharFilter(label=gettext_lazy("Code or words"), method="search", max_length=100)
    course = ModelChoiceFilter(label=gettext_lazy("course"), queryset=Course.objects.all())
    topic = ChoiceFilter(label=gettext_lazy("topic"), choices=Topic)
    kind = ChoiceFilter(label=gettext_lazy("kind"), choices=QuestionKind)
    difficulty = ChoiceFilter(
        label=gettext_lazy("difficulty"), choices=Question._meta.get_field("difficulty").choices
    )
    in_use = ChoiceFilter(
        "is_active", label=gettext_lazy("use"), choices=IN_USE, method=_keep_in_use
    )

    class Meta:
        model = Question
        fields: list[str] = []

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Every word must stand in the code, the question or its explanation."""
        for word in value.split():
            rows = rows.filter(
                Q(code__icontains=word)
                | Q(text__icontains=word)
                | Q(text_en__icontains=word)
                | Q(explanation__icontains=word)
            )
        return rows


class PlanFilter(FilterSet):
    """Training plans by year and state."""

    cycle = ModelChoiceFilter(label=gettext_lazy("Fiscal year"), queryset=Cycle.objects.all())
    status = ChoiceFilter(label=gettext_lazy("status"), choices=PlanStatus)

    class Meta:
        model = TrainingPlan
        fields: list[str] = []


class CampaignFilter(FilterSet):
    """Campaigns by year, state and kind of course."""

    cycle = ModelChoiceFilter(label=gettext_lazy("Fiscal year"), queryset=Cycle.objects.all())
    status = ChoiceFilter(label=gettext_lazy("status"), choices=CampaignStatus)
    kind = ChoiceFilter("course__kind", label=gettext_lazy("kind of course"), choices=CourseKind)

    class Meta:
        model = Campaign
        fields: list[str] = []


class ExcuseFilter(FilterSet):
    """Excuses by state and reason."""

    status = ChoiceFilter(label=gettext_lazy("status"), choices=ExcuseStatus)
    reason = ChoiceFilter(label=gettext_lazy("reason"), choices=ExcuseReason)
    campaign = ModelChoiceFilter(
        "record__campaign",
        label=gettext_lazy("campaign"),
        queryset=Campaign.objects.exclude(status=CampaignStatus.DRAFT),
    )

    class Meta:
        model = Excuse
        fields: list[str] = []


class Option(NamedTuple):
    """One campaign or one department, as the two selects of the record list need it."""

    kind: str
    pk: int
    name: str
    name_en: str
    place: str  # what it is sorted by: first day or code
    parent: int | None


class RecordFilter(FilterSet):
    """Training records by campaign, state, department, employment kind and person.

    Void records appear only when they are asked for: without a state, the list is the population.
    """

    campaign = ChoiceFilter(label=gettext_lazy("campaign"))
    status = ChoiceFilter(label=gettext_lazy("status"), choices=RECORD_STATES, method="keep_status")
    outcome = ChoiceFilter(
        label=gettext_lazy("outcome"),
        choices=[(key, label) for key, (label, _condition) in OUTCOMES.items()],
        widget=HiddenInput,
        method="keep_outcome",
    )
    overdue = BooleanFilter(
        label=gettext_lazy("Only overdue"), widget=CheckboxInput, method="keep_overdue"
    )
    department = ChoiceFilter(
        label=gettext_lazy("department, with those below"), method="keep_department"
    )
    unit = ChoiceFilter(
        "department", label=gettext_lazy("department, without those below"), widget=HiddenInput
    )
    kind = ChoiceFilter(
        "employment_kind", label=gettext_lazy("employment kind"), choices=EmploymentKind
    )
    q = CharFilter(label=gettext_lazy("Name or number"), method="search", max_length=100)

    class Meta:
        model = TrainingRecord
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Forms copy their fields deeply; a function is left alone, a method would take along all.
        departments = lambda: self.department_choices()  # noqa: E731
        self.filters["campaign"].extra["choices"] = lambda: self.campaign_choices()
        self.filters["department"].extra["choices"] = departments
        self.filters["unit"].extra["choices"] = departments

    @cached_property
    def options(self) -> list[Option]:
        """Campaigns and departments in one query: a list of a million rows has few to spare."""
        nothing = Value(None, output_field=BigIntegerField())
        campaigns = (
            Campaign.objects.visible_to(self.request.user)
            .exclude(status=CampaignStatus.DRAFT)
            .order_by()
            .values_list(
                Value("campaign"),
                "pk",
                "title",
                "title_en",
                Cast("starts_on", CharField()),
                nothing,
            )
        )
        departments = Department.objects.order_by().values_list(
            Value("department"), "pk", "name", "name_en", "code", "parent_id"
        )
        found = campaigns.union(departments, all=True).order_by()
        return sorted((Option(*row) for row in found), key=lambda it: (it.place, it.pk))

    def campaign_choices(self) -> list[tuple[str, str]]:
        """Campaigns that this account may see, newest first."""
        return [
            (str(it.pk), in_language(it.name, it.name_en))
            for it in reversed(self.options)
            if it.kind == "campaign"
        ]

    def department_choices(self) -> list[tuple[str, str]]:
        """The tree of departments, each level moved in."""
        return indented(
            (it.pk, it.parent, in_language(it.name, it.name_en)) for it in self.departments
        )

    @property
    def departments(self) -> list[Option]:
        """Those of the options that are departments."""
        return [it for it in self.options if it.kind == "department"]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Leave the void rows out unless a state is asked for."""
        rows = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("status") or self.form.cleaned_data.get("overdue"):
            return rows
        return rows.filter(status__in=POPULATION_STATUSES)

    def keep_status(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """One state, or the group of those who are not yet through."""
        if value in (OPEN, *OPEN_STATUSES):
            rows = self._of_open_campaigns(rows)
        return rows.open() if value == OPEN else rows.filter(status=value)

    def keep_outcome(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """One of the groups that a report counts."""
        return rows.filter(OUTCOMES[value][1])

    def keep_overdue(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Those whose last day is over although they are not yet through."""
        return self._of_open_campaigns(rows).overdue(timezone.localdate()) if value else rows

    def keep_department(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """One department as it was on the day of the snapshot, with those below it."""
        found = subtree(((it.pk, it.parent) for it in self.departments), int(value))
        return rows.filter(department__in=found)

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """In one campaign by the names of that day; over all of them by the person of today.

        Searching every text of a million rows takes too long; searching ten thousand people and
        then looking up their rows does not.
        """
        if self.form.cleaned_data.get("campaign"):
            return rows.search(value)
        return rows.filter(person__in=Person.objects.search(value).order_by().values("pk"))

    def _of_open_campaigns(self, rows: QuerySet) -> QuerySet:
        """Who is open in a closed campaign was decided on; only open ones have something to do."""
        if self.form.cleaned_data.get("campaign"):
            return rows
        running = Campaign.objects.open().order_by().values("pk")
        return rows.filter(campaign__in=running)
