"""Corrective actions in the admin: looked at and taken out here, written by services only.

Nothing can be changed here, so no lock can be forced.
"""

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from pms.history.admin import ReadOnlyModelAdmin
from pms.transfer.admin import ExportModelAdmin

from .choices import Grade, Status
from .models import (
    Acceptance,
    CorrectiveAction,
    ExaminerFinding,
    Extension,
    Measure,
    Round,
)
from .resources import CorrectiveActionResource, ExaminerFindingResource, MeasureResource


class KeptAdmin(ReadOnlyModelAdmin):
    """A record that only its pages move; a subclass names what is shown of it."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """All of them."""
        return flatten_fieldsets(self.get_fieldsets(request, obj))


@admin.register(CorrectiveAction)
class CorrectiveActionAdmin(KeptAdmin, ExportModelAdmin):
    """The register; every step is taken on the action's page, where it has its rule."""

    resource_classes = [CorrectiveActionResource]
    list_display = ["number", "title", "department", "owner", "due_on", "grade_badge", "state"]
    list_display_links = ["number", "title"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("source", ChoicesDropdownFilter),
        ("grade", ChoicesDropdownFilter),
        ("cause_class", ChoicesDropdownFilter),
        ("department", RelatedDropdownFilter),
    ]
    list_select_related = ["department", "owner"]
    search_fields = ["search_key", "fact"]
    date_hierarchy = "found_on"
    fieldsets = [
        (None, {"fields": ["number", "title", "fact", "criterion"]}),
        (
            _("Where it comes from"),
            {"fields": [("source", "source_label"), ("department", "clause"), "found_on"]},
        ),
        (
            _("How grave, and who answers"),
            {"fields": [("grade", "cause_class"), "owner", ("due_on", "first_due_on")]},
        ),
        (
            _("State"),
            {"fields": ["status", ("correction", "corrected_on"), "recurrence_of"]},
        ),
        (
            _("The end"),
            {
                "fields": [
                    ("closed_on", "closed_by"),
                    "closing_comment",
                    "reported_on",
                    "withdrawn_reason",
                ]
            },
        ),
    ]

    @display(
        description=_("grade"),
        ordering="grade",
        label={Grade.MAJOR: "danger", Grade.MINOR: "warning", Grade.OBSERVATION: "info"},
    )
    def grade_badge(self, action: CorrectiveAction) -> tuple[str, str]:
        """As a coloured word."""
        return action.grade, action.get_grade_display()

    @display(
        description=_("status"),
        ordering="status",
        label=dict.fromkeys(Status, "info")
        | {
            Status.CLOSED: "success",
            Status.ACCEPTED: "warning",
            Status.WITHDRAWN: "default",
        },
    )
    def state(self, action: CorrectiveAction) -> tuple[str, str]:
        """As a coloured word."""
        return action.status, action.get_status_display()


class OfActionAdmin(KeptAdmin):
    """Something that belongs to an action."""

    list_select_related = ["action"]
    search_fields = ["action__search_key"]


@admin.register(Round)
class RoundAdmin(OfActionAdmin):
    """Cause, approval and effect check of each round."""

    list_display = ["action", "number", "approved_on", "check_from_on", "checked_on", "verdict"]
    list_filter = [("verdict", ChoicesDropdownFilter), ("cause_class", ChoicesDropdownFilter)]
    search_fields = ["action__search_key", "root_cause"]
    fields = [
        ("action", "number", "due_on"),
        ("root_cause", "cause_class"),
        "why_not_found",
        ("spread", "similar_cases"),
        "resources",
        ("submitted_on", "submitted_by", "needs_top_management"),
        ("approved_on", "approved_by", "approval_comment"),
        "executed_on",
        ("checker", "check_from_on", "check_due_on"),
        ("checked_on", "verdict"),
        ("check_method", "check_result"),
    ]


@admin.register(Measure)
class MeasureAdmin(KeptAdmin, ExportModelAdmin):
    """Measures with their owners and proof."""

    resource_classes = [MeasureResource]
    list_display = ["title", "action", "owner", "due_on", "done_on"]
    list_filter = [("kind", ChoicesDropdownFilter)]
    list_select_related = ["round__action", "owner"]
    search_fields = ["title", "round__action__search_key"]
    date_hierarchy = "due_on"
    fields = [
        "round",
        ("title", "kind"),
        "owner",
        ("due_on", "first_due_on"),
        ("done_on", "result"),
        "proof",
    ]

    @admin.display(description=_("corrective action"))
    def action(self, measure: Measure) -> str:
        """What it is a part of."""
        return str(measure.round.action)


@admin.register(Extension)
class ExtensionAdmin(OfActionAdmin):
    """Requests for later dates, with who decided."""

    list_display = ["action", "measure", "old_due_on", "new_due_on", "status", "asked_at"]
    list_filter = [("status", ChoicesDropdownFilter)]
    list_select_related = ["action", "measure"]
    search_fields = ["action__search_key", "reason", "answer"]
    fields = [
        ("action", "measure"),
        ("old_due_on", "new_due_on"),
        ("asked_by", "asked_at", "reason"),
        ("status", "decided_by", "decided_at", "answer"),
    ]


@admin.register(Acceptance)
class AcceptanceAdmin(OfActionAdmin):
    """Risks that top management lives with for a time."""

    list_display = ["action", "accepted_on", "until", "ended_on"]
    date_hierarchy = "until"
    search_fields = ["action__search_key", "reason"]
    fields = [
        "action",
        ("accepted_on", "accepted_by", "until"),
        "reason",
        ("status_before", "ended_on"),
    ]


@admin.register(ExaminerFinding)
class ExaminerFindingAdmin(KeptAdmin, ExportModelAdmin):
    """What examiners found, with the answer and its clock."""

    resource_classes = [ExaminerFindingResource]
    list_display = ["number", "action", "received_on", "answer_due_on", "answered_on"]
    list_filter = ["is_repeated"]
    list_select_related = ["action"]
    search_fields = ["number", "action__search_key", "answer"]
    date_hierarchy = "received_on"
    fields = [
        ("number", "is_repeated"),
        "action",
        ("received_on", "answer_due_on"),
        ("answer", "answered_on", "answered_by"),
        "is_withdrawn",
    ]
