"""Incidents in the administration: only looked at, by who handles them, and never who reported.

What may change depends on where a case stands, which the services ask; rules are changed on their
own pages, as new versions.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)

from pms.history.admin import ReadOnlyModelAdmin

from .models import (
    Assessment,
    Category,
    FiledReport,
    Incident,
    Obligation,
    ObligationRule,
    PersonsNotice,
)


class ConfidentialAdmin(ReadOnlyModelAdmin):
    """Rows of cases: for who handles incidents; to others the kind itself does not show."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the kind stands on the index."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the account handles incidents."""
        return request.user.has_perm("incidents.handle_incident")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The journal of the row; whether there is one is not told to others."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


@admin.register(Incident)
class IncidentAdmin(ConfidentialAdmin):
    """Cases, without who reported them and without the code of a report without a name."""

    list_display = ["number", "title", "kind", "is_drill", "status", "department", "reported_at"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("department", RelatedDropdownFilter),
        ("reported_at", RangeDateFilter),
    ]
    list_select_related = ["department"]
    search_fields = ["number", "title"]
    exclude = ["reporter", "told_by", "code_digest"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With what a page shows of other tables."""
        return super().get_queryset(request).for_list()

    def view_on_site(self, incident: Incident) -> str:
        """The case."""
        return incident.get_absolute_url()


@admin.register(Assessment)
class AssessmentAdmin(ConfidentialAdmin):
    """What was known each time."""

    list_display = ["incident", "number", "persons_kind", "persons", "made_at", "made_by"]
    list_select_related = ["incident", "made_by"]
    search_fields = ["incident__number"]
    ordering = ["-made_at", "-id"]


@admin.register(Obligation)
class ObligationAdmin(ConfidentialAdmin):
    """What had to be done."""

    list_display = ["incident", "kind", "status", "counted_from", "due_on", "filed_on"]
    list_filter = [("kind", ChoicesDropdownFilter), ("status", ChoicesDropdownFilter)]
    list_select_related = ["incident"]
    search_fields = ["incident__number"]
    ordering = ["-incident", "id"]


@admin.register(FiledReport)
class FiledReportAdmin(ConfidentialAdmin):
    """What was filed, as it was."""

    list_display = ["obligation", "number", "receiver", "receipt_number", "filed_on"]
    list_select_related = ["obligation__incident"]
    search_fields = ["obligation__incident__number", "receiver", "receipt_number"]
    ordering = ["-filed_on", "-id"]


@admin.register(PersonsNotice)
class PersonsNoticeAdmin(ConfidentialAdmin):
    """How persons were told; their addresses are on the page of the case only."""

    list_display = ["incident", "group", "method", "told_on", "sent", "returned"]
    list_filter = [("method", ChoicesDropdownFilter)]
    list_select_related = ["incident"]
    search_fields = ["incident__number", "group"]
    ordering = ["-id"]


@admin.register(ObligationRule)
class ObligationRuleAdmin(ReadOnlyModelAdmin):
    """The dated rules; a new version is added, and one is ended, on the page of rules."""

    list_display = ["code", "kind", "valid_from", "valid_to", "days", "article", "confidence"]
    list_filter = [("kind", ChoicesDropdownFilter), ("confidence", ChoicesDropdownFilter)]
    search_fields = ["code", "sentence", "sentence_en", "article"]
    ordering = ["code", "-valid_from"]


@admin.register(Category)
class CategoryAdmin(ReadOnlyModelAdmin):
    """The lists that the examining bodies count by."""

    list_display = ["label_ja", "list", "first_year", "last_year", "share", "share_source"]
    list_filter = [("list", ChoicesDropdownFilter)]
    search_fields = ["code", "label_ja", "label_en"]
    ordering = ["list", "position", "id"]
