"""The escalation ladder of the legal days: told on any day, by number, to who may know."""

from datetime import datetime, timedelta

import pytest

from pms.accounts.roles import Role
from pms.incidents import services
from pms.incidents.choices import Kind, RecordKind
from pms.incidents.models import IncidentSettings
from pms.incidents.reminders import RULES
from pms.notifications.models import Notification
from pms.organization.models import Company
from pms.reminders.models import Reminder
from pms.reminders.services import Result, remind
from tests.accounts.factories import UserFactory

from .factories import JAPAN, NOW, TODAY, assess, report
from .test_desk import duty, file, write

pytestmark = pytest.mark.django_db


def day(number):
    """The day that is `number`, when the Friday of the report is 1."""
    return TODAY + timedelta(days=number - 1)


def run(today):
    return remind(RULES, today=today, now=datetime(*today.timetuple()[:3], 12, tzinfo=JAPAN))


def days_told(user, numbers, rule):
    """On which of these days, in their order, `user` is told."""
    for number in numbers:
        run(day(number))
    return [(it - TODAY).days + 1 for it in told_to(user, rule=rule)]


def told_to(user, **facts):
    """The days on which `user` was told."""
    rows = Reminder.objects.filter(person=user.person, told_on__isnull=False, **facts)
    return sorted(set(rows.values_list("told_on", flat=True)))


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRIVACY_MANAGER])


@pytest.fixture
def deputy():
    return UserFactory(roles=[Role.DEPUTY_PRIVACY_MANAGER])


@pytest.fixture
def president():
    return UserFactory(roles=[Role.TOP_MANAGEMENT])


@pytest.fixture
def others():
    """Everybody who may not know."""
    return [
        UserFactory(roles=[role])
        for role in Role
        if role not in {Role.PRIVACY_MANAGER, Role.DEPUTY_PRIVACY_MANAGER, Role.TOP_MANAGEMENT}
    ]


class TestLadder:
    def test_of_what_nobody_judged_begins_on_day_2_and_reaches_the_top_on_day_5(
        self, manager, deputy, president
    ):
        report()
        # The 20th is a Friday, the 23rd a holiday.
        for number in range(1, 7):
            run(day(number))
        assert told_to(manager) == told_to(deputy) == [day(it) for it in (2, 3, 4, 5, 6)]
        assert told_to(president) == [day(5), day(6)]

    def test_of_a_near_miss_does_not_reach_the_top(self, manager, president):
        report(kind=RecordKind.NEAR_MISS)
        for number in range(1, 9):
            run(day(number))
        assert Reminder.objects.filter(person=manager.person).exists()
        assert not Reminder.objects.filter(person=president.person).exists()

    def test_of_the_first_report_is_day_3_day_5_and_daily(self, manager, president):
        assess(report(), "sensitive", actor=manager)
        rule = "incidents.first_report"
        assert days_told(manager, range(1, 9), rule) == [3, 5, 6, 7, 8]
        assert told_to(president, rule=f"{rule}_escalated") == [day(it) for it in (5, 6, 7, 8)]

    def test_of_the_final_report_is_10_5_1_days_before_and_daily_afterwards(
        self, manager, president
    ):
        assess(report(), "sensitive", actor=manager)
        # Day 30 is Saturday the 19th; the last day is Monday the 21st, day 32.
        rule = "incidents.final_report"
        assert days_told(manager, range(18, 36), rule) == [22, 27, 31, 32, 33, 34, 35]
        assert told_to(president, rule=f"{rule}_escalated") == [day(it) for it in (33, 34, 35)]

    def test_of_the_persons_is_the_target_and_weekly(self, manager):
        assess(report(), "sensitive", actor=manager)
        assert days_told(manager, range(1, 20), "incidents.persons") == [5, 12, 19]

    def test_ends_with_what_it_is_about(self, manager, president):
        IncidentSettings.objects.update_or_create(pk=1, defaults={"top_management_approves": False})
        incident = report()
        assess(incident, "sensitive", actor=manager)
        write(incident)
        file(duty(incident, Kind.PPC_PRELIMINARY))
        assert days_told(manager, range(1, 9), "incidents.first_report") == []

    def test_ends_with_the_case(self, manager):
        incident = report()
        services.dismiss(incident.pk, reason="個人情報なし", actor=manager, now=NOW)
        assert run(day(9)) == Result()

    def test_begins_where_a_late_report_stands(self, manager):
        """Noticed on day 1, entered on day 4: what lies before is not told any more."""
        later = NOW + timedelta(days=3)
        assess(report(now=later), "sensitive", actor=manager, now=later)
        assert days_told(manager, range(4, 7), "incidents.first_report") == [5, 6]


class TestTelling:
    def test_is_done_once_a_day_however_often_it_runs(self, manager):
        report()
        assert run(day(2)).told == 1
        assert run(day(2)) == Result()

    def test_catches_up_after_an_outage_with_one_line(self, manager):
        assess(report(), "sensitive", actor=manager)
        result = run(day(8))
        assert result.people == 1
        told = Reminder.objects.filter(rule="incidents.first_report", state="told")
        assert [it.step for it in told] == ["after:3"]

    def test_makes_one_line_of_the_reports_of_one_day(self, manager):
        Company.objects.update_or_create(
            pk=1, defaults={"name": "みなと", "privacy_mark_number": "1"}
        )
        assess(report(), "sensitive", actor=manager)
        run(day(3))
        assert Reminder.objects.filter(rule="incidents.first_report").count() == 1

    def test_names_the_number_and_nothing_of_the_case(self, manager):
        incident = report(what="鞄の中に健康診断の結果")
        incident.title = "健診結果の紛失"
        incident.save()
        run(day(2))
        row, notice = Reminder.objects.get(), Notification.objects.latest("pk")
        assert row.title == incident.number
        assert incident.number in notice.body
        for words in ("鞄", "健診", "健康診断"):
            assert words not in notice.body + notice.subject

    def test_reaches_nobody_who_may_not_know(self, manager, others):
        assess(report(), "sensitive", actor=manager)
        report()
        for number in range(1, 9):
            run(day(number))
        told = Reminder.objects.values_list("person__user", flat=True).distinct()
        assert set(told) == {manager.pk}
        for user in others:
            assert not Reminder.objects.visible_to(user).exists()
