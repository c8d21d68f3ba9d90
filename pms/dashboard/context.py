"""What the frame around every page needs: the person and the places that their posts open."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Facts for the frame."""
    return {}
