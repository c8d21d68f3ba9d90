"""The administration pages, behind the same door as all others."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class OfficeAdminSite(UnfoldAdminSite):
    """The office's care of data; opens for accounts that may `accounts.use_admin`."""

    site_title = _("Administration")
    site_header = _("Administration")
    index_title = _("Administration")
    enable_nav_sidebar = True

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Send strangers to the sign-in page, so that no second door stays open beside it."""
        return secure_admin_login(super().login)(request, extra_context)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Change the password where its rate limits are."""
        return redirect("account_change_password")
