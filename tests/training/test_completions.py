"""Logging in bulk: what a line would do, what is written, and how it is taken back."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pms.core.exceptions import DomainError
from pms.history.models import HistoryEntry
from pms.organization.models import Person
from pms.training import services
from pms.training.choices import Comprehension, ExcuseStatus, Method, RecordStatus
from pms.training.models import Campaign, TrainingRecord
from pms.training.services import Completion, PlannedCompletion
from pms.training.services.completions import describe
from tests.accounts.factories import UserFactory
from tests.organization.factories import PersonFactory
from tests.transfer.factories import ImportRunFactory

from .factories import (
    ENDS_ON,
    STARTS_ON,
    AttemptFactory,
    CampaignFactory,
    ExcuseFactory,
    FollowUpFactory,
    TrainingRecordFactory,
    at,
    close_campaign,
    pass_everybody,
    record_of,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 10)
TODAY = date(2026, 9, 15)
NOW = at(TODAY)


@pytest.fixture
def campaign() -> Campaign:
    """An open campaign with three people."""
    return CampaignFactory(people=3, open=True, lecturer="高橋")


@pytest.fixture
def record(campaign) -> TrainingRecord:
    """One of them."""
    return campaign.records.first()


def line(record: TrainingRecord | str, **facts) -> Completion:
    """A line for `record`, or for a number, on paper with 90 per cent."""
    number = record if isinstance(record, str) else record.employee_number
    values = {"number": 2, "attended_on": DAY, "method": Method.PAPER, "score": 90}
    return Completion(employee_number=number, **values | facts)


def plan(campaign: Campaign, *lines: Completion) -> list[PlannedCompletion]:
    """Plan with a fixed day."""
    return services.plan_completions(campaign, lines, today=TODAY)


def log(campaign: Campaign, *lines: Completion, run=None, actor=None) -> int:
    """Plan and write."""
    return services.apply_completions(
        campaign.pk, plan(campaign, *lines), actor=actor or UserFactory(), now=NOW, run=run
    )


class TestPlan:
    @pytest.mark.parametrize(
        ("facts", "outcome"),
        [
            ({}, "passed"),
            ({"score": 80}, "passed"),
            ({"score": 79}, "failed"),
            ({"score": None, "comprehension": Comprehension.QUESTIONNAIRE}, "passed"),
            ({"score": None, "comprehension": Comprehension.ORAL}, "passed"),
            ({"attended_on": STARTS_ON}, "passed"),
            ({"attended_on": TODAY}, "passed"),
        ],
    )
    def test_says_what_logging_would_do(self, campaign, record, facts, outcome):
        [planned] = plan(campaign, line(record, **facts))

        assert (planned.outcome, planned.record_id, planned.name, planned.status) == (
            outcome,
            record.pk,
            record.name,
            RecordStatus.NOT_STARTED,
        )

    @pytest.mark.parametrize(
        ("facts", "column"),
        [
            ({"attended_on": None}, "attended_on"),
            ({"attended_on": date(2026, 8, 31)}, "attended_on"),
            ({"attended_on": date(2026, 9, 16)}, "attended_on"),
            ({"method": "telepathy"}, "method"),
            ({"comprehension": "guess"}, "comprehension"),
            ({"score": 101}, "score"),
            ({"score": -1}, "score"),
            ({"score": None}, "score"),
            ({"score": None, "comprehension": Comprehension.TEST}, "score"),
        ],
    )
    def test_refuses_facts_that_cannot_be_with_the_column(self, campaign, record, facts, column):
        [planned] = plan(campaign, line(record, **facts))

        assert planned.outcome == "refused"
        assert [it[0] for it in planned.errors] == [column]

    def test_needs_no_score_in_a_training_without_a_test(self):
        campaign = CampaignFactory(people=1, open=True, pass_mark=None)

        [planned] = plan(campaign, line(campaign.records.get(), score=None))

        assert planned.outcome == "passed"

    def test_tells_unknown_numbers_from_people_outside_the_audience(self, campaign):
        outside = PersonFactory(affiliation__employment_kind="external")

        unknown, known = plan(campaign, line("NO-ONE"), line(outside.employee_number))

        assert (unknown.outcome, unknown.name) == ("refused", "")
        assert (known.outcome, known.name) == ("refused", outside.full_name)
        assert unknown.errors[0][0] == known.errors[0][0] == "employee_number"

    def test_refuses_who_had_left_on_that_day(self, campaign, record):
        Person.objects.filter(pk=record.person_id).update(left_on=date(2026, 9, 9))

        [planned] = plan(campaign, line(record))

        assert planned.outcome == "refused"
        assert "2026-09-09" in planned.errors[0][1]

    def test_takes_who_left_later(self, campaign, record):
        Person.objects.filter(pk=record.person_id).update(left_on=DAY)

        [planned] = plan(campaign, line(record))

        assert planned.outcome == "passed"

    def test_leaves_who_has_passed(self, campaign):
        passed = TrainingRecordFactory(campaign=campaign, passed=True)

        [planned] = plan(campaign, line(passed, score=10))

        assert planned.outcome == "already"

    def test_finds_people_by_the_number_they_had_and_the_one_they_have(self, campaign, record):
        Person.objects.filter(pk=record.person_id).update(employee_number="NEW-1")

        former, present = plan(campaign, line(record)), plan(campaign, line("NEW-1"))

        assert former[0].record_id == present[0].record_id == record.pk

    def test_takes_the_same_line_again_as_repeated_and_refuses_another(self, campaign, record):
        first, same, other = plan(
            campaign,
            line(record),
            line(record, number=3),
            line(record, number=4, score=100),
        )

        assert (first.outcome, same.outcome, other.outcome) == ("passed", "repeated", "refused")
        assert other.errors[0][0] == "score"
        assert "2" in other.errors[0][1]

    @pytest.mark.parametrize("state", [{}, {"closed": True}])
    def test_refuses_a_campaign_that_is_not_open(self, state):
        with pytest.raises(DomainError):
            plan(CampaignFactory(**state))

    def test_costs_the_same_for_few_lines_and_many(self, campaign):
        PersonFactory.create_batch(20)
        services.apply_dated_rules(campaign.pk, today=TODAY)
        lines = [line(it) for it in campaign.records.all()]
        plan(campaign, lines[0])

        with CaptureQueriesContext(connection) as few:
            plan(campaign, *lines[:2])
        with CaptureQueriesContext(connection) as many:
            plan(campaign, *lines)

        assert len(few) == len(many) == 2


class TestApply:
    def test_writes_every_fact(self, campaign, record):
        actor, run = UserFactory(), ImportRunFactory()

        assert log(campaign, line(record, lecturer="田中"), run=run, actor=actor) == 1

        record.refresh_from_db()
        assert record.status == RecordStatus.PASSED
        assert record.attended_on == record.passed_on == DAY
        assert (record.method, record.comprehension, record.score) == (
            Method.PAPER,
            Comprehension.TEST,
            90,
        )
        assert (record.lecturer, record.failures) == ("田中", 0)
        assert (record.logged_by, record.logged_at, record.import_run) == (actor, NOW, run)

    def test_names_the_campaigns_lecturer_without_another(self, campaign, record):
        log(campaign, line(record))

        record.refresh_from_db()
        assert record.lecturer == "高橋"

    def test_counts_a_failure_and_leaves_the_record_open(self, campaign, record):
        log(campaign, line(record, score=50))
        log(campaign, line(record, score=60))

        record.refresh_from_db()
        assert (record.status, record.failures, record.score, record.passed_on) == (
            RecordStatus.FAILED,
            2,
            60,
            None,
        )

    def test_leaves_out_what_is_refused_repeated_or_passed_already(self, campaign, record):
        passed = TrainingRecordFactory(campaign=campaign, passed=True)
        before = TrainingRecord.objects.filter(pk=passed.pk).values().get()

        count = log(
            campaign,
            line(record),
            line(record),
            line(passed),
            line("NO-ONE"),
            line(record, score=1),
        )

        assert count == 1
        assert TrainingRecord.objects.filter(pk=passed.pk).values().get() == before

    def test_journals_each_record_and_the_event(self, campaign):
        actor = UserFactory()

        log(campaign, *(line(it) for it in campaign.records.all()), actor=actor)

        entries = HistoryEntry.objects.filter(event="training.completion_logged")
        assert entries.count() == 3
        assert all(it.digest == it.compute_digest() for it in entries)
        assert entries[0].changes["status"] == ["not_started", "passed"]
        assert "method" in entries[0].changes
        assert "session" not in entries[0].changes
        [event] = HistoryEntry.objects.filter(event="training.completions_logged")
        assert event.additional_data == {"people": 3}

    def test_ends_the_excuse_of_who_passes(self, campaign):
        passing = TrainingRecordFactory(campaign=campaign, excused=True)
        failing = TrainingRecordFactory(campaign=campaign, excused=True)

        log(campaign, line(passing), line(failing, score=10))

        assert passing.excuses.get().status == ExcuseStatus.ENDED
        assert failing.excuses.get().status == ExcuseStatus.APPROVED
        failing.refresh_from_db()
        assert (failing.status, failing.failures) == (RecordStatus.EXCUSED, 1)

    def test_ends_the_request_of_who_passes(self, campaign, record):
        ExcuseFactory(record=record)

        log(campaign, line(record))

        assert record.excuses.get().status == ExcuseStatus.ENDED

    def test_refuses_a_plan_that_is_out_of_date_as_a_whole(self, campaign):
        planned = plan(campaign, *(line(it) for it in campaign.records.all()))
        log(campaign, line(campaign.records.first()))

        with pytest.raises(DomainError):
            services.apply_completions(campaign.pk, planned, actor=UserFactory(), now=NOW)

        assert campaign.records.filter(status=RecordStatus.PASSED).count() == 1

    def test_costs_the_same_for_few_lines_and_many(self, campaign):
        PersonFactory.create_batch(20)
        services.apply_dated_rules(campaign.pk, today=TODAY)
        lines, actor = [line(it) for it in campaign.records.all()], UserFactory()
        log(campaign, lines[0], actor=actor)

        with CaptureQueriesContext(connection) as few:
            log(campaign, *lines[1:3], actor=actor)
        with CaptureQueriesContext(connection) as many:
            log(campaign, *lines[3:], actor=actor)

        assert len(many) == len(few)


class TestUndo:
    def undo(self, run) -> int:
        return services.undo_completions(run, actor=UserFactory(), reason="別の名簿だった", now=NOW)

    def test_voids_with_the_reason_and_puts_open_rows_in_place(self, campaign, record):
        run = ImportRunFactory()
        log(campaign, line(record), run=run)

        assert self.undo(run) == 1

        record.refresh_from_db()
        assert (record.status, record.void_reason) == (RecordStatus.VOID, "別の名簿だった")
        new = record_of(campaign, record.person)
        assert new.replaces == record
        assert (new.status, new.score, new.attended_on, new.logged_by) == (
            RecordStatus.NOT_STARTED,
            None,
            None,
            None,
        )
        assert (new.department, new.due_on) == (record.department, ENDS_ON)
        assert campaign.records.population().count() == 3

    def test_gives_back_what_was_before(self, campaign, record):
        AttemptFactory(record=record, failed=True)
        TrainingRecord.objects.filter(pk=record.pk).update(status=RecordStatus.FAILED, failures=1)
        FollowUpFactory(record=record)
        run = ImportRunFactory()
        log(campaign, line(record, score=10), run=run)

        self.undo(run)

        new = record_of(campaign, record.person)
        assert (new.status, new.failures) == (RecordStatus.FAILED, 1)
        assert new.attempts.count() == new.follow_ups.count() == 1

    def test_goes_on_with_a_running_test(self, campaign, record):
        AttemptFactory(record=record)
        run = ImportRunFactory()
        log(campaign, line(record), run=run)

        self.undo(run)

        assert record_of(campaign, record.person).status == RecordStatus.IN_PROGRESS

    def test_touches_no_other_run(self, campaign):
        first, second, _third = campaign.records.all()
        run, other = ImportRunFactory(), ImportRunFactory()
        log(campaign, line(first), run=run)
        log(campaign, line(second), run=other)

        self.undo(run)

        second.refresh_from_db()
        assert second.status == RecordStatus.PASSED

    def test_a_second_time_finds_nothing(self, campaign, record):
        run = ImportRunFactory()
        log(campaign, line(record), run=run)
        self.undo(run)

        assert len(services.obstacles_to_undo_completions(run)) == 1
        with pytest.raises(DomainError):
            self.undo(run)

    def test_is_refused_after_a_correction(self, campaign, record):
        run = ImportRunFactory()
        log(campaign, line(record), run=run)
        services.correct_record(record.pk, actor=UserFactory(), reason="点数", now=NOW, score=85)

        assert len(services.obstacles_to_undo_completions(run)) == 1

    def test_is_refused_after_the_closing(self, campaign, record):
        run = ImportRunFactory()
        log(campaign, line(record), run=run)
        pass_everybody(campaign)
        close_campaign(campaign)

        assert len(services.obstacles_to_undo_completions(run)) == 1
        with pytest.raises(DomainError):
            self.undo(run)

    def test_needs_a_reason(self, campaign, record):
        run = ImportRunFactory()
        log(campaign, line(record), run=run)

        with pytest.raises(DomainError):
            services.undo_completions(run, actor=UserFactory(), reason=" ", now=NOW)


def test_a_completion_is_told_as_plain_json():
    assert describe(line("000001"))["attended_on"] == "2026-09-10"
    assert describe(line("000001", attended_on=None))["attended_on"] is None
