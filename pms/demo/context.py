"""What pages need to offer the demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .company import KNOWN_PEOPLE


def demo(request: HttpRequest) -> dict[str, Any]:
    """Whether this is the demo, and whom one may sign in as."""
    if not settings.DEMO:
        return {"demo": False}
    return {
        "demo": True,
        "demo_people": [face for face in KNOWN_PEOPLE if face.role or face.key == "staff"],
    }
