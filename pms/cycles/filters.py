"""What the lists of the year can be narrowed to."""

from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.forms import CheckboxInput
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    DateFilter,
    FilterSet,
    ModelChoiceFilter,
)

from pms.core.forms import DayInput
from pms.core.text import fold, search_key

from .choices import Phase
from .models import CODE, Clause, Cycle, GuidelineEdition, Milestone


class CycleFilter(FilterSet):
    """Years are few."""

    class Meta:
        model = Cycle
        fields: list[str] = []


class ClauseFilter(FilterSet):
    """Clauses of one edition, by phase, words, and whether they are still to be checked.

    Unless another edition is asked for, it is the one in force today; before the first, none.
    """

    q = CharFilter(label=gettext_lazy("Number or words"), method="search", max_length=100)
    phase = ChoiceFilter(label=gettext_lazy("phase"), choices=Phase)
    unsure = BooleanFilter(
        label=gettext_lazy("Only what is to be checked"), widget=CheckboxInput, method="keep_unsure"
    )
    edition = ChoiceFilter(
        label=gettext_lazy("edition"),
        empty_label=gettext_lazy("The one in force"),
        method="leave_to_filter_queryset",
    )

    class Meta:
        model = Clause
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["edition"].extra["choices"] = [(it.code, str(it)) for it in self.editions]

    @cached_property
    def editions(self) -> list[GuidelineEdition]:
        """All editions, the latest first."""
        return list(GuidelineEdition.objects.visible_to(self.request.user))

    @cached_property
    def shown_edition(self) -> GuidelineEdition | None:
        """The one asked for, or the one in force."""
        asked, today = self.form.cleaned_data.get("edition"), timezone.localdate()
        fits = (it.code == asked if asked else it.holds_on(today) for it in self.editions)
        return next((it for it, fit in zip(self.editions, fits, strict=True) if fit), None)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """The clauses of one edition only: two of them have the same numbers."""
        return super().filter_queryset(queryset).filter(edition=self.shown_edition)

    def leave_to_filter_queryset(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Nothing: which edition is shown has to be decided without a choice, too."""
        return rows

    def keep_unsure(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Those whose title or mapping nobody has compared with the source yet."""
        return rows.to_be_checked() if value else rows

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Every word must stand somewhere; a number brings what is below it as well."""
        for word in fold(value).split():
            code = word.upper()
            if CODE.fullmatch(code):
                rows = rows.filter(Q(code=code) | Q(code__startswith=f"{code}."))
                continue
            rows = rows.filter(
                Q(code__icontains=word)
                | Q(title__icontains=word)
                | Q(title_en__icontains=word)
                | Q(evidence__icontains=word)
                | Q(evidence_en__icontains=word)
            )
        return rows


class MilestoneFilter(FilterSet):
    """Milestones by year, phase, state, clause, person and period."""

    q = CharFilter(label=gettext_lazy("Words"), method="search", max_length=100)
    cycle = ModelChoiceFilter(label=gettext_lazy("Fiscal year"), queryset=Cycle.objects.all())
    phase = ChoiceFilter(label=gettext_lazy("phase"), choices=Phase)
    state = ChoiceFilter(
        label=gettext_lazy("status"),
        method="keep_state",
        choices=[
            ("open", pgettext_lazy("milestone", "Open")),
            ("overdue", gettext_lazy("Overdue")),
            ("missed", gettext_lazy("Missed once")),
            ("done", gettext_lazy("Done")),
            ("dropped", gettext_lazy("Not needed")),
        ],
    )
    mine = BooleanFilter(
        label=gettext_lazy("Only what I answer for"), widget=CheckboxInput, method="keep_mine"
    )
    due_from = DateFilter("due_on", "gte", label=gettext_lazy("Due from"), widget=DayInput)
    due_until = DateFilter("due_on", "lte", label=gettext_lazy("Due until"), widget=DayInput)
    section = CharFilter(label=gettext_lazy("clause"), method="keep_section", max_length=12)

    class Meta:
        model = Milestone
        fields: list[str] = []

    def keep_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Open and overdue are states of the day; missed once stays for ever."""
        if value == "open":
            return rows.open()
        if value == "overdue":
            return rows.overdue(timezone.localdate())
        if value == "missed":
            return rows.filter(missed_on__isnull=False)
        return rows.filter(status=value)

    def keep_mine(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Those of the person behind the account."""
        return rows.filter(owner__user=self.request.user) if value else rows

    def keep_section(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """A clause with everything below it; "-" for those without a clause."""
        if value == "-":
            return rows.filter(clause=None)
        code = value.upper()
        return rows.filter(Q(clause__code=code) | Q(clause__code__startswith=f"{code}."))

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Every word must stand somewhere."""
        for word in fold(value).split():
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(title_en__icontains=word)
                | Q(records__icontains=word)
                | Q(result__icontains=word)
                | Q(owner__search_key__contains=search_key(word))
            )
        return rows
