"""What is due for one person."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from pms.cycles.choices import MilestoneStatus
from pms.dashboard.duties import LATELY, Duties, duties_of
from pms.training.models import TrainingRecord
from tests.cycles.factories import MilestoneFactory, YearPlanFactory
from tests.organization.factories import PersonFactory
from tests.training.factories import ENDS_ON, STARTS_ON, CampaignFactory, TrainingRecordFactory

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def campaign():
    return CampaignFactory(open=True)


@pytest.fixture
def person(campaign):
    """Somebody who came after the opening, and so has no record yet."""
    return PersonFactory()


class TestMilestones:
    @pytest.fixture
    def cycle(self):
        return YearPlanFactory(approved=True).cycle

    @pytest.mark.parametrize(
        ("facts", "part", "verb"),
        [
            ({"due_on": date(2026, 9, 30)}, "todo", "See to it"),
            ({"due_on": date(2026, 8, 31), "missed": True}, "todo", "See to it"),
            ({"due_on": date(2026, 11, 30)}, "coming", "Look at it"),
            ({"due_on": date(2026, 8, 31), "done": True, "done_on": STARTS_ON}, "done", "See"),
        ],
    )
    def test_are_shown_where_they_stand(self, cycle, facts, part, verb):
        milestone = MilestoneFactory(cycle=cycle, **facts)
        (duty,) = getattr(duties_of(milestone.owner, STARTS_ON), part)
        assert duty.verb.startswith(verb)
        assert duty.url == milestone.get_absolute_url()

    @pytest.mark.parametrize(
        "facts",
        [
            {"due_on": date(2027, 1, 31)},
            {"due_on": date(2026, 9, 30), "status": MilestoneStatus.DROPPED},
            {"due_on": date(2026, 4, 30), "done": True, "done_on": date(2026, 4, 30)},
        ],
    )
    def test_that_are_far_off_or_over_are_left_out(self, cycle, facts):
        milestone = MilestoneFactory(cycle=cycle, **facts)
        assert duties_of(milestone.owner, STARTS_ON) == Duties([], [], [])

    def test_of_a_plan_that_is_not_approved_are_nobodys_duty(self):
        milestone = MilestoneFactory(cycle=YearPlanFactory(submitted=True).cycle)
        assert duties_of(milestone.owner, STARTS_ON) == Duties([], [], [])


class TestTraining:
    @pytest.mark.parametrize(
        ("trait", "verb"),
        [
            ({}, "Take the training"),
            ({"in_progress": True}, "Continue the training"),
            ({"failed": True}, "Take the test again"),
        ],
    )
    def test_that_is_open_is_to_do_with_its_next_verb(self, campaign, person, trait, verb):
        record = TrainingRecordFactory(campaign=campaign, person=person, **trait)

        duties = duties_of(person, STARTS_ON)

        (duty,) = duties.todo
        assert (duty.title, duty.verb, duty.due_on) == (str(record.campaign), verb, ENDS_ON)
        assert duty.url == f"/training/records/{record.pk}/take/"
        assert (duties.coming, duties.done) == ([], [])

    def test_that_begins_later_is_coming(self, campaign, person):
        TrainingRecordFactory(campaign=campaign, person=person)

        duties = duties_of(person, STARTS_ON - A_DAY)

        assert [duty.starts_on for duty in duties.coming] == [STARTS_ON]
        assert duties.todo == []

    @pytest.mark.parametrize("trait", ["excused", "void"])
    def test_that_need_not_be_taken_is_no_duty(self, campaign, person, trait):
        TrainingRecordFactory(campaign=campaign, person=person, **{trait: True})

        duties = duties_of(person, STARTS_ON)

        assert (duties.todo, duties.coming, duties.done) == ([], [], [])

    @pytest.mark.parametrize(("days", "count"), [(LATELY.days, 1), (LATELY.days + 1, 0)])
    def test_that_was_passed_is_shown_for_a_while(self, campaign, person, days, count):
        record = TrainingRecordFactory(campaign=campaign, person=person, passed=True)

        duties = duties_of(person, record.passed_on + timedelta(days=days))

        assert len(duties.done) == count
        assert duties.todo == []

    def test_of_others_is_none_of_mine(self, campaign, person):
        TrainingRecordFactory(campaign=campaign)

        assert duties_of(person, STARTS_ON).todo == []


class TestDuties:
    def test_come_with_what_is_overdue_first(self, campaign, person):
        TrainingRecordFactory(campaign=campaign, person=person)
        other = CampaignFactory(cycle=campaign.cycle, open=True)
        TrainingRecord.objects.filter(campaign=other).update(due_on=date(2026, 9, 5))

        todo = duties_of(person, date(2026, 9, 10)).todo

        assert [duty.due_on.day for duty in todo] == [5, 30]

    def test_cost_one_query_for_each_subject(self, campaign, person):
        TrainingRecordFactory(campaign=campaign, person=person)
        MilestoneFactory(cycle=YearPlanFactory(approved=True).cycle, owner=person)

        with CaptureQueriesContext(connection) as queries:
            duties_of(person, STARTS_ON)

        assert len(queries) == 3

    def test_of_an_account_without_a_person_are_none(self):
        assert duties_of(None, STARTS_ON).todo == []
