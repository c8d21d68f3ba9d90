"""Reminding: what came due is told once, and the ledger keeps it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count
from django.utils.translation import override

from pms.core.bulk import create_rows
from pms.notifications.models import Notification
from pms.notifications.services import notify_many
from pms.organization.calendar import WorkingDays

from .addressees import Addressees
from .choices import ReminderState, UntoldReason
from .digests import Entry, digests
from .models import Reminder
from .planning import PlannedStep, Timetable
from .rules import Audience, Rule, Subject

S = ReminderState
TITLE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Result:
    """What a run told.

    Attributes:
        told: steps of which somebody was told, managers' steps and `through_managers` included.
        overtaken: steps that nobody heard of because a later one was told.
        untold: steps of which nobody could be told.
        people: who got a digest.
        through_managers: of `told`, those that a manager was asked to pass on.
    """

    told: int = 0
    overtaken: int = 0
    untold: int = 0
    people: int = 0
    through_managers: int = 0


class _Due(NamedTuple):
    """The steps of a duty that have come due for one person of the ledger, the newest last."""

    rule: Rule
    kind_id: int
    subject: Subject
    steps: Sequence[PlannedStep]
    audience: Audience
    person_id: int

    @property
    def newest(self) -> PlannedStep:
        return self.steps[-1]

    def key(self, step: PlannedStep) -> "_Key":
        return (self.subject.object_id, self.person_id, self.subject.due_on, step.key)


type _Key = tuple[int, int, date, str]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What becomes of the newest step: an entry of a digest, or the reason why there is none."""

    state: S
    entry: Entry | None = None
    reason: str = ""


@transaction.atomic
def remind(rules: Sequence[Rule], *, today: date, now: datetime) -> Result:
    """Tell everybody what came due by today and has not been told: one digest for each.

    Only the newest step of a duty is told; older ones that an outage swallowed are noted as
    overtaken. What was told before is not told again however often this runs, at once or one after
    the other. On a day that is no working day only rules that tell on any day are carried out; of
    the others the next working day catches up. Who is on long leave hears on the first working day
    after it. Who has no open account is told through whoever manages their department, else the
    privacy manager, else top management; never of what those may not know.

    Args:
        rules: all of them; see `dashboard.reminders`.
        today: the day to judge by, in the organization's time zone.
        now: the moment that the messages bear.

    Returns:
        The numbers of the run. Mails leave after the transaction.
    """
    calendar = WorkingDays.load()
    if not calendar.is_working_day(today):
        rules = [rule for rule in rules if rule.on_any_day]
    if not rules:
        return Result()
    _one_run_at_a_time()
    addressees = Addressees(today)
    new = [
        due
        for rule in rules
        for due in _without_told(rule, list(_come_due(rule, today, calendar, addressees)))
    ]
    if not new:
        return Result()
    concerned = {it.subject.person_id for it in new}
    addressees.load(concerned)
    addressees.locate(concerned)
    outcomes = [
        (due, _outcome(due, addressees))
        for due in new
        if not addressees.is_away(due.subject.person_id)
    ]
    notices = _tell([it.entry for _, it in outcomes if it.entry], addressees, today, now)
    return _write(outcomes, notices, addressees, today)


def _one_run_at_a_time() -> None:
    """Hold every other run until this transaction ends; then it sees what this one told.

    The row that stands for the model always exists, so it can be locked.
    """
    kind = ContentType.objects.get_for_model(Reminder)
    list(ContentType.objects.select_for_update(no_key=True).filter(pk=kind.pk))


def _come_due(
    rule: Rule, today: date, calendar: WorkingDays, addressees: Addressees
) -> Iterator[_Due]:
    """Everything of a rule that has come due by today, told or not."""
    kind_id = ContentType.objects.get_for_model(apps.get_model(rule.model)).pk
    timetable = Timetable(rule.steps, today=today, calendar=None if rule.on_any_day else calendar)
    found = [
        (subject, rows)
        for subject in rule.subjects(today)
        if (rows := timetable.come_due(due_on=subject.due_on, arose_on=subject.arose_on))
    ]
    addressees.locate({it.person_id for it, rows in found if Audience.MANAGER in rows})
    for subject, rows in found:
        for audience, steps in rows.items():
            people = [subject.person_id]
            if audience == Audience.MANAGER:
                # With no manager at all, the row about the person says so.
                people = addressees.managers_of(subject.person_id) or people
            for person_id in people:
                yield _Due(rule, kind_id, subject, steps, audience, person_id)


def _without_told(rule: Rule, due: Sequence[_Due]) -> Iterator[_Due]:
    """Those whose newest step is not in the ledger, with the steps that are not."""
    if not due:
        return
    # Nearly all is told on nearly every run: first only as far back as the newest steps reach.
    told = Reminder.objects.filter(rule=rule.name).order_by()
    keys = ("object_id", "person_id", "due_on", "step")
    lately = told.filter(planned_on__gte=min(it.newest.planned_on for it in due))
    known: set[_Key] = set(lately.values_list(*keys))
    rest = {key: it for it in due if (key := it.key(it.newest)) not in known}
    if not rest:
        return
    of_same_days = told.filter(due_on__in={it.subject.due_on for it in rest.values()})
    known = set(of_same_days.values_list(*keys))
    for it in rest.values():
        # A closed day that was added later may have moved what was told before.
        if it.key(it.newest) not in known:
            yield it._replace(steps=[step for step in it.steps if it.key(step) not in known])


def _outcome(due: _Due, addressees: Addressees) -> _Outcome:
    """Who is told of the newest step."""
    concerned = due.subject.person_id
    if due.audience == Audience.MANAGER:
        if due.person_id == concerned:
            return _Outcome(S.UNTOLD, reason=UntoldReason.NOBODY.value)
        return _Outcome(S.TOLD, _entry(due, due.person_id))
    if addressees.has_left(concerned):
        return _Outcome(S.UNTOLD, reason=UntoldReason.LEFT.value)
    if addressees.is_reachable(concerned):
        return _Outcome(S.TOLD, _entry(due, concerned))
    managers = [] if due.rule.permission else addressees.managers_of(concerned)
    if managers:
        return _Outcome(S.THROUGH_MANAGER, _entry(due, managers[0], is_to_pass_on=True))
    return _Outcome(S.UNTOLD, reason=UntoldReason.NOBODY.value)


def _entry(due: _Due, recipient_id: int, *, is_to_pass_on: bool = False) -> Entry:
    return Entry(due.rule, due.subject, due.newest.key, recipient_id, is_to_pass_on)


def _tell(
    entries: Sequence[Entry], addressees: Addressees, today: date, now: datetime
) -> dict[int, Notification]:
    """The notification of each account that has got a digest."""
    told_today = Reminder.objects.filter(told_on=today).order_by()
    written = dict(
        told_today.values_list("notification__recipient").annotate(
            number=Count("notification", distinct=True)
        )
    )
    notices = list(digests(entries, addressees=addressees, today=today, written=written))
    return {it.recipient_id: it for it in notify_many(notices, now=now)}


def _write(
    outcomes: Sequence[tuple[_Due, _Outcome]],
    notifications: Mapping[int, Notification],
    addressees: Addressees,
    today: date,
) -> Result:
    """Enter everything in the ledger."""
    rows = []
    with override(settings.LANGUAGE_CODE):
        for due, outcome in outcomes:
            title = str(due.subject.title)[:TITLE_LENGTH]
            rows += [_row(due, step, title, state=S.OVERTAKEN.value) for step in due.steps[:-1]]
            facts: dict[str, Any] = {}
            if entry := outcome.entry:
                user: Any = addressees.person(entry.recipient_id).user
                facts = {"told_on": today, "notification": notifications[user.pk]}
                if entry.is_to_pass_on:
                    facts["told_through_id"] = entry.recipient_id
            facts |= {"state": outcome.state.value, "reason": outcome.reason}
            rows.append(_row(due, due.newest, title, **facts))
    create_rows(rows)
    numbers = Counter(row.state for row in rows)
    return Result(
        told=numbers[S.TOLD] + numbers[S.THROUGH_MANAGER],
        overtaken=numbers[S.OVERTAKEN],
        untold=numbers[S.UNTOLD],
        people=len(notifications),
        through_managers=numbers[S.THROUGH_MANAGER],
    )


def _row(due: _Due, step: PlannedStep, title: str, **facts: Any) -> Reminder:
    return Reminder(
        rule=due.rule.name,
        content_type_id=due.kind_id,
        object_id=due.subject.object_id,
        person_id=due.person_id,
        due_on=due.subject.due_on,
        step=step.key,
        title=title,
        planned_on=step.planned_on,
        **facts,
    )
