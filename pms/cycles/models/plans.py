"""The plan of a year: objectives and milestones, approved by top management (J.3.2, J.3.3)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pms.accounts.roles import Role
from pms.core.models import StatefulModel
from pms.cycles.choices import (
    OPEN_MILESTONES,
    ExtensionStatus,
    Fulfilment,
    MilestoneStatus,
    Phase,
    PlanStatus,
    Verdict,
)
from pms.cycles.deadlines import month_index
from pms.organization.models import Person, in_language

from .clauses import Clause
from .years import Cycle

S = MilestoneStatus


class YearPlanQuerySet(models.QuerySet):
    """Plans, asked by viewer."""

    def visible_to(self, user: Any) -> "YearPlanQuerySet":
        """All for who runs, approves or examines the year."""
        return self if user.has_perm("cycles.view_yearplan") else self.none()


class YearPlan(StatefulModel):
    """The plan of one year and its approval; what it plans are the year's milestones."""

    TRANSITIONS = {
        PlanStatus.DRAFT: {PlanStatus.SUBMITTED},
        PlanStatus.SUBMITTED: {PlanStatus.APPROVED, PlanStatus.DRAFT},
        PlanStatus.APPROVED: set(),
    }

    cycle = models.OneToOneField(
        Cycle, models.PROTECT, related_name="plan", verbose_name=_("fiscal year")
    )
    policy = models.TextField(
        _("what matters this year"),
        blank=True,
        help_text=_("A few sentences of top management, e.g. what last year's review asked for."),
    )
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=PlanStatus,
        default=PlanStatus.DRAFT,
        editable=False,
    )
    created_on = models.DateField(_("made on"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("made by"),
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("submitted by"),
    )
    approved_on = models.DateField(_("approved on"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )
    late_reason = models.TextField(_("why it was approved late"), blank=True, editable=False)

    objects = YearPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of the year")
        verbose_name_plural = _("plans of the year")
        ordering = ["-cycle__starts_on"]
        constraints = [
            models.CheckConstraint(
                name="yearplan_status_known", condition=Q(status__in=PlanStatus.values)
            ),
            models.CheckConstraint(
                name="yearplan_approved_iff_dated",
                condition=Q(
                    status=PlanStatus.APPROVED,
                    approved_on__isnull=False,
                    approved_by__isnull=False,
                )
                | Q(
                    ~Q(status=PlanStatus.APPROVED),
                    approved_on__isnull=True,
                    approved_by__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="yearplan_approved_by_another",
                condition=~Q(approved_by=F("submitted_by")) & ~Q(approved_by=F("created_by")),
                violation_error_message=_("Nobody approves a plan that they made themselves."),
            ),
        ]
        permissions = [("approve_yearplan", _("Can approve the plan of the year"))]

    def __str__(self) -> str:
        return _("Plan of %(cycle)s") % {"cycle": self.cycle}

    def get_absolute_url(self) -> str:
        return self.cycle.get_absolute_url()

    @property
    def is_in_force(self) -> bool:
        """Whether top management has approved it."""
        return self.status == PlanStatus.APPROVED


class OfYearQuerySet(models.QuerySet):
    """What belongs to a year's plan, asked by viewer."""

    def visible_to(self, user: Any) -> "OfYearQuerySet":
        """Everything for who sees the plan."""
        return self if user.has_perm("cycles.view_yearplan") else self.none()


class Objective(models.Model):
    """What the year shall reach: measure, target, and in the end the result (J.3.2, J.6.1)."""

    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="objectives", verbose_name=_("fiscal year")
    )
    title = models.CharField(_("objective"), max_length=200)
    measure = models.CharField(
        _("measure"), max_length=200, help_text=_("What is counted, and where the number is from.")
    )
    target = models.CharField(_("target value"), max_length=100)
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="objectives",
        verbose_name=_("person responsible"),
    )
    due_on = models.DateField(_("measured by"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=200, blank=True, editable=False)
    verdict = models.CharField(
        _("reached?"), max_length=10, choices=Verdict, blank=True, editable=False
    )
    measured_on = models.DateField(_("measured on"), null=True, editable=False)

    objects = OfYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["cycle", "id"]
        constraints = [
            models.CheckConstraint(
                name="objective_measured_whole",
                condition=Q(measured_on__isnull=True, verdict="", result="")
                | (Q(measured_on__isnull=False, verdict__in=Verdict.values) & ~Q(result="")),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.cycle.get_absolute_url()}#objectives"


class MilestoneQuerySet(models.QuerySet):
    """Milestones, asked by viewer, state and day."""

    def visible_to(self, user: Any) -> "MilestoneQuerySet":
        """All for who sees the plan; everybody else sees what they answer for."""
        if user.has_perm("cycles.view_milestone"):
            return self
        return self.filter(owner__user=user) if user.is_authenticated else self.none()

    def for_list(self) -> "MilestoneQuerySet":
        """With what a row of the list shows."""
        return self.select_related("cycle", "owner", "clause")

    def open(self) -> "MilestoneQuerySet":
        """Somebody still has to act."""
        return self.filter(status__in=OPEN_MILESTONES)

    def in_force(self) -> "MilestoneQuerySet":
        """Of plans that top management has approved."""
        return self.filter(cycle__plan__status=PlanStatus.APPROVED)

    def overdue(self, today: date) -> "MilestoneQuerySet":
        """Open although the due day is over, of plans in force: a proposal is never late."""
        return self.open().in_force().filter(due_on__lt=today)

    def due_within(self, first: date, last: date) -> "MilestoneQuerySet":
        """Open, and due from `first` to `last`, both days included."""
        return self.open().filter(due_on__range=(first, last))


class Milestone(StatefulModel):
    """One thing the year's plan says shall be done until a day.

    The first due date stays for ever; later ones come by granted extensions. One that was not
    done in time is marked as missed on the day after, and stays so when it is done late.
    """

    TRANSITIONS = {
        S.PLANNED: {S.MISSED, S.DONE, S.DROPPED},
        S.MISSED: {S.PLANNED, S.DONE, S.DROPPED},
        S.DONE: {S.PLANNED, S.MISSED},
        S.DROPPED: {S.PLANNED, S.MISSED},
    }

    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="milestones", verbose_name=_("fiscal year")
    )
    phase = models.CharField(_("phase"), max_length=6, choices=Phase)
    title = models.CharField(_("milestone"), max_length=200)
    title_en = models.CharField(_("milestone (English)"), max_length=200, blank=True)
    clause = models.ForeignKey(
        Clause,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        verbose_name=_("clause"),
    )
    role = models.CharField(
        _("post that answers for it"),
        max_length=24,
        blank=True,
        choices=Role,
        help_text=_("Next year's plan names whoever holds this post then."),
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        verbose_name=_("person responsible"),
    )
    fulfilment = models.CharField(
        _("done when"), max_length=20, choices=Fulfilment, default=Fulfilment.BY_HAND
    )
    records = models.CharField(
        _("records"), max_length=200, blank=True, help_text=_("What is kept as proof.")
    )
    due_on = models.DateField(_("due on"))
    first_due_on = models.DateField(_("first due date"), editable=False)
    status = models.CharField(
        _("status"), max_length=8, choices=S, default=S.PLANNED, editable=False
    )
    missed_on = models.DateField(_("missed on"), null=True, editable=False)
    done_on = models.DateField(_("done on"), null=True, editable=False)
    result = models.TextField(_("result"), blank=True, editable=False)
    fulfilled_by_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, related_name="+", editable=False
    )
    fulfilled_by_id = models.PositiveBigIntegerField(null=True, editable=False)
    fulfilled_by = GenericForeignKey("fulfilled_by_type", "fulfilled_by_id")
    added_later_on = models.DateField(_("added after the approval on"), null=True, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "id"]
        permissions = [("answer_for_milestone", _("Can answer for milestones"))]
        constraints = [
            models.CheckConstraint(
                name="milestone_words_known",
                condition=Q(
                    phase__in=Phase.values,
                    status__in=S.values,
                    fulfilment__in=Fulfilment.values,
                    role__in=["", *Role.values],
                ),
            ),
            models.CheckConstraint(
                name="milestone_done_iff_dated",
                condition=Q(status=S.DONE, done_on__isnull=False)
                | Q(~Q(status=S.DONE), done_on__isnull=True, fulfilled_by_id__isnull=True),
            ),
            models.CheckConstraint(
                name="milestone_missed_is_dated",
                condition=~Q(status=S.MISSED) | Q(missed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="milestone_never_due_earlier",
                condition=Q(due_on__gte=F("first_due_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "due_on"], name="milestone_by_state"),
            models.Index(fields=["owner", "status", "due_on"], name="milestone_by_owner"),
            models.Index(fields=["cycle", "due_on"], name="milestone_by_year"),
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    def get_absolute_url(self) -> str:
        return reverse("cycles:milestone_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.status in OPEN_MILESTONES

    @property
    def month(self) -> int:
        """Which month of its year it is planned for, from 0; needs `cycle`."""
        return month_index(self.cycle.starts_on, self.due_on)

    def clean(self) -> None:
        """A date outside the year is a slip; later ones come by extension."""
        if not (self.cycle_id and self.due_on) or self.first_due_on:
            return
        if self.due_on not in self.cycle:
            raise ValidationError(
                {
                    "due_on": _("Choose a day of %(cycle)s, from %(first)s to %(last)s.")
                    % {
                        "cycle": self.cycle,
                        "first": self.cycle.starts_on.isoformat(),
                        "last": self.cycle.ends_on.isoformat(),
                    }
                }
            )


class ExtensionQuerySet(models.QuerySet):
    """Requests for a later date, asked by viewer."""

    def visible_to(self, user: Any) -> "ExtensionQuerySet":
        """Those of visible milestones."""
        return self.filter(milestone__in=Milestone.objects.visible_to(user))

    def waiting(self) -> "ExtensionQuerySet":
        """Nobody has decided yet."""
        return self.filter(status=ExtensionStatus.REQUESTED)


class Extension(StatefulModel):
    """A later date for a milestone: asked for by one, decided by another."""

    TRANSITIONS = {
        ExtensionStatus.REQUESTED: {
            ExtensionStatus.GRANTED,
            ExtensionStatus.REFUSED,
            ExtensionStatus.WITHDRAWN,
        },
        ExtensionStatus.GRANTED: set(),
        ExtensionStatus.REFUSED: set(),
        ExtensionStatus.WITHDRAWN: set(),
    }

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="extensions", verbose_name=_("milestone")
    )
    old_due_on = models.DateField(_("due until now"), editable=False)
    new_due_on = models.DateField(_("new due date"))
    reason = models.TextField(_("reason"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ExtensionStatus,
        default=ExtensionStatus.REQUESTED,
        editable=False,
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"), editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="extension_is_later",
                condition=Q(new_due_on__gt=F("old_due_on")),
                violation_error_message=_("The new date must be later than the present one."),
            ),
            models.CheckConstraint(
                name="extension_decided_iff_dated",
                condition=Q(
                    status__in=(ExtensionStatus.REQUESTED, ExtensionStatus.WITHDRAWN),
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    status__in=(ExtensionStatus.GRANTED, ExtensionStatus.REFUSED),
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="extension_decided_by_another",
                condition=~Q(decided_by=F("asked_by")),
                violation_error_message=_("Nobody decides on a request of their own."),
            ),
            models.UniqueConstraint(
                fields=["milestone"],
                condition=Q(status=ExtensionStatus.REQUESTED),
                name="extension_one_waits",
                violation_error_message=_("A request for this milestone waits already."),
            ),
        ]
        permissions = [("decide_extension", _("Can decide on later dates"))]

    def __str__(self) -> str:
        return f"{self.milestone}: {self.old_due_on} → {self.new_due_on}"

    def get_absolute_url(self) -> str:
        return self.milestone.get_absolute_url()
