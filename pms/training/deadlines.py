"""Days and counts of training's rules; what they give is stored when the duty arises."""

from collections.abc import Iterable
from datetime import date, timedelta

# After so many failures somebody talks with the person before the next attempt; and again after
# as many more.
INTERVIEW_AFTER = 3

type Span = tuple[date, date | None]


def due_day(
    arose_on: date, *, starts_on: date, ends_on: date, days: int, is_on_joining: bool
) -> date:
    """The last day for somebody whose duty to be trained arose on `arose_on`.

    The training on joining is due so many days after joining. Any other is due on the campaign's
    last day; only whoever comes while it runs is given so many days at least.

    Args:
        arose_on: the day of joining, or of coming into the audience.
        starts_on, ends_on: the campaign's window.
        days: that somebody who joins is given.
        is_on_joining: whether this is the training on joining.
    """
    given = max(arose_on, starts_on) + timedelta(days=days)
    if is_on_joining:
        return given
    return max(ends_on, given) if arose_on > starts_on else ends_on


def absence_on(leaves: Iterable[Span], day: date) -> Span | None:
    """The absence that `day` lies in: leaves that follow each other without a gap are one.

    Args:
        leaves: first and last day of each; no last day means until further notice.
        day: the day asked for.
    """
    joined: list[Span] = []
    for first, last in sorted(leaves, key=lambda span: span[0]):
        start, end = joined[-1] if joined else (first, last)
        if joined and (end is None or first <= end + timedelta(days=1)):
            joined[-1] = start, None if end is None or last is None else max(end, last)
        else:
            joined.append((first, last))
    holds = (it for it in joined if it[0] <= day and (it[1] is None or it[1] >= day))
    return next(holds, None)


def is_excused_by(absence: Span | None, due_on: date) -> bool:
    """Whether somebody could not meet `due_on` because of an absence.

    It has begun by then and is not over; leave that begins after the last day excuses nothing.
    """
    if absence is None:
        return False
    start, end = absence
    return start <= due_on and (end is None or end >= due_on)


def due_again(due_on: date, *, back_on: date, days: int) -> date:
    """The last day for somebody who is back on `back_on`: never earlier than it was."""
    return max(due_on, back_on + timedelta(days=days))
