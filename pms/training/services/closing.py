"""Closing a campaign, and the report on it (教育実施報告書)."""

from dataclasses import dataclass
from datetime import date, datetime

from pms.accounts.models import User
from pms.training.models import Campaign, Report

# So many people are named in a refusal; the rest is counted.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a campaign cannot be closed yet; as text a whole sentence with the names.

    Attributes:
        kind: "open", "waiting" (an excuse waits for approval) or "untrained" (joined meanwhile,
            and in no training on joining).
        count: how many people.
        people: the first of them, as "employee number name", at most `NAMED`.
    """

    kind: str
    count: int
    people: list[str]


def closing_obstacles(campaign: Campaign, *, today: date) -> list[Obstacle]:
    """Who stands in the way of closing; writes nothing. Apply the dated rules first."""
    raise NotImplementedError


def close_campaign(campaign_id: int, *, actor: User, today: date, now: datetime) -> Campaign:
    """Close a campaign: the dated rules are applied, the figures of its report are frozen.

    Afterwards the database refuses every change of the campaign and of its records.

    Args:
        campaign_id: an open campaign; the row stays locked until the transaction ends.
        actor: who closes it.
        today: the day to judge by.
        now: the moment of closing.

    Returns:
        The closed campaign; one that is closed already comes back as it is.

    Raises:
        ClosingRefusedError: somebody is open without an approved excuse or a decision
            (`FollowUpKind.DECISION`), named; nothing is changed.
        InvalidTransitionError: it was never opened.
    """
    raise NotImplementedError


def write_report(
    campaign_id: int,
    *,
    actor: User,
    opinions: str = "",
    effectiveness: str = "",
    improvements: str = "",
    reported_to: str = "",
    reported_on: date | None = None,
) -> Report:
    """Write the words of the report, while the campaign is open or after it was closed.

    Raises:
        DomainError: the campaign was never opened, or the report is approved.
    """
    raise NotImplementedError


def approve_report(report_id: int, *, actor: User, today: date) -> Report:
    """Approve the report on a closed campaign; then nothing of it changes any more.

    Raises:
        DomainError: the campaign is not closed, the evaluation of effectiveness is empty, nobody
            is named that it was reported to, or `actor` made the report.
    """
    raise NotImplementedError
