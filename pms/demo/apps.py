"""Demo's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The invented company."""

    name = "pms.demo"
    verbose_name = _("Demonstration")
