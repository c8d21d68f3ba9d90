"""Lines of a case's timeline: what was known and done when."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import override

from pms.incidents.models import Incident, TimelineEntry


def line_of(
    incident: Incident,
    words: str | Callable[[], str],
    *,
    kind: str,
    happened_at: datetime,
    actor: Any,
    now: datetime,
    is_reserved: bool = False,
) -> TimelineEntry:
    """A line, in memory.

    Args:
        incident: the case.
        words: what somebody wrote; or how the system words it, which is kept in both languages:
            either is read, and reports to the authorities are Japanese whoever acted.
        kind: of `Entry`.
        happened_at: when it was so.
        actor: who writes it.
        now: the moment.
        is_reserved: whether it is only for who knows of all cases.
    """
    text, text_en = (words, "") if isinstance(words, str) else _in_both(words)
    return TimelineEntry(
        incident=incident,
        happened_at=happened_at,
        kind=kind,
        text=text,
        text_en=text_en,
        written_by=actor,
        created_at=now,
        is_reserved=is_reserved,
    )


def add_line(incident: Incident, words: str | Callable[[], str], **facts: Any) -> TimelineEntry:
    """Add a line to the timeline; see `line_of`."""
    line = line_of(incident, words, **facts)
    line.save()
    return line


def _in_both(words: Callable[[], str]) -> tuple[str, str]:
    with override("ja"):
        text = words()
    with override("en"):
        return text, words()
