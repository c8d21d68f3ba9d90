"""Evidence for the office's eyes; files come in and go out through their record's own pages."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from pms.history.admin import ReadOnlyModelAdmin

from .choices import ScanState
from .models import EvidenceFile


@admin.register(EvidenceFile)
class EvidenceFileAdmin(ReadOnlyModelAdmin):
    """Which files prove what."""

    list_display = ["name", "content_type", "size", "scan_badge", "uploaded_by", "uploaded_at"]
    list_filter = ["scan_state", "content_type"]
    list_select_related = ["content_type", "uploaded_by"]
    search_fields = ["name", "note", "sha256"]
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

    @display(
        description=_("virus scan"),
        ordering="scan_state",
        label=dict.fromkeys(ScanState, "default")
        | {ScanState.CLEAN: "success", ScanState.INFECTED: "danger"},
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
