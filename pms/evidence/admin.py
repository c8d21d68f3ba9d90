"""Evidence for the office's eyes; files come in and go out through their record's own pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from .choices import ScanState
from .models import EvidenceFile


@admin.register(EvidenceFile)
class EvidenceFileAdmin(ModelAdmin):
    """Read only: a file is never changed."""

    list_display = ["name", "content_type", "size", "scan_badge", "uploaded_by", "uploaded_at"]
    list_filter = ["scan_state", "content_type"]
    list_filter_submit = True
    list_select_related = ["content_type", "uploaded_by"]
    search_fields = ["name", "note", "sha256"]
    date_hierarchy = "uploaded_at"
    fields = [
        "name",
        "download",
        "content_type",
        "object_id",
        "size",
        "sha256",
        "media_type",
        "stated_on",
        "note",
        "uploaded_by",
        "uploaded_at",
        "supersedes",
        "scan_state",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Files of records that this account may see."""
        return super().get_queryset(request).visible_to(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No: a file belongs to a record."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    @display(
        description=_("virus scan"),
        ordering="scan_state",
        label={ScanState.CLEAN: "success", ScanState.INFECTED: "danger"},
    )
    def scan_badge(self, evidence: EvidenceFile) -> tuple[str, str]:
        """The state as a coloured word."""
        return evidence.scan_state, evidence.get_scan_state_display()

    @admin.display(description=_("file"))
    def download(self, evidence: EvidenceFile) -> str:
        """The link to the file."""
        return format_html(
            '<a href="{}">{}</a>', evidence.get_absolute_url(), _("Download the file")
        )
