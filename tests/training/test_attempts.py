"""Taking the test: drawing, saving, sending, failing, passing, and “I understood”."""

from datetime import date, timedelta
from random import Random

import pytest
from django.core.exceptions import PermissionDenied

from pms.core.exceptions import DomainError
from pms.history.models import HistoryEntry
from pms.training import services
from pms.training.choices import (
    Comprehension,
    ExcuseStatus,
    FollowUpKind,
    Method,
    QuestionKind,
    RecordStatus,
    Topic,
)
from pms.training.exceptions import InterviewNeededError
from pms.training.models import Attempt, Campaign, TrainingRecord
from pms.training.services.attempts import draw_paper, is_right
from tests.accounts.factories import UserFactory

from .factories import (
    STARTS_ON,
    CampaignFactory,
    CourseFactory,
    ExcuseFactory,
    QuestionFactory,
    TrainingRecordFactory,
    at,
    pass_everybody,
)

pytestmark = pytest.mark.django_db

NOON = at(date(2026, 9, 10))


@pytest.fixture
def record() -> TrainingRecord:
    """The record of somebody with an account, not started."""
    return TrainingRecordFactory(person__with_account=True)


def start(record: TrainingRecord, *, now=NOON, seed: int = 1) -> Attempt:
    """Start as the person concerned."""
    return services.start_attempt(record.pk, actor=record.person.user, now=now, seed=seed)


def answers(attempt: Attempt, *, right: int) -> dict[str, list[int]]:
    """The first `right` questions answered right (the first choice), the others wrong."""
    return {
        str(entry["question"]): [0 if place < right else 1]
        for place, entry in enumerate(attempt.paper)
    }


def submit(attempt: Attempt, *, right: int, now=NOON) -> Attempt:
    """Send as the person concerned."""
    return services.submit_attempt(
        attempt.pk,
        answers(attempt, right=right),
        actor=attempt.record.person.user,
        now=now,
    )


def sit(record: TrainingRecord, *, right: int, now=NOON) -> Attempt:
    """Start and send; 4 of 5 right is the pass mark."""
    return submit(start(record, now=now), right=right, now=now)


def acknowledge(record: TrainingRecord, *, now=NOON) -> TrainingRecord:
    """Press “I understood” as the person concerned."""
    return services.acknowledge(record.pk, actor=record.person.user, now=now)


class TestStart:
    def test_draws_a_paper_and_marks_the_record_begun(self, record):
        attempt = start(record)

        record.refresh_from_db()
        assert record.status == RecordStatus.IN_PROGRESS
        assert attempt.number == 1
        drawn = {entry["question"] for entry in attempt.paper}
        assert drawn == set(record.campaign.questions.values_list("pk", flat=True))
        assert HistoryEntry.objects.filter(event="training.attempt_started").count() == 1

    def test_goes_on_with_the_running_attempt(self, record):
        attempt = start(record)

        assert start(record, now=NOON + timedelta(days=1), seed=99) == attempt

    def test_is_for_the_person_alone(self, record):
        for other in (UserFactory(), UserFactory(roles=[])):
            with pytest.raises(PermissionDenied):
                services.start_attempt(record.pk, actor=other, now=NOON)

    def test_refuses_before_the_first_day(self, record):
        with pytest.raises(DomainError):
            start(record, now=at(date(2026, 8, 31)))

    def test_is_possible_after_the_last_day_while_the_campaign_is_open(self, record):
        assert start(record, now=at(date(2026, 10, 5))).number == 1

    def test_refuses_a_closed_campaign(self):
        campaign = CampaignFactory(closed=True)
        record = campaign.records.get()
        record.person.user = UserFactory()
        record.person.save()

        with pytest.raises(DomainError):
            start(record)

    def test_refuses_a_training_without_a_test(self):
        campaign = CampaignFactory(open=True, pass_mark=None)

        with pytest.raises(DomainError):
            start(TrainingRecordFactory(campaign=campaign, person__with_account=True))

    @pytest.mark.parametrize("state", ["passed", "void"])
    def test_refuses_who_has_passed_and_a_void_record(self, state):
        with pytest.raises(DomainError):
            start(TrainingRecordFactory(person__with_account=True, **{state: True}))

    def test_refuses_a_passed_test_that_only_waits_for_confirmation(self, record):
        sit(record, right=5)

        with pytest.raises(DomainError):
            start(record)

    def test_can_be_repeated_after_a_failure(self, record):
        sit(record, right=0)

        assert start(record).number == 2
        record.refresh_from_db()
        assert record.status == RecordStatus.IN_PROGRESS


class TestDrawing:
    @pytest.fixture
    def campaign(self) -> Campaign:
        course = CourseFactory(published=True)
        for topic in Topic:
            for _time in range(3):
                QuestionFactory(course=course, topic=topic)
        QuestionFactory(
            course=course, kind=QuestionKind.TRUE_FALSE, choices=[("正", True), ("誤", False)]
        )
        return CampaignFactory(course=course, open=True)

    def draw(self, campaign: Campaign, count: int | None, seed: int) -> list[dict]:
        return draw_paper(list(campaign.questions.order_by("position")), count, Random(seed))  # noqa: S311

    def test_is_the_same_for_the_same_seed_and_another_for_another(self, campaign):
        assert self.draw(campaign, 6, 1) == self.draw(campaign, 6, 1)
        assert self.draw(campaign, 6, 1) != self.draw(campaign, 6, 2)

    @pytest.mark.parametrize("seed", range(5))
    def test_takes_every_topic(self, campaign, seed):
        topics = dict(campaign.questions.values_list("pk", "topic"))

        drawn = [topics[entry["question"]] for entry in self.draw(campaign, 8, seed)]

        assert len(drawn) == 8
        assert all(drawn.count(topic) == 2 for topic in Topic)

    def test_takes_all_without_a_number(self, campaign):
        assert len(self.draw(campaign, None, 1)) == 13

    def test_offers_every_answer_once_and_leaves_true_before_false(self, campaign):
        contents = dict(campaign.questions.values_list("pk", "content"))
        orders = [
            (contents[entry["question"]], entry["order"])
            for seed in range(8)
            for entry in self.draw(campaign, None, seed)
        ]

        assert all(sorted(order) == list(range(len(it["choices"]))) for it, order in orders)
        assert all(order == [0, 1] for it, order in orders if it["kind"] == QuestionKind.TRUE_FALSE)
        assert any(order != [0, 1, 2] for it, order in orders if it["kind"] == QuestionKind.SINGLE)

    def test_happens_with_the_number_of_the_campaign(self):
        campaign = CampaignFactory(open=True, question_count=3)

        attempt = start(TrainingRecordFactory(campaign=campaign, person__with_account=True))

        assert len(attempt.paper) == 3


class TestSave:
    def test_keeps_answers_question_by_question(self, record):
        attempt = start(record)
        first, second = (str(entry["question"]) for entry in attempt.paper[:2])
        user = record.person.user

        services.save_answers(attempt.pk, {first: [1]}, actor=user, now=NOON)
        services.save_answers(attempt.pk, {second: [0, 2]}, actor=user, now=NOON)
        services.save_answers(attempt.pk, {first: [2]}, actor=user, now=NOON)

        attempt.refresh_from_db()
        assert attempt.answers == {first: [2], second: [0, 2]}
        assert attempt.saved_at == NOON

    @pytest.mark.parametrize("wrong", [{"0": [0]}, {"first": [3]}, {"first": [-1]}])
    def test_refuses_what_is_not_on_the_paper(self, record, wrong):
        attempt = start(record)
        first = str(attempt.paper[0]["question"])
        sent = {first if key == "first" else key: value for key, value in wrong.items()}

        with pytest.raises(DomainError):
            services.save_answers(attempt.pk, sent, actor=record.person.user, now=NOON)

        attempt.refresh_from_db()
        assert attempt.answers == {}

    def test_from_a_second_tab_after_sending_changes_nothing(self, record):
        attempt = sit(record, right=5)

        again = services.save_answers(
            attempt.pk, answers(attempt, right=0), actor=record.person.user, now=NOON
        )

        assert again.submitted_at is not None
        attempt.refresh_from_db()
        assert attempt.answers == answers(attempt, right=5)

    def test_is_for_the_person_alone(self, record):
        with pytest.raises(PermissionDenied):
            services.save_answers(start(record).pk, {}, actor=UserFactory(), now=NOON)


class TestSubmit:
    @pytest.mark.parametrize(("right", "score"), [(0, 0), (3, 60), (4, 80), (5, 100)])
    def test_scores_per_cent_of_the_questions(self, record, right, score):
        attempt = sit(record, right=right)

        assert (attempt.score, attempt.is_passed) == (score, score >= 80)

    def test_rounds_down(self):
        campaign = CampaignFactory(open=True, question_count=3, pass_mark=67)

        attempt = sit(TrainingRecordFactory(campaign=campaign, person__with_account=True), right=2)

        assert (attempt.score, attempt.is_passed) == (66, False)

    def test_counts_an_unanswered_question_as_wrong(self, record):
        attempt = start(record)

        sent = services.submit_attempt(attempt.pk, {}, actor=record.person.user, now=NOON)

        assert sent.score == 0

    def test_counts_answers_saved_before(self, record):
        attempt, user = start(record), record.person.user
        services.save_answers(attempt.pk, answers(attempt, right=5), actor=user, now=NOON)

        assert services.submit_attempt(attempt.pk, {}, actor=user, now=NOON).score == 100

    @pytest.mark.parametrize(
        ("chosen", "expected"),
        [([0, 2], True), ([2, 0], True), ([0], False), ([0, 1, 2], False), ([], False)],
    )
    def test_wants_exactly_the_correct_answers(self, chosen, expected):
        content = {"choices": [{"correct": True}, {"correct": False}, {"correct": True}]}

        assert is_right(content, chosen) is expected

    def test_notes_a_failure(self, record):
        sit(record, right=3)

        record.refresh_from_db()
        assert (record.status, record.failures, record.score) == (RecordStatus.FAILED, 1, 60)
        assert record.attended_on == date(2026, 9, 10)
        assert (record.method, record.comprehension) == (Method.E_LEARNING, Comprehension.TEST)

    def test_leaves_a_passed_test_open_until_it_is_understood(self, record):
        sit(record, right=5)

        record.refresh_from_db()
        assert (record.status, record.score, record.failures) == (RecordStatus.IN_PROGRESS, 100, 0)
        assert record.passed_on is None

    def test_a_second_time_gives_the_first_result(self, record):
        attempt = sit(record, right=5)

        again = submit(attempt, right=0)

        assert (again.score, again.is_passed, again.submitted_at) == (100, True, NOON)
        assert HistoryEntry.objects.filter(event="training.attempt_submitted").count() == 1
        record.refresh_from_db()
        assert record.failures == 0

    def test_after_somebody_else_logged_the_passing_keeps_that(self, record):
        attempt = start(record)
        pass_everybody(record.campaign)

        sent = submit(attempt, right=0)

        assert sent.score == 0
        record.refresh_from_db()
        assert (record.status, record.method, record.failures) == (
            RecordStatus.PASSED,
            Method.PAPER,
            0,
        )

    def test_is_for_the_person_alone(self, record):
        with pytest.raises(PermissionDenied):
            services.submit_attempt(start(record).pk, {}, actor=UserFactory(), now=NOON)


class TestInterview:
    @pytest.fixture
    def failed(self, record) -> TrainingRecord:
        for hour in range(3):
            sit(record, right=0, now=NOON + timedelta(hours=hour))
        record.refresh_from_db()
        return record

    def interview(self, record: TrainingRecord, *, now, done_on=date(2026, 9, 10), kind=None):
        services.add_follow_up(
            record.pk,
            kind=kind or FollowUpKind.INTERVIEW,
            done_on=done_on,
            result="教材を一緒に読んだ。",
            actor=UserFactory(),
            now=now,
        )

    def test_is_needed_after_the_third_failure(self, failed):
        with pytest.raises(InterviewNeededError):
            start(failed)

    def test_lets_the_test_go_on(self, failed):
        self.interview(failed, now=NOON + timedelta(hours=3))

        assert start(failed, now=NOON + timedelta(hours=4)).number == 4

    @pytest.mark.parametrize(
        "held",
        [
            {"now": NOON + timedelta(hours=1)},
            {"now": NOON + timedelta(hours=3), "done_on": date(2026, 9, 9)},
            {"now": NOON + timedelta(hours=3), "kind": FollowUpKind.REMINDER},
        ],
    )
    def test_must_be_an_interview_after_that_failure(self, failed, held):
        self.interview(failed, **held)

        with pytest.raises(InterviewNeededError):
            start(failed)

    def test_is_needed_again_after_three_more(self, failed):
        self.interview(failed, now=NOON + timedelta(hours=3))
        for hour in range(4, 7):
            sit(failed, right=0, now=NOON + timedelta(hours=hour))

        with pytest.raises(InterviewNeededError):
            start(failed)


class TestAcknowledge:
    def test_passes_who_passed_the_test(self, record):
        sit(record, right=4)

        acknowledge(record, now=at(date(2026, 9, 12)))

        record.refresh_from_db()
        assert record.status == RecordStatus.PASSED
        assert record.acknowledged_at == at(date(2026, 9, 12))
        assert (record.attended_on, record.passed_on) == (date(2026, 9, 10), date(2026, 9, 12))

    def test_takes_the_day_of_the_organizations_time_zone(self, record):
        sit(record, right=5)

        acknowledge(record, now=at(date(2026, 9, 12), 20))

        record.refresh_from_db()
        assert record.passed_on == date(2026, 9, 13)

    def test_is_enough_without_a_test(self):
        campaign = CampaignFactory(open=True, pass_mark=None)
        record = TrainingRecordFactory(campaign=campaign, person__with_account=True)

        acknowledge(record)

        record.refresh_from_db()
        assert (record.status, record.score, record.comprehension) == (
            RecordStatus.PASSED,
            None,
            Comprehension.QUESTIONNAIRE,
        )
        assert record.attended_on == record.passed_on == date(2026, 9, 10)

    @pytest.mark.parametrize("right", [None, 0])
    def test_needs_the_passed_test(self, record, right):
        if right is not None:
            sit(record, right=right)

        with pytest.raises(DomainError):
            acknowledge(record)

    def test_a_second_time_changes_nothing(self, record):
        sit(record, right=5)
        acknowledge(record)

        again = acknowledge(record, now=at(date(2026, 9, 20)))

        assert again.acknowledged_at == NOON
        assert HistoryEntry.objects.filter(event="training.acknowledged").count() == 1

    def test_is_for_the_person_alone(self, record):
        with pytest.raises(PermissionDenied):
            services.acknowledge(record.pk, actor=UserFactory(), now=NOON)

    def test_refuses_before_the_first_day(self):
        campaign = CampaignFactory(open=True, pass_mark=None)
        record = TrainingRecordFactory(campaign=campaign, person__with_account=True)

        with pytest.raises(DomainError):
            acknowledge(record, now=at(STARTS_ON - timedelta(days=1)))


class TestWhileExcused:
    @pytest.fixture
    def excused(self) -> TrainingRecord:
        return TrainingRecordFactory(person__with_account=True, excused=True)

    def test_the_excuse_stays_until_passing(self, excused):
        sit(excused, right=0)
        sit(excused, right=5)

        excused.refresh_from_db()
        assert (excused.status, excused.failures) == (RecordStatus.EXCUSED, 1)
        acknowledge(excused)
        excused.refresh_from_db()
        assert excused.status == RecordStatus.PASSED
        assert excused.excuses.get().status == ExcuseStatus.ENDED

    def test_passing_ends_a_request_that_waits(self, record):
        ExcuseFactory(record=record)
        sit(record, right=5)

        acknowledge(record)

        assert record.excuses.get().status == ExcuseStatus.ENDED


def test_a_later_year_never_touches_the_record_of_a_former_one(record):
    sit(record, right=5)
    acknowledge(record)
    before = TrainingRecord.objects.filter(pk=record.pk).values().get()

    later = CampaignFactory(cycle__year=2027, open=True)
    second = later.records.get(person=record.person)
    sit(second, right=0, now=at(later.starts_on))

    assert TrainingRecord.objects.filter(pk=record.pk).values().get() == before
    assert second.pk != record.pk
