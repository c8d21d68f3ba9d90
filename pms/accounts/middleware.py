"""The sign-in that every page asks for, and the language that an account has chosen."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django_htmx.http import HttpResponseClientRedirect


class SignInMiddleware(LoginRequiredMiddleware):
    """Ask for a sign-in, and come back to the page that was on the screen when it was needed.

    A form that was sent, or a part of a page that was fetched, after the session had ended has an
    address of its own that shows nothing by itself. The part would land in the middle of the page,
    so that htmx is told to leave the page as a whole.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """Lead to the sign-in page."""
        is_part = "HX-Request" in request.headers
        path = request.get_full_path()
        if is_part:
            path = self._path_here(request, request.headers.get("HX-Current-URL", ""))
        elif request.method not in ("GET", "HEAD"):
            path = self._path_here(request, request.headers.get("Referer", ""))
        response = redirect_to_login(path, self.get_login_url(view_func))
        return HttpResponseClientRedirect(response.url) if is_part else response

    def _path_here(self, request: HttpRequest, address: str) -> str:
        """Path and query of `address` if it is one of ours, else the first page's."""
        parts = urlsplit(address)
        if parts.netloc != request.get_host():
            return "/"
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


class LanguageMiddleware:
    """Answer in the language of the account; without one, in that of the browser or cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)
