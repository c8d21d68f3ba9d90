"""Months of a fiscal year that may begin on any day; pure functions, days in and days out."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

MONTHS: Final = 12


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a month that has no such day."""
    count = day.year * MONTHS + day.month - 1 + months
    year, month = divmod(count, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_start(year_start: date, index: int) -> date:
    """The first day of month `index` (0 to 11) of the fiscal year that begins on `year_start`."""
    return add_months(year_start, index)


def month_end(year_start: date, index: int) -> date:
    """The last day of month `index` of the fiscal year that begins on `year_start`."""
    return add_months(year_start, index + 1) - timedelta(days=1)


def month_index(year_start: date, day: date) -> int:
    """Which month of the fiscal year `day` lies in; below 0 before it, 12 and more after it."""
    index = (day.year - year_start.year) * MONTHS + day.month - year_start.month
    return index if add_months(year_start, index) <= day else index - 1


def same_day(day: date, *, old_start: date, new_start: date) -> date:
    """Where `day` of the year from `old_start` lies in the year from `new_start`.

    The last day of a month stays the last day of that month, so that a plan made of last year's
    keeps its month ends through leap years and years that begin on another day.
    """
    index = month_index(old_start, day)
    if day == month_end(old_start, index):
        return month_end(new_start, index)
    since = (day - month_start(old_start, index)).days
    return min(month_start(new_start, index) + timedelta(days=since), month_end(new_start, index))
