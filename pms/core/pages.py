"""Pages about one row: forms, and confirmations before a weighty act."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .views import ServiceFormView

type Crumbs = list[tuple[str, str]]


class AnyPermissionMixin(PermissionRequiredMixin):
    """One of the permissions named is enough; which rows are shown is the queryset's matter."""

    request: Any

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
        return self.model.objects.visible_to(self.request.user)  # type: ignore[attr-defined]

    @cached_property
    def row(self) -> Any:
        """The one that the address names."""
        return get_object_or_404(self.get_rows(), pk=self.kwargs["pk"])


class FormPageView(ServiceFormView):
    """A form on a page of its own."""

    title: str | Promise = ""
    lead: str | Promise = ""
    submit_label: str | Promise = ""
    template_name = "pages/form.html"

    def get_cancel_url(self) -> str:
        """Where "cancel" leads."""
        return self.get_success_url()

    def get_crumbs(self) -> Crumbs:
        """The way to this page, without itself: words and addresses."""
        return []

    def get_title(self) -> str:
        """The heading."""
        return str(self.title)

    def get_lead(self) -> str:
        """A line below the heading: what this is for."""
        return str(self.lead)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page needs beside the form."""
        facts = {
            "title": self.get_title(),
            "lead": self.get_lead(),
            "submit_label": self.submit_label,
            "cancel_url": self.get_cancel_url(),
            "crumbs": self.get_crumbs(),
        }
        return super().get_context_data(**facts | kwargs)


class RowFormView(RowMixin, FormPageView):
    """A form about one row; afterwards the row is shown."""

    def get_success_url(self) -> str:
        """Back to the row."""
        return self.row.get_absolute_url()

    def get_crumbs(self) -> Crumbs:
        """The way over the row."""
        return [(str(self.row), self.row.get_absolute_url())]


class StateMixin(RowMixin):
    """A page for some states of a row only; in any other it leads to the row and says so.

    So a second sending, or another tab, ends where the first one did.
    """

    states: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the row as it is now."""
        may = self.has_permission()  # type: ignore[attr-defined]
        if may and not self.is_in_state():
            text = _("“%(record)s” is now: %(state)s.")
            state = self.row.get_status_display()
            messages.info(request, text % {"record": self.row, "state": state})
            return HttpResponseRedirect(self.get_state_url())
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def is_in_state(self) -> bool:
        """Whether the row is as this page needs it."""
        return self.row.status in self.states

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


class ConfirmView(RowFormView):
    """The page before a weighty act: what happens, and whether it can be undone."""

    form_class: type[Form] = Form
    template_name = "pages/confirm.html"
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
        facts = {
            "text": self.get_text(),
            "consequence": self.get_consequence(),
            "is_calm": self.is_calm,
        }
        return super().get_context_data(**facts | kwargs)
