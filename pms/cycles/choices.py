"""Words of the year."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Phase(models.TextChoices):
    """The four phases of the year (JIS Q 15001:2023, management system structure)."""

    PLAN = "plan", _("Plan")
    DO = "do", _("Do")
    CHECK = "check", _("Check")
    ACT = "act", _("Act")


class PlanStatus(models.TextChoices):
    """Where the plan of a year stands."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waits for approval")
    APPROVED = "approved", _("Approved")


class MilestoneStatus(models.TextChoices):
    """Where a milestone stands; that it was missed once stays written beside it."""

    PLANNED = "planned", _("Planned")
    MISSED = "missed", _("Missed")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Not needed")


# Somebody still has to act.
OPEN_MILESTONES = (MilestoneStatus.PLANNED, MilestoneStatus.MISSED)


class Fulfilment(models.TextChoices):
    """What fulfils a milestone: a record elsewhere in the system, or somebody's word."""

    BY_HAND = "by_hand", _("Somebody says so")
    YEAR_PLAN = "year_plan", _("The plan of the year is approved")
    TRAINING_PLAN = "training_plan", _("The training plan is approved")
    NEW_HIRE_TRAINING = "new_hire_training", _("The training of new staff is closed")
    YEARLY_TRAINING = "yearly_training", _("The yearly training is closed")
    TRAINING_REPORT = "training_report", _("The training report is approved")
    DRILL = "drill", _("An emergency drill is over")


class Verdict(models.TextChoices):
    """Whether an objective was reached."""

    MET = "met", _("Reached")
    PARTLY = "partly", _("Partly reached")
    NOT_MET = "not_met", _("Not reached")


class ExtensionStatus(models.TextChoices):
    """Where the request for a later date stands."""

    REQUESTED = "requested", _("Waits for a decision")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("No longer needed")


class Confidence(models.TextChoices):
    """How sure a fact about the guideline is."""

    VERIFIED = "verified", pgettext_lazy("source", "Read in the source")
    SECONDARY = "secondary", pgettext_lazy("source", "Read in a secondary source")
    TO_BE_CHECKED = "to_be_checked", pgettext_lazy("source", "To be checked")
