"""Logging what people did elsewhere: in a class-room, on paper, with a video."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pms.accounts.models import User
from pms.core.bulk import update_rows
from pms.core.exceptions import DomainError
from pms.history.context import as_actor
from pms.history.services import record, record_updated
from pms.organization.models import Person
from pms.training.choices import CampaignStatus, Comprehension, Method, RecordStatus
from pms.training.models import Campaign, TrainingRecord
from pms.transfer.models import ImportRun

from . import records
from .locking import lock_campaign, require_open, require_reason
from .population import begun_tests, lift_excuses, status_by_facts

# What logging writes.
LOGGED = (
    *("status", "attended_on", "passed_on", "method", "comprehension", "score", "failures"),
    *("lecturer", "session", "logged_by", "logged_at", "import_run"),
)
_logged: Any = attrgetter(*(TrainingRecord._meta.get_field(it).attname for it in LOGGED))  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Completion:
    """One line of what is to be logged, whichever way it came in.

    Attributes:
        number: of the row, for messages.
        employee_number: whose.
        attended_on: the day.
        method: a `Method`.
        comprehension: a `Comprehension`; "" means by test if there is a score.
        score: per cent; None if there was no test with a score.
        lecturer: if another than the campaign's.
        session_id: the session attended.
    """

    number: int
    employee_number: str
    attended_on: date | None
    method: str
    comprehension: str = ""
    score: int | None = None
    lecturer: str = ""
    session_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedCompletion:
    """What logging one completion would do.

    Attributes:
        completion: what was asked for.
        outcome: "passed" or "failed" (will be logged so), "already" (has passed, stays as it is),
            "repeated" (the same line again), or "refused".
        record_id: the record that it changes.
        name: of the person; "" if the number is unknown.
        status: of the record before.
        errors: column of `Completion` and the sentence with the cure.
    """

    completion: Completion
    outcome: str
    record_id: int | None = None
    name: str = ""
    status: str = ""
    errors: tuple[tuple[str, str], ...] = ()


def plan_completions(
    campaign: Campaign, completions: Iterable[Completion], *, today: date
) -> list[PlannedCompletion]:
    """Say for each line what logging it would do; writes nothing.

    Refused are unknown numbers, people outside the audience, people who had left on that day, days
    before the first day, in the future or after the cycle, unknown methods, scores outside 0 – 100,
    and a missing proof of comprehension (JIS Q 15001:2023 7.3: awareness must be checked).

    Args:
        campaign: an open campaign.
        completions: the lines, in order.
        today: the day to judge by.

    Raises:
        DomainError: the campaign is not open.
    """
    require_open(campaign)
    rows = list(completions)
    found = _find(campaign, {row.employee_number for row in rows})
    seen: dict[str, Completion] = {}
    planned = []
    for row in rows:
        before = seen.setdefault(row.employee_number, row)
        if before is row:
            planned.append(_plan(campaign, row, found.get(row.employee_number), today))
        else:
            planned.append(_plan_again(row, before, found.get(row.employee_number)))
    return planned


@transaction.atomic
@as_actor
def apply_completions(
    campaign_id: int,
    planned: Sequence[PlannedCompletion],
    *,
    actor: User,
    now: datetime,
    run: ImportRun | None = None,
) -> int:
    """Log the planned completions in bulk, with the journal, as one event.

    A test below the pass mark counts as a failure and leaves the record open. Passing ends an
    excuse. Lines with the outcomes "already", "repeated" and "refused" are left out.

    Args:
        campaign_id: an open campaign; it and the records stay locked until the transaction ends.
        planned: from `plan_completions`.
        actor: who logs them.
        now: the moment of logging.
        run: the import that they came in by; it can be undone as a whole.

    Returns:
        How many records were changed.

    Raises:
        DomainError: the campaign is not open, or somebody has passed since the plan was made.
    """
    campaign = lock_campaign(campaign_id)
    require_open(campaign)
    wanted = {
        it.record_id: it
        for it in planned
        if it.record_id is not None and it.outcome in {"passed", "failed"}
    }
    rows = list(campaign.records.filter(pk__in=wanted).select_for_update().order_by("pk"))
    settled = [row for row in rows if row.status in {RecordStatus.PASSED, RecordStatus.VOID}]
    if settled or len(rows) < len(wanted):
        raise DomainError(_("Some of these people have passed meanwhile. Check the list again."))
    before = [_logged(row) for row in rows]
    for row in rows:
        it = wanted[row.pk]
        _log(row, it.completion, is_passed=it.outcome == "passed")
        row.lecturer = it.completion.lecturer or campaign.lecturer
        row.logged_by_id, row.logged_at = actor.pk, now
        row.import_run_id = run.pk if run else None
    update_rows(rows, LOGGED)
    record_updated(
        ((row, _differences(old, _logged(row))) for row, old in zip(rows, before, strict=True)),
        actor=actor,
        event="training.completion_logged",
    )
    passed = [row for row in rows if row.status == RecordStatus.PASSED]
    lift_excuses(passed, at=now, actor=actor)
    if run is None:  # an import is an event of its own
        record("training.completions_logged", campaign, actor=actor, details={"people": len(rows)})
    return len(rows)


def obstacles_to_undo_completions(run: ImportRun) -> list[str]:
    """Why the completions of `run` cannot be undone: closed campaign, rows corrected since."""
    rows = TrainingRecord.objects.filter(import_run=run)
    obstacles = [
        _("“%(campaign)s” is closed. Its records can no longer be changed.") % {"campaign": it}
        for it in Campaign.objects.filter(
            status=CampaignStatus.CLOSED, pk__in=rows.values("campaign")
        )
    ]
    corrected = rows.filter(status=RecordStatus.VOID).count()
    if corrected:
        obstacles.append(
            ngettext(
                "%(count)s of these records has been corrected since.",
                "%(count)s of these records have been corrected since.",
                corrected,
            )
            % {"count": corrected}
        )
    return obstacles


@transaction.atomic
@as_actor
def undo_completions(run: ImportRun, *, actor: User, reason: str, now: datetime) -> int:
    """Take back what `run` logged.

    Passed never goes back: the rows become void with the reason, and open rows replace them.

    Returns:
        How many records were voided and replaced.

    Raises:
        DomainError: one of `obstacles_to_undo_completions`, or no reason is given.
    """
    reason = require_reason(reason)
    campaigns = TrainingRecord.objects.filter(import_run=run).values_list("campaign", flat=True)
    for campaign_id in sorted(set(campaigns.order_by())):
        lock_campaign(campaign_id)
    obstacles = obstacles_to_undo_completions(run)
    if obstacles:
        raise DomainError(obstacles)
    old = list(TrainingRecord.objects.filter(import_run=run).select_for_update().order_by("pk"))
    begun = begun_tests(old)
    new = [_reopened(it, it.pk in begun) for it in old]
    records.replace(old, new, reason=reason, actor=actor, moves=True)
    return len(new)


def describe(completion: Completion) -> dict[str, Any]:
    """The completion as plain JSON, for a preview that is stored."""
    day = completion.attended_on
    return asdict(completion) | {"attended_on": day.isoformat() if day else None}


class _Found(NamedTuple):
    """What is known of an employee number."""

    name: str
    left_on: date | None
    record_id: int | None
    status: str


def _find(campaign: Campaign, numbers: set[str]) -> dict[str, _Found]:
    """People and their records by employee number, or by the number they had at the opening."""
    people = {
        pk: (number, f"{family} {given}".strip(), left_on)
        for pk, number, family, given, left_on in Person.objects.filter(
            employee_number__in=numbers
        ).values_list("pk", "employee_number", "family_name", "given_name", "left_on")
    }
    held = {
        person: (pk, status)
        for person, pk, status in campaign.records.population()
        .filter(person__in=people)
        .values_list("person", "pk", "status")
    }
    found = {
        number: _Found(name, left_on, *held.get(pk, (None, "")))
        for pk, (number, name, left_on) in people.items()
    }
    missing = numbers - found.keys()
    if missing:
        former = campaign.records.population().filter(employee_number__in=missing)
        columns = former.values_list("employee_number", "name", "person__left_on", "pk", "status")
        found |= {number: _Found(*facts) for number, *facts in columns}
    return found


def _plan(
    campaign: Campaign, row: Completion, found: _Found | None, today: date
) -> PlannedCompletion:
    if found is None:
        error = _("Nobody has this employee number. Correct the number.")
        return PlannedCompletion(row, "refused", errors=(("employee_number", error),))
    planned = PlannedCompletion(
        row, "refused", record_id=found.record_id, name=found.name, status=found.status
    )
    if found.status == RecordStatus.PASSED:
        return replace(planned, outcome="already")
    errors = (*_faults_of_person(row, found), *_faults_of_facts(campaign, row, today))
    if errors:
        return replace(planned, errors=errors)
    return replace(planned, outcome="passed" if _is_passed(campaign, row) else "failed")


def _plan_again(row: Completion, before: Completion, found: _Found | None) -> PlannedCompletion:
    """Somebody is named twice: the same again does no harm, anything else must be mended."""
    name = found.name if found else ""
    differing = [
        field
        for field in ("attended_on", "score", "method", "comprehension", "lecturer", "session_id")
        if getattr(row, field) != getattr(before, field)
    ]
    if not differing:
        return PlannedCompletion(row, "repeated", name=name)
    error = _("Row %(row)s logs the same person otherwise. Keep one of the two rows.")
    return PlannedCompletion(
        row, "refused", name=name, errors=((differing[0], error % {"row": before.number}),)
    )


def _faults_of_person(row: Completion, found: _Found) -> Iterator[tuple[str, str]]:
    if found.left_on and row.attended_on and found.left_on < row.attended_on:
        yield (
            "employee_number",
            _("%(name)s left on %(day)s. Check the number and the date.")
            % {"name": found.name, "day": found.left_on.isoformat()},
        )
    elif found.record_id is None:
        yield (
            "employee_number",
            _("%(name)s is not in the audience of this training. Check the number.")
            % {"name": found.name},
        )


def _faults_of_facts(campaign: Campaign, row: Completion, today: date) -> Iterator[tuple[str, str]]:
    last = min(today, campaign.cycle.ends_on)
    if row.attended_on is None:
        yield "attended_on", _("Enter the day of the training.")
    elif not campaign.starts_on <= row.attended_on <= last:
        yield (
            "attended_on",
            _("%(day)s is not a day of this training. Enter a day from %(first)s to %(last)s.")
            % {
                "day": row.attended_on.isoformat(),
                "first": campaign.starts_on.isoformat(),
                "last": last.isoformat(),
            },
        )
    if row.method not in Method.values:
        yield "method", _("Say how the person was trained.")
    if row.comprehension and row.comprehension not in Comprehension.values:
        yield "comprehension", _("Say how comprehension was checked.")
    if row.score is not None and not 0 <= row.score <= 100:
        yield "score", _("Enter a score from 0 to 100.")
    elif campaign.pass_mark and row.score is None and _by_test(row):
        yield (
            "score",
            _("Enter the score, or say how comprehension was checked without a test."),
        )


def _by_test(row: Completion) -> bool:
    return row.comprehension in {"", Comprehension.TEST}


def _is_passed(campaign: Campaign, row: Completion) -> bool:
    if campaign.pass_mark is None or row.score is None:
        return True
    return row.score >= campaign.pass_mark


def _log(row: TrainingRecord, completion: Completion, *, is_passed: bool) -> None:
    """Carry the completion into the record; who is excused stays so until passing."""
    row.attended_on = completion.attended_on
    row.passed_on = completion.attended_on if is_passed else None
    row.method = completion.method
    row.comprehension = completion.comprehension
    if not completion.comprehension and completion.score is not None:
        row.comprehension = Comprehension.TEST
    row.score = completion.score
    row.session_id = completion.session_id
    row.failures += 0 if is_passed else 1
    target = RecordStatus.PASSED if is_passed else RecordStatus.FAILED
    if is_passed or row.status not in {target, RecordStatus.EXCUSED}:
        row.move_to(target)


def _differences(old: tuple[Any, ...], new: tuple[Any, ...]) -> dict[str, tuple[Any, Any]]:
    pairs = zip(LOGGED, old, new, strict=True)
    return {name: (before, after) for name, before, after in pairs if before != after}


def _reopened(old: TrainingRecord, is_begun: bool) -> TrainingRecord:
    """The row that replaces `old`, as it was before the logging; attempts follow it."""
    new = records.successor(old, keep_results=False)
    new.failures = old.failures - (old.passed_on is None)
    is_excused = old.status == RecordStatus.EXCUSED
    new.status = RecordStatus.EXCUSED if is_excused else status_by_facts(new.failures, is_begun)
    return new
