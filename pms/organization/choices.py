"""Kinds of employment and of leave."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EmploymentKind(models.TextChoices):
    """On which terms somebody works here; all but outsiders are 従業者 (PPC guideline 3-4-3)."""

    REGULAR = "regular", _("Regular employee")
    CONTRACT = "contract", _("Contract employee")
    PART_TIME = "part_time", _("Part-time worker")
    TEMPORARY = "temporary", _("Temporary worker")
    DISPATCHED = "dispatched", _("Dispatched worker")
    SECONDED = "seconded", _("Seconded employee")
    OFFICER = "officer", _("Officer")
    EXTERNAL = "external", _("Outsider")


# Everybody who works under the company's direction, and so must be trained.
WORKER_KINDS = tuple(kind for kind in EmploymentKind if kind != EmploymentKind.EXTERNAL)


class LeaveKind(models.TextChoices):
    """Why somebody is away for long."""

    CHILDCARE = "childcare", _("Childcare leave")
    CARE = "care", _("Family care leave")
    SICK = "sick", _("Sick leave")
    SECONDMENT = "secondment", _("Seconded elsewhere")
    OTHER = "other", _("Other leave")


class PersonState(models.TextChoices):
    """Whether somebody works here on a day."""

    EMPLOYED = "employed", _("Working here")
    LEAVE = "leave", _("On leave")
    JOINING = "joining", _("Joining later")
    LEFT = "left", _("Left")
    ALL = "all", _("All")

    @property
    def key(self) -> str:
        """The key of its shape on pages."""
        return {self.EMPLOYED: "active", self.JOINING: "planned"}.get(self, self.value)
