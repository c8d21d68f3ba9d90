"""What the list of years can be narrowed to."""

from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.forms import CheckboxInput
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet

from pms.core.text import fold

from .choices import Phase
from .models import CODE, Clause, Cycle, GuidelineEdition


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
