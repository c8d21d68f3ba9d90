"""Where one person belongs over time, as plain data: what joining, leaving and moving do to it.

The same rules as in `services`, for many people at once and without touching the database. Each
function changes the list it is given and raises `RefusedError` where the rules do not allow it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

ONE_DAY: Final = timedelta(days=1)


class RefusedError(ValueError):
    """A row of a roster asks for something that cannot be; names the column and the cure."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody belongs; None is what nobody has said."""

    department_id: int | None
    kind: str | None
    post: str | None

    def over(self, present: "Place") -> "Place":
        """This place, with what nobody has said taken from `present`."""
        return Place(
            present.department_id if self.department_id is None else self.department_id,
            present.kind if self.kind is None else self.kind,
            present.post if self.post is None else self.post,
        )


@dataclass(slots=True)
class Stay:
    """One affiliation; without an id it is not stored yet."""

    id: int | None
    place: Place
    is_primary: bool
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        """Whether `day` lies within it."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def main_on(stays: Sequence[Stay], day: date) -> Stay | None:
    """The main affiliation on `day`."""
    return next((it for it in stays if it.is_primary and it.holds_on(day)), None)


def join_on(stays: list[Stay], former: date, joined_on: date) -> None:
    """Another day of joining: what began with the employment begins with it again."""
    for stay in stays:
        if stay.starts_on == former:
            stay.starts_on = joined_on
        if stay.starts_on < joined_on or (stay.ends_on and stay.ends_on < joined_on):
            raise RefusedError(
                "joined_on",
                _(
                    "The system has a department from %(day)s on, before this day. Correct the "
                    "day, or the affiliations on the page of this person first."
                )
                % {"day": stay.starts_on},
            )


def leave_on(stays: list[Stay], former: date | None, left_on: date | None) -> None:
    """Another last day, or none any more: what ended with the employment ends with it again."""
    for stay in stays:
        if left_on and stay.starts_on > left_on:
            raise RefusedError(
                "left_on",
                _(
                    "The system has a department from %(day)s on, after this day. Correct the "
                    "day, or the affiliations on the page of this person first."
                )
                % {"day": stay.starts_on},
            )
        goes_beyond = left_on and (stay.ends_on is None or stay.ends_on > left_on)
        if goes_beyond or (former and stay.ends_on == former):
            stay.ends_on = left_on


def move_on(stays: list[Stay], place: Place, day: date, left_on: date | None) -> Stay | None:
    """Another main affiliation from `day` on; gives it, or None if nothing changes.

    One that begins on `day` itself is replaced in place.
    """
    present = main_on(stays, day)
    new = place.over(present.place) if present else place
    if present and present.place == new:
        return None
    later = next((it for it in stays if it.is_primary and it.starts_on > day), None)
    if later is not None:
        if later.place == place.over(later.place):
            return None  # it is planned already
        raise RefusedError(
            "department_code",
            _(
                "The system has another department from %(day)s on already. Correct that one on "
                "the page of this person, or give a later day for the change."
            )
            % {"day": later.starts_on},
        )
    if present and present.starts_on == day:
        present.place = new
        return present
    if present:
        present.ends_on = day - ONE_DAY
    moved = Stay(None, Place(new.department_id, new.kind, new.post or ""), True, day, left_on)
    stays.append(moved)
    return moved


def clashes(stays: Sequence[Stay], moved: Stay) -> Iterator[Stay]:
    """Concurrent posts in the department that somebody moves to, in the same time."""
    for stay in stays:
        if (
            stay is not moved
            and stay.place.department_id == moved.place.department_id
            and (stay.ends_on is None or stay.ends_on >= moved.starts_on)
            and (moved.ends_on is None or stay.starts_on <= moved.ends_on)
        ):
            yield stay
