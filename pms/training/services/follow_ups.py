"""Following up those who are not through: approaching them, excusing them."""

from datetime import date, datetime

from pms.accounts.models import User
from pms.training.models import Excuse, FollowUp


def add_follow_up(
    record_id: int, *, kind: str, done_on: date, result: str, actor: User, now: datetime
) -> FollowUp:
    """Write down what was done about somebody who is not through yet.

    An interview (`FollowUpKind.INTERVIEW`) opens the test again after every third failure; a
    decision (`FollowUpKind.DECISION`) lets the campaign close although the person is open.

    Args:
        record_id: whose.
        kind: a `FollowUpKind`.
        done_on: the day, not in the future.
        result: what came of it.
        actor: who did it or writes it down.
        now: the moment of writing.

    Raises:
        DomainError: the campaign is not open, the person has passed, or the day is in the future.
    """
    raise NotImplementedError


def request_excuse(
    record_id: int,
    *,
    reason: str,
    actor: User,
    now: datetime,
    note: str = "",
    until: date | None = None,
) -> Excuse:
    """Ask to excuse somebody from this training.

    Args:
        record_id: whose.
        reason: an `ExcuseReason`.
        actor: who asks.
        now: the moment of asking.
        note: the explanation; needed for `ExcuseReason.OTHER`.
        until: the last day of the excuse; the training is due again afterwards. None: for good.

    Raises:
        DomainError: the campaign is not open, the person has passed, an excuse is waiting or in
            force, `until` is over, or the explanation is missing.
    """
    raise NotImplementedError


def decide_excuse(
    excuse_id: int, *, approve: bool, actor: User, now: datetime, note: str = ""
) -> Excuse:
    """Approve or refuse a request to be excused.

    Args:
        excuse_id: a request; it and its record stay locked until the transaction ends.
        approve: True excuses the person, False leaves the training due.
        actor: somebody other than who asked and than the person concerned.
        now: the moment of deciding.
        note: why; needed for a refusal.

    Raises:
        DomainError: `actor` asked for it or is the person concerned, a refusal gives no reason, the
            campaign is not open.
        InvalidTransitionError: it is decided already, otherwise than asked now.
    """
    raise NotImplementedError


def end_excuse(excuse_id: int, *, actor: User, reason: str, now: datetime) -> Excuse:
    """End an excuse, or withdraw a request, before its time; the training is due again.

    Raises:
        DomainError: the campaign is not open or no reason is given.
        InvalidTransitionError: it is neither waiting nor in force.
    """
    raise NotImplementedError
