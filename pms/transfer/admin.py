"""Bases of admin pages whose rows leave and enter as files."""

from typing import Any

from django.http import HttpRequest
from import_export.admin import ExportMixin, ImportMixin
from import_export.tmp_storages import CacheStorage
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from pms.history.admin import RecordedModelAdmin
from pms.history.services import record_export

from .exceptions import TableError
from .formats import FORMATS


class ExportModelAdmin(ExportMixin, RecordedModelAdmin):
    """Records that can be taken out, as filtered; the journal says by whom and how many."""

    formats = FORMATS
    export_form_class = ExportForm

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever sees the rows may take them out."""
        return self.has_view_permission(request)

    def get_data_for_export(self, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        """The rows, once the journal knows of it."""
        data = super().get_data_for_export(request, queryset, **kwargs)
        name = str(self.opts.verbose_name_plural)
        record_export(self.model, actor=request.user, name=name, count=len(data))
        return data


class ImportExportModelAdmin(ImportMixin, ExportModelAdmin):
    """Records that also come in from small files; what needs a service has an importer instead."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    import_form_class = ImportForm
    skip_admin_log = True
    # Between preview and confirmation: in the cache, which every process shares, and not on disk.
    tmp_storage_class = CacheStorage

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whoever may add and change such records."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Say what is wrong with the file, in the words of its reader."""
        if isinstance(e, TableError):
            form.add_error("import_file", str(e))
        else:
            super().add_data_read_fail_error_to_form(form, e)
