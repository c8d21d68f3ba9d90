"""Following up and excusing: who decides, for how long, and what is left of it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from pms.core.exceptions import DomainError, InvalidTransitionError
from pms.history.models import HistoryEntry
from pms.training import services
from pms.training.choices import ExcuseReason, ExcuseStatus, FollowUpKind, RecordStatus
from pms.training.models import Excuse, FollowUp, TrainingRecord
from tests.accounts.factories import UserFactory

from .factories import (
    ENDS_ON,
    AttemptFactory,
    CampaignFactory,
    ExcuseFactory,
    TrainingRecordFactory,
    at,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 9, 15)
NOW = at(TODAY)


def settled(state: str) -> TrainingRecord:
    """A record about which nothing is left to do."""
    if state == "closed":
        return CampaignFactory(closed=True).records.get()
    return TrainingRecordFactory(**{state: True})


def request(record: TrainingRecord, **changes) -> Excuse:
    """Ask with fixed arguments."""
    arguments = {"reason": ExcuseReason.LEAVE, "actor": UserFactory(), "now": NOW} | changes
    return services.request_excuse(record.pk, **arguments)


def decide(excuse: Excuse, *, approve: bool = True, **changes) -> Excuse:
    """Decide as somebody else."""
    arguments = {"actor": UserFactory(), "now": NOW, "note": "確認済み"} | changes
    return services.decide_excuse(excuse.pk, approve=approve, **arguments)


class TestFollowUp:
    def follow_up(self, record: TrainingRecord, **changes) -> FollowUp:
        arguments = {
            "kind": FollowUpKind.REMINDER,
            "done_on": TODAY,
            "result": "今週中に受講する。",
            "actor": UserFactory(),
            "now": NOW,
        } | changes
        return services.add_follow_up(record.pk, **arguments)

    def test_is_dated_signed_and_journalled(self):
        actor = UserFactory()

        made = self.follow_up(TrainingRecordFactory(), actor=actor)

        assert (made.done_on, made.done_by, made.created_at) == (TODAY, actor, NOW)
        assert HistoryEntry.objects.filter(event="training.followed_up").count() == 1

    @pytest.mark.parametrize(
        "wrong", [{"done_on": date(2026, 9, 16)}, {"result": ""}, {"kind": "unheard-of"}]
    )
    def test_refuses_days_to_come_and_empty_words(self, wrong):
        with pytest.raises(ValidationError):
            self.follow_up(TrainingRecordFactory(), **wrong)

    @pytest.mark.parametrize("state", ["passed", "void", "closed"])
    def test_refuses_where_nothing_is_left_to_do(self, state):
        with pytest.raises(DomainError):
            self.follow_up(settled(state))


class TestRequest:
    def test_waits_and_leaves_the_record_open(self):
        record, actor = TrainingRecordFactory(), UserFactory()

        excuse = request(record, actor=actor, note="海外赴任", until=date(2026, 12, 31))

        assert (excuse.status, excuse.requested_by, excuse.requested_at) == (
            ExcuseStatus.REQUESTED,
            actor,
            NOW,
        )
        record.refresh_from_db()
        assert record.status == RecordStatus.NOT_STARTED
        entry = HistoryEntry.objects.get(event="training.excuse_requested")
        assert entry.reason == "海外赴任"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"until": date(2026, 9, 14)},
            {"reason": ExcuseReason.OTHER},
            {"reason": ExcuseReason.OTHER, "note": " "},
            {"reason": "unheard-of"},
        ],
    )
    def test_refuses_days_that_are_over_and_other_reasons_unexplained(self, wrong):
        with pytest.raises(ValidationError):
            request(TrainingRecordFactory(), **wrong)

    @pytest.mark.parametrize("state", [{}, {"approved": True}])
    def test_refuses_a_second_one(self, state):
        excuse = ExcuseFactory(**state)

        with pytest.raises(DomainError):
            request(excuse.record)

    def test_is_possible_again_after_a_refusal(self):
        assert request(ExcuseFactory(refused=True).record).status == ExcuseStatus.REQUESTED

    @pytest.mark.parametrize("state", ["passed", "void", "closed"])
    def test_refuses_where_nothing_is_left_to_do(self, state):
        with pytest.raises(DomainError):
            request(settled(state))


class TestDecide:
    def test_approval_excuses_the_person(self):
        excuse, approver = ExcuseFactory(), UserFactory()

        decide(excuse, actor=approver)

        excuse.refresh_from_db()
        assert (excuse.status, excuse.decided_by, excuse.decided_at, excuse.decision_note) == (
            ExcuseStatus.APPROVED,
            approver,
            NOW,
            "確認済み",
        )
        excuse.record.refresh_from_db()
        assert excuse.record.status == RecordStatus.EXCUSED
        assert HistoryEntry.objects.filter(event="training.excuse_approved").count() == 1

    def test_refusal_leaves_the_training_due(self):
        excuse = decide(ExcuseFactory(), approve=False)

        assert excuse.status == ExcuseStatus.REFUSED
        excuse.record.refresh_from_db()
        assert excuse.record.status == RecordStatus.NOT_STARTED

    def test_refusal_needs_words(self):
        with pytest.raises(DomainError):
            decide(ExcuseFactory(), approve=False, note="")

    def test_is_not_for_who_asked(self):
        excuse = ExcuseFactory()

        with pytest.raises(DomainError):
            decide(excuse, actor=excuse.requested_by)

    def test_is_not_for_the_person_concerned(self):
        excuse = ExcuseFactory(record__person__with_account=True)

        for approve in (True, False):
            with pytest.raises(DomainError):
                decide(excuse, approve=approve, actor=excuse.record.person.user)

    def test_may_be_sent_twice_but_not_turned_round(self):
        excuse, approver = ExcuseFactory(), UserFactory()
        decide(excuse, actor=approver)

        assert decide(excuse, actor=approver).status == ExcuseStatus.APPROVED
        with pytest.raises(InvalidTransitionError):
            decide(excuse, actor=approver, approve=False)
        with pytest.raises(InvalidTransitionError):
            decide(excuse)

    @pytest.mark.parametrize("state", [{"refused": True}, {"status": "ended", "ended_at": NOW}])
    def test_refuses_what_does_not_wait(self, state):
        with pytest.raises(InvalidTransitionError):
            decide(ExcuseFactory(**state))


class TestEnd:
    def test_makes_the_training_due_again_as_it_was(self):
        record = TrainingRecordFactory(excused=True, failures=1)
        AttemptFactory(record=record, failed=True)

        excuse = services.end_excuse(
            record.excuses.get().pk, actor=UserFactory(), reason="復帰した。", now=NOW
        )

        assert (excuse.status, excuse.ended_at) == (ExcuseStatus.ENDED, NOW)
        record.refresh_from_db()
        assert (record.status, record.due_on) == (RecordStatus.FAILED, ENDS_ON)
        entry = HistoryEntry.objects.filter(event="training.excuse_ended").get()
        assert entry.reason == "復帰した。"

    def test_withdraws_a_request(self):
        excuse = ExcuseFactory()

        services.end_excuse(excuse.pk, actor=excuse.requested_by, reason="間違い", now=NOW)

        excuse.record.refresh_from_db()
        assert excuse.record.status == RecordStatus.NOT_STARTED
        assert request(excuse.record).status == ExcuseStatus.REQUESTED

    def test_needs_a_reason(self):
        with pytest.raises(DomainError):
            services.end_excuse(ExcuseFactory().pk, actor=UserFactory(), reason="", now=NOW)

    def test_refuses_what_is_over(self):
        with pytest.raises(InvalidTransitionError):
            services.end_excuse(
                ExcuseFactory(refused=True).pk, actor=UserFactory(), reason="x", now=NOW
            )
