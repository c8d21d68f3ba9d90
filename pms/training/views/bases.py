"""What training's pages share: forms about one row, confirmations, forms with rows."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet, Form
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from pms.core.views import ServiceFormView

type Crumbs = list[tuple[str, str]]


class AnyPermissionMixin(PermissionRequiredMixin):
    """One of the permissions named is enough; which rows are shown is the queryset's matter."""

    def has_permission(self) -> bool:
        """Whether the account may do any of it."""
        return any(map(self.request.user.has_perm, self.get_permission_required()))


class RowMixin:
    """A page about one row that the account may see; any other answers 404."""

    model: type[Model]
    request: HttpRequest
    kwargs: dict[str, Any]

    def get_rows(self) -> QuerySet:
        """Rows that this page may be about."""
        return self.model.objects.visible_to(self.request.user)

    @cached_property
    def row(self) -> Any:
        """The one that the address names."""
        return get_object_or_404(self.get_rows(), pk=self.kwargs["pk"])


class StateMixin(RowMixin):
    """A page for some states of a row only; in any other it leads to the row and says so.

    So a second sending, or another tab, ends where the first one did.
    """

    states: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the row as it is now."""
        may = self.has_permission()  # type: ignore[attr-defined]
        if may and self.row.status not in self.states:
            text = _("“%(record)s” is now: %(state)s.")
            state = self.row.get_status_display()
            messages.info(request, text % {"record": self.row, "state": state})
            return HttpResponseRedirect(self.get_state_url())
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_state_url(self) -> str:
        """Where the present state is seen."""
        return self.row.get_absolute_url()


class RowFormView(RowMixin, ServiceFormView):
    """A form about one row."""

    title: str | Promise = ""
    submit_label: str | Promise = ""
    template_name = "training/form.html"

    def get_success_url(self) -> str:
        """Back to the row."""
        return self.row.get_absolute_url()

    def get_cancel_url(self) -> str:
        """Where "cancel" leads."""
        return self.get_success_url()

    def get_crumbs(self) -> Crumbs:
        """The way to this page, without itself."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the form's page needs beside the form."""
        return super().get_context_data(
            **{
                "title": self.title,
                "submit_label": self.submit_label,
                "cancel_url": self.get_cancel_url(),
                "crumbs": self.get_crumbs(),
            }
            | kwargs
        )


class NewRowView(RowFormView):
    """A form that makes a row; it appears in the list that `list_url` names."""

    list_url: str

    def get_success_url(self) -> str:
        """The new row; the list where a second sending made nothing."""
        return super().get_success_url() if "row" in vars(self) else self.get_cancel_url()

    def get_cancel_url(self) -> str:
        """The list."""
        return reverse(self.list_url)


class ConfirmView(RowFormView):
    """The page before a weighty act: what happens, and whether it can be undone."""

    form_class = Form
    template_name = "training/confirm.html"
    text: str | Promise = ""
    consequence: str | Promise = ""
    is_calm = False

    def get_text(self) -> str:
        """What happens, in a sentence."""
        return str(self.text)

    def get_consequence(self) -> str:
        """Whether it can be undone."""
        return str(self.consequence)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sentences of the page."""
        return super().get_context_data(
            text=self.get_text(),
            consequence=self.get_consequence(),
            is_calm=self.is_calm,
            **kwargs,
        )


class FormWithRowsView(RowFormView):
    """A form with a table of rows below it; a button adds a row without any script."""

    template_name = "training/form_rows.html"
    rows_class: ClassVar[type[BaseInlineFormSet]]
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
        form = self.get_form()
        if "add_row" in request.POST:
            for part in (form, *self.form_rows.forms):
                # Nothing was sent yet, so nothing is wrong yet.
                part._errors = ErrorDict()
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
