"""One person in one campaign: the record (受講記録), attempts, excuses and follow-ups below it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pms.core.fields import SearchKeyField
from pms.core.models import StatefulModel
from pms.core.text import search_key
from pms.organization.choices import EmploymentKind
from pms.organization.models import Department, Person, access_of
from pms.transfer.models import ImportRun

from ..choices import (
    OPEN_STATUSES,
    POPULATION_STATUSES,
    Comprehension,
    ExcuseReason,
    ExcuseStatus,
    FollowUpKind,
    Method,
    RecordStatus,
)
from .campaigns import Campaign, Session

S = RecordStatus


class TrainingRecordQuerySet(models.QuerySet):
    """Records, asked by state, day and viewer."""

    def population(self) -> "TrainingRecordQuerySet":
        """Without voided rows: exactly one row for each person."""
        return self.filter(status__in=POPULATION_STATUSES)

    def open(self) -> "TrainingRecordQuerySet":
        """Not completed yet."""
        return self.filter(status__in=OPEN_STATUSES)

    def overdue(self, today: date) -> "TrainingRecordQuerySet":
        """Not completed yet although the last day is over."""
        return self.open().filter(due_on__lt=today)

    def search(self, text: str) -> "TrainingRecordQuerySet":
        """Which match every word of `text` by number, name or kana."""
        records = self
        for word in text.split():
            records = records.filter(search_key__contains=search_key(word))
        return records

    def visible_to(self, user: Any) -> "TrainingRecordQuerySet":
        """All for who runs or examines training, own people for managers, else one's own."""
        if user.has_perm("training.view_trainingrecord"):
            return self
        return self.filter(access_of(user).own_people("person__"))


class TrainingRecord(StatefulModel):
    """What one person did in one campaign, with the person's facts of the opening day.

    A row never goes back from passed, and a later year never touches it. A correction is a new
    row that `replaces` the old one, which becomes void and keeps its reason.
    """

    TRANSITIONS = {
        S.NOT_STARTED: {S.IN_PROGRESS, S.FAILED, S.PASSED, S.EXCUSED, S.VOID},
        S.IN_PROGRESS: {S.FAILED, S.PASSED, S.EXCUSED, S.VOID},
        S.FAILED: {S.IN_PROGRESS, S.PASSED, S.EXCUSED, S.VOID},
        S.EXCUSED: {S.NOT_STARTED, S.IN_PROGRESS, S.FAILED, S.PASSED, S.VOID},
        S.PASSED: {S.VOID},
        S.VOID: set(),
    }

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="records", verbose_name=_("campaign"), db_index=False
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="training_records", verbose_name=_("person")
    )
    employee_number = models.CharField(_("employee number"), max_length=20)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=101)
    kana = models.CharField(_("name in kana"), max_length=101, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("department"), db_index=False
    )
    employment_kind = models.CharField(_("employment kind"), max_length=12, choices=EmploymentKind)
    search_key = SearchKeyField(sources=("employee_number", "name", "kana"))

    status = models.CharField(
        _("status"), max_length=12, choices=S, default=S.NOT_STARTED, editable=False
    )
    due_on = models.DateField(_("due on"))
    attended_on = models.DateField(_("trained on"), null=True, editable=False)
    method = models.CharField(_("method"), max_length=12, choices=Method, blank=True)
    comprehension = models.CharField(
        _("comprehension checked by"), max_length=14, choices=Comprehension, blank=True
    )
    score = models.PositiveSmallIntegerField(
        _("score"), null=True, editable=False, help_text=_("per cent")
    )
    failures = models.PositiveSmallIntegerField(_("failed attempts"), default=0, editable=False)
    passed_on = models.DateField(_("passed on"), null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("“I understood” at"), null=True, editable=False)
    lecturer = models.CharField(_("lecturer"), max_length=100, blank=True)
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("session"),
    )
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("logged by"),
        db_index=False,
    )
    logged_at = models.DateTimeField(_("logged at"), null=True, editable=False)
    import_run = models.ForeignKey(
        ImportRun,
        models.PROTECT,
        null=True,
        related_name="training_records",
        editable=False,
        verbose_name=_("import"),
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="replaced_by",
        editable=False,
        verbose_name=_("in the place of"),
    )
    void_reason = models.TextField(_("reason for voiding"), blank=True, editable=False)

    objects = TrainingRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("training record")
        verbose_name_plural = _("training records")
        ordering = ["campaign", "employee_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "person"],
                condition=~Q(status=S.VOID),
                name="trainingrecord_one_per_person",
            ),
            models.CheckConstraint(
                name="trainingrecord_status_known", condition=Q(status__in=S.values)
            ),
            models.CheckConstraint(
                name="trainingrecord_passed_has_day",
                condition=~Q(status=S.PASSED)
                | Q(passed_on__isnull=False, attended_on__isnull=False),
            ),
            models.CheckConstraint(
                name="trainingrecord_open_has_no_pass",
                condition=~Q(status__in=OPEN_STATUSES) | Q(passed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="trainingrecord_void_has_reason",
                condition=~Q(status=S.VOID) | ~Q(void_reason=""),
            ),
            models.CheckConstraint(
                name="trainingrecord_score_is_percentage",
                condition=Q(score__isnull=True) | Q(score__range=(0, 100)),
            ),
        ]
        indexes = [
            # The progress page counts from this index alone.
            models.Index(
                fields=["campaign", "department", "employment_kind", "status", "passed_on"],
                name="trainingrecord_progress",
            ),
            models.Index(
                fields=["campaign", "employee_number", "id"], name="trainingrecord_by_number"
            ),
            models.Index(
                fields=["campaign", "status", "employee_number", "id"],
                name="trainingrecord_by_status",
            ),
        ]
        permissions = [
            ("take_training", _("Can take training")),
            ("view_own_people", _("Can view the training of one's own departments")),
            ("view_score", _("Can view scores")),
            ("log_completion", _("Can log completions")),
            ("follow_up", _("Can record follow-ups")),
            ("request_excuse", _("Can ask to excuse somebody")),
            ("approve_excuse", _("Can approve excuses")),
        ]

    def __str__(self) -> str:
        return f"{self.employee_number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("training:record_detail", args=[self.pk])

    # Django's own look the word up among all of them, for each row of a list anew.

    def get_status_display(self) -> str:  # type: ignore[no-redef]
        return str(RecordStatus(self.status).label)

    def get_employment_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(EmploymentKind(self.employment_kind).label)

    def get_method_display(self) -> str:  # type: ignore[no-redef]
        return str(Method(self.method).label) if self.method else ""

    def get_comprehension_display(self) -> str:  # type: ignore[no-redef]
        return str(Comprehension(self.comprehension).label) if self.comprehension else ""

    @property
    def is_officer(self) -> bool:
        """Whether the person was an officer on the day of the snapshot."""
        return self.employment_kind == EmploymentKind.OFFICER

    @property
    def is_open(self) -> bool:
        """Whether the person is not yet through."""
        return self.status in OPEN_STATUSES


class Attempt(models.Model):
    """One sitting of the test: its questions and their order, frozen at the start."""

    record = models.ForeignKey(
        TrainingRecord,
        models.PROTECT,
        related_name="attempts",
        verbose_name=_("training record"),
    )
    number = models.PositiveSmallIntegerField(_("attempt"))
    started_at = models.DateTimeField(_("started at"))
    paper = models.JSONField(
        default=list, help_text=_("question numbers and the order of their answers")
    )
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField(_("saved at"), null=True)
    submitted_at = models.DateTimeField(_("sent at"), null=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    is_passed = models.BooleanField(_("passed"), null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["record", "number"]
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="attempt_number_unique"),
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(submitted_at__isnull=True),
                name="attempt_one_running",
            ),
            models.CheckConstraint(
                name="attempt_marked_iff_sent",
                condition=Q(submitted_at__isnull=True, score__isnull=True, is_passed__isnull=True)
                | Q(submitted_at__isnull=False, score__isnull=False, is_passed__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return _("Attempt %(number)s") % {"number": self.number}


class Excuse(StatefulModel):
    """Why somebody need not take this training, until when, and who agreed.

    A request ends without a decision when it is withdrawn or overtaken: by a dated rule, or
    because the person has passed.
    """

    TRANSITIONS = {
        ExcuseStatus.REQUESTED: {
            ExcuseStatus.APPROVED,
            ExcuseStatus.REFUSED,
            ExcuseStatus.ENDED,
        },
        ExcuseStatus.APPROVED: {ExcuseStatus.ENDED},
        ExcuseStatus.REFUSED: set(),
        ExcuseStatus.ENDED: set(),
    }

    record = models.ForeignKey(
        TrainingRecord,
        models.PROTECT,
        related_name="excuses",
        verbose_name=_("training record"),
    )
    reason = models.CharField(_("reason"), max_length=10, choices=ExcuseReason)
    note = models.TextField(_("explanation"), blank=True)
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("After this day the training is due again.")
    )
    by_rule = models.BooleanField(_("by a dated rule"), default=False, editable=False)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ExcuseStatus,
        default=ExcuseStatus.REQUESTED,
        editable=False,
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("asked by"),
    )
    requested_at = models.DateTimeField(_("asked at"), editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decision_note = models.TextField(_("note on the decision"), blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    class Meta:
        verbose_name = _("excuse")
        verbose_name_plural = _("excuses")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(status__in=(ExcuseStatus.REQUESTED, ExcuseStatus.APPROVED)),
                name="excuse_one_in_force",
                violation_error_message=_("An excuse for this record is waiting or in force."),
            ),
            models.CheckConstraint(
                name="excuse_decided_by_another",
                condition=Q(decided_by__isnull=True)
                | Q(requested_by__isnull=True)
                | ~Q(decided_by=F("requested_by")),
                violation_error_message=_("Nobody approves their own request."),
            ),
            models.CheckConstraint(
                name="excuse_decided_or_by_rule",
                condition=Q(status=ExcuseStatus.REQUESTED, decided_at__isnull=True)
                | Q(status=ExcuseStatus.ENDED)
                | Q(
                    Q(decided_by__isnull=False) | Q(by_rule=True),
                    status__in=(ExcuseStatus.APPROVED, ExcuseStatus.REFUSED),
                    decided_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="excuse_ended_iff_dated",
                condition=~(Q(status=ExcuseStatus.ENDED) ^ Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["status", "until"], name="excuse_by_status")]

    def __str__(self) -> str:
        return self.get_reason_display()


class FollowUp(models.Model):
    """What was done about somebody who is not yet through."""

    record = models.ForeignKey(
        TrainingRecord,
        models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("training record"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=FollowUpKind)
    done_on = models.DateField(_("date"))
    result = models.TextField(_("result"))
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("done by"),
    )
    created_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["-done_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="followup_kind_known", condition=Q(kind__in=FollowUpKind.values)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.done_on:%Y-%m-%d}"
