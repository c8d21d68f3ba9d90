"""On which days the steps of a duty fall; every case is a row."""

from datetime import date, timedelta

import pytest

from pms.organization.calendar import WorkingDays
from pms.reminders.planning import Timetable
from pms.reminders.rules import (
    Audience,
    Rule,
    Step,
    after,
    at_the_start,
    before,
    daily_after,
    for_manager,
    on_the_day,
    weekly_after,
)

LONG_AGO = date(2020, 4, 1)
YEAR_END = [date(2026, 12, day) for day in (29, 30, 31)] + [date(2027, 1, day) for day in (2, 3, 4)]
SUMMER = [date(2026, 8, day) for day in range(10, 15)]


def steps_due(steps, *, due_on, today, arose_on=LONG_AGO, closed=()):
    """Key and working day of the steps that have come due for the person."""
    timetable = Timetable(steps, today=today, calendar=WorkingDays(closed))
    rows = timetable.come_due(due_on=due_on, arose_on=arose_on)
    return [(it.key, it.planned_on) for it in rows.get(Audience.PERSON, ())]


@pytest.mark.parametrize(
    ("step", "due_on", "planned_on"),
    [
        pytest.param(before(14), date(2026, 9, 30), date(2026, 9, 16), id="a working day"),
        pytest.param(before(7), date(2026, 9, 29), date(2026, 9, 18), id="before silver week"),
        pytest.param(before(1), date(2026, 9, 7), date(2026, 9, 4), id="Sunday to Friday"),
        pytest.param(on_the_day(), date(2026, 9, 6), date(2026, 9, 4), id="due on a Sunday"),
        pytest.param(after(7), date(2026, 8, 29), date(2026, 9, 7), id="Saturday to Monday"),
        pytest.param(before(7), date(2027, 1, 8), date(2026, 12, 28), id="back over the year end"),
        pytest.param(after(7), date(2026, 12, 25), date(2027, 1, 5), id="on over the year end"),
        pytest.param(before(1), date(2027, 3, 1), date(2027, 2, 26), id="back over a month end"),
        pytest.param(before(1), date(2028, 3, 1), date(2028, 2, 29), id="to a leap day"),
        pytest.param(after(7), date(2028, 2, 22), date(2028, 2, 29), id="on to a leap day"),
        pytest.param(
            after(365), date(2028, 2, 29), date(2029, 2, 28), id="a year after a leap day"
        ),
        pytest.param(before(1), date(2026, 8, 17), date(2026, 8, 7), id="closed in a row, back"),
        pytest.param(after(7), date(2026, 8, 3), date(2026, 8, 17), id="closed in a row, on"),
        pytest.param(before(1), date(2026, 5, 7), date(2026, 5, 1), id="golden week"),
    ],
)
def test_a_warning_moves_back_to_a_working_day_and_a_dunning_on(step, due_on, planned_on):
    closed = [*YEAR_END, *SUMMER]

    for today, expected in [
        (planned_on - timedelta(days=1), []),
        (planned_on, [(step.key, planned_on)]),
        (planned_on + timedelta(days=40), [(step.key, planned_on)]),
    ]:
        assert steps_due([step], due_on=due_on, today=today, closed=closed) == expected


def test_a_weekly_step_comes_in_every_week_of_a_year_of_53():
    # The ISO year 2026 has 53 weeks: from Monday 2025-12-29 to Sunday 2027-01-03.
    due_on, last_day = date(2025, 12, 24), date(2026, 12, 30)

    found = steps_due([weekly_after(7)], due_on=due_on, today=last_day)

    weeks = [planned_on.isocalendar().week for _, planned_on in found]
    assert [key for key, _ in found] == [f"after:{7 * number}" for number in range(1, 54)]
    assert weeks == list(range(1, 54))


def test_a_weekly_step_ends_when_it_says():
    found = steps_due([weekly_after(7, until=21)], due_on=date(2026, 6, 1), today=date(2026, 9, 1))

    assert [key for key, _ in found] == ["after:7", "after:14", "after:21"]


@pytest.mark.parametrize(
    ("arose_on", "expected"),
    [
        pytest.param(date(2026, 9, 1), ["start", "before:14", "before:7", "before:1"], id="early"),
        pytest.param(
            date(2026, 9, 16), ["before:14", "start", "before:7", "before:1"], id="14 left"
        ),
        pytest.param(date(2026, 9, 17), ["start", "before:7", "before:1"], id="13 left"),
        pytest.param(date(2026, 9, 28), ["start", "before:1"], id="2 left"),
        pytest.param(date(2026, 9, 30), ["start"], id="on the last day"),
    ],
)
def test_what_lies_before_the_duty_arose_never_counts(arose_on, expected):
    steps = [before(14), before(7), before(1), at_the_start()]

    found = steps_due(steps, due_on=date(2026, 9, 30), arose_on=arose_on, today=date(2026, 9, 30))

    assert [key for key, _ in found] == expected


def test_the_start_waits_for_a_working_day():
    found = steps_due(
        [at_the_start()],
        due_on=date(2026, 9, 30),
        arose_on=date(2026, 9, 5),
        today=date(2026, 9, 7),
    )

    assert found == [("start", date(2026, 9, 7))]


def test_the_newest_step_is_last_where_several_fall_on_one_day():
    found = steps_due(
        [on_the_day(), before(3), before(1)], due_on=date(2026, 5, 6), today=date(2026, 5, 1)
    )

    assert found == [
        ("before:3", date(2026, 5, 1)),
        ("before:1", date(2026, 5, 1)),
        ("on", date(2026, 5, 1)),
    ]


def test_the_steps_of_a_manager_stand_apart():
    timetable = Timetable(
        [before(1), *for_manager(before(1), weekly_after(7))],
        today=date(2026, 9, 14),
        calendar=WorkingDays(),
    )

    rows = timetable.come_due(due_on=date(2026, 9, 2), arose_on=LONG_AGO)

    assert {audience: [it.key for it in steps] for audience, steps in rows.items()} == {
        Audience.PERSON: ["before:1"],
        Audience.MANAGER: ["manager:before:1", "manager:after:7"],
    }


@pytest.mark.parametrize("make", [before, after, weekly_after])
def test_a_step_lies_away_from_the_due_date(make):
    with pytest.raises(ValueError, match="at least one day"):
        make(0)


def test_a_rule_refuses_the_same_step_twice():
    steps: tuple[Step, ...] = (after(7), weekly_after(7))

    with pytest.raises(ValueError, match="one step twice"):
        Rule("test.duty", "x", "organization.Site", steps, lambda today: [])


def test_a_daily_step_comes_on_every_day_once_the_day_is_over():
    timetable = Timetable(
        [daily_after()], today=date(2026, 11, 24), calendar=None
    )  # from a Friday over a long weekend

    found = timetable.come_due(due_on=date(2026, 11, 20), arose_on=LONG_AGO)[Audience.PERSON]

    assert [it.planned_on.day for it in found] == [21, 22, 23, 24]


@pytest.mark.parametrize("step", [before(2), on_the_day(), after(1), at_the_start()])
def test_a_rule_that_tells_on_any_day_moves_nothing(step):
    sunday = date(2026, 11, 22)
    due_on = sunday - timedelta(days=step.offset or 0)

    timetable = Timetable([step], today=sunday, calendar=None)

    (found,) = timetable.come_due(due_on=due_on, arose_on=sunday)[Audience.PERSON]
    assert (found.key, found.planned_on) == (step.key, sunday)
