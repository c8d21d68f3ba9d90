"""What others decide on: later dates, and risks that are accepted for a time."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pms.core.models import StatefulModel

from ..choices import ExtensionStatus, Status
from .actions import CorrectiveAction
from .rounds import Measure

X = ExtensionStatus


class OfActionQuerySet(models.QuerySet):
    """What belongs to an action, asked by viewer."""

    def visible_to(self, user: Any) -> Self:
        """Those of visible actions."""
        return self.filter(action__in=CorrectiveAction.objects.visible_to(user))


class ExtensionQuerySet(OfActionQuerySet):
    """Requests for a later date."""

    def waiting(self) -> Self:
        """Nobody has decided yet."""
        return self.filter(status=X.REQUESTED)


class Extension(StatefulModel):
    """A later date for an action or for one of its measures: asked by one, decided by another."""

    TRANSITIONS = {
        X.REQUESTED: {X.GRANTED, X.REFUSED, X.WITHDRAWN},
        X.GRANTED: set(),
        X.REFUSED: set(),
        X.WITHDRAWN: set(),
    }

    action = models.ForeignKey(
        CorrectiveAction,
        models.PROTECT,
        related_name="extensions",
        verbose_name=_("corrective action"),
    )
    measure = models.ForeignKey(
        Measure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="extensions",
        verbose_name=pgettext_lazy("corrective action", "measure"),
    )
    old_due_on = models.DateField(_("due until now"), editable=False)
    new_due_on = models.DateField(_("new due date"))
    reason = models.TextField(_("reason"))
    status = models.CharField(
        _("status"), max_length=10, choices=X, default=X.REQUESTED, editable=False
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
                name="actionextension_is_later",
                condition=Q(new_due_on__gt=F("old_due_on")),
                violation_error_message=_("The new date must be later than the present one."),
            ),
            models.CheckConstraint(
                name="actionextension_decided_iff_dated",
                condition=Q(
                    status__in=(X.REQUESTED, X.WITHDRAWN),
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | (
                    Q(
                        status__in=(X.GRANTED, X.REFUSED),
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                    )
                    & ~Q(answer="")
                ),
            ),
            models.CheckConstraint(
                name="actionextension_decided_by_another",
                condition=~Q(decided_by=F("asked_by")),
                violation_error_message=_("Nobody decides on a request of their own."),
            ),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(status=X.REQUESTED, measure__isnull=True),
                name="actionextension_one_waits",
                violation_error_message=_("A request for this action waits already."),
            ),
            models.UniqueConstraint(
                fields=["measure"],
                condition=Q(status=X.REQUESTED),
                name="actionextension_one_waits_by_measure",
                violation_error_message=_("A request for this measure waits already."),
            ),
        ]
        indexes = [models.Index(fields=["status", "id"], name="actionextension_by_state")]
        permissions = [("decide_extension", _("Can decide on later dates of corrective actions"))]

    def __str__(self) -> str:
        return f"{self.measure or self.action}: {self.old_due_on} → {self.new_due_on}"

    def get_absolute_url(self) -> str:
        return self.action.get_absolute_url()


class AcceptanceQuerySet(OfActionQuerySet):
    """Accepted risks, asked by day."""

    def ending_by(self, today: date) -> Self:
        """In force, and over on `today`."""
        return self.filter(ended_on__isnull=True, until__lte=today)


class Acceptance(models.Model):
    """Top management lives with a risk until a day; on that day the action opens again."""

    action = models.ForeignKey(
        CorrectiveAction,
        models.PROTECT,
        related_name="acceptances",
        verbose_name=_("corrective action"),
        db_index=False,
    )
    reason = models.TextField(_("reason"))
    accepted_on = models.DateField(_("accepted on"), editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("accepted by"),
    )
    until = models.DateField(_("until"), help_text=_("On this day the action opens again."))
    status_before = models.CharField(
        _("step that it goes on with"), max_length=10, choices=Status, editable=False
    )
    ended_on = models.DateField(_("opened again on"), null=True, editable=False)

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("accepted risk")
        verbose_name_plural = _("accepted risks")
        ordering = ["action", "accepted_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="actionacceptance_ends_later",
                condition=Q(until__gt=F("accepted_on")),
                violation_error_message=_("A risk is accepted until a day that is still to come."),
            ),
            models.CheckConstraint(
                name="actionacceptance_step_known",
                condition=Q(status_before__in=Status.values),
            ),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(ended_on__isnull=True),
                name="actionacceptance_one_in_force",
            ),
        ]
        indexes = [models.Index(fields=["ended_on", "until"], name="actionacceptance_by_end")]

    def __str__(self) -> str:
        return _("%(action)s: risk accepted until %(day)s") % {
            "action": self.action,
            "day": self.until.isoformat(),
        }

    def get_absolute_url(self) -> str:
        return self.action.get_absolute_url()
