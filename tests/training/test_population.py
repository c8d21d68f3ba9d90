"""Dated rules: joiners, leavers, leave and movers, applied again and again."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pms.history.models import HistoryEntry
from pms.organization.models import Leave, Person
from pms.training import services
from pms.training.choices import (
    CourseKind,
    ExcuseReason,
    ExcuseStatus,
    JoinerRule,
    RecordStatus,
)
from pms.training.models import Attempt, Campaign, Excuse
from pms.training.services import RulesResult
from pms.training.services.population import untrained_joiners
from tests.accounts.factories import UserFactory
from tests.organization.factories import AffiliationFactory, LeaveFactory, PersonFactory

from .factories import (
    ENDS_ON,
    STARTS_ON,
    AttemptFactory,
    CampaignFactory,
    CourseFactory,
    ExcuseFactory,
    TrainingRecordFactory,
    record_of,
)

pytestmark = pytest.mark.django_db

MID = date(2026, 9, 15)


@pytest.fixture
def campaign() -> Campaign:
    """An open campaign with one person."""
    return CampaignFactory(people=1, open=True)


def apply(campaign: Campaign, today: date) -> RulesResult:
    """Apply the rules, twice: the second time nothing may change."""
    first = services.apply_dated_rules(campaign.pk, today=today)
    entries = HistoryEntry.objects.count()
    second = services.apply_dated_rules(campaign.pk, today=today)
    assert second == RulesResult(elsewhere=first.elsewhere)
    assert HistoryEntry.objects.count() == entries
    return first


class TestJoiners:
    def test_get_a_record_with_their_own_due_day(self, campaign):
        person = PersonFactory(joined_on=date(2026, 9, 10))

        assert apply(campaign, MID) == RulesResult(added=1)

        assert record_of(campaign, person).due_on == date(2026, 10, 10)

    def test_are_not_added_before_they_are_there(self, campaign):
        PersonFactory(joined_on=date(2026, 9, 16))

        assert apply(campaign, MID) == RulesResult()

    def test_are_found_when_the_rules_slept_until_after_the_end(self, campaign):
        inside = PersonFactory(joined_on=ENDS_ON)
        PersonFactory(joined_on=date(2026, 10, 1))

        assert apply(campaign, date(2026, 11, 1)).added == 1
        assert campaign.records.filter(person=inside).exists()

    def test_who_were_registered_late_are_found(self, campaign):
        person = PersonFactory(joined_on=date(2026, 8, 1))

        apply(campaign, MID)

        assert record_of(campaign, person).due_on == ENDS_ON

    def test_who_came_into_the_audience_long_ago_and_were_registered_late_are_found(self):
        campaign = CampaignFactory(people=1, audience_kinds=["regular"], open=True)
        person = PersonFactory(
            affiliation__employment_kind="external", affiliation__ends_on=date(2026, 9, 4)
        )
        apply(campaign, MID)
        AffiliationFactory(person=person, starts_on=date(2026, 9, 5))

        assert apply(campaign, MID) == RulesResult(added=1)
        assert record_of(campaign, person).due_on == date(2026, 10, 5)

    def test_who_were_registered_after_they_had_left_again_get_none(self, campaign):
        PersonFactory(joined_on=date(2026, 9, 3), left_on=date(2026, 9, 10))

        assert apply(campaign, MID) == RulesResult()

    def test_whose_record_is_void_get_another(self, campaign):
        record = TrainingRecordFactory(campaign=campaign, void=True)

        assert apply(campaign, MID) == RulesResult(added=1)
        assert campaign.records.population().filter(person=record.person_id).count() == 1

    @pytest.mark.engine("sqlite")
    def test_are_found_without_reading_where_everybody_belongs(self, campaign):
        with CaptureQueriesContext(connection) as asked:
            services.apply_dated_rules(today=MID)
        question = next(it["sql"] for it in asked if "organization_affiliation" in it["sql"])

        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {question}")
            plan = [row[-1] for row in cursor.fetchall()]

        assert not [step for step in plan if step.startswith("SCAN organization_affiliation")]
        assert [step for step in plan if "trainingrecord_one_per_person" in step]

    def test_who_left_again_are_excused_at_once(self, campaign):
        person = PersonFactory(joined_on=date(2026, 9, 10), left_on=date(2026, 10, 5))

        assert apply(campaign, date(2026, 10, 15)) == RulesResult(added=1, excused=1)
        assert record_of(campaign, person).excuses.get().reason == ExcuseReason.LEFT

    def test_are_only_those_of_the_audience(self):
        campaign = CampaignFactory(people=1, open=True, audience_kinds=["regular"])
        PersonFactory(joined_on=MID, affiliation__employment_kind="officer")

        assert apply(campaign, MID) == RulesResult()

    def test_of_every_open_campaign_are_added(self, campaign):
        other = CampaignFactory(open=True)
        CampaignFactory()
        person = PersonFactory(joined_on=MID)

        result = services.apply_dated_rules(today=MID)

        assert result.added == 2
        assert set(person.training_records.values_list("campaign", flat=True)) == {
            campaign.pk,
            other.pk,
        }

    @pytest.mark.parametrize("state", [{}, {"closed": True}])
    def test_do_not_concern_a_campaign_that_is_not_open(self, state):
        campaign = CampaignFactory(**state)
        PersonFactory(joined_on=MID)

        assert services.apply_dated_rules(campaign.pk, today=MID) == RulesResult()

    def test_are_journalled_for_who_asked(self, campaign):
        PersonFactory(joined_on=MID)
        actor = UserFactory()

        services.apply_dated_rules(campaign.pk, today=MID, actor=actor)

        entry = HistoryEntry.objects.filter(event="training.person_added").latest("id")
        assert entry.actor == actor


class TestTrainingOnJoiningInstead:
    @pytest.fixture
    def campaign(self) -> Campaign:
        return CampaignFactory(people=1, open=True, joiner_rule=JoinerRule.NEW_HIRE)

    def test_takes_joiners_but_not_who_was_forgotten(self, campaign):
        PersonFactory(joined_on=date(2026, 9, 10))
        forgotten = PersonFactory(joined_on=date(2026, 8, 1))

        assert apply(campaign, MID) == RulesResult(added=1, elsewhere=1)
        assert campaign.records.filter(person=forgotten).exists()

    def test_is_missing_for_who_is_in_none(self, campaign):
        joiner = PersonFactory(joined_on=date(2026, 9, 10))

        assert untrained_joiners(campaign, MID).get().person == joiner

    def test_is_there_for_who_is_in_one_of_this_year(self, campaign):
        joining = CourseFactory(kind=CourseKind.NEW_HIRE, published=True, questions=1)
        other = CampaignFactory(course=joining, open=True)
        PersonFactory(joined_on=date(2026, 9, 10))

        services.apply_dated_rules(other.pk, today=MID)

        assert not untrained_joiners(campaign, MID).exists()


class TestLeavers:
    def test_are_excused_when_their_last_day_is_over(self, campaign):
        person = Person.objects.get(training_records__campaign=campaign)
        Person.objects.update(left_on=MID)

        assert apply(campaign, MID) == RulesResult()
        assert apply(campaign, date(2026, 9, 16)) == RulesResult(excused=1)

        record = record_of(campaign, person)
        excuse = record.excuses.get()
        assert record.status == RecordStatus.EXCUSED
        assert (excuse.reason, excuse.by_rule, excuse.until) == (ExcuseReason.LEFT, True, None)

    def test_stay_passed(self, campaign):
        record = TrainingRecordFactory(campaign=campaign, passed=True)
        Person.objects.filter(pk=record.person_id).update(left_on=STARTS_ON)

        assert apply(campaign, MID) == RulesResult()

    def test_come_back_when_the_leaving_was_a_mistake(self, campaign):
        record = TrainingRecordFactory(campaign=campaign, failed=True)
        Person.objects.filter(pk=record.person_id).update(left_on=date(2026, 9, 10))
        apply(campaign, MID)
        Person.objects.update(left_on=None)

        assert apply(campaign, MID) == RulesResult(returned=1)

        record.refresh_from_db()
        assert record.status == RecordStatus.FAILED
        assert record.excuses.get().status == ExcuseStatus.ENDED

    def test_overtake_a_request_that_waits(self, campaign):
        excuse = ExcuseFactory(record=TrainingRecordFactory(campaign=campaign))
        Person.objects.filter(pk=excuse.record.person_id).update(left_on=date(2026, 9, 10))

        assert apply(campaign, MID) == RulesResult(excused=1)

        excuse.refresh_from_db()
        assert excuse.status == ExcuseStatus.ENDED
        assert excuse.record.excuses.get(status=ExcuseStatus.APPROVED).by_rule


class TestLeave:
    def put_on_leave(self, campaign: Campaign, first: date, last: date | None) -> Leave:
        person = Person.objects.get(training_records__campaign=campaign)
        return LeaveFactory(person=person, starts_on=first, ends_on=last)

    @pytest.mark.parametrize("last", [None, date(2026, 9, 30), date(2026, 12, 31)])
    def test_until_after_the_due_day_excuses(self, campaign, last):
        self.put_on_leave(campaign, date(2026, 9, 10), last)

        assert apply(campaign, date(2026, 9, 9)) == RulesResult()
        assert apply(campaign, date(2026, 9, 10)) == RulesResult(excused=1)
        assert Excuse.objects.get().until == last

    @pytest.mark.parametrize(
        ("first", "last", "today"),
        [
            (date(2026, 9, 10), date(2026, 9, 29), MID),
            (date(2026, 10, 1), date(2026, 12, 31), date(2026, 10, 2)),
        ],
    )
    def test_that_ends_or_begins_otherwise_excuses_nothing(self, campaign, first, last, today):
        self.put_on_leave(campaign, first, last)

        assert apply(campaign, today) == RulesResult()

    def test_that_is_over_lets_the_training_be_due_again_with_new_time(self, campaign):
        self.put_on_leave(campaign, date(2026, 9, 10), date(2026, 10, 31))
        apply(campaign, MID)

        assert apply(campaign, date(2026, 10, 31)) == RulesResult()
        assert apply(campaign, date(2026, 11, 2)) == RulesResult(returned=1)

        record = campaign.records.get()
        assert record.status == RecordStatus.NOT_STARTED
        assert record.due_on == date(2026, 12, 1)
        assert record.excuses.get().status == ExcuseStatus.ENDED

    def test_that_is_prolonged_prolongs_the_excuse(self, campaign):
        leave = self.put_on_leave(campaign, date(2026, 9, 10), date(2026, 10, 31))
        apply(campaign, MID)
        Leave.objects.filter(pk=leave.pk).update(ends_on=None)

        assert apply(campaign, MID) == RulesResult()
        assert Excuse.objects.get().until is None

    def test_that_follows_another_is_one_absence(self, campaign):
        self.put_on_leave(campaign, date(2026, 9, 1), date(2026, 9, 20))
        self.put_on_leave(campaign, date(2026, 9, 21), date(2026, 12, 31))

        assert apply(campaign, MID) == RulesResult(excused=1)
        assert Excuse.objects.get().until == date(2026, 12, 31)

    def test_that_turns_into_leaving_changes_the_reason(self, campaign):
        self.put_on_leave(campaign, date(2026, 9, 10), None)
        apply(campaign, MID)
        Person.objects.update(left_on=date(2026, 9, 20))

        assert apply(campaign, date(2026, 9, 21)) == RulesResult()

        reasons = Excuse.objects.order_by("pk").values_list("reason", "status")
        assert list(reasons) == [("leave", "ended"), ("left", "approved")]

    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            ({}, RecordStatus.IN_PROGRESS),
            ({"passed": True}, RecordStatus.IN_PROGRESS),
            ({"failed": True}, RecordStatus.FAILED),
        ],
    )
    def test_gives_the_record_back_as_it_was(self, campaign, state, expected):
        record = campaign.records.get()
        record.failures = int("failed" in state)
        record.save()
        AttemptFactory(record=record, **state)
        self.put_on_leave(campaign, date(2026, 9, 10), date(2026, 10, 31))
        apply(campaign, MID)

        apply(campaign, date(2026, 11, 1))

        assert campaign.records.get().status == expected
        assert Attempt.objects.count() == 1


class TestOtherExcuses:
    def test_end_after_their_last_day(self, campaign):
        excuse = ExcuseFactory(
            record=TrainingRecordFactory(campaign=campaign, status=RecordStatus.EXCUSED),
            approved=True,
            until=date(2026, 10, 10),
        )

        assert apply(campaign, date(2026, 10, 10)) == RulesResult()
        assert apply(campaign, date(2026, 10, 11)) == RulesResult(returned=1)

        excuse.record.refresh_from_db()
        assert excuse.record.status == RecordStatus.NOT_STARTED
        assert excuse.record.due_on == date(2026, 11, 10)

    def test_for_good_stay(self, campaign):
        TrainingRecordFactory(campaign=campaign, excused=True)

        assert apply(campaign, date(2027, 3, 31)) == RulesResult()

    def test_that_end_while_the_person_is_on_leave_give_way_to_the_rule(self, campaign):
        record = TrainingRecordFactory(campaign=campaign, status=RecordStatus.EXCUSED)
        ExcuseFactory(record=record, approved=True, until=date(2026, 10, 10))
        LeaveFactory(person=record.person)

        assert apply(campaign, date(2026, 10, 11)) == RulesResult()

        record.refresh_from_db()
        assert record.status == RecordStatus.EXCUSED
        assert record.excuses.get(status=ExcuseStatus.APPROVED).by_rule


class TestMovers:
    def test_keep_the_department_of_the_snapshot(self, campaign):
        record = campaign.records.get()
        former = record.person.affiliations.get()
        former.ends_on = date(2026, 9, 9)
        former.save()
        AffiliationFactory(person=record.person, starts_on=date(2026, 9, 10))

        assert apply(campaign, MID) == RulesResult()

        record.refresh_from_db()
        assert record.department == former.department

    def test_into_the_audience_are_added_with_time_of_their_own(self):
        campaign = CampaignFactory(people=1, audience_kinds=["regular"], open=True)
        person = PersonFactory(
            affiliation__employment_kind="external", affiliation__ends_on=date(2026, 9, 19)
        )
        AffiliationFactory(person=person, starts_on=date(2026, 9, 20))

        assert apply(campaign, date(2026, 9, 20)) == RulesResult(added=1)
        assert record_of(campaign, person).due_on == date(2026, 10, 20)


@pytest.mark.parametrize("today", [MID, date(2026, 11, 1)])
def test_the_cost_does_not_grow_with_the_people(campaign, today):
    """Neither when they are excused, nor when they are back."""

    def absent(number: int) -> None:
        for _time in range(number):
            record = TrainingRecordFactory(campaign=campaign)
            LeaveFactory(person=record.person, ends_on=date(2026, 10, 31))
        if today > MID:
            services.apply_dated_rules(today=MID)

    absent(2)
    with CaptureQueriesContext(connection) as few:
        services.apply_dated_rules(today=today)
    absent(20)
    with CaptureQueriesContext(connection) as many:
        services.apply_dated_rules(today=today)
    assert len(many) == len(few)


def test_a_day_without_news_reads_of_who_is_away_only_what_it_judges_by(campaign):
    record = TrainingRecordFactory(campaign=campaign)
    LeaveFactory(person=record.person)
    services.apply_dated_rules(today=MID)

    with CaptureQueriesContext(connection) as asked:
        services.apply_dated_rules(today=MID)

    assert not [it["sql"] for it in asked if "void_reason" in it["sql"]]
    assert not [it["sql"] for it in asked if "decision_note" in it["sql"]]
