"""The calendar that a person's own program subscribes to (RFC 5545, RFC 7986)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Model, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.corrective_actions.choices import BEFORE_CHECK, Status
from pms.corrective_actions.models import CorrectiveAction, Measure
from pms.cycles.models import Cycle, Milestone
from pms.incidents.choices import Kind
from pms.incidents.legal_days import open_duties
from pms.notifications.writing import language_of, link_to
from pms.training.choices import OPEN_STATUSES, CampaignStatus
from pms.training.models import TrainingRecord

if TYPE_CHECKING:
    from icalendar import Calendar, Event

# How often a program should look again; most take it as a hint.
REFRESH: Final = timedelta(hours=6)
A_DAY: Final = timedelta(days=1)
# Nine in the morning of the day before: counted from the midnight at which the last day begins.
ALARM: Final = timedelta(hours=-15)


@dataclass(frozen=True, slots=True)
class Entry:
    """One last day in the calendar.

    Attributes:
        source: what is due; its key makes the entry the same one when the day moves.
        day: the last day.
        title: what it is about.
        path: of the page where it is done or seen.
        is_mine: whether the person must do it themself, and is reminded by their program.
    """

    source: Model
    day: date
    title: str
    path: str
    is_mine: bool


def calendar_of(user: User, *, today: date, now: datetime) -> bytes:
    """What is due for one account as an iCalendar file, in the language of the account.

    Args:
        user: whose calendar; what they may see is what their posts of the day open.
        today: in the organization's time zone; it says which year runs.
        now: the moment, as the revision of every entry.

    Returns:
        The file in UTF-8, with lines of at most 75 octets that end in CRLF.
    """
    with translation.override(language_of(user)):
        entries = [
            *training_of(user),
            *milestones_of(user, today),
            *legal_days_of(user),
            *actions_of(user),
            *measures_of(user),
        ]
        entries.sort(key=lambda it: (it.day, it.title))
        calendar = _empty_calendar()
        for entry in entries:
            calendar.add_component(_event(entry, now))
    return calendar.to_ical()


def training_of(user: User) -> Iterator[Entry]:
    """The person's own trainings in running campaigns that they have not passed yet."""
    records = TrainingRecord.objects.filter(
        person__user=user, campaign__status=CampaignStatus.OPEN, status__in=OPEN_STATUSES
    )
    for record in records.select_related("campaign"):
        title = _("Training: %(title)s") % {"title": record.campaign}
        path = reverse("training:take", args=[record.pk])
        yield Entry(record, record.due_on, title, path, is_mine=True)


def milestones_of(user: User, today: date) -> Iterator[Entry]:
    """Open milestones of approved plans: one's own, whatever their year.

    Who sees the plan also gets those of all others, of the running and the coming year.
    """
    wanted = Q(owner__user=user)
    if user.has_perm("cycles.view_milestone"):
        running_and_coming = Cycle.objects.filter(ends_on__gte=today).order_by("starts_on")[:2]
        wanted |= Q(cycle__in=running_and_coming.values("pk"))
    milestones = Milestone.objects.visible_to(user).open().in_force().filter(wanted)
    for milestone in milestones.select_related("owner"):
        owner = milestone.owner
        is_mine = owner is not None and owner.user_id == user.pk
        title = str(milestone)
        if not is_mine:
            facts = {"owner": owner or _("Nobody named yet"), "title": title}
            title = _("%(owner)s: %(title)s") % facts
        yield Entry(milestone, milestone.due_on, title, milestone.get_absolute_url(), is_mine)


def legal_days_of(user: User) -> Iterator[Entry]:
    """The last days of reports on incidents, for who handles them or decides on them.

    Only the number of the case and the kind of report: calendars are kept elsewhere, and looked at
    over shoulders.
    """
    handles = user.has_perm("incidents.handle_incident")
    for it in open_duties(user):
        if it.due_on:
            facts = {"incident": it.incident.number, "report": Kind(it.kind).label}
            title = _("%(incident)s: %(report)s") % facts
            yield Entry(it, it.due_on, title, it.get_absolute_url(), is_mine=handles)


def actions_of(user: User) -> Iterator[Entry]:
    """The actions that the person answers for, and the effects that they check."""
    mine = Q(status__in=BEFORE_CHECK, owner__user=user) | Q(
        status=Status.CHECKING,
        current__verdict="",
        current__check_due_on__isnull=False,
        current__checker__user=user,
    )
    for action in CorrectiveAction.objects.filter(mine).select_related("current").order_by():
        title = _("Corrective action: %(title)s") % {"title": action}
        if action.status == Status.CHECKING:
            title = _("Effect check: %(title)s") % {"title": action}
        yield Entry(action, action.acts_by, title, action.get_absolute_url(), is_mine=True)


def measures_of(user: User) -> Iterator[Entry]:
    """The measures that the person carries out."""
    measures = Measure.objects.to_carry_out().filter(owner__user=user)
    for measure in measures.select_related("round__action").order_by():
        title = _("Measure: %(title)s") % {"title": measure}
        yield Entry(measure, measure.due_on, title, measure.get_absolute_url(), is_mine=True)


def _empty_calendar() -> "Calendar":
    # By the first calendar: it is a tenth of all that a worker would load at its start.
    from icalendar import Calendar, vDuration

    name = _("Personal information protection: what is due")
    calendar = Calendar()
    calendar.add("PRODID", f"-//pms//calendar//{translation.get_language().upper()}")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("X-WR-TIMEZONE", settings.TIME_ZONE)
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    return calendar


def _event(entry: Entry, now: datetime) -> "Event":
    from icalendar import Alarm, Event

    link = link_to(entry.path)
    event = Event()
    event.add("UID", _uid(entry.source))
    event.add("DTSTAMP", now)
    event.add("DTSTART", entry.day)
    event.add("DTEND", entry.day + A_DAY)
    event.add("SUMMARY", entry.title)
    # Some programs show no URL; all of them show the description.
    event.add("DESCRIPTION", link)
    event.add("URL", link)
    event.add("TRANSP", "TRANSPARENT")
    if entry.is_mine:
        alarm = Alarm()
        alarm.add("ACTION", "DISPLAY")
        alarm.add("DESCRIPTION", entry.title)
        alarm.add("TRIGGER", ALARM)
        event.add_component(alarm)
    return event


def _uid(source: Model) -> str:
    """The same for the same thing for ever, and unlike any other system's."""
    return f"{source._meta.label_lower}.{source.pk}@{urlsplit(settings.BASE_URL).hostname}"
