"""Organization's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationConfig(AppConfig):
    """The company and its people."""

    name = "pms.organization"
    verbose_name = _("Organization")
