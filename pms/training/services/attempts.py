"""Taking the test, and “I understood”."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pms.accounts.models import User
from pms.training.models import Attempt, TrainingRecord

# Per question (id of the CampaignQuestion as text): the places of the chosen answers in
# `content["choices"]`, whatever order the paper shows them in.
type Answers = Mapping[str, Sequence[int]]


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
    raise NotImplementedError


def save_answers(attempt_id: int, answers: Answers, *, actor: User, now: datetime) -> Attempt:
    """Keep what is chosen so far, question by question; questions not named stay as they were.

    After the test was sent (from another tab) nothing changes and nothing is an error: look at
    `submitted_at` of the result.

    Raises:
        PermissionDenied: `actor` is not the person of the record.
        DomainError: a question is not on this paper, or an answer does not exist.
    """
    raise NotImplementedError


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
    raise NotImplementedError


def acknowledge(record_id: int, *, actor: User, now: datetime) -> TrainingRecord:
    """“I understood”: the person has passed, once the test is passed or if there is none.

    Making people aware that they were trained is a part of awareness (JIS Q 15001:2023 7.3; J.4.3).
    Passing while excused ends the excuse. A second press changes nothing.

    Raises:
        PermissionDenied: `actor` is not the person of the record.
        DomainError: the campaign is not open or not begun, or the test is not passed yet.
    """
    raise NotImplementedError
