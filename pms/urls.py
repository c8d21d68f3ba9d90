"""One prefix per app."""

from django.contrib import admin
from django.urls import include, path

from pms.core.health import healthz

urlpatterns = [
    path("", include("pms.dashboard.urls")),
    path("organization/", include("pms.organization.urls")),
    path("training/", include("pms.training.urls")),
    path("imports/", include("pms.transfer.urls")),
    path("evidence/", include("pms.evidence.urls")),
    path("demo/", include("pms.demo.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("healthz/", healthz, name="healthz"),
]
