"""Corrective actions' configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorrectiveActionsConfig(AppConfig):
    """The register of corrective actions."""

    name = "pms.corrective_actions"
    verbose_name = _("Corrective actions")
