"""Evidence's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    """Files that prove something."""

    name = "pms.evidence"
    verbose_name = _("Evidence")
