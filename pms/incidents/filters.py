"""What the register of incidents can be narrowed to."""

from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import CheckboxInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter, FilterSet

from pms.core.forms import DayInput, PlainSelect
from pms.core.text import fold
from pms.corrective_actions.choices import Status as ActionStatus
from pms.organization.models import Department

from .choices import CategoryList, Kind, RecordKind, Status
from .models import Category, FirstReport, Incident, IncidentAction, Obligation

# Stands for rows that have none of what is asked for.
NONE = "-"


class IncidentFilter(FilterSet):
    """Number or words, state, kind, class, cause, department, duty to report, gaps, days.

    What tells how a case was judged is asked only by who knows of all cases.

    Drills are left out unless they are asked for.
    """

    q = CharFilter(label=_("Number, title or words"), method="search", max_length=100)
    state = ChoiceFilter(
        label=_("state"),
        method="keep_state",
        choices=[
            ("open", pgettext_lazy("incident", "Open")),
            ("valid", _("All but “no incident”")),
            *Status.choices,
        ],
        widget=PlainSelect,
    )
    kind = ChoiceFilter(label=_("kind"), choices=RecordKind, widget=PlainSelect)
    event_class = ChoiceFilter(
        label=_("class of the event"), method="keep_category", widget=PlainSelect
    )
    cause = ChoiceFilter(label=_("cause"), method="keep_category", widget=PlainSelect)
    department = ChoiceFilter(label=_("department"), method="keep_department", widget=PlainSelect)
    reportable = ChoiceFilter(
        label=_("to be reported to the authority"),
        method="keep_reportable",
        choices=[("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known yet"))],
        widget=PlainSelect,
    )
    duty = ChoiceFilter(
        label=_("open obligation"),
        method="keep_duty",
        choices=[("any", pgettext_lazy("obligation", "Any")), *Kind.choices],
        widget=PlainSelect,
    )
    lacks = ChoiceFilter(
        label=_("what is missing"),
        method="keep_lacking",
        choices=[
            ("containment", _("Containment")),
            ("cause", _("Cause")),
            ("action", _("Corrective action")),
        ],
        widget=PlainSelect,
    )
    since = DateFilter(label=_("Reported from"), method="keep_since", widget=DayInput)
    until = DateFilter(label=_("Reported until"), method="keep_until", widget=DayInput)
    drills = ChoiceFilter(
        label=_("drills"),
        method="leave_to_filter_queryset",
        empty_label=_("Without drills"),
        choices=[("with", _("With drills")), ("only", _("Only drills"))],
        widget=PlainSelect,
    )
    overdue = BooleanFilter(label=_("Only overdue"), widget=CheckboxInput, method="keep_overdue")

    class Meta:
        model = Incident
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.has_perm("incidents.view_incident"):
            # How a case was judged is not for who was let in to know of one.
            for name in ("reportable", "duty"):
                del self.filters[name]
        categories = self.categories
        self.filters["event_class"].extra["choices"] = categories[CategoryList.CLASS]
        self.filters["cause"].extra["choices"] = categories[CategoryList.CAUSE]
        self.filters["department"].extra["choices"] = [
            *((it.pk, str(it)) for it in Department.objects.order_by("code")),
            (NONE, _("Not known yet")),
        ]

    @cached_property
    def categories(self) -> dict[str, list[tuple[str, Any]]]:
        """The lines of both lists by their code, which the versions of a line share."""
        found: dict[str, dict[str, Any]] = {name: {} for name in CategoryList.values}
        for row in Category.objects.order_by("position", "first_year"):
            found[row.list][row.code] = str(row)
        return {name: [*lines.items(), (NONE, _("Not known yet"))] for name, lines in found.items()}

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Whether drills belong to it has to be decided without a choice, too."""
        rows = super().filter_queryset(queryset)
        drills = self.form.cleaned_data.get("drills")
        return rows if drills == "with" else rows.filter(is_drill=drills == "only")

    def leave_to_filter_queryset(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Nothing: see `filter_queryset`."""
        return rows

    def keep_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """One state, or what several have in common."""
        if value == "open":
            return rows.open()
        if value == "valid":
            return rows.exclude(status=Status.DISMISSED)
        return rows.filter(status=value)

    def keep_category(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """A line of a list by its code; NONE for what nobody has put on a line yet."""
        field = {"event_class": "event_class", "cause": "cause_category"}[name]
        if value == NONE:
            return rows.filter(**{field: None})
        return rows.filter(**{f"{field}__code": value})

    def keep_department(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """One department; NONE for those that nobody has named one for."""
        return rows.filter(department=None if value == NONE else value)

    def keep_reportable(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """By what the last assessment said; "unknown" as long as there is none."""
        return rows.filter(is_reportable={"yes": True, "no": False, "unknown": None}[value])

    def keep_duty(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Those in which somebody still has to act on an obligation, of any kind or of one."""
        open_ones = Obligation.objects.pending().filter(incident=OuterRef("pk"))
        if value != "any":
            open_ones = open_ones.filter(kind=value)
        return rows.open().filter(Exists(open_ones))

    def keep_lacking(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Incidents in hand in which something is not written down that closing asks for."""
        rows = rows.filter(status=Status.HANDLING, kind=RecordKind.INCIDENT)
        if value == "containment":
            return rows.filter(containment="")
        if value == "cause":
            is_open = Q(cause_category=None) | Q(cause="")
            return rows.filter(is_open | Q(why_not_earlier="") | Q(elsewhere=""))
        links = IncidentAction.objects.filter(incident=OuterRef("pk"))
        counting = links.exclude(action__status=ActionStatus.WITHDRAWN)
        return rows.filter(~Exists(counting), no_action_reason="")

    def keep_since(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        """From the first moment of the day on."""
        return rows.filter(reported_at__gte=_start_of(value))

    def keep_until(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        """To the last moment of the day."""
        return rows.filter(reported_at__lt=_start_of(value + timedelta(days=1)))

    def keep_overdue(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Those of which a legal day is over."""
        return rows.filter(next_due_on__lt=timezone.localdate()) if value else rows

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Every word must stand somewhere: in the number, the title, or what was reported."""
        for word in fold(value).split():
            told = FirstReport.objects.filter(incident=OuterRef("pk"), what__icontains=word)
            rows = rows.filter(
                Q(number__icontains=word)
                | Q(title__icontains=word)
                | Q(third_party__icontains=word)
                | Exists(told)
            )
        return rows


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
