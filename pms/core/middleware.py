"""What every request passes through on the ground floor."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP

# The admin's library builds its pages with Alpine.js, which evaluates expressions and sets inline
# styles. Inline scripts stay forbidden even there.
ADMIN_POLICY = {
    "script-src": [CSP.SELF, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
}


class AdminPolicyMiddleware:
    """Relax the Content Security Policy for pages of the admin, and for them alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: Any = self.get_response(request)
        match = request.resolver_match
        if match and "admin" in match.app_names:
            response._csp_config = settings.SECURE_CSP | ADMIN_POLICY
        return response
