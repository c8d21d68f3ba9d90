"""Cycles' configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CyclesConfig(AppConfig):
    """The fiscal years."""

    name = "pms.cycles"
    verbose_name = _("Fiscal years")
