"""The journal in the admin, and the base of every other admin page."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from .events import event_sentences
from .filters import event_choices, kind_choices
from .models import HistoryEntry
from .timeline import tell, timeline


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
        may_read = request.user.has_perm("history.view_historyentry")
        if not (may_read and self.has_view_permission(request, record)):
            raise PermissionDenied
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = self.admin_site.each_context(request) | {
            "title": _("Journal: %(record)s") % {"record": record},
            "object": record,
            "opts": self.opts,
            "entries": timeline(record, viewer=request.user),
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


class EventFilter(DropdownFilter):
    """Which named event."""

    title = gettext_lazy("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every event as it reads."""
        return event_choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Entries of the event."""
        return queryset.filter(event=self.value()) if self.value() else queryset


class KindFilter(DropdownFilter):
    """About which kind of record."""

    title = gettext_lazy("kind of record")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Our kinds of records, by their names."""
        return kind_choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Entries about the kind."""
        return queryset.filter(content_type=self.value()) if self.value() else queryset


@admin.register(HistoryEntry)
class HistoryEntryAdmin(ReadOnlyModelAdmin):
    """The journal: read, and nothing else."""

    list_display = ["timestamp", "actor", "what", "kind", "record", "reason"]
    list_display_links = ["timestamp"]
    list_select_related = ["actor", "content_type"]
    list_filter = [
        EventFilter,
        ("action", ChoicesDropdownFilter),
        KindFilter,
        ("timestamp", RangeDateTimeFilter),
    ]
    search_fields = ["object_repr", "actor__email"]
    ordering = ["-id"]
    paginator = InfinitePaginator
    fields = [
        "timestamp",
        "actor",
        "remote_addr",
        "what",
        "kind",
        "object_pk",
        "record",
        "reason",
        "told_changes",
        "cid",
        "fingerprint",
    ]

    @display(description=gettext_lazy("event"))
    def what(self, entry: HistoryEntry) -> str:
        """The event in words; what the database noted by itself as its action."""
        if entry.event in event_sentences():
            return dict(event_choices())[entry.event]
        return entry.event or entry.get_action_display()

    @display(description=gettext_lazy("kind of record"))
    def kind(self, entry: HistoryEntry) -> str:
        """The kind of record in words."""
        model = entry.content_type.model_class()
        return str(model._meta.verbose_name) if model else entry.content_type.model

    @display(description=gettext_lazy("record"))
    def record(self, entry: HistoryEntry) -> str:
        """What the record was called then."""
        return entry.object_repr

    @display(description=gettext_lazy("fingerprint"))
    def fingerprint(self, entry: HistoryEntry) -> str:
        """The salted digest of the facts."""
        return entry.digest

    @display(description=gettext_lazy("Changes"))
    def told_changes(self, entry: HistoryEntry) -> str:
        """What changed, as its timeline tells it."""
        return "\n".join(entry.told.details) or "–"

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The entry, told to who reads it."""
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            (entry.told,) = tell([entry], viewer=request.user)
        return entry
