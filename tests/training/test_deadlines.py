"""Due days and absences are plain arithmetic on dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.training.deadlines import absence_on, due_again, due_day, is_excused_by

WINDOW = {"starts_on": date(2026, 9, 1), "ends_on": date(2026, 9, 30)}


class TestDueDay:
    @pytest.mark.parametrize(
        ("arose_on", "expected"),
        [
            (date(2020, 4, 1), date(2026, 9, 30)),
            (date(2026, 9, 1), date(2026, 9, 30)),
            (date(2026, 9, 2), date(2026, 10, 2)),
            (date(2026, 9, 30), date(2026, 10, 30)),
        ],
    )
    def test_is_the_last_day_or_so_many_days_after_coming_in(self, arose_on, expected):
        assert due_day(arose_on, **WINDOW, days=30, is_on_joining=False) == expected

    def test_is_never_before_the_last_day_for_who_comes_in_with_few_days(self):
        assert due_day(date(2026, 9, 2), **WINDOW, days=7, is_on_joining=False) == WINDOW["ends_on"]

    @pytest.mark.parametrize(
        ("joined_on", "expected"),
        [(date(2026, 4, 1), date(2026, 10, 1)), (date(2026, 9, 10), date(2026, 10, 10))],
    )
    def test_of_the_training_on_joining_counts_from_joining(self, joined_on, expected):
        assert due_day(joined_on, **WINDOW, days=30, is_on_joining=True) == expected

    def test_after_an_absence_is_never_earlier_than_before(self):
        due = date(2026, 9, 30)

        assert due_again(due, back_on=date(2026, 8, 1), days=30) == due
        assert due_again(due, back_on=date(2026, 9, 20), days=30) == date(2026, 10, 20)


class TestAbsence:
    def test_joins_leaves_that_follow_each_other(self):
        leaves = [
            (date(2026, 8, 1), None),
            (date(2026, 1, 1), date(2026, 3, 31)),
            (date(2026, 4, 1), date(2026, 7, 31)),
        ]

        assert absence_on(leaves, date(2026, 9, 1)) == (date(2026, 1, 1), None)

    def test_knows_the_gap_between_two_leaves(self):
        leaves = [(date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 2), date(2026, 7, 31))]

        assert absence_on(leaves, date(2026, 4, 1)) is None
        assert absence_on(leaves, date(2026, 4, 2)) == leaves[1]

    def test_keeps_the_longer_of_two_that_overlap(self):
        leaves = [(date(2026, 1, 1), date(2026, 12, 31)), (date(2026, 2, 1), date(2026, 2, 28))]

        assert absence_on(leaves, date(2026, 6, 1)) == (date(2026, 1, 1), date(2026, 12, 31))

    def test_is_none_without_leave(self):
        assert absence_on([], date(2026, 9, 1)) is None

    @given(
        st.lists(
            st.tuples(st.integers(0, 60), st.integers(0, 20) | st.none()).map(
                lambda it: (
                    date(2026, 1, 1) + timedelta(it[0]),
                    None if it[1] is None else date(2026, 1, 1) + timedelta(it[0] + it[1]),
                )
            ),
            max_size=6,
        ),
        st.integers(0, 90),
    )
    def test_holds_the_day_exactly_if_a_leave_does(self, leaves, day):
        asked = date(2026, 1, 1) + timedelta(day)

        found = absence_on(leaves, asked)

        covered = [it for it in leaves if it[0] <= asked and (it[1] is None or it[1] >= asked)]
        assert (found is not None) == bool(covered)
        for start, end in covered:
            assert found[0] <= start
            assert found[1] is None or (end is not None and end <= found[1])


class TestExcuse:
    @pytest.mark.parametrize(
        ("absence", "expected"),
        [
            (None, False),
            ((date(2026, 4, 1), None), True),
            ((date(2026, 4, 1), date(2026, 9, 30)), True),
            ((date(2026, 4, 1), date(2026, 9, 29)), False),
            ((date(2026, 9, 30), date(2026, 12, 31)), True),
            ((date(2026, 10, 1), None), False),
        ],
    )
    def test_covers_the_due_day_from_before_to_after(self, absence, expected):
        assert is_excused_by(absence, date(2026, 9, 30)) is expected
