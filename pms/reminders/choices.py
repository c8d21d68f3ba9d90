"""What became of a step that came due."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReminderState(models.TextChoices):
    """Whether somebody was told."""

    TOLD = "told", _("Told")
    THROUGH_MANAGER = "through_manager", _("Told through the manager")
    OVERTAKEN = "overtaken", _("Overtaken by a later step")
    UNTOLD = "untold", _("Not told")

    @property
    def key(self) -> str:
        """The key of its shape on pages."""
        return {
            self.TOLD: "done",
            self.THROUGH_MANAGER: "done",
            self.OVERTAKEN: "superseded",
            self.UNTOLD: "missed",
        }[self]


TOLD_STATES = (ReminderState.TOLD, ReminderState.THROUGH_MANAGER)


class UntoldReason(models.TextChoices):
    """Why nobody could be told."""

    LEFT = "left", _("The person has left")
    NOBODY = "nobody", _("Nobody could be reached")
