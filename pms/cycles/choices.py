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


class Confidence(models.TextChoices):
    """How sure a fact about the guideline is."""

    VERIFIED = "verified", pgettext_lazy("source", "Read in the source")
    SECONDARY = "secondary", pgettext_lazy("source", "Read in a secondary source")
    TO_BE_CHECKED = "to_be_checked", pgettext_lazy("source", "To be checked")
