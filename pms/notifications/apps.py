"""Notifications' configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """What people are told, in the bell and by mail."""

    name = "pms.notifications"
    verbose_name = _("Notifications")
