"""Correcting a record: nothing is overwritten, everything can be read back."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from pms.core.exceptions import DomainError
from pms.history.models import HistoryEntry
from pms.training import services
from pms.training.choices import Comprehension, ExcuseStatus, Method, RecordStatus
from pms.training.models import TrainingRecord
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory

from .factories import (
    AttemptFactory,
    CampaignFactory,
    FollowUpFactory,
    TrainingRecordFactory,
    at,
    record_of,
)

pytestmark = pytest.mark.django_db

NOW = at(date(2026, 9, 20))


def correct(record: TrainingRecord, **facts) -> TrainingRecord:
    """Correct with fixed arguments."""
    arguments = {"actor": UserFactory(), "reason": "転記の誤り", "now": NOW} | facts
    return services.correct_record(record.pk, **arguments)


class TestCorrect:
    def test_voids_the_old_row_and_puts_a_new_one_in_its_place(self):
        old, actor = TrainingRecordFactory(passed=True), UserFactory()

        new = correct(old, score=85, actor=actor)

        old.refresh_from_db()
        assert (old.status, old.void_reason, old.score) == (RecordStatus.VOID, "転記の誤り", 90)
        assert (new.status, new.replaces, new.score) == (RecordStatus.PASSED, old, 85)
        assert (new.passed_on, new.method, new.acknowledged_at) == (
            old.passed_on,
            old.method,
            old.acknowledged_at,
        )
        assert (new.logged_by, new.logged_at) == (actor, NOW)
        assert record_of(old.campaign, old.person) == new
        assert list(TrainingRecord.objects.search(old.employee_number).population()) == [new]

    def test_tells_the_journal_why(self):
        new = correct(TrainingRecordFactory(passed=True), lecturer="田中")

        entry = HistoryEntry.objects.get(event="training.record_corrected")
        assert (entry.reason, entry.object_id) == ("転記の誤り", new.pk)
        assert entry.additional_data["fields"] == ["lecturer"]
        voided = HistoryEntry.objects.get(event="training.record_voided")
        assert voided.reason == "転記の誤り"

    def test_makes_somebody_passed(self):
        old = TrainingRecordFactory()

        new = correct(
            old,
            passed=True,
            attended_on=date(2026, 9, 10),
            method=Method.CLASSROOM,
            comprehension=Comprehension.ORAL,
        )

        assert new.status == RecordStatus.PASSED
        assert new.passed_on == new.attended_on == date(2026, 9, 10)

    @pytest.mark.parametrize(
        ("facts", "column"),
        [
            ({}, "attended_on"),
            ({"attended_on": date(2026, 9, 10), "comprehension": "test"}, "score"),
            ({"attended_on": date(2026, 9, 10), "comprehension": "test", "score": 79}, "score"),
        ],
    )
    def test_makes_nobody_passed_without_proof(self, facts, column):
        record = TrainingRecordFactory()

        with pytest.raises(ValidationError) as refusal:
            correct(record, passed=True, **facts)

        assert list(refusal.value.message_dict) == [column]
        record.refresh_from_db()
        assert record.status == RecordStatus.NOT_STARTED

    def test_moves_the_day_of_passing_with_the_day_of_training(self):
        new = correct(TrainingRecordFactory(passed=True), attended_on=date(2026, 9, 8))

        assert new.attended_on == new.passed_on == date(2026, 9, 8)

    def test_lets_somebody_begin_anew_who_has_not_passed_after_all(self):
        old = TrainingRecordFactory(passed=True)
        AttemptFactory(record=old, passed=True)

        new = correct(old, passed=False)

        assert (new.status, new.failures, new.score, new.attended_on, new.passed_on) == (
            RecordStatus.NOT_STARTED,
            0,
            None,
            None,
            None,
        )
        assert (new.attempts.count(), old.attempts.count()) == (0, 1)

    def test_corrects_the_facts_of_the_opening_day(self):
        old, department = TrainingRecordFactory(failed=True), DepartmentFactory()
        AttemptFactory(record=old, failed=True)
        FollowUpFactory(record=old)

        new = correct(old, department=department, employment_kind="officer")

        assert (new.department, new.employment_kind) == (department, "officer")
        assert (new.status, new.failures, new.score) == (RecordStatus.FAILED, 1, 40)
        assert new.attempts.count() == new.follow_ups.count() == 1

    def test_keeps_somebody_excused_unless_passed(self):
        old = TrainingRecordFactory(excused=True)

        new = correct(old, due_on=date(2026, 10, 31))
        passed = correct(
            new, passed=True, attended_on=date(2026, 9, 10), comprehension=Comprehension.ORAL
        )

        assert new.status == RecordStatus.EXCUSED
        assert passed.status == RecordStatus.PASSED
        assert passed.excuses.get().status == ExcuseStatus.ENDED

    def test_can_be_corrected_again(self):
        first = TrainingRecordFactory(passed=True)

        third = correct(correct(first, score=85), score=95)

        assert third.replaces.replaces == first
        assert first.campaign.records.population().filter(person=first.person).count() == 1

    def test_refuses_a_void_row(self):
        old = TrainingRecordFactory(passed=True)
        correct(old, score=85)

        with pytest.raises(DomainError):
            correct(old, score=95)

    @pytest.mark.parametrize("facts", [{"person": None}, {"status": "passed"}, {"failures": 0}])
    def test_refuses_what_cannot_be_corrected(self, facts):
        with pytest.raises(DomainError):
            correct(TrainingRecordFactory(), **facts)

    @pytest.mark.parametrize("facts", [{"score": 101}, {"method": "telepathy"}])
    def test_refuses_wrong_facts(self, facts):
        record = TrainingRecordFactory(passed=True)

        with pytest.raises(ValidationError):
            correct(record, **facts)

        record.refresh_from_db()
        assert record.status == RecordStatus.PASSED

    def test_needs_a_reason(self):
        with pytest.raises(DomainError):
            correct(TrainingRecordFactory(passed=True), reason=" ", score=85)

    def test_refuses_a_closed_campaign(self):
        with pytest.raises(DomainError):
            correct(CampaignFactory(closed=True).records.get(), score=85)
