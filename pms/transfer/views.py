"""Imports: the list of them, and the steps of one."""

import tempfile
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import DetailView, View

from pms.core.pages import ConfirmView, Crumbs, RowFormView, RowMixin
from pms.core.text import whole_number
from pms.core.views import ListView, ServiceFormView, is_htmx
from pms.history.services import record_export
from pms.history.timeline import timeline

from . import engine, services
from .choices import ImportStatus as S
from .exports import MEDIA_TYPES
from .filters import ImportRunFilter
from .forms import ColumnsForm, ConfirmForm, UndoForm, upload_form
from .importers import Importer, importer_class, importers_for
from .models import ImportRun
from .reports import groups_of, step_of, steps, work_of
from .writers import write_csv, write_xlsx

SEE = "transfer.view_importrun"


class ImportRunListView(ListView):
    """What has been imported, and what is under way."""

    model = ImportRun
    filterset_class = ImportRunFilter
    permission_required = SEE
    sorts = {"newest": ("-id",)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the kinds that this account may start, and the titles of all."""
        context = super().get_context_data(**kwargs)
        for run in context["page"]:
            run.title = importer_class(run.importer).title
        return context | {"kinds": importers_for(self.request.user)}


class KindMixin(PermissionRequiredMixin):
    """A page about one kind of import; needs the permission of that kind as well."""

    permission_required = SEE
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def kind(self) -> type[Importer]:
        """The importer that the address names."""
        if self.kwargs["key"] not in settings.IMPORTERS:
            raise Http404
        return importer_class(self.kwargs["key"])

    def get_permission_required(self) -> tuple[str, ...]:
        """To see imports, and to make this one."""
        return SEE, self.kind.permission


class UploadView(KindMixin, ServiceFormView):
    """The first step: choose a file."""

    template_name = "transfer/upload.html"
    run: ImportRun | None = None

    def get_form_class(self) -> type[Form]:
        """The file, and what this kind of import asks beside it."""
        return upload_form(self.kind)

    def get_initial(self) -> dict[str, Any]:
        """What the address says, or what was chosen for the file before."""
        again = whole_number(self.request.GET.get("again", ""))
        if again is not None:
            runs = ImportRun.objects.visible_to(self.request.user)
            earlier = runs.filter(pk=again, importer=self.kind.key).first()
            if earlier:
                return dict(earlier.options)
        return self.request.GET.dict()

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the account and the day."""
        who = {"actor": self.request.user, "today": timezone.localdate()}
        return super().get_form_kwargs() | who

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the columns that the file may have."""
        return super().get_context_data(
            kind=self.kind,
            steps=steps(),
            limit=settings.IMPORT_MAX_BYTES,
            columns=_columns_of(self.kind),
            **kwargs,
        )

    def carry_out(self, form: Any) -> None:
        file = form.cleaned_data["file"]
        self.run = services.upload(
            file.file,
            name=file.name,
            importer=self.kind.key,
            options=form.options(),
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )

    def get_success_url(self) -> str:
        """The next step; the list where a second sending made nothing."""
        return self.run.get_absolute_url() if self.run else reverse("transfer:run_list")


class EmptyTableView(KindMixin, View):
    """A workbook with the headings alone, to fill in."""

    def get(self, request: HttpRequest, key: str) -> FileResponse:
        """The file."""
        headings = [spec.labels[0] for spec in self.kind.headings]
        return _download(key, "xlsx", headings, [])


class RunMixin(RowMixin):
    """A page about one import; needs the permission of its kind as well."""

    model = ImportRun
    permission_required = SEE
    row: ImportRun

    def get_permission_required(self) -> tuple[str, ...]:
        """To see imports, and to make this one."""
        return SEE, importer_class(self.row.importer).permission


class ImportRunDetailView(RunMixin, PermissionRequiredMixin, DetailView):
    """An import at the step where it is; it can be left and come back to."""

    context_object_name = "run"

    def get_object(self, queryset: Any = None) -> ImportRun:
        """The row of the address."""
        return self.row

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the naming of columns where that comes first."""
        if self.row.status == S.UPLOADED:
            return HttpResponseRedirect(reverse("transfer:run_columns", args=[self.row.pk]))
        response = super().get(request, *args, **kwargs)
        response.headers["Vary"] = "HX-Request, Cookie"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the present step shows."""
        run, now = self.row, timezone.now()
        written = services.count_written(run)
        return super().get_context_data(
            title=importer_class(run.importer).title,
            steps=steps(),
            step=step_of(run),
            is_running=run.status in (S.CHECKING, S.WRITING),
            is_stale=services.is_stale(run, now=now),
            work=work_of(run),
            groups=groups_of(run) if run.status in (S.PREVIEWED, S.DONE, S.UNDONE) else [],
            written=written,
            confirm_form=ConfirmForm(initial={"digest": run.plan_digest}),
            hidden_errors=max(run.preview.get("error_count", 0) - len(self.errors), 0),
            errors=self.errors,
            earlier=self.earlier_import(),
            entries=self.entries(),
            **kwargs,
        )

    @cached_property
    def errors(self) -> list[tuple[int, str, str]]:
        """The first errors: row, heading, message."""
        found: list[tuple[int, str, str]] = self.row.preview.get("errors", [])
        return found

    def earlier_import(self) -> ImportRun | None:
        """The import of the very same file, if there was one."""
        run = self.row
        if run.status != S.PREVIEWED:
            return None
        same = ImportRun.objects.filter(importer=run.importer, sha256=run.sha256, status=S.DONE)
        return same.defer("preview").first()

    def entries(self) -> Any:
        """What the journal tells, for who may read it."""
        if self.row.status not in (S.DONE, S.UNDONE):
            return None
        if not self.request.user.has_perm("history.view_historyentry"):
            return None
        return timeline(self.row, viewer=self.request.user)

    def get_template_names(self) -> list[str]:
        """The page, or for htmx its partial `state`."""
        name = "transfer/importrun_detail.html"
        return [f"{name}#state" if is_htmx(self.request) else name]


class RunFormView(RunMixin, RowFormView):
    """A form about one import."""

    def get_crumbs(self) -> Crumbs:
        """The way over the list and the import."""
        return [(_("Imports"), reverse("transfer:run_list")), *super().get_crumbs()]


class ColumnsView(RunFormView):
    """The second step: say what the headings mean."""

    form_class = ColumnsForm
    template_name = "transfer/columns.html"
    title = gettext_lazy("Name the columns")
    submit_label = gettext_lazy("Check the file")

    def get_crumbs(self) -> Crumbs:
        """The way over the list alone: as long as columns are open, the import leads here."""
        return [(_("Imports"), reverse("transfer:run_list"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the import."""
        return super().get_form_kwargs() | {"run": self.row}

    def get_cancel_url(self) -> str:
        """Dropping the import, or back to its preview."""
        if self.row.status == S.UPLOADED:
            return reverse("transfer:run_cancel", args=[self.row.pk])
        return self.row.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the file still lacks."""
        kind = importer_class(self.row.importer)
        missing = engine.missing_columns(kind, engine.columns_of(self.row.mapping))
        return super().get_context_data(
            run=self.row, steps=steps(), missing=missing, hidden=_hidden(self.row), **kwargs
        )

    def carry_out(self, form: Any) -> None:
        services.map_columns(
            self.row.pk,
            form.mapping(),
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )


class RunActView(RunFormView):
    """A button on the page of an import; what is refused is told there."""

    form_class = Form
    http_method_names = ["post"]

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to the import, with the reason."""
        for errors in form.errors.values():
            for error in errors:
                messages.error(self.request, error)
        return HttpResponseRedirect(self.row.get_absolute_url())


class CheckView(RunActView):
    """Check the file once more."""

    def carry_out(self, form: Any) -> None:
        services.check_again(
            self.row.pk,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )


class ImportConfirmView(RunActView):
    """Have the changes written."""

    form_class = ConfirmForm

    def carry_out(self, form: Any) -> None:
        services.confirm(
            self.row.pk,
            digest=form.cleaned_data["digest"],
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )


class ResumeView(RunActView):
    """Start work again that a worker left lying."""

    def carry_out(self, form: Any) -> str:
        started = services.resume(
            self.row.pk,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )
        return _("Started again.") if started else _("The work is going on.")


class CancelView(RunMixin, ConfirmView):
    """Drop an import before it is written."""

    title = gettext_lazy("Drop this import")
    text = gettext_lazy("Nothing of it has been written, and nothing will be.")
    consequence = gettext_lazy("The uploaded file is deleted. This cannot be undone.")
    submit_label = gettext_lazy("Drop the import")
    success_message = gettext_lazy("The import has been dropped and its file deleted.")

    def carry_out(self, form: Any) -> None:
        services.cancel(self.row.pk, actor=self.request.user)

    def get_cancel_url(self) -> str:
        """Back to the import."""
        return self.row.get_absolute_url()

    def get_success_url(self) -> str:
        """The list."""
        return reverse("transfer:run_list")


class UndoView(RunMixin, ConfirmView):
    """Take an import back as a whole."""

    form_class = UndoForm
    title = gettext_lazy("Take this import back")
    consequence = gettext_lazy(
        "It works only as long as nothing depends on what was imported. It cannot be undone, but "
        "the same file can be imported again."
    )
    submit_label = gettext_lazy("Take it back")
    success_message = gettext_lazy("The import has been taken back. The journal shows both.")

    def get_text(self) -> str:
        """What happens."""
        count = services.count_written(self.row)
        return ngettext(
            "What “%(file)s” added is deleted, and what it changed gets its old values: "
            "%(count)d row.",
            "What “%(file)s” added is deleted, and what it changed gets its old values: "
            "%(count)d rows.",
            count,
        ) % {"file": self.row.name, "count": count}

    def carry_out(self, form: Any) -> None:
        services.undo(
            self.row.pk,
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            today=timezone.localdate(),
            now=timezone.now(),
        )


class ErrorsView(RunMixin, PermissionRequiredMixin, View):
    """All errors of an import as a file, to mend them one after the other."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file."""
        run = self.row
        if run.status != S.REFUSED:
            raise Http404
        form = "csv" if request.GET.get("export") == "csv" else "xlsx"
        errors = engine.every_error(run, today=timezone.localdate())
        headings = [_("Row"), _("Column"), _("What is wrong, and how to correct it")]
        response = _download("errors", form, headings, errors)
        record_export(ImportRun, actor=request.user, name=f"errors.{form}", count=len(errors))
        return response


def _download(name: str, form: str, headings: list[str], rows: list[Any]) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    if form == "csv":
        write_csv(file, headings, rows)
    else:
        write_xlsx(file, headings, rows, sheet_name=name)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"{name}.{form}", content_type=MEDIA_TYPES[form]
    )


def _columns_of(kind: type[Importer]) -> list[dict[str, Any]]:
    """The columns that a file may have, and whether it must."""
    alternatives = {name for names in kind.alternatives for name in names}
    return [
        {
            "label": spec.labels[0],
            "others": spec.labels[1:4],
            "is_required": spec.required,
            "is_alternative": spec.name in alternatives,
        }
        for spec in kind.headings
    ]


def _hidden(run: ImportRun) -> int:
    """How many headings are too many to be asked about."""
    return max(len(run.mapping) - len(ColumnsForm(run=run).headings), 0)
