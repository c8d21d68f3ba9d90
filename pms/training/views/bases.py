"""What training's pages share: pages for some states of a row, new rows, forms with rows."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Model
from django.forms import BaseInlineFormSet
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pms.core.pages import RowFormView, RowMixin
from pms.evidence.forms import EvidenceUploadForm
from pms.evidence.services import attach_all


class StateMixin(RowMixin):
    """A page for some states of a row only; in any other it leads to the row and says so.

    So a second sending, or another tab, ends where the first one did.
    """

    states: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the row as it is now."""
        may = self.has_permission()
        if may and self.row.status not in self.states:
            text = _("“%(record)s” is now: %(state)s.")
            state = self.row.get_status_display()
            messages.info(request, text % {"record": self.row, "state": state})
            return HttpResponseRedirect(self.get_state_url())
        return super().dispatch(request, *args, **kwargs)

    def get_state_url(self) -> str:
        """Where the present state is seen."""
        return self.row.get_absolute_url()


class NewRowView(RowFormView):
    """A form that makes a row; it appears in the list that `list_url` names."""

    list_url: str

    def get_success_url(self) -> str:
        """The new row; the list where a second sending made nothing."""
        return super().get_success_url() if "row" in vars(self) else self.get_cancel_url()

    def get_cancel_url(self) -> str:
        """The list."""
        return reverse(self.list_url)


class AttachView(RowFormView):
    """Files for a row."""

    form_class = EvidenceUploadForm
    submit_label = gettext_lazy("Attach the files")

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the day, which a document cannot be dated after."""
        return super().get_form_kwargs() | {"today": timezone.localdate()}

    def carry_out(self, form: EvidenceUploadForm) -> str:
        """Keep them all or none."""
        facts = form.cleaned_data
        kept = attach_all(
            self.row,
            facts["evidence"],
            actor=self.request.user,
            note=facts["note"],
            stated_on=facts["stated_on"],
        )
        return ngettext(
            "%(count)s file was attached.", "%(count)s files were attached.", len(kept)
        ) % {"count": len(kept)}


class FormWithRowsView(RowFormView):
    """A form with a table of rows below it; a button adds a row without any script."""

    template_name = "training/form_rows.html"
    rows_class: ClassVar[type[BaseInlineFormSet[Any, Any, Any]]]
    rows_title: str | Promise = ""
    rows_help: str | Promise = ""
    add_label: str | Promise = ""

    def get_parent(self) -> Model | None:
        """The stored row that the rows hang on; None for a new one."""
        return self.row

    @cached_property
    def form_rows(self) -> BaseInlineFormSet:
        """The rows as they were sent, else as they are stored."""
        data = self.request.POST.copy() if self.request.method == "POST" else None
        if data and "add_row" in data:
            name = f"{self.rows_class.get_default_prefix()}-TOTAL_FORMS"
            total = int(data.get(name, "0") or 0) if data.get(name, "").isdigit() else 0
            data[name] = str(min(total + 1, self.rows_class.absolute_max))
        return self.rows_class(data, instance=self.get_parent())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give one row more, or carry out when both parts make sense."""
        if self.was_sent():
            return HttpResponseRedirect(self.get_success_url())
        form = self.get_form()
        if "add_row" in request.POST:
            # Nothing was sent yet, so nothing is wrong yet.
            for part in (form, *self.form_rows.forms):
                part._errors = ErrorDict()
            self.form_rows._errors, self.form_rows._non_form_errors = [], ErrorList()
            return self.render_to_response(self.get_context_data(form=form))
        is_valid = form.is_valid()
        if self.form_rows.is_valid() and is_valid:
            return self.form_valid(form)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the rows."""
        return super().get_context_data(
            rows=self.form_rows,
            rows_title=self.rows_title,
            rows_help=self.rows_help,
            add_label=self.add_label,
            **kwargs,
        )
