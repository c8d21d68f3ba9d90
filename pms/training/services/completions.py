"""Logging what people did elsewhere: in a class-room, on paper, with a video."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pms.accounts.models import User
from pms.training.models import Campaign
from pms.transfer.models import ImportRun


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
    raise NotImplementedError


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
    raise NotImplementedError


def obstacles_to_undo_completions(run: ImportRun) -> list[str]:
    """Why the completions of `run` cannot be undone: closed campaign, rows corrected since."""
    raise NotImplementedError


def undo_completions(run: ImportRun, *, actor: User, reason: str, now: datetime) -> int:
    """Take back what `run` logged.

    Passed never goes back: the rows become void with the reason, and open rows replace them.

    Returns:
        How many records were voided and replaced.

    Raises:
        DomainError: one of `obstacles_to_undo_completions`, or no reason is given.
    """
    raise NotImplementedError


def describe(completion: Completion) -> dict[str, Any]:
    """The completion as plain JSON, for a preview that is stored."""
    raise NotImplementedError
