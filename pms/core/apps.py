"""Core's configuration; its system checks are registered by importing them."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground floor."""

    name = "pms.core"

    def ready(self) -> None:
        from . import checks  # noqa: F401
