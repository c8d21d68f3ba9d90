"""The configuration of incidents."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    """Incidents and near misses, and what the law asks for after them."""

    name = "pms.incidents"
    verbose_name = _("Incidents")
