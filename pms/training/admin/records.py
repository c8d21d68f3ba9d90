"""Training records and what hangs on them in the admin: looked at here, written by services.

There may be a million rows: nothing is counted exactly, rows come in the order of an index, and a
name is looked for among the people first.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from pms.core.exceptions import DomainError
from pms.history.admin import ReadOnlyModelAdmin
from pms.organization.admin import ReadOnlyInline, SearchesPeople
from pms.training.admin_resources import (
    AttemptResource,
    ExcuseResource,
    FollowUpResource,
    TrainingRecordResource,
)
from pms.training.choices import ExcuseStatus, RecordStatus
from pms.training.models import Attempt, Excuse, FollowUp, TrainingRecord
from pms.transfer.admin import ExportModelAdmin

# The admin makes a file in memory; the list of records itself writes files of any length.
MOST_EXPORTED = 50_000


class LongListAdmin(SearchesPeople, ReadOnlyModelAdmin, ExportModelAdmin):
    """A list of very many rows: newest first, turned page by page."""

    paginator = InfinitePaginator
    ordering = ["-id"]
    sortable_by = ()
    search_help_text = gettext_lazy("Name, kana or employee number")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """All of them."""
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def export_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file; back to the list with a word where it would be too long."""
        try:
            return super().export_action(request, *args, **kwargs)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist",
            )

    def get_export_queryset(self, request: HttpRequest) -> QuerySet:
        """The filtered rows, unless they are too many."""
        rows = super().get_export_queryset(request)
        if rows.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
            raise DomainError(
                _(
                    "More than %(count)d rows are too many for a file from here. Narrow the list "
                    "with a filter, or take it out on the page “Training records”."
                )
                % {"count": MOST_EXPORTED}
            )
        return rows


class ExcuseInline(ReadOnlyInline):
    """Why somebody need not take part."""

    model = Excuse
    show_title = False
    fields = ["reason", "status", "until", "by_rule", "requested_by", "decided_by"]
    readonly_fields = fields


class FollowUpInline(ReadOnlyInline):
    """What was done about somebody."""

    model = FollowUp
    show_title = False
    fields = ["kind", "done_on", "result", "done_by"]
    readonly_fields = fields


class AttemptInline(ReadOnlyInline):
    """The sittings of the test."""

    model = Attempt
    show_title = False
    fields = ["number", "started_at", "submitted_at", "score", "is_passed"]
    readonly_fields = fields


@admin.register(TrainingRecord)
class TrainingRecordAdmin(LongListAdmin):
    """Who stands where; corrections are made on the record's page."""

    person_path = "person__"
    resource_classes = [TrainingRecordResource]
    list_display = [
        "employee_number",
        "name",
        "campaign",
        "department",
        "employment_kind",
        "status_badge",
        "due_on",
        "passed_on",
    ]
    list_display_links = ["employee_number", "name"]
    list_filter = [
        ("campaign", RelatedDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("employment_kind", ChoicesDropdownFilter),
    ]
    list_select_related = ["campaign", "department"]
    search_fields = ["search_key"]
    inlines = [AttemptInline, ExcuseInline, FollowUpInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "campaign",
                    ("employee_number", "name", "kana"),
                    ("department", "employment_kind"),
                    ("status", "due_on"),
                ]
            },
        ),
        (
            gettext_lazy("What was done"),
            {
                "fields": [
                    ("attended_on", "method", "lecturer"),
                    ("comprehension", "score", "failures"),
                    ("passed_on", "acknowledged_at"),
                    "session",
                ]
            },
        ),
        (
            gettext_lazy("How it was logged"),
            {
                "fields": [
                    ("logged_by", "logged_at"),
                    "import_run",
                    ("replaces", "void_reason"),
                ]
            },
        ),
    ]

    @display(
        description=gettext_lazy("status"),
        label=dict.fromkeys(RecordStatus, "default")
        | {
            RecordStatus.PASSED: "success",
            RecordStatus.FAILED: "danger",
            RecordStatus.IN_PROGRESS: "info",
            RecordStatus.EXCUSED: "warning",
        },
    )
    def status_badge(self, record: TrainingRecord) -> tuple[str, str]:
        """The state as a coloured word."""
        return record.status, record.get_status_display()


class OfRecordAdmin(LongListAdmin):
    """Something that belongs to one person's record."""

    person_path = "record__person__"
    list_select_related = ["record__campaign"]
    search_fields = ["record__search_key"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Of records that the account may see."""
        rows = super().get_queryset(request)
        if request.user.has_perm("training.view_trainingrecord"):
            return rows  # all: a condition on a million records would only cost
        return rows.filter(record__in=TrainingRecord.objects.visible_to(request.user))

    @admin.display(description=gettext_lazy("campaign"))
    def campaign(self, row: Any) -> str:
        """The training that the record belongs to."""
        return str(row.record.campaign)


@admin.register(Attempt)
class AttemptAdmin(OfRecordAdmin):
    """Sittings of tests; questions and answers are on the page of the result."""

    resource_classes = [AttemptResource]
    list_display = [
        "record",
        "campaign",
        "number",
        "started_at",
        "submitted_at",
        "score",
        "is_passed",
    ]
    list_filter = [("record__campaign", RelatedDropdownFilter), "is_passed"]
    fields = [
        "record",
        "number",
        ("started_at", "saved_at", "submitted_at"),
        ("score", "is_passed"),
    ]


@admin.register(Excuse)
class ExcuseAdmin(OfRecordAdmin):
    """Excuses; they are asked for and decided on their pages."""

    resource_classes = [ExcuseResource]
    list_display = ["record", "campaign", "reason", "status_badge", "until", "by_rule"]
    list_filter = [
        ("record__campaign", RelatedDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("reason", ChoicesDropdownFilter),
        "by_rule",
    ]
    fields = [
        "record",
        ("reason", "note"),
        ("status", "until", "by_rule"),
        ("requested_by", "requested_at"),
        ("decided_by", "decided_at", "decision_note"),
        "ended_at",
    ]

    @display(
        description=gettext_lazy("status"),
        label=dict.fromkeys(ExcuseStatus, "default")
        | {
            ExcuseStatus.REQUESTED: "info",
            ExcuseStatus.APPROVED: "success",
            ExcuseStatus.REFUSED: "danger",
        },
    )
    def status_badge(self, excuse: Excuse) -> tuple[str, str]:
        """The state as a coloured word."""
        return excuse.status, excuse.get_status_display()

    def view_on_site(self, excuse: Excuse) -> str:
        """The record that it is about."""
        return reverse("training:record_detail", args=[excuse.record_id])


@admin.register(FollowUp)
class FollowUpAdmin(OfRecordAdmin):
    """Follow-ups; they are written on the record's page and stay."""

    resource_classes = [FollowUpResource]
    list_display = ["record", "campaign", "kind", "done_on", "result", "done_by"]
    list_select_related = ["record__campaign", "done_by"]
    list_filter = [
        ("record__campaign", RelatedDropdownFilter),
        ("kind", ChoicesDropdownFilter),
    ]
    fields = ["record", ("kind", "done_on"), "result", ("done_by", "created_at")]

    def view_on_site(self, follow_up: FollowUp) -> str:
        """The record that it is about."""
        return reverse("training:record_detail", args=[follow_up.record_id])
