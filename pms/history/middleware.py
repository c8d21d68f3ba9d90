"""Files what a request does under its person and address."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .context import acting


def address_of(request: HttpRequest) -> str | None:
    """The visitor's address; forwarded ones are believed only as far as trusted proxies reach."""
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(hops) >= settings.TRUSTED_PROXIES and hops[-settings.TRUSTED_PROXIES]:
            return hops[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR") or None


class ActingMiddleware:
    """One operation a request: every entry it leaves carries the same number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = request.user if request.user.is_authenticated else None
        with acting(
            actor=actor, remote_addr=address_of(request), operation=uuid.uuid4().hex, reason=""
        ):
            return self.get_response(request)
