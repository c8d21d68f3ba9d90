"""On which days the company works: what is told to people is told on those."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, Self

from django.core.cache import cache

from .models import ClosedDay

ONE_DAY: Final = timedelta(days=1)
FRIDAY: Final = 4
WEEK: Final = 7 * 24 * 3600  # seconds
# No country is closed for so long; a search that goes on is a mistake in the data.
LONGEST_SEARCH: Final = 366


def public_holidays(year: int) -> frozenset[date]:
    """国民の祝日 of a year and the days in their place (国民の祝日に関する法律 arts. 2, 3).

    Remembered for a week in the cache that all processes share: to load the library takes longer
    than a run of `run_due` with nothing to do.
    """
    key = f"public-holidays:{year}"
    found: Any = cache.get_or_set(key, partial(_look_up, year), timeout=WEEK)
    return frozenset(found)


def new_public_holidays() -> frozenset[date]:
    """Holidays made by law that the library does not know yet, as entered by the company."""
    rows = ClosedDay.objects.filter(is_public_holiday=True).order_by()
    return frozenset(rows.values_list("day", flat=True))


def _look_up(year: int) -> frozenset[date]:
    from holidays.countries.japan import Japan

    return frozenset(Japan(years=year))


class WorkingDays:
    """The company's calendar, as it was when it was loaded.

    Args:
        closed: the company's own closed days.
    """

    def __init__(self, closed: Collection[date] = ()) -> None:
        self.closed = frozenset(closed)
        self._holidays: dict[int, frozenset[date]] = {}

    @classmethod
    def load(cls) -> Self:
        """With the closed days of the database, in one query; load it once for a run."""
        return cls(ClosedDay.objects.order_by().values_list("day", flat=True))

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is no weekend, no public holiday and no closed day of the company."""
        if day.weekday() > FRIDAY or day in self.closed:
            return False
        if day.year not in self._holidays:
            self._holidays[day.year] = public_holidays(day.year)
        return day not in self._holidays[day.year]

    def next_working_day(self, day: date) -> date:
        """`day` itself if the company works on it, else the first working day after it."""
        return self._search(day, ONE_DAY)

    def previous_working_day(self, day: date) -> date:
        """`day` itself if the company works on it, else the last working day before it."""
        return self._search(day, -ONE_DAY)

    def add(self, day: date, count: int) -> date:
        """The working day that comes `count` working days after `day`, or before it if negative.

        `day` itself is not counted; with a `count` of 0 it is given back whatever day it is.
        """
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _number in range(abs(count)):
            day = self._search(day + step, step)
        return day

    def _search(self, day: date, step: timedelta) -> date:
        found = day
        for _number in range(LONGEST_SEARCH):
            if self.is_working_day(found):
                return found
            found += step
        raise ValueError(f"No working day within a year of {day}: look at the closed days.")
