"""Opening a campaign: what it must have, and what is frozen."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pms.accounts.models import User
from pms.core.exceptions import DomainError
from pms.core.text import listed
from pms.history.context import as_actor
from pms.history.services import record, record_created
from pms.training.choices import CampaignStatus, CourseKind, PlanStatus, Topic
from pms.training.exceptions import OpeningRefusedError
from pms.training.models import (
    Campaign,
    CampaignQuestion,
    Course,
    CourseVersion,
    PlanItem,
    Question,
)

from .courses import check_question
from .locking import lock_campaign
from .population import add_people, judge_absences


def opening_obstacles(campaign: Campaign, *, today: date) -> list[str]:
    """What the campaign still lacks before it can be opened; a sentence with the cure each."""
    return [
        *_faults_of_window(campaign, today),
        *_faults_of_plan(campaign),
        *_faults_of_material(campaign, today),
        *_faults_of_questions(campaign),
        *_faults_of_audience(campaign, today),
    ]


def _faults_of_window(campaign: Campaign, today: date) -> list[str]:
    faults = []
    if campaign.starts_on not in campaign.cycle or campaign.ends_on not in campaign.cycle:
        faults.append(
            _("The first and the last day must lie in %(cycle)s. Change the dates.")
            % {"cycle": campaign.cycle}
        )
    if campaign.ends_on < today:
        faults.append(_("The last day is over. Choose a later last day."))
    return faults


def _faults_of_plan(campaign: Campaign) -> list[str]:
    """Training follows a plan approved before its first day (J.3.3); what follows an incident
    could not be planned."""
    if campaign.course.kind == CourseKind.AFTER_INCIDENT:
        return []
    planned = PlanItem.objects.filter(
        course=campaign.course_id,
        plan__cycle=campaign.cycle_id,
        plan__status__in=(PlanStatus.APPROVED, PlanStatus.SUPERSEDED),
        plan__approved_on__lt=campaign.starts_on,
    )
    if planned.exists():
        return []
    return [
        _(
            "No training plan of %(cycle)s with “%(course)s” was approved before %(day)s. "
            "Have the plan approved, or choose a later first day."
        )
        % {
            "cycle": campaign.cycle,
            "course": campaign.course,
            "day": campaign.starts_on.isoformat(),
        }
    ]


def _faults_of_material(campaign: Campaign, today: date) -> list[str]:
    version = latest_version(campaign.course, today)
    if version is None:
        return [
            _("“%(course)s” has no published material. Publish a version of it.")
            % {"course": campaign.course}
        ]
    missing = [topic for topic in Topic if topic not in version.topics]
    if campaign.course.kind != CourseKind.ANNUAL or not missing:
        return []
    return [
        _(
            "The material of an annual training covers all four topics. Missing: %(topics)s. "
            "Publish a version that covers them."
        )
        % {"topics": listed(topic.label for topic in missing)}
    ]


def latest_version(course: Course, today: date) -> CourseVersion | None:
    """The newest material of `course` that was published by `today`."""
    return course.versions.filter(published_on__lte=today).order_by("-number").first()


def _faults_of_questions(campaign: Campaign) -> list[str]:
    if campaign.pass_mark is None:
        return []
    questions = list(_active_questions(campaign.course))
    needed = campaign.question_count or 1
    faults = []
    if len(questions) < needed:
        faults.append(
            ngettext(
                "The test asks %(needed)s question; of “%(course)s” %(there)s are in use.",
                "The test asks %(needed)s questions; of “%(course)s” %(there)s are in use.",
                needed,
            )
            % {"needed": needed, "there": len(questions), "course": campaign.course}
        )
    for question in questions:
        try:
            check_question(question, list(question.choices.all()))
        except DomainError as error:
            faults += [
                _("Question %(code)s: %(fault)s") % {"code": question.code, "fault": fault}
                for fault in error.messages
            ]
    return faults


def _active_questions(course: Course) -> QuerySet[Question]:
    return Question.objects.filter(course=course, is_active=True).prefetch_related("choices")


def _faults_of_audience(campaign: Campaign, today: date) -> list[str]:
    # The training on joining runs all year and may begin before anybody has joined.
    if campaign.course.kind == CourseKind.NEW_HIRE or campaign.audience_on(today).exists():
        return []
    return [_("Nobody is in the audience. Change departments, employment kinds or posts.")]


@transaction.atomic
@as_actor
def open_campaign(campaign_id: int, *, actor: User, today: date, now: datetime) -> Campaign:
    """Open a campaign: freeze its questions, and one record for each person of its audience.

    Everyone who works under the company's direction is to be trained (PPC guideline 3-4-3),
    according to a plan approved before (J.3.3; J.4.3). Department and employment kind are those of
    today. People who are on leave until after the end are excused at once by rule.

    Args:
        campaign_id: a draft; the row stays locked until the transaction ends.
        actor: who opens it.
        today: the day of the snapshot, in the organization's time zone.
        now: the moment of opening.

    Returns:
        The open campaign; one that is open already comes back as it is.

    Raises:
        OpeningRefusedError: with one message for each of `opening_obstacles`.
        InvalidTransitionError: it is closed.
    """
    campaign = lock_campaign(campaign_id)
    if campaign.status == CampaignStatus.OPEN:
        return campaign
    campaign.move_to(CampaignStatus.OPEN)
    obstacles = opening_obstacles(campaign, today=today)
    if obstacles:
        raise OpeningRefusedError(obstacles)
    asked = _freeze_questions(campaign, actor)
    campaign.course_version = latest_version(campaign.course, today)
    campaign.opened_at, campaign.opened_by, campaign.population_on = now, actor, today
    campaign.save()
    people = add_people(campaign, campaign.audience_on(today), actor=actor, is_opening=True)
    absent = judge_absences([campaign], today=today, actor=actor)
    record(
        "training.campaign_opened",
        campaign,
        actor=actor,
        details={"people": len(people), "excused": absent.excused, "questions": asked},
    )
    return campaign


def _freeze_questions(campaign: Campaign, actor: User) -> int:
    """Copy the questions in use; gives their number."""
    if campaign.pass_mark is None:
        return 0
    copies = []
    for position, question in enumerate(_active_questions(campaign.course), start=1):
        content = content_of(question)
        copies.append(
            CampaignQuestion(
                campaign=campaign,
                question=question,
                position=position,
                topic=question.topic,
                content=content,
                digest=digest_of(content),
            )
        )
    CampaignQuestion.objects.bulk_create(copies)
    record_created(copies, actor=actor)
    return len(copies)


def content_of(question: Question) -> dict[str, Any]:
    """Everything that a reader of the question sees, as plain JSON."""
    return {
        "kind": question.kind,
        "clause": question.clause,
        "text": question.text,
        "text_en": question.text_en,
        "explanation": question.explanation,
        "explanation_en": question.explanation_en,
        "choices": [
            {"text": choice.text, "text_en": choice.text_en, "correct": choice.is_correct}
            for choice in question.choices.all()
        ],
    }


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of a question's content: the same in another year if nothing of it was changed."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
