"""Months of fiscal years that begin on any day, through month ends and leap years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.cycles.deadlines import add_months, month_end, month_index, month_start, same_day
from pms.cycles.models import year_end

YEAR_STARTS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 4, 1), 0, date(2026, 4, 1)),
        (date(2026, 4, 1), 11, date(2027, 3, 1)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_the_same_day_months_later(day, months, expected):
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("start", "index", "first", "last"),
    [
        (date(2026, 4, 1), 0, date(2026, 4, 1), date(2026, 4, 30)),
        (date(2026, 4, 1), 9, date(2027, 1, 1), date(2027, 1, 31)),
        (date(2026, 4, 1), 11, date(2027, 3, 1), date(2027, 3, 31)),
        (date(2027, 4, 1), 10, date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 1, 1), 11, date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 10, 1), 4, date(2027, 2, 1), date(2027, 2, 28)),
        (date(2026, 3, 21), 0, date(2026, 3, 21), date(2026, 4, 20)),
        (date(2026, 3, 21), 11, date(2027, 2, 21), date(2027, 3, 20)),
        (date(2028, 2, 29), 11, date(2029, 1, 29), date(2029, 2, 27)),
    ],
)
def test_months_of_a_year(start, index, first, last):
    assert (month_start(start, index), month_end(start, index)) == (first, last)


@pytest.mark.parametrize(
    ("day", "old_start", "new_start", "expected"),
    [
        # The same day of the same month.
        (date(2026, 4, 10), date(2026, 4, 1), date(2027, 4, 1), date(2027, 4, 10)),
        # A month's end stays one, into a leap year and out of it.
        (date(2027, 2, 28), date(2026, 4, 1), date(2027, 4, 1), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2027, 4, 1), date(2028, 4, 1), date(2029, 2, 28)),
        # The last day but one of a leap February is the 28th, which exists every year.
        (date(2028, 2, 28), date(2027, 4, 1), date(2028, 4, 1), date(2029, 2, 28)),
        # The company moves its year from April to January: months are counted from the start.
        (date(2026, 9, 30), date(2026, 4, 1), date(2027, 1, 1), date(2027, 6, 30)),
        (date(2026, 9, 15), date(2026, 4, 1), date(2027, 1, 1), date(2027, 6, 15)),
        # A year from the 21st.
        (date(2026, 4, 20), date(2026, 3, 21), date(2027, 3, 21), date(2027, 4, 20)),
    ],
)
def test_last_years_day_in_the_new_year(day, old_start, new_start, expected):
    assert same_day(day, old_start=old_start, new_start=new_start) == expected


@given(start=YEAR_STARTS, days=st.integers(0, 364))
def test_every_day_of_a_year_lies_in_one_of_its_twelve_months(start, days):
    day = min(start + timedelta(days=days), year_end(start))
    index = month_index(start, day)
    assert 0 <= index < 12
    assert month_start(start, index) <= day <= month_end(start, index)


@given(start=YEAR_STARTS, later=YEAR_STARTS, days=st.integers(0, 364))
def test_what_is_taken_over_stays_in_its_month(start, later, days):
    day = min(start + timedelta(days=days), year_end(start))
    moved = same_day(day, old_start=start, new_start=later)
    assert month_index(later, moved) == month_index(start, day)
