"""Preparing and opening a campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pms.accounts.models import User
from pms.cycles.models import Cycle
from pms.organization.models import Department, Person
from pms.training.models import Campaign, Course, Session


@dataclass(frozen=True, slots=True)
class AudiencePreview:
    """Whom a campaign would reach on a day. The list itself: `campaign.audience_on(day)`.

    Attributes:
        total: people who would get a record.
        by_department: department and number, largest first.
        by_kind: employment kind and number, largest first.
        on_leave: of `total`, how many would be excused at once, being on leave until after the end.
        without_account: of `total`, how many cannot take e-learning.
        not_workers: employed on that day but outsiders, who are not 従業者.
        unplaced: employed on that day without a main affiliation: nobody would train them.
    """

    total: int
    by_department: list[tuple[Department, int]]
    by_kind: list[tuple[str, int]]
    on_leave: int
    without_account: int
    not_workers: int
    unplaced: list[Person]


def create_campaign(
    cycle: Cycle,
    course: Course,
    *,
    actor: User,
    audience_departments: Sequence[Department] = (),
    **fields: Any,
) -> Campaign:
    """Prepare a campaign; nobody is concerned until it is opened.

    Args:
        cycle: the year that it is filed under.
        course: what is taught.
        actor: who prepares it.
        audience_departments: with those below them; none means all.
        fields: of the model: title, starts_on, ends_on, pass_mark, question_count, audience_kinds …

    Raises:
        ValidationError: a field or the window is wrong, e.g. outside the cycle.
    """
    raise NotImplementedError


def change_campaign(
    campaign_id: int,
    *,
    actor: User,
    audience_departments: Sequence[Department] | None = None,
    **fields: Any,
) -> Campaign:
    """Change a campaign in preparation; once it is open only titles and lecturer.

    Raises:
        DomainError: the campaign is closed, or open and the field is settled.
        ValidationError: as in `create_campaign`.
    """
    raise NotImplementedError


def discard_campaign(campaign_id: int, *, actor: User) -> None:
    """Remove a campaign that was never opened.

    Raises:
        InvalidTransitionError: it was opened.
    """
    raise NotImplementedError


def preview_audience(campaign: Campaign, *, today: date) -> AudiencePreview:
    """Count whom the campaign would reach if it were opened today; writes nothing."""
    raise NotImplementedError


def opening_obstacles(campaign: Campaign, *, today: date) -> list[str]:
    """What the campaign still lacks before it can be opened; a sentence with the cure each."""
    raise NotImplementedError


def open_campaign(campaign_id: int, *, actor: User, today: date, now: datetime) -> Campaign:
    """Open a campaign: freeze its questions, and one record for each person of its audience.

    Everyone who works under the company's direction is to be trained (PPC guideline 3-4-3),
    according to a plan approved before (J.3.3; J.4.3). Department and employment kind are those of
    today. People who are on leave until after the end are excused at once by rule.

    Args:
        campaign_id: a draft; the row stays locked until the transaction ends.
        actor: who opens it.
        today: the day of the snapshot, in the organization's time zone.
        now: the moment of opening.

    Returns:
        The open campaign; one that is open already comes back as it is.

    Raises:
        OpeningRefusedError: with one message for each of `opening_obstacles`.
        InvalidTransitionError: it is closed.
    """
    raise NotImplementedError


def extend_campaign(campaign_id: int, *, ends_on: date, actor: User, reason: str) -> Campaign:
    """Move the last day of an open campaign, and the due days that were that day.

    Raises:
        DomainError: it is not open, the day is not later than before or lies outside the cycle,
            or no reason is given.
    """
    raise NotImplementedError


def add_session(
    campaign_id: int,
    *,
    actor: User,
    held_on: date,
    place: str = "",
    lecturer: str = "",
    is_make_up: bool = False,
    note: str = "",
) -> Session:
    """Plan a class-room hour, or a make-up session for those who missed it.

    Raises:
        DomainError: the campaign is closed, or the day lies before its first day or after the
            cycle.
    """
    raise NotImplementedError


def change_session(session_id: int, *, actor: User, **fields: Any) -> Session:
    """Change the facts of a session; refusals as in `add_session`."""
    raise NotImplementedError


def remove_session(session_id: int, *, actor: User) -> None:
    """Remove a session that nobody was logged for.

    Raises:
        DomainError: records name it, or the campaign is closed.
    """
    raise NotImplementedError
