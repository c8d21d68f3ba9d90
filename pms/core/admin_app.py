"""The administration pages as an app: our own site, and only our own models on it."""

from importlib import import_module

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import module_has_submodule


class OfficeAdminConfig(SimpleAdminConfig):
    """Opens the admin with the models of this project; libraries do not add theirs."""

    default_site = "pms.core.admin_site.OfficeAdminSite"

    def ready(self) -> None:
        """Import the `admin` module of each of our apps that has one."""
        super().ready()
        for app in apps.get_app_configs():
            if app.name.startswith("pms.") and module_has_submodule(app.module, "admin"):
                import_module(f"{app.name}.admin")
