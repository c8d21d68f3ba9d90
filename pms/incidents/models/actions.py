"""Which corrective actions remove the cause of a case."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pms.corrective_actions.choices import Status
from pms.corrective_actions.models import CorrectiveAction

from .incidents import Incident, OfIncidentQuerySet


class IncidentAction(models.Model):
    """The link from a case to an action; the action itself knows the number of the case only."""

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="action_links", verbose_name=_("incident")
    )
    action = models.OneToOneField(
        CorrectiveAction,
        models.PROTECT,
        related_name="+",
        verbose_name=_("corrective action"),
    )

    is_confidential = True
    objects = OfIncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("corrective action of an incident")
        verbose_name_plural = _("corrective actions of incidents")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.incident.number}: {self.action.number}"

    @property
    def counts(self) -> bool:
        """Whether the action is one at all: what was withdrawn removes no cause."""
        return self.action.status != Status.WITHDRAWN
