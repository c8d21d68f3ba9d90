"""The years and the guideline in the administration.

The words of the guideline are mended here. Plans, objectives, milestones and later dates are only
looked at, searched and taken out: what may change in them depends on where the plan stands, which
the services ask, so each page leads to the one where it is done.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from pms.history.admin import ReadOnlyModelAdmin, RecordedModelAdmin
from pms.transfer.admin import ExportModelAdmin

from .admin_resources import (
    ClauseResource,
    CycleResource,
    ExtensionResource,
    MilestoneResource,
    ObjectiveResource,
    YearPlanResource,
)
from .choices import Confidence, MilestoneStatus
from .models import (
    Clause,
    Cycle,
    Extension,
    GuidelineEdition,
    Milestone,
    Objective,
    YearPlan,
)


@admin.register(Cycle)
class CycleAdmin(ExportModelAdmin):
    """Years; the days of one that is registered are changed on its page."""

    resource_classes = [CycleResource]
    list_display = ["name", "starts_on", "ends_on"]
    search_fields = ["name"]
    ordering = ["-starts_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Records rely on the days of a year."""
        return ["starts_on", "ends_on"] if obj else []


@admin.register(GuidelineEdition)
class GuidelineEditionAdmin(RecordedModelAdmin):
    """Editions of the guideline; a later one comes in with `manage.py load_guideline`.

    What it is called can be put right; its days say which edition an application is judged by.
    """

    list_display = ["code", "name", "starts_on", "ends_on"]
    search_fields = ["code", "name", "name_en"]
    fields = [
        "code",
        "name",
        "name_en",
        "starts_on",
        "ends_on",
        "applies_to",
        "applies_to_en",
    ]
    readonly_fields = ["code", "starts_on", "ends_on"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never here: an edition comes with its clauses."""
        return False

    def view_on_site(self, edition: GuidelineEdition) -> str:
        """Its clauses."""
        return f"{reverse('cycles:clause_list')}?{urlencode({'edition': edition.code})}"


_CONFIDENCE_COLOURS = {
    Confidence.VERIFIED: "success",
    Confidence.SECONDARY: "default",
    Confidence.TO_BE_CHECKED: "warning",
}


@admin.register(Clause)
class ClauseAdmin(ExportModelAdmin):
    """Clauses of the guideline: whoever compares one with its source puts it right here.

    Number, edition and place stay, because milestones and questions cite them; the rest of what
    a clause says is ours, and each change stands in the journal.
    """

    resource_classes = [ClauseResource]
    list_per_page = 100  # an edition as a whole
    list_display = ["number", "title", "phase", "title_source", "mapping_source", "edition"]
    list_filter = [
        ("edition", RelatedDropdownFilter),
        ("phase", ChoicesDropdownFilter),
        ("title_confidence", ChoicesDropdownFilter),
        ("mapping_confidence", ChoicesDropdownFilter),
    ]
    list_select_related = ["edition"]
    search_fields = ["code", "title", "title_en", "evidence", "evidence_en"]
    fieldsets = [
        (None, {"fields": ["edition", "code", "title", "title_en", "phase", "is_section"]}),
        (_("What an examiner expects to see"), {"fields": ["evidence", "evidence_en"]}),
        (_("In the standard and the Act"), {"fields": ["jis_2023", "jis_2017", "act_article"]}),
        (
            _("How sure this is"),
            {"fields": ["title_confidence", "mapping_confidence", "note", "note_en"]},
        ),
    ]

    readonly_fields = ["edition", "code", "phase", "is_section"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """A heading asks for no evidence."""
        hints = ["evidence", "evidence_en"]
        is_heading = isinstance(obj, Clause) and obj.is_section
        return [*self.readonly_fields, *(hints if is_heading else [])]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never here: an edition comes in as a whole."""
        return False

    @display(description=pgettext_lazy("clause", "number"), ordering="position")
    def number(self, clause: Clause) -> str:
        """Sorted as one counts: J.10 after J.9."""
        return clause.code

    @display(
        description=_("source of number and title"),
        ordering="title_confidence",
        label=_CONFIDENCE_COLOURS,
    )
    def title_source(self, clause: Clause) -> tuple[str, str]:
        """As a coloured word."""
        return clause.title_confidence, clause.get_title_confidence_display()

    @display(
        description=_("source of the mapping"),
        ordering="mapping_confidence",
        label=_CONFIDENCE_COLOURS,
    )
    def mapping_source(self, clause: Clause) -> tuple[str, str]:
        """As a coloured word."""
        return clause.mapping_confidence, clause.get_mapping_confidence_display()


class PlannedModelAdmin(ReadOnlyModelAdmin, ExportModelAdmin):
    """What belongs to a year's plan: services with guards write it."""


@admin.register(Milestone)
class MilestoneAdmin(PlannedModelAdmin):
    """Milestones of all years; they move on their pages, where each move has its rule."""

    resource_classes = [MilestoneResource]
    list_display = ["title", "due_on", "state", "owner", "cycle"]
    list_filter = [
        ("cycle", RelatedDropdownFilter),
        ("phase", ChoicesDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("fulfilment", ChoicesDropdownFilter),
    ]
    list_select_related = ["cycle", "owner"]
    search_fields = ["title", "title_en", "records", "result"]
    date_hierarchy = "due_on"
    readonly_fields = [
        "first_due_on",
        "missed_on",
        "done_on",
        "status",
        "result",
        "added_later_on",
    ]
    fieldsets = [
        (None, {"fields": ["cycle", "phase", "title", "title_en", "clause"]}),
        (_("Who answers"), {"fields": ["owner", "role", "fulfilment", "records"]}),
        (_("Dates"), {"fields": ["due_on", "first_due_on", "missed_on", "done_on"]}),
        (_("State"), {"fields": ["status", "result", "added_later_on"]}),
    ]

    @display(
        description=_("status"),
        ordering="status",
        label={
            MilestoneStatus.PLANNED: "info",
            MilestoneStatus.MISSED: "danger",
            MilestoneStatus.DONE: "success",
            MilestoneStatus.DROPPED: "default",
        },
    )
    def state(self, milestone: Milestone) -> tuple[str, str]:
        """As a coloured word."""
        return milestone.status, milestone.get_status_display()


@admin.register(YearPlan)
class YearPlanAdmin(PlannedModelAdmin):
    """Plans of the years with their approval."""

    resource_classes = [YearPlanResource]
    list_display = ["cycle", "status", "created_on", "approved_on"]
    list_filter = [("status", ChoicesDropdownFilter)]
    list_select_related = ["cycle"]
    search_fields = ["cycle__name", "policy"]


@admin.register(Objective)
class ObjectiveAdmin(PlannedModelAdmin):
    """Objectives of the years with their results."""

    resource_classes = [ObjectiveResource]
    list_display = ["title", "target", "result", "verdict", "cycle"]
    list_filter = [("cycle", RelatedDropdownFilter), ("verdict", ChoicesDropdownFilter)]
    list_select_related = ["cycle"]
    search_fields = ["title", "measure", "result"]


@admin.register(Extension)
class ExtensionAdmin(PlannedModelAdmin):
    """Requests for later dates, with who decided."""

    resource_classes = [ExtensionResource]
    list_display = ["milestone", "old_due_on", "new_due_on", "status", "asked_at"]
    list_filter = [("status", ChoicesDropdownFilter)]
    list_select_related = ["milestone"]
    search_fields = ["milestone__title", "reason", "answer"]
