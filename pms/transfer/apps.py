"""Transfer's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    """Imports and exports of tables."""

    name = "pms.transfer"
    verbose_name = _("Imports")
