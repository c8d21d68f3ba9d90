"""The rows of the register, in the texts that are shown."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final, NamedTuple

from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from pms.core.templatetags.pms import due, status
from pms.core.text import NONE
from pms.core.views import urls_of_rows

from .choices import RecordKind, Status
from .reports import count_in_words

# So much of the first report stands for a title, an ellipsis included.
TITLE_LENGTH: Final = 30


class IncidentLine(NamedTuple):
    """A case in the register.

    Attributes:
        url: of the case's page.
        title: of the case; until it has one, how the first report begins.
        chip: says that it is a drill or a near miss; empty for an incident.
        status: as word and shape.
        due: the next legal day, and how far it is; a dash without one.
        reportable: what the last assessment said; a dash for who may not know it.
        event_class, department: their names; a dash while nobody has named one.
        persons: their number in words; a dash while it is not known.
        reported: the day.
    """

    number: str
    url: str
    title: str
    chip: str
    status: str
    due: str
    reportable: str
    event_class: str
    department: str
    persons: str
    reported: str


def incident_lines(incidents: Iterable[Any], *, sees_all: bool) -> list[IncidentLine]:
    """Lines of `incidents` (with departments, classes and first words).

    Args:
        incidents: rows of the register.
        sees_all: whether the reader may know how cases were judged.
    """
    url = urls_of_rows("incidents:detail")
    states = {it.value: status(it, str(it.label)) for it in Status}
    answers = {True: _("Yes"), False: _("No"), None: _("Not known yet")}
    near_miss = _chip(str(RecordKind.NEAR_MISS.label))
    drill = _chip(_("Drill"))
    # The same few days, departments, classes and numbers stand in many rows.
    last_day, text, persons = cache(due), cache(str), cache(count_in_words)
    return [
        IncidentLine(
            number=it.number,
            url=url(it.pk),
            title=it.title or _beginning(it.first_words),
            chip=drill if it.is_drill else near_miss if it.kind == RecordKind.NEAR_MISS else "",
            status=states[it.status],
            due=last_day(it.next_due_on) or NONE,
            reportable=answers[it.is_reportable] if sees_all else NONE,
            event_class=text(it.event_class) if it.event_class else NONE,
            department=text(it.department) if it.department else NONE,
            persons=persons(it.persons_kind, it.persons) or NONE,
            reported=f"{timezone.localtime(it.reported_at):%Y-%m-%d}",
        )
        for it in incidents
    ]


def _beginning(words: str) -> str:
    beginning = Truncator(" ".join(words.split())).chars(TITLE_LENGTH)
    return _("“%(words)s”") % {"words": beginning}


def _chip(label: str) -> str:
    return format_html('<span class="chip">{}</span>', label)
