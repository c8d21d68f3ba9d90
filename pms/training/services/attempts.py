"""Taking the test, and “I understood”."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from random import Random
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.core.exceptions import DomainError
from pms.history.context import as_actor
from pms.history.services import Action, record
from pms.training.choices import (
    OPEN_STATUSES,
    Comprehension,
    FollowUpKind,
    Method,
    QuestionKind,
    RecordStatus,
)
from pms.training.deadlines import INTERVIEW_AFTER
from pms.training.exceptions import InterviewNeededError
from pms.training.models import Attempt, Campaign, CampaignQuestion, TrainingRecord
from pms.training.permissions import is_the_person

from .locking import lock_record, require_open
from .population import lift_excuses

# Per question (id of the CampaignQuestion as text): the places of the chosen answers in
# `content["choices"]`, whatever order the paper shows them in.
type Answers = Mapping[str, Sequence[int]]


@transaction.atomic
@as_actor
def start_attempt(
    record_id: int, *, actor: User, now: datetime, seed: int | None = None
) -> Attempt:
    """Start the test, or go on with the one that is running.

    Questions are drawn evenly from the topics and shown in random order, with shuffled answers.
    The paper is a list of `{"question": CampaignQuestion id, "order": places of its choices}`.

    Args:
        record_id: whose training; the row stays locked until the transaction ends.
        actor: the person concerned.
        now: the moment of starting.
        seed: makes the draw repeatable; None draws at random.

    Returns:
        The running attempt.

    Raises:
        PermissionDenied: `actor` is not the person of the record.
        InterviewNeededError: every third failure asks for an interview before the next attempt.
        DomainError: the campaign is not open or not begun, has no test, or the test is passed.
    """
    own = _lock_own(record_id, actor)
    _require_begun(own.campaign, now)
    running = own.attempts.filter(submitted_at__isnull=True).first()
    if running is not None:
        return running
    _require_test_to_take(own)
    questions = list(own.campaign.questions.order_by("position"))
    random = Random(seed)  # noqa: S311  (a draw, not a secret)
    last = own.attempts.aggregate(last=Max("number"))["last"] or 0
    attempt = Attempt.objects.create(
        record=own,
        number=last + 1,
        started_at=now,
        paper=draw_paper(questions, own.campaign.question_count, random),
    )
    if own.can_move_to(RecordStatus.IN_PROGRESS) and own.status != RecordStatus.EXCUSED:
        own.move_to(RecordStatus.IN_PROGRESS)
        own.save(update_fields=["status"])
    record("training.attempt_started", attempt, actor=actor, action=Action.CREATE)
    return attempt


@transaction.atomic
@as_actor
def save_answers(attempt_id: int, answers: Answers, *, actor: User, now: datetime) -> Attempt:
    """Keep what is chosen so far, question by question; questions not named stay as they were.

    After the test was sent (from another tab) nothing changes and nothing is an error: look at
    `submitted_at` of the result.

    Raises:
        PermissionDenied: `actor` is not the person of the record.
        DomainError: a question is not on this paper, or an answer does not exist.
    """
    attempt = _lock_attempt(attempt_id, actor)
    if attempt.submitted_at is not None:
        return attempt
    require_open(attempt.record.campaign)
    attempt.answers = _with_answers(attempt, answers)
    attempt.saved_at = now
    attempt.save(update_fields=["answers", "saved_at"])
    return attempt


@transaction.atomic
@as_actor
def submit_attempt(attempt_id: int, answers: Answers, *, actor: User, now: datetime) -> Attempt:
    """Send the test in and mark it; a second sending gives the first one's result.

    Score: per cent of the questions answered right, rounded down; a question with several correct
    answers is right with exactly that set. When the test is passed the record stays in progress
    until “I understood” is pressed (`acknowledge`).

    Args:
        attempt_id: the running attempt.
        answers: the last answers; those saved before are kept where a question is not named.
        actor: the person concerned.
        now: the moment of sending.

    Returns:
        The attempt with `score` (per cent) and `is_passed`.

    Raises:
        PermissionDenied, DomainError: as in `save_answers`.
    """
    attempt = _lock_attempt(attempt_id, actor)
    if attempt.submitted_at is not None:
        return attempt
    own = attempt.record
    require_open(own.campaign)
    attempt.answers = _with_answers(attempt, answers)
    attempt.saved_at = attempt.submitted_at = now
    attempt.score = mark(attempt)
    attempt.is_passed = attempt.score >= (own.campaign.pass_mark or 0)
    attempt.save()
    if own.status in (*OPEN_STATUSES, RecordStatus.EXCUSED):
        _note_result(own, attempt, now)
    record("training.attempt_submitted", attempt, actor=actor)
    return attempt


@transaction.atomic
@as_actor
def acknowledge(record_id: int, *, actor: User, now: datetime) -> TrainingRecord:
    """“I understood”: the person has passed, once the test is passed or if there is none.

    Making people aware that they were trained is a part of awareness (JIS Q 15001:2023 7.3; J.4.3).
    Passing while excused ends the excuse. A second press changes nothing.

    Raises:
        PermissionDenied: `actor` is not the person of the record.
        DomainError: the campaign is not open or not begun, or the test is not passed yet.
    """
    own = _lock_own(record_id, actor)
    if own.status == RecordStatus.PASSED:
        return own
    _require_begun(own.campaign, now)
    has_test = own.campaign.pass_mark is not None
    if has_test and not own.attempts.filter(is_passed=True).exists():
        raise DomainError(_("Pass the test first; then confirm that you have understood."))
    own.move_to(RecordStatus.PASSED)
    today = timezone.localdate(now)
    own.acknowledged_at, own.passed_on = now, today
    own.attended_on = own.attended_on if has_test else today
    own.method = Method.E_LEARNING
    own.comprehension = Comprehension.TEST if has_test else Comprehension.QUESTIONNAIRE
    own.save()
    lift_excuses([own], at=now, actor=actor)
    record("training.acknowledged", own, actor=actor)
    return own


def draw_paper(
    questions: Sequence[CampaignQuestion], count: int | None, random: Random
) -> list[dict[str, Any]]:
    """Draw `count` questions, or all, as evenly from the topics as it goes, in random order."""
    by_topic: dict[str, list[CampaignQuestion]] = {}
    for question in random.sample(questions, len(questions)):
        by_topic.setdefault(question.topic, []).append(question)
    dealt = [question for row in zip_longest(*by_topic.values()) for question in row if question]
    drawn = dealt[:count]
    random.shuffle(drawn)
    return [{"question": it.pk, "order": _shuffled_places(it.content, random)} for it in drawn]


def _shuffled_places(content: Mapping[str, Any], random: Random) -> list[int]:
    places = list(range(len(content["choices"])))
    if content["kind"] != QuestionKind.TRUE_FALSE:
        random.shuffle(places)
    return places


def mark(attempt: Attempt) -> int:
    """Per cent of the paper's questions answered right, rounded down."""
    asked = [entry["question"] for entry in attempt.paper]
    contents = CampaignQuestion.objects.filter(pk__in=asked).values_list("pk", "content")
    right = sum(is_right(content, attempt.answers.get(str(pk), ())) for pk, content in contents)
    return 100 * right // len(asked)


def is_right(content: Mapping[str, Any], chosen: Iterable[int]) -> bool:
    """Whether exactly the correct answers are chosen."""
    correct = {place for place, choice in enumerate(content["choices"]) if choice["correct"]}
    return set(chosen) == correct


def _with_answers(attempt: Attempt, answers: Answers) -> dict[str, list[int]]:
    """What is saved with `answers` put over it: another tab's questions stay."""
    offered = {str(entry["question"]): set(entry["order"]) for entry in attempt.paper}
    for question, chosen in answers.items():
        if question not in offered or not set(chosen) <= offered[question]:
            raise DomainError(
                _("An answer does not belong to this test. Open the test again and send it anew.")
            )
    return attempt.answers | {question: sorted(chosen) for question, chosen in answers.items()}


def _lock_own(record_id: int, actor: User) -> TrainingRecord:
    own = lock_record(record_id)
    if not is_the_person(actor, own):
        raise PermissionDenied
    return own


def _lock_attempt(attempt_id: int, actor: User) -> Attempt:
    """The attempt as it is now; its record is what is held."""
    own = _lock_own(Attempt.objects.values_list("record_id", flat=True).get(pk=attempt_id), actor)
    attempt = Attempt.objects.get(pk=attempt_id)
    attempt.record = own
    return attempt


def _require_begun(campaign: Campaign, now: datetime) -> None:
    require_open(campaign)
    if timezone.localdate(now) < campaign.starts_on:
        raise DomainError(
            _("“%(campaign)s” begins on %(day)s."),
            params={"campaign": campaign, "day": campaign.starts_on.isoformat()},
        )


def _require_test_to_take(own: TrainingRecord) -> None:
    if own.campaign.pass_mark is None:
        raise DomainError(_("This training has no test. Read the material and confirm it."))
    if own.status == RecordStatus.VOID:
        raise DomainError(_("This record was replaced. Open the training again from your duties."))
    if own.status == RecordStatus.PASSED:
        raise DomainError(_("You have passed this training already."))
    if own.attempts.filter(is_passed=True).exists():
        raise DomainError(_("You have passed the test. Confirm that you have understood."))
    if own.failures and own.failures % INTERVIEW_AFTER == 0 and not _was_interviewed(own):
        raise InterviewNeededError(
            _(
                "After %(count)s failures the training officer talks with you before the next "
                "attempt. Please ask for an interview."
            ),
            params={"count": own.failures},
        )


def _was_interviewed(own: TrainingRecord) -> bool:
    """Whether an interview was held and written down since the last failure."""
    interviews = own.follow_ups.filter(kind=FollowUpKind.INTERVIEW)
    if own.attended_on:
        interviews = interviews.filter(done_on__gte=own.attended_on)
    failed_at = own.attempts.aggregate(last=Max("submitted_at"))["last"]
    if failed_at:
        interviews = interviews.filter(created_at__gt=failed_at)
    return interviews.exists()


def _note_result(own: TrainingRecord, attempt: Attempt, now: datetime) -> None:
    """Carry the result of the test into the record; who is excused stays so until passing."""
    own.attended_on = timezone.localdate(now)
    own.method, own.comprehension = Method.E_LEARNING, Comprehension.TEST
    own.score = attempt.score
    # What was logged before by somebody else no longer describes this row.
    own.logged_by = own.logged_at = own.import_run = own.session = None
    own.lecturer = ""
    own.failures += 0 if attempt.is_passed else 1
    target = RecordStatus.IN_PROGRESS if attempt.is_passed else RecordStatus.FAILED
    if own.status not in {target, RecordStatus.EXCUSED}:
        own.move_to(target)
    own.save()
