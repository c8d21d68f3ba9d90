"""Days of corrective actions, each with its rule."""

from datetime import date

import pytest

from pms.corrective_actions.deadlines import (
    answer_due,
    check_due,
    check_from,
    recurrence_since,
)


@pytest.mark.parametrize(
    ("done_on", "grade", "first"),
    [
        (date(2026, 5, 29), "minor", date(2026, 8, 29)),
        (date(2026, 11, 30), "minor", date(2027, 2, 28)),  # a month without such a day
        (date(2026, 5, 29), "major", date(2026, 11, 29)),  # as the company says
        (date(2026, 5, 29), "observation", date(2026, 8, 29)),  # not named: three months
    ],
)
def test_the_effect_is_waited_for(done_on, grade, first):
    assert check_from(done_on, grade, {"major": 6, "minor": 3}) == first


def test_a_check_has_thirty_days():
    assert check_due(date(2026, 8, 29)) == date(2026, 9, 28)


@pytest.mark.parametrize(
    ("received_on", "is_repeated", "due_on"),
    [
        (date(2026, 4, 10), False, date(2026, 7, 10)),
        (date(2026, 4, 10), True, date(2026, 5, 10)),
        (date(2026, 11, 30), False, date(2027, 2, 28)),
        (date(2027, 1, 31), True, date(2027, 2, 28)),
    ],
)
def test_findings_are_answered_within_three_months_and_repeated_ones_within_one(
    received_on, is_repeated, due_on
):
    assert answer_due(received_on, is_repeated=is_repeated) == due_on


@pytest.mark.parametrize(
    ("found_on", "since"),
    [(date(2026, 4, 10), date(2024, 4, 10)), (date(2028, 2, 29), date(2026, 2, 28))],
)
def test_a_recurrence_reaches_back_24_months(found_on, since):
    assert recurrence_since(found_on) == since
