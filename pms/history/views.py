"""The journal as a list."""

from typing import Any

from pms.core.views import ListView

from .filters import HistoryEntryFilter
from .models import HistoryEntry
from .timeline import tell


class HistoryEntryListView(ListView):
    """What happened in the system, newest first, in sentences."""

    model = HistoryEntry
    filterset_class = HistoryEntryFilter
    permission_required = "history.view_historyentry"
    sorts = {"recorded": ("-id",)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the sentences of the page."""
        context = super().get_context_data(**kwargs)
        return context | {"entries": tell(context["page"].rows, viewer=self.request.user)}
