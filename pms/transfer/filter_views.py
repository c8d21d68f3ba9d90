"""Saved filters: kept from a list, found again above it, removed."""

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.core.pages import ConfirmView, Crumbs, FormPageView

from .forms import SavedFilterForm
from .lists import ExportListView
from .models import SavedFilter

PERMISSION: Final = "transfer.keep_filters"


class SavedFilterCreateView(FormPageView):
    """Gives the present filter of a list a name."""

    form_class = SavedFilterForm
    permission_required = PERMISSION
    title = gettext_lazy("Save this filter")
    lead = gettext_lazy("It appears above the list under its name; only you see it.")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The filter has been saved.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only addresses of lists can be kept."""
        self.path = request.GET.get("path", "")
        self.query = _without_page(request.GET.get("query", ""))
        if self.has_permission() and not is_list(self.path):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get_form_kwargs(self) -> dict[str, Any]:
        """For a row of this account and this list."""
        row = SavedFilter(owner=self.request.user, path=self.path, query=self.query)
        return super().get_form_kwargs() | {"instance": row}

    def get_success_url(self) -> str:
        """The list, narrowed as before."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def get_crumbs(self) -> Crumbs:
        """Back to the list."""
        return [(_("List"), self.get_success_url())]

    def carry_out(self, form: SavedFilterForm) -> None:
        """Keep it; it is one's own, and no record of the management system."""
        form.save()


class SavedFilterDeleteView(ConfirmView):
    """Removes a saved filter."""

    model = SavedFilter
    permission_required = PERMISSION
    title = gettext_lazy("Remove the saved filter")
    consequence = gettext_lazy("The list itself stays as it is. The filter can be saved anew.")
    submit_label = gettext_lazy("Remove")
    success_message = gettext_lazy("The saved filter has been removed.")
    is_calm = True

    def get_rows(self) -> QuerySet:
        """One's own."""
        return SavedFilter.objects.visible_to(self.request.user)

    def get_text(self) -> str:
        """Which one."""
        return _("“%(filter)s” is removed.") % {"filter": self.row}

    def get_success_url(self) -> str:
        """The list; after a second sending, where everybody starts."""
        rows = self.get_rows().filter(pk=self.kwargs["pk"])
        return self.row.path if "row" in vars(self) or rows.exists() else "/"

    def carry_out(self, form: Any) -> None:
        """Remove it."""
        self.row.delete()


def is_list(path: str) -> bool:
    """Whether `path` is the address of a list whose filters can be saved."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return issubclass(getattr(view, "view_class", object), ExportListView)


def _without_page(query: str) -> str:
    given = QueryDict(query[:2000], mutable=True)
    for name in ("page", "export"):
        given.pop(name, None)
    return "&".join(part for part in given.urlencode().split("&") if not part.endswith("="))
