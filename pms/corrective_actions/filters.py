"""What the register can be narrowed to."""

from datetime import timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.forms import CheckboxInput, HiddenInput
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter, FilterSet

from pms.core.forms import DayInput, PlainSelect
from pms.organization.models import Department

from .choices import DRAFTING, CauseClass, Grade, Source, Status
from .models import CorrectiveAction, ExaminerFinding

# Groups of steps; words of the address, not of the database.
OPEN, OVERDUE, BEFORE_APPROVAL, CLOSABLE = "open", "overdue", "before_approval", "closable"
STATES = [
    (OPEN, pgettext_lazy("corrective action", "Open")),
    (OVERDUE, gettext_lazy("Overdue")),
    (BEFORE_APPROVAL, gettext_lazy("Until approval")),
    (CLOSABLE, gettext_lazy("Ready to close")),
    *((status.value, status.label) for status in Status),
]

# How long ago an open action was found, in days: from, to (both included; None: and more).
AGES: Final[dict[str, tuple[int, int | None]]] = {
    "0-30": (0, 30),
    "31-90": (31, 90),
    "91-180": (91, 180),
    "181-365": (181, 365),
    "366-": (366, None),
}


class CorrectiveActionFilter(FilterSet):
    """Actions by words, step, source, department, grade, part, recurrence and period."""

    q = CharFilter(
        label=pgettext_lazy("corrective action", "Number or words"),
        method="search",
        max_length=100,
    )
    state = ChoiceFilter(label=gettext_lazy("status"), choices=STATES, method="keep_state")
    source = ChoiceFilter(label=gettext_lazy("Source"), choices=Source)
    department = ChoiceFilter(
        label=gettext_lazy("department, with those below"), method="keep_department"
    )
    unit = ChoiceFilter(
        "department", label=gettext_lazy("department, without those below"), widget=HiddenInput
    )
    grade = ChoiceFilter(label=gettext_lazy("grade"), choices=Grade)
    cause = ChoiceFilter("cause_class", label=gettext_lazy("kind of cause"), choices=CauseClass)
    found_from = DateFilter("found_on", "gte", label=gettext_lazy("Found from"), widget=DayInput)
    found_until = DateFilter("found_on", "lte", label=gettext_lazy("Found until"), widget=DayInput)
    mine = BooleanFilter(
        label=gettext_lazy("Only those I have a part in"), widget=CheckboxInput, method="keep_mine"
    )
    recurrence = BooleanFilter(
        label=gettext_lazy("Only recurrences"), widget=CheckboxInput, method="keep_recurrences"
    )
    age = ChoiceFilter(
        label=gettext_lazy("days since it was found"),
        choices=[(key, key) for key in AGES],
        widget=HiddenInput,
        method="keep_age",
    )

    class Meta:
        model = CorrectiveAction
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(it.pk), str(it)) for it in Department.objects.all()]
        for name in ("department", "unit"):
            self.filters[name].extra["choices"] = choices
        self.filters["department"].extra["widget"] = PlainSelect

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Every word must stand in number, title, source or fact."""
        return rows.search(value)

    def keep_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """One step, or a group of the day."""
        groups = {
            OPEN: rows.open,
            OVERDUE: lambda: rows.overdue(timezone.localdate()),
            BEFORE_APPROVAL: lambda: rows.filter(status__in=(*DRAFTING, Status.SUBMITTED)),
            CLOSABLE: rows.closable,
        }
        return groups[value]() if value in groups else rows.filter(status=value)

    def keep_department(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """A department with everything below it."""
        return rows.filter(department__in=Department.objects.subtree_ids([int(value)]))

    def keep_mine(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Those in which the account itself has something to do."""
        return rows.mine(self.request.user) if value else rows

    def keep_recurrences(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Those that came back."""
        return rows.filter(recurrence_of__isnull=False) if value else rows

    def keep_age(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Open ones found so many days ago."""
        first, last = AGES[value]
        today = timezone.localdate()
        rows = rows.open().filter(found_on__lte=today - timedelta(days=first))
        return rows if last is None else rows.filter(found_on__gte=today - timedelta(days=last))


class FindingFilter(FilterSet):
    """Examiner's findings by the day of their list and whether they are answered."""

    received_on = ChoiceFilter(label=gettext_lazy("list of"), method="keep_list")
    state = ChoiceFilter(
        label=gettext_lazy("answer"),
        method="keep_state",
        choices=[
            ("unanswered", gettext_lazy("Not answered yet")),
            ("overdue", gettext_lazy("Overdue")),
            ("answered", gettext_lazy("Answered")),
        ],
    )

    class Meta:
        model = ExaminerFinding
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = (
            ExaminerFinding.objects.visible_to(self.request.user)
            .order_by("-received_on")
            .values_list("received_on", flat=True)
            .distinct()
        )
        self.filters["received_on"].extra["choices"] = [
            (day.isoformat(), day.isoformat()) for day in days
        ]

    def keep_list(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """One list that came on a day."""
        return rows.filter(received_on=value)

    def keep_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Whether the examiner still waits."""
        if value == "overdue":
            return rows.overdue(timezone.localdate())
        return (
            rows.unanswered() if value == "unanswered" else rows.filter(answered_on__isnull=False)
        )
