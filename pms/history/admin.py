"""The journal in the admin, and the base of every other admin page."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from .models import HistoryEntry


class RecordedModelAdmin(ModelAdmin):
    """The office's care of one kind of record.

    Every write leaves its entry in the journal by itself; the library's own log stays empty.
    Rows are those that the model's `visible_to` shows, and nothing is deleted unless a subclass
    says so with `may_delete`. What a service refuses while saving comes back as a message.
    """

    may_delete = False
    list_per_page = 50
    list_filter_submit = True
    show_full_result_count = False
    compressed_fields = True
    warn_unsaved_form = True
    show_facets = admin.ShowFacets.NEVER
    object_history_template = "history/admin_history.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Rows that this account may see."""
        rows = super().get_queryset(request)
        return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the account may delete, where deleting is possible at all."""
        return self.may_delete and super().has_delete_permission(request, obj)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; a refusal that only the service could give is shown above it."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            for message in refusal.messages:
                messages.error(request, message)
            return HttpResponseRedirect(request.get_full_path())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The record's journal, for who may read it."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not request.user.has_perm("history.view_historyentry"):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("Journal: %(record)s") % {"record": record},
            "object": record,
            "opts": self.opts,
            "entries": HistoryEntry.objects.of(record)[:200],
        }
        return TemplateResponse(request, self.object_history_template, context)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """Nothing: the journal has it."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """Nothing: the journal has it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """Nothing: the journal has it."""


class ReadOnlyModelAdmin(RecordedModelAdmin):
    """Records that are only looked at here; services write them."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False
