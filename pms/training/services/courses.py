"""Courses, versions of their material and the question bank."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.core.exceptions import DomainError
from pms.history.context import as_actor
from pms.history.services import Action, record, record_created
from pms.training.choices import QuestionKind, Topic
from pms.training.models import Choice, Course, CourseVersion, Question

STARTER = Path(__file__).resolve().parents[1] / "starter"
COPIED = (
    *("text", "text_en", "link"),
    *("covers_policy", "covers_importance", "covers_roles", "covers_consequences"),
)
FEWEST_CHOICES: dict[str, int] = {
    QuestionKind.SINGLE: 2,
    QuestionKind.MULTIPLE: 3,
    QuestionKind.TRUE_FALSE: 2,
}


@transaction.atomic
@as_actor
def save_course(course: Course, *, actor: User) -> Course:
    """Store a new or changed course.

    Raises:
        ValidationError: a field is wrong, e.g. the code is taken.
    """
    is_new = course.pk is None
    course.full_clean()
    course.save()
    if is_new:
        record("training.course_created", course, actor=actor, action=Action.CREATE)
    else:
        record("training.course_changed", course, actor=actor)
    return course


@transaction.atomic
@as_actor
def create_version(course: Course, *, actor: User) -> CourseVersion:
    """Start a new version of the material as a copy of the latest one.

    A version that is not published yet comes back instead of a second one.
    """
    Course.objects.select_for_update().get(pk=course.pk)
    latest = course.versions.order_by("-number").first()
    if latest is not None and latest.published_on is None:
        return latest
    copied = {name: getattr(latest, name) for name in COPIED} if latest else {}
    version = CourseVersion.objects.create(
        course=course, number=latest.number + 1 if latest else 1, **copied
    )
    record("training.version_created", version, actor=actor, action=Action.CREATE)
    return version


@transaction.atomic
@as_actor
def change_version(version_id: int, *, actor: User, **fields: Any) -> CourseVersion:
    """Change material that is not published yet: text, text_en, link, covers_…, changes.

    Raises:
        DomainError: it is published.
        ValidationError: a field is wrong.
    """
    version = _lock_version(version_id)
    if version.published_on is not None:
        raise DomainError(
            _("“%(version)s” is published and stays as it is. Start a new version."),
            params={"version": version},
        )
    for name, value in fields.items():
        setattr(version, name, value)
    version.full_clean()
    version.save()
    record("training.version_changed", version, actor=actor, details={"fields": sorted(fields)})
    return version


@transaction.atomic
@as_actor
def publish_version(version_id: int, *, actor: User, today: date) -> CourseVersion:
    """Publish material; from then on campaigns of the course open with it.

    Returns:
        The version; one that is published already comes back as it is.

    Raises:
        DomainError: it has neither text nor link, or covers none of the four topics.
    """
    version = _lock_version(version_id)
    if version.published_on is not None:
        return version
    faults = []
    if not (version.text.strip() or version.link):
        faults.append(_("The material is empty. Write a text or give a link."))
    if not version.topics:
        faults.append(_("No topic is marked. Mark which of the four topics it covers."))
    if faults:
        raise DomainError(faults)
    version.published_on = today
    version.save()
    record("training.version_published", version, actor=actor)
    return version


def check_question(question: Question, choices: Sequence[Choice]) -> None:
    """Refuse a question that cannot be asked fairly.

    Single: two answers or more, exactly one correct. Several: three or more, at least one correct
    and one wrong. True or false: two answers, one correct. No two answers are the same. Answers
    are in English all or none, and only if the question is.

    Raises:
        DomainError: with one message for each fault.
    """
    faults = list(_faults(question, choices))
    if faults:
        raise DomainError(faults)


@transaction.atomic
@as_actor
def save_question(question: Question, choices: Sequence[Choice], *, actor: User) -> Question:
    """Store a new or changed question with its answers, in the order given.

    Open and closed campaigns keep the copy that they froze.

    Raises:
        DomainError: `check_question` refuses it.
        ValidationError: a field is wrong.
    """
    check_question(question, choices)
    is_new = question.pk is None
    question.full_clean()
    question.save()
    if list(map(_facts, question.choices.order_by("position"))) != list(map(_facts, choices)):
        question.choices.all().delete()
        _add_choices(question, choices, actor)
    if is_new:
        record("training.question_created", question, actor=actor, action=Action.CREATE)
    else:
        record("training.question_changed", question, actor=actor)
    return question


@transaction.atomic
@as_actor
def install_starter_course(*, actor: User, today: date) -> Course:
    """Add the course and the questions that come with the system, with the material published.

    A course of that code that is there already comes back untouched.
    """
    facts = json.loads((STARTER / "course.json").read_text(encoding="utf-8"))
    topics = facts.pop("topics")
    course, is_new = Course.objects.get_or_create(code=facts.pop("code"), defaults=facts)
    if not is_new:
        return course
    version = CourseVersion.objects.create(
        course=course,
        number=1,
        text=(STARTER / "material.ja.md").read_text(encoding="utf-8"),
        text_en=(STARTER / "material.en.md").read_text(encoding="utf-8"),
        **{f"covers_{topic}": topic in topics for topic in Topic.values},
    )
    questions = json.loads((STARTER / "questions.json").read_text(encoding="utf-8"))
    for entry in questions:
        answers = [
            Choice(text=it["text"], text_en=it["text_en"], is_correct=it["correct"])
            for it in entry.pop("choices")
        ]
        save_question(Question(course=course, **entry), answers, actor=actor)
    publish_version(version.pk, actor=actor, today=today)
    record(
        "training.starter_course_installed",
        course,
        actor=actor,
        action=Action.CREATE,
        details={"questions": len(questions)},
    )
    return course


def _lock_version(version_id: int) -> CourseVersion:
    return CourseVersion.objects.select_for_update().get(pk=version_id)


def _facts(choice: Choice) -> tuple[str, str, bool]:
    return choice.text, choice.text_en, choice.is_correct


def _add_choices(question: Question, choices: Sequence[Choice], actor: User) -> None:
    fresh = [
        Choice(
            question=question,
            position=position,
            text=choice.text,
            text_en=choice.text_en,
            is_correct=choice.is_correct,
        )
        for position, choice in enumerate(choices, start=1)
    ]
    for choice in fresh:
        choice.clean_fields(exclude=["question"])
    Choice.objects.bulk_create(fresh)
    record_created(fresh, actor=actor)


def _faults(question: Question, choices: Sequence[Choice]) -> Iterator[str]:
    correct = sum(choice.is_correct for choice in choices)
    fewest = FEWEST_CHOICES.get(question.kind, 2)
    if len(choices) < fewest:
        yield _("Give at least %(fewest)s answers.") % {"fewest": fewest}
    if question.kind == QuestionKind.TRUE_FALSE and len(choices) > fewest:
        yield _("A true-or-false question has two answers.")
    if question.kind == QuestionKind.MULTIPLE and not 0 < correct < len(choices):
        yield _("Mark at least one answer as correct and leave at least one wrong.")
    if question.kind != QuestionKind.MULTIPLE and correct != 1:
        yield _("Mark exactly one answer as correct.")
    if len({choice.text.strip() for choice in choices}) < len(choices):
        yield _("Two answers are the same. Change one of them.")
    translated = sum(bool(choice.text_en.strip()) for choice in choices)
    if translated not in {0, len(choices)} or bool(translated) != bool(question.text_en.strip()):
        yield _("Give the question and all its answers in English, or none of them.")
