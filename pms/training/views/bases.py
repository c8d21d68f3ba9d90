"""What training's pages share: forms with rows."""

from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model
from django.forms import BaseInlineFormSet
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise

from pms.core.pages import RowFormView
from pms.core.text import whole_number


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
            total = whole_number(data.get(name, "")) or 0
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
