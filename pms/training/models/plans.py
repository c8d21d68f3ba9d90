"""教育計画書: what the year's training shall be, approved before the first session (J.3.3)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pms.core.models import StatefulModel
from pms.cycles.models import Cycle

from ..choices import Method, PlanStatus
from .courses import Course

S = PlanStatus


class TrainingPlanQuerySet(models.QuerySet):
    """Plans, asked by viewer."""

    def visible_to(self, user: Any) -> "TrainingPlanQuerySet":
        """All for who runs, approves or examines training."""
        return self if user.has_perm("training.view_trainingplan") else self.none()

    def in_force(self, cycle: Cycle) -> "TrainingPlanQuerySet":
        """The approved version of the year's plan."""
        return self.filter(cycle=cycle, status=S.APPROVED)


class TrainingPlan(StatefulModel):
    """One version of the training plan of a cycle."""

    TRANSITIONS = {
        S.DRAFT: {S.SUBMITTED},
        S.SUBMITTED: {S.APPROVED, S.DRAFT},
        S.APPROVED: {S.SUPERSEDED},
        S.SUPERSEDED: set(),
    }

    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="training_plans", verbose_name=_("fiscal year")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    purpose = models.TextField(_("purpose"))
    follow_up_rule = models.TextField(_("follow-up of those not trained"), blank=True)
    responsible = models.CharField(_("person responsible"), max_length=100, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=S, default=S.DRAFT, editable=False
    )
    created_on = models.DateField(_("made on"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("made by"),
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

    objects = TrainingPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("training plan")
        verbose_name_plural = _("training plans")
        ordering = ["-cycle__starts_on", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "version"], name="trainingplan_version_unique"
            ),
            models.UniqueConstraint(
                fields=["cycle"], condition=Q(status=S.APPROVED), name="trainingplan_one_in_force"
            ),
            models.CheckConstraint(
                name="trainingplan_approved_iff_dated",
                condition=Q(
                    status__in=(S.APPROVED, S.SUPERSEDED),
                    approved_on__isnull=False,
                    approved_by__isnull=False,
                )
                | Q(
                    status__in=(S.DRAFT, S.SUBMITTED),
                    approved_on__isnull=True,
                    approved_by__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="trainingplan_approved_by_another",
                condition=~Q(approved_by=F("created_by")),
                violation_error_message=_("Nobody approves a plan that they made themselves."),
            ),
        ]
        permissions = [("approve_plan", _("Can approve training plans"))]

    def __str__(self) -> str:
        return _("Training plan %(cycle)s, version %(version)s") % {
            "cycle": self.cycle,
            "version": self.version,
        }

    def get_absolute_url(self) -> str:
        return reverse("training:plan_detail", args=[self.pk])


class PlanItem(models.Model):
    """One line of the plan: which training, for whom, when and how."""

    plan = models.ForeignKey(
        TrainingPlan, models.CASCADE, related_name="items", verbose_name=_("training plan")
    )
    course = models.ForeignKey(Course, models.PROTECT, related_name="+", verbose_name=_("course"))
    target = models.CharField(_("for whom"), max_length=100)
    planned_month = models.DateField(_("planned month"), help_text=_("Its first day."))
    method = models.CharField(_("method"), max_length=12, choices=Method, default=Method.E_LEARNING)
    lecturer = models.CharField(_("lecturer"), max_length=100, blank=True)
    comprehension = models.CharField(_("how comprehension is checked"), max_length=100, blank=True)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark"), null=True, blank=True)

    class Meta:
        verbose_name = _("line of a training plan")
        verbose_name_plural = _("lines of training plans")
        ordering = ["planned_month", "id"]
        constraints = [
            models.CheckConstraint(
                name="planitem_pass_mark_is_percentage",
                condition=Q(pass_mark__isnull=True) | Q(pass_mark__range=(1, 100)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.planned_month:%Y-%m}"

    def clean(self) -> None:
        """Keep the first day of the month, and refuse a month outside the year."""
        if not (self.plan_id and self.planned_month):
            return
        self.planned_month = self.planned_month.replace(day=1)
        cycle = self.plan.cycle
        if not cycle.starts_on.replace(day=1) <= self.planned_month <= cycle.ends_on:
            raise ValidationError(
                {
                    "planned_month": _("Choose a month of %(cycle)s, from %(first)s to %(last)s.")
                    % {
                        "cycle": cycle,
                        "first": f"{cycle.starts_on:%Y-%m}",
                        "last": f"{cycle.ends_on:%Y-%m}",
                    }
                }
            )
