"""The journal as a list."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pms.core.views import ListView

from .filters import HistoryEntryFilter
from .models import HistoryEntry
from .timeline import TimelineEntry, tell


class HistoryEntryListView(ListView):
    """What happened in the system, newest first, in sentences."""

    model = HistoryEntry
    filterset_class = HistoryEntryFilter
    permission_required = "history.view_historyentry"
    sorts = {"recorded": ("-id",)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the sentences of the page."""
        context = super().get_context_data(**kwargs)
        entries = tell(context["page"].rows, viewer=self.request.user)
        return context | {"entries": entries, "lines": list(_lines(entries, self.request.path))}


class JournalLine(NamedTuple):
    """An entry in the texts that the list shows."""

    iso: str
    at: str
    sentence: str
    details: SafeString
    reason: str
    address: str
    record_url: str
    operation_url: str


def _lines(entries: Iterable[TimelineEntry], path: str) -> Iterator[JournalLine]:
    words = _("Details")
    for told in entries:
        at, entry = timezone.localtime(told.at), told.entry
        record = {"kind": entry.content_type_id, "record": entry.object_pk}
        yield JournalLine(
            iso=at.isoformat(timespec="seconds"),
            at=date_format(at, "SHORT_DATETIME_FORMAT"),
            sentence=told.sentence,
            details=_details(words, told.details),
            reason=told.reason or "–",
            address=entry.remote_addr or "–",
            record_url=f"{path}?{urlencode(record)}",
            operation_url=f"{path}?{urlencode({'operation': entry.cid})}",
        )


def _details(words: str, lines: Iterable[str]) -> SafeString:
    items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    if not items:
        return items
    return format_html("<details><summary>{}</summary><ul>{}</ul></details>", words, items)
