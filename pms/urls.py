"""One prefix per app."""

from django.contrib import admin
from django.urls import include, path

from pms.core.health import healthz

urlpatterns = [
    path("", include("pms.dashboard.urls")),
    path("organization/", include("pms.organization.urls")),
    path("cycles/", include("pms.cycles.urls")),
    path("training/", include("pms.training.urls")),
    path("incidents/", include("pms.incidents.urls")),
    path("corrective-actions/", include("pms.corrective_actions.urls")),
    path("imports/", include("pms.transfer.urls")),
    path("evidence/", include("pms.evidence.urls")),
    path("history/", include("pms.history.urls")),
    path("notifications/", include("pms.notifications.urls")),
    path("reminders/", include("pms.reminders.urls")),
    path("demo/", include("pms.demo.urls")),
    path("accounts/", include("pms.accounts.urls")),
    path("admin/", admin.site.urls),
    path("healthz/", healthz, name="healthz"),
]
