"""Words of corrective actions: where they come from, how grave, why, and where they stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Source(models.TextChoices):
    """What brought a nonconformity to light (J.7.1)."""

    INCIDENT = "incident", _("Incident")
    AUDIT = "audit", _("Internal audit")
    OPERATION_CHECK = "operation_check", _("Operation check")
    COMPLAINT = "complaint", _("Complaint")
    CONTRACTOR = "contractor", _("Contractor")
    EXTERNAL = "external", _("Examiner's finding")
    MANAGEMENT_REVIEW = "management_review", _("Management review")
    LAW_CHANGE = "law_change", _("Change of law")
    NEAR_MISS = "near_miss", _("Near miss")
    IMPROVEMENT = "improvement", _("Suggestion for improvement")


# Nothing went wrong, so nothing can have come back.
NO_NONCONFORMITY = (Source.LAW_CHANGE, Source.IMPROVEMENT)


class Grade(models.TextChoices):
    """How grave it is; the guideline itself fixes no grades."""

    MAJOR = "major", pgettext_lazy("grade", "Major")
    MINOR = "minor", pgettext_lazy("grade", "Minor")
    OBSERVATION = "observation", pgettext_lazy("grade", "Observation")


class CauseClass(models.TextChoices):
    """The kind of root cause; the first nine as in the yearly statistics of the PrivacyMark."""

    RULE_BROKEN = "rule_broken", _("Work or operation against procedure or rule")
    SLIP = "slip", _("Mistake in work or operation")
    NOT_CHECKED = "not_checked", _("Insufficient checking")
    TRAINING = "training", _("Insufficient training")
    RISK = "risk", _("Insufficient identification, analysis or evaluation of risks")
    ACCESS_CONTROL = "access_control", _("Flaw in access control")
    WEAK_PASSWORD = "weak_password", _("Weak password")
    PROGRAM = "program", _("Flaw in design or settings of a program")
    PATCH = "patch", _("Version or patch not up to date")
    NO_RULE = "no_rule", _("Rule or procedure missing or unclear")
    NO_RECORD = "no_record", _("Record not made or not kept")
    DUTIES_UNCLEAR = "duties_unclear", _("Responsibilities unclear")
    HANDOVER = "handover", _("Insufficient handover")
    SUPERVISION = "supervision", _("Insufficient supervision of a contractor")
    PREMISES = "premises", _("Flaw in premises or equipment")
    OUTSIDE = "outside", _("Act from outside")
    OTHER = "other", pgettext_lazy("cause", "Other")


# What says nothing about the cause cannot say that the same one came back.
COMPARABLE_CAUSES = tuple(it for it in CauseClass if it != CauseClass.OTHER)


class Spread(models.TextChoices):
    """What was found elsewhere (水平展開)."""

    NONE = "none", _("Looked elsewhere: nothing alike")
    FOUND = "found", _("Found elsewhere, too; the measures cover it")


class Status(models.TextChoices):
    """Which step an action has reached (domain: content, correction, cause, plan …, closing)."""

    RAISED = "raised", _("Correction")
    ANALYSIS = "analysis", _("Cause analysis")
    PLANNING = "planning", _("Planning")
    SUBMITTED = "submitted", _("Approval")
    EXECUTION = "execution", _("Execution")
    CHECKING = "checking", _("Effect check")
    ACCEPTED = "accepted", _("Risk accepted")
    CLOSED = "closed", pgettext_lazy("corrective action", "Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# The owner has to act, or somebody decides on what the owner did.
BEFORE_CHECK = (
    Status.RAISED,
    Status.ANALYSIS,
    Status.PLANNING,
    Status.SUBMITTED,
    Status.EXECUTION,
)
OPEN_STATUSES = (*BEFORE_CHECK, Status.CHECKING)
# Correction, cause and measures can still be written.
DRAFTING = (Status.RAISED, Status.ANALYSIS, Status.PLANNING)


class MeasureKind(models.TextChoices):
    """What a measure changes; which other records of the system it touches."""

    RULE = "rule", _("Rule or procedure")
    LEDGER = "ledger", _("Ledger of personal information")
    RISK = "risk", _("Risk analysis")
    TRAINING = "training", _("Training")
    TECHNICAL = "technical", _("System or equipment")
    CONTRACTOR = "contractor", _("Contractor")
    OTHER = "other", pgettext_lazy("measure", "Other")


class Verdict(models.TextChoices):
    """Whether the measures removed the cause."""

    EFFECTIVE = "effective", _("Effective")
    NOT_EFFECTIVE = "not_effective", _("Not effective")


class ExtensionStatus(models.TextChoices):
    """Where the request for a later date stands."""

    REQUESTED = "requested", _("Waits for a decision")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("No longer needed")
