"""Reminders' configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    """The ledger of who was reminded of what, and when."""

    name = "pms.reminders"
    verbose_name = _("Reminders")
