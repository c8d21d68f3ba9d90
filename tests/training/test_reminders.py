"""Whom training reminds: who is not through, who manages them, who decides on excuses."""

from datetime import date, datetime, timedelta

import pytest

from pms.accounts.roles import Role
from pms.notifications.models import Notification
from pms.reminders.choices import ReminderState
from pms.reminders.models import Reminder
from pms.reminders.services import remind
from pms.training import services
from pms.training.choices import ExcuseReason, RecordStatus
from pms.training.reminders import RULES, excuses_to_decide, trainings_to_take
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory, LeaveFactory, PersonFactory

from .factories import (
    ENDS_ON,
    STARTS_ON,
    CampaignFactory,
    ExcuseFactory,
    TrainingRecordFactory,
    at,
    close_campaign,
    pass_everybody,
    record_of,
)

pytestmark = pytest.mark.django_db


def run(day):
    services.apply_dated_rules(today=day)
    return remind(RULES, today=day, now=at(day))


def told_days(first, last, user):
    """The days on which a digest came for `user`."""
    for number in range((last - first).days + 1):
        run(first + timedelta(days=number))
    moments = Notification.objects.to(user).order_by("id").values_list("created_at", flat=True)
    return [it.date() for it in moments]


def due_for(today):
    """Who is due, by the source."""
    return {it.person_id for it in trainings_to_take(today)}


@pytest.fixture
def department():
    return DepartmentFactory(name="営業部")


@pytest.fixture
def person(department):
    return PersonFactory(with_account=True, affiliation__department=department)


class TestWhoTakesTraining:
    def test_is_told_at_the_start_before_the_end_and_weekly_after(self, person):
        CampaignFactory(open=True)

        days = told_days(date(2026, 8, 24), date(2026, 10, 15), person.user)

        assert days == [
            STARTS_ON,
            date(2026, 9, 16),
            date(2026, 9, 18),  # the 23rd and the days before it are holidays
            date(2026, 9, 29),
            date(2026, 10, 7),
            date(2026, 10, 14),
        ]

    def test_is_led_to_the_training(self, person):
        campaign = CampaignFactory(open=True, title="全社教育")

        run(STARTS_ON)

        notification = Notification.objects.get()
        record = record_of(campaign, person)
        assert notification.url == f"/training/records/{record.pk}/take/"
        assert "「全社教育」が始まりました" in notification.body

    def test_who_joins_late_is_told_on_coming_and_not_of_what_is_over(self, person, department):
        CampaignFactory(open=True, joiner_days=30)
        joined_on = date(2026, 9, 28)
        run(date(2026, 9, 25))
        joiner = PersonFactory(
            with_account=True, joined_on=joined_on, affiliation__department=department
        )

        # Due on October 28th: a fortnight before is the 14th, a week the 21st, a day the 27th.
        assert told_days(joined_on, date(2026, 10, 28), joiner.user) == [
            joined_on,
            date(2026, 10, 14),
            date(2026, 10, 21),
            date(2026, 10, 27),
        ]

    def test_is_nobody_before_the_first_day(self, person):
        CampaignFactory(open=True)

        assert due_for(STARTS_ON - timedelta(days=1)) == set()

    def test_is_nobody_who_has_passed_or_is_excused(self, person):
        campaign = CampaignFactory(open=True)
        for trait in ("passed", "excused", "void"):
            TrainingRecordFactory(campaign=campaign, **{trait: True})
        failed = TrainingRecordFactory(campaign=campaign, failed=True)

        assert due_for(STARTS_ON) == {person.pk, failed.person_id}

    def test_is_nobody_of_a_closed_campaign(self, person):
        campaign = CampaignFactory(open=True)
        pass_everybody(campaign)
        close_campaign(campaign)

        assert due_for(ENDS_ON) == set()

    def test_is_nobody_who_waits_for_an_answer_to_a_request(self, person):
        campaign = CampaignFactory(open=True)
        services.request_excuse(
            record_of(campaign, person).pk,
            reason=ExcuseReason.ELSEWHERE,
            actor=UserFactory(),
            now=at(STARTS_ON),
        )

        assert due_for(STARTS_ON) == set()

    def test_is_nobody_who_has_left(self, person):
        campaign = CampaignFactory(open=True)
        person.left_on = date(2026, 9, 10)
        person.save()

        run(date(2026, 9, 16))

        assert record_of(campaign, person).status == RecordStatus.EXCUSED
        assert not Reminder.objects.filter(person=person).exists()

    def test_waits_for_who_is_on_leave_for_a_while(self, person):
        CampaignFactory(open=True)
        LeaveFactory(person=person, starts_on=STARTS_ON, ends_on=date(2026, 9, 24))

        assert told_days(STARTS_ON, date(2026, 9, 30), person.user) == [
            date(2026, 9, 25),
            date(2026, 9, 29),
        ]

    def test_hears_of_a_later_due_date_and_is_told_by_that(self, person):
        campaign = CampaignFactory(open=True)
        run(STARTS_ON)
        record = record_of(campaign, person)
        record.due_on = date(2026, 10, 30)
        record.save()

        days = told_days(date(2026, 9, 2), date(2026, 10, 30), person.user)

        assert days == [
            STARTS_ON,
            date(2026, 9, 2),
            date(2026, 10, 16),
            date(2026, 10, 23),
            date(2026, 10, 29),
        ]


class TestManager:
    def test_gets_one_list_the_day_before_and_weekly_after(self, department, person):
        manager = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        colleague = PersonFactory(with_account=True, affiliation__department=department)
        campaign = CampaignFactory(open=True)
        TrainingRecordFactory(campaign=campaign, passed=True)
        services.request_excuse(
            record_of(campaign, manager.person).pk,
            reason=ExcuseReason.ELSEWHERE,
            actor=UserFactory(),
            now=at(STARTS_ON),
        )

        assert told_days(STARTS_ON, date(2026, 10, 14), manager) == [
            date(2026, 9, 29),
            date(2026, 10, 7),
            date(2026, 10, 14),
        ]
        last = Notification.objects.to(manager).first()
        assert last.url == f"/training/records/?campaign={campaign.pk}&status=open"
        assert person.full_name in last.body
        assert colleague.full_name in last.body

    def test_is_asked_to_tell_who_has_no_account(self, department):
        manager = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        PersonFactory(affiliation__department=department)
        CampaignFactory(open=True)

        run(STARTS_ON)

        row = Reminder.objects.get(state=ReminderState.THROUGH_MANAGER)
        assert row.told_through == manager.person
        assert "お伝えください" in row.notification.body


class TestExcuses:
    """Asked on a Friday; the third working day after it is Wednesday."""

    ASKED_AT: datetime = at(date(2026, 9, 4))

    @pytest.mark.parametrize(
        ("today", "told"),
        [
            (date(2026, 9, 8), 0),
            (date(2026, 9, 9), 0),
            (date(2026, 9, 10), 1),
            (date(2026, 9, 11), 1),
            (date(2026, 9, 17), 1),
        ],
    )
    def test_waiting_for_more_than_three_working_days_are_told(self, today, told):
        approver = UserFactory(roles=[Role.TRAINING_OFFICER])
        ExcuseFactory(requested_at=self.ASKED_AT)

        remind(RULES[1:], today=today, now=at(today))

        assert Notification.objects.to(approver).count() == told

    def test_are_told_again_every_week(self):
        approver = UserFactory(roles=[Role.PRIVACY_MANAGER])
        ExcuseFactory(requested_at=self.ASKED_AT)

        for number in range(20):
            day = date(2026, 9, 8) + timedelta(days=number)
            remind(RULES[1:], today=day, now=at(day))

        moments = Notification.objects.to(approver).order_by("id")
        assert [it.created_at.date() for it in moments] == [
            date(2026, 9, 10),
            date(2026, 9, 17),
            date(2026, 9, 24),
        ]

    def test_are_not_told_to_who_asked_or_is_concerned(self):
        asking = UserFactory(roles=[Role.TRAINING_OFFICER])
        concerned = UserFactory(roles=[Role.TRAINING_OFFICER])
        approver = UserFactory(roles=[Role.PRIVACY_MANAGER])
        record = record_of(CampaignFactory(open=True), concerned.person)
        ExcuseFactory(record=record, requested_by=asking, requested_at=self.ASKED_AT)

        found = list(excuses_to_decide(date(2026, 9, 10)))

        assert {it.person_id for it in found} == {approver.person.pk}

    def test_decided_are_none_of_it(self):
        UserFactory(roles=[Role.TRAINING_OFFICER])
        ExcuseFactory(requested_at=self.ASKED_AT, approved=True)

        assert list(excuses_to_decide(date(2026, 9, 10))) == []


class TestSources:
    def test_ask_the_same_for_twenty_as_for_two(self, django_assert_num_queries):
        campaign = CampaignFactory(open=True)
        UserFactory(roles=[Role.TRAINING_OFFICER])
        for count in (2, 18):
            for _number in range(count):
                ExcuseFactory(record=TrainingRecordFactory(campaign=campaign))
                TrainingRecordFactory(campaign=campaign)
            with django_assert_num_queries(2):
                list(trainings_to_take(STARTS_ON))
            with django_assert_num_queries(3):
                list(excuses_to_decide(STARTS_ON))
