"""Training's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    """Training of everyone who works here."""

    name = "pms.training"
    verbose_name = _("Training")
