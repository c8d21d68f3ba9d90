"""Whom the legal days of incidents remind of what: the escalation ladder.

Lines name the number and the kind of duty, never what happened. Legal days do not wait for the
office, so all of it is told on any day; and only to who handles incidents or decides on them.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import partial
from typing import Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy

from pms.organization.models import Appointment
from pms.reminders.rules import (
    Line,
    Rule,
    Step,
    Subject,
    before,
    daily_after,
    on_the_day,
    weekly_after,
)

from .choices import FINAL, OPEN_STATUSES, PENDING, Kind, RecordKind, Status
from .deadlines import day_in_japan
from .legal_days import JUDGED_BY, judge_by
from .models import Incident, Obligation

HANDLES: Final = "incidents.handle_incident"
DECIDES: Final = "incidents.approve_report"
KNOWS: Final = "incidents.view_incident"
# From which day on, the day of knowing being day 1 (our own; the law says "promptly").
TOP_MANAGEMENT_FROM: Final = 5
FIRST_REPORTS: Final = (
    Kind.PPC_PRELIMINARY,
    Kind.MN_PRELIMINARY,
    Kind.PM_PRELIMINARY,
    Kind.CONSIGNOR,
)

type Duty = tuple[int, str, date, date]
"""An incident's key and number, its day, and since when it is known here."""


def cases_to_judge(today: date, *, kinds: Collection[str]) -> Iterator[Duty]:
    """Reports that nobody has judged; one query."""
    rows = Incident.objects.filter(status=Status.REPORTED, kind__in=kinds).order_by("pk")
    for pk, number, noticed_at, created_at in rows.values_list(
        "pk", "number", "noticed_at", "created_at"
    ):
        yield pk, number, judge_by(noticed_at), day_in_japan(created_at)


def reports_to_file(today: date, *, kinds: Collection[str], day: str = "due_on") -> Iterator[Duty]:
    """Obligations of open cases with a day, those of one case and day together; one query.

    Args:
        today: the day of the run.
        kinds: which obligations.
        day: the field that holds their day.
    """
    rows = (
        Obligation.objects.filter(
            kind__in=kinds,
            status__in=PENDING,
            incident__status__in=OPEN_STATUSES,
            **{f"{day}__isnull": False},
        )
        .order_by("incident", "pk")
        .values_list("incident", "incident__number", day, "counted_from", "incident__created_at")
    )
    known: dict[tuple[int, str, date], date] = {}
    for pk, number, due_on, counted_from, created_at in rows:
        since = day_in_japan(created_at)
        since = max(since, counted_from) if counted_from else since
        key = (pk, number, due_on)
        known[key] = min(since, known.get(key, since))
    for (pk, number, due_on), since in known.items():
        yield pk, number, due_on, since


def _subjects(
    today: date,
    *,
    duties: Callable[[date], Iterator[Duty]],
    permission: str,
    but: str = "",
    part: str,
) -> Iterator[Subject]:
    """The duties, for everybody who holds a post that may do `permission` and not `but`."""
    found = list(duties(today))
    if not found:
        return
    people = _people_who_may(permission, today)
    if but:
        others = set(_people_who_may(but, today))
        people = [it for it in people if it not in others]
    for pk, number, due_on, since in found:
        for person in people:
            yield Subject(
                object_id=pk,
                person_id=person,
                due_on=due_on,
                arose_on=since,
                title=number,
                url=_PAGE_OF(pk, part),
            )


def _people_who_may(permission: str, today: date) -> list[int]:
    posts = Appointment.objects.allowing(permission, today).order_by("person")
    return list(posts.values_list("person", flat=True).distinct())


def _page_of(pk: int, part: str) -> str:
    return f"{reverse('incidents:detail', args=[pk])}#{part}"


_PAGE_OF: Final = lazy(_page_of, str)

# What a line says: before the day or on it, and afterwards.
_WORDS: Final = {
    "assessment": (
        gettext_lazy("%(number)s has not been assessed yet. It should be by %(day)s."),
        gettext_lazy("%(number)s has not been assessed yet. Legal deadlines may be running."),
    ),
    "first_report": (
        gettext_lazy("%(number)s: the first report is due by %(day)s."),
        gettext_lazy("%(number)s: the first report is overdue. It was due by %(day)s."),
    ),
    "final_report": (
        gettext_lazy("%(number)s: the final report is due by %(day)s."),
        gettext_lazy("%(number)s: the final report is overdue. It was due by %(day)s."),
    ),
    "persons": (
        gettext_lazy("%(number)s: the persons should be told by %(day)s."),
        gettext_lazy("%(number)s: the persons have not been told. The target was %(day)s."),
    ),
}


def _word(line: Line, *, duty: str) -> str:
    early, late = _WORDS[duty]
    return str(late if line.is_overdue else early) % {
        "number": line.title,
        "day": date_format(line.due_on, "SHORT_DATE_FORMAT"),
    }


def _rule(
    duty: str,
    label: str | Promise,
    duties: Callable[[date], Iterator[Duty]],
    part: str,
    *steps: Step,
    to_top_management: bool = False,
) -> Rule:
    """A rule for who handles incidents, or for top management above them."""
    permission, but = (DECIDES, HANDLES) if to_top_management else (HANDLES, "")
    return Rule(
        name=f"incidents.{duty}" + ("_escalated" if to_top_management else ""),
        label=label,
        model="incidents.Incident",
        steps=steps,
        subjects=partial(_subjects, duties=duties, permission=permission, but=but, part=part),
        word=partial(_word, duty=duty),
        on_any_day=True,
        permission=KNOWS,
    )


# Whoever calls it a near miss may be wrong, so those are judged, too; without escalation.
_TO_JUDGE: Final = partial(cases_to_judge, kinds=RecordKind.values)
_INCIDENTS_TO_JUDGE: Final = partial(cases_to_judge, kinds=[RecordKind.INCIDENT])
_FIRST: Final = partial(reports_to_file, kinds=FIRST_REPORTS)
_FINAL: Final = partial(reports_to_file, kinds=FINAL)
_PERSONS: Final = partial(reports_to_file, kinds=[Kind.PERSONS], day="target_on")

RULES: tuple[Rule, ...] = (
    _rule(
        "assessment",
        gettext_lazy("Incidents to assess"),
        _TO_JUDGE,
        "facts",
        on_the_day(),
        daily_after(),
    ),
    _rule(
        "assessment",
        gettext_lazy("Incidents to assess (to top management)"),
        _INCIDENTS_TO_JUDGE,
        "facts",
        daily_after(TOP_MANAGEMENT_FROM - JUDGED_BY),
        to_top_management=True,
    ),
    _rule(
        "first_report",
        gettext_lazy("First reports on incidents"),
        _FIRST,
        "obligations",
        # Day 3 and day 5 of the guide value "about 3 to 5 days".
        before(2),
        on_the_day(),
        daily_after(),
    ),
    _rule(
        "first_report",
        gettext_lazy("First reports on incidents (to top management)"),
        _FIRST,
        "obligations",
        on_the_day(),
        daily_after(),
        to_top_management=True,
    ),
    _rule(
        "final_report",
        gettext_lazy("Final reports on incidents"),
        _FINAL,
        "obligations",
        before(10),
        before(5),
        before(1),
        on_the_day(),
        daily_after(),
    ),
    _rule(
        "final_report",
        gettext_lazy("Final reports on incidents (to top management)"),
        _FINAL,
        "obligations",
        daily_after(),
        to_top_management=True,
    ),
    _rule(
        "persons",
        gettext_lazy("Persons to tell of incidents"),
        _PERSONS,
        "persons",
        on_the_day(),
        weekly_after(),
    ),
)
