"""Words of training: topics, methods, states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CourseKind(models.TextChoices):
    """For whom and when a course is held."""

    ANNUAL = "annual", _("Annual training")
    NEW_HIRE = "new_hire", _("Training on joining")
    ROLE = "role", _("Training for a post")
    AFTER_INCIDENT = "after_incident", _("Extra training after an incident")
    MY_NUMBER = "my_number", _("My Number training")


class Topic(models.TextChoices):
    """The four things that everyone must be made aware of (J.4.3; A.3.4.5 of the 2017 edition)."""

    POLICY = "policy", _("Personal information protection policy")
    IMPORTANCE = "importance", _("Importance and benefits of conforming")
    ROLES = "roles", _("Roles and responsibilities")
    CONSEQUENCES = "consequences", _("Consequences of violations")


class Method(models.TextChoices):
    """How somebody was trained."""

    CLASSROOM = "classroom", _("Classroom")
    PAPER = "paper", _("Paper")
    VIDEO = "video", _("Video")
    E_LEARNING = "e_learning", _("E-learning")


class Comprehension(models.TextChoices):
    """How it was checked that the content was understood."""

    TEST = "test", _("Test with a score")
    QUESTIONNAIRE = "questionnaire", _("Questionnaire or signed sheet")
    ORAL = "oral", _("Questions asked in person")


class QuestionKind(models.TextChoices):
    """How a question is answered."""

    SINGLE = "single", _("One correct answer")
    MULTIPLE = "multiple", _("Several correct answers")
    TRUE_FALSE = "true_false", _("True or false")


class PlanStatus(models.TextChoices):
    """Where a training plan stands."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    SUPERSEDED = "superseded", _("Replaced by a later version")


class CampaignStatus(models.TextChoices):
    """Where a campaign stands."""

    DRAFT = "draft", _("Being prepared")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class JoinerRule(models.TextChoices):
    """What happens with people who join while the campaign is open."""

    ADD = "add", _("Add them to this campaign")
    NEW_HIRE = "new_hire", _("Give them the training on joining")


class RecordStatus(models.TextChoices):
    """Where one person stands in one campaign."""

    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    FAILED = "failed", _("Not yet passed")
    PASSED = "passed", _("Passed")
    EXCUSED = "excused", _("Excused")
    VOID = "void", _("Void")


# Passed + excused + open = population, always.
OPEN_STATUSES = (RecordStatus.NOT_STARTED, RecordStatus.IN_PROGRESS, RecordStatus.FAILED)
POPULATION_STATUSES = (*OPEN_STATUSES, RecordStatus.PASSED, RecordStatus.EXCUSED)


class ExcuseReason(models.TextChoices):
    """Why somebody need not take a training this time."""

    LEAVE = "leave", _("On long leave")
    LEFT = "left", _("Left the company")
    ELSEWHERE = "elsewhere", _("Trained at another company in the same period")
    OTHER = "other", _("Other reason")


class ExcuseStatus(models.TextChoices):
    """Where a request to be excused stands."""

    REQUESTED = "requested", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    ENDED = "ended", _("Ended")


class FollowUpKind(models.TextChoices):
    """How somebody who is not yet through was approached."""

    REMINDER = "reminder", _("Reminder")
    INTERVIEW = "interview", _("Interview")
    MAKE_UP = "make_up", _("Make-up session")
    DECISION = "decision", _("Decision to close without it")
    OTHER = "other", _("Other")
