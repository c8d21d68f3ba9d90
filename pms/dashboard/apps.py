"""Dashboard's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    """Landing pages and search."""

    name = "pms.dashboard"
    verbose_name = _("Overview")
