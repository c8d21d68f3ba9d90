"""Courses, versions of their material and the question bank."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pms.accounts.models import User
from pms.training.models import Choice, Course, CourseVersion, Question


def save_course(course: Course, *, actor: User) -> Course:
    """Store a new or changed course.

    Raises:
        ValidationError: a field is wrong, e.g. the code is taken.
    """
    raise NotImplementedError


def create_version(course: Course, *, actor: User) -> CourseVersion:
    """Start a new version of the material as a copy of the latest one.

    A version that is not published yet comes back instead of a second one.
    """
    raise NotImplementedError


def change_version(version_id: int, *, actor: User, **fields: Any) -> CourseVersion:
    """Change material that is not published yet: text, text_en, link, covers_…, changes.

    Raises:
        DomainError: it is published.
        ValidationError: a field is wrong.
    """
    raise NotImplementedError


def publish_version(version_id: int, *, actor: User, today: date) -> CourseVersion:
    """Publish material; from then on campaigns of the course open with it.

    Returns:
        The version; one that is published already comes back as it is.

    Raises:
        DomainError: it has neither text nor link, or covers none of the four topics.
    """
    raise NotImplementedError


def check_question(question: Question, choices: Sequence[Choice]) -> None:
    """Refuse a question that cannot be asked fairly.

    Single: two answers or more, exactly one correct. Several: three or more, at least one correct
    and one wrong. True or false: two answers, one correct. No two answers are the same. Answers
    are in English all or none, and only if the question is.

    Raises:
        DomainError: with one message for each fault.
    """
    raise NotImplementedError


def save_question(question: Question, choices: Sequence[Choice], *, actor: User) -> Question:
    """Store a new or changed question with its answers, in the order given.

    Open and closed campaigns keep the copy that they froze.

    Raises:
        DomainError: `check_question` refuses it.
        ValidationError: a field is wrong.
    """
    raise NotImplementedError


def install_starter_course(*, actor: User, today: date) -> Course:
    """Add the course and the questions that come with the system, with the material published.

    A course of that code that is there already comes back untouched.
    """
    raise NotImplementedError
