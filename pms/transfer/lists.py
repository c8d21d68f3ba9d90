"""Lists that can be taken out as a file: what you see filtered is what you get."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from pms.core.views import ListView

from .exports import export_response
from .models import SavedFilter


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: a fixed heading, and how a record fills it.

    The headings are a file format: they stay the same in every language.
    """

    heading: str
    value: Callable[[Any], Any]
    width: int = 16
    permission: str = ""


class ExportListView(ListView):
    """A list with `columns`; `?export=csv` or `xlsx` answers with all filtered rows."""

    columns: ClassVar[tuple[Column, ...]] = ()
    export_name = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, its table alone, or the file."""
        form = request.GET.get("export", "")
        if form not in ("csv", "xlsx"):
            return super().get(request, *args, **kwargs)
        name = self.export_name or self.model._meta.model_name
        return export_response(
            request,
            self.get_filtered_rows().order_by(*self.get_ordering_fields()),
            self.get_columns(),
            name=f"{name}-{timezone.localdate():%Y%m%d}",
            form=form,
        )

    def get_columns(self) -> list[Column]:
        """The columns that this account may take out."""
        user = self.request.user
        return [it for it in self.columns if not it.permission or user.has_perm(it.permission)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the offer to export, and the filters that the account has saved for this list."""
        context = super().get_context_data(**kwargs) | {"can_export": True}
        # On the filter, because that is what the part of the page with the filters is given.
        context["filter"].saved = self.saved_filters()
        return context

    def saved_filters(self) -> list[SavedFilter]:
        """Those of this list; how many there are at all came with the account's row."""
        if not getattr(self.request.user, "saved_filters", 0):
            return []
        own = SavedFilter.objects.visible_to(self.request.user)
        return list(own.filter(path=self.request.path))
