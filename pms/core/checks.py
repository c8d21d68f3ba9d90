"""What production settings refuse: each refusal is an error of Django's check framework.

Management commands run the checks by themselves; the server runs them in `pms/wsgi.py`.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

# The measures of Django's own warning about weak keys (security.W009).
KEY_MIN_LENGTH = 50
KEY_MIN_DISTINCT = 5
KEY_INSECURE_PREFIX = "django-insecure-"


@register(Tags.security)
def check_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    """Errors for what must never meet real data; none unless the settings are for production."""
    if not settings.PRODUCTION:
        return []
    errors = []
    if _has_weak_key():
        errors.append(
            Error(
                "SECRET_KEY is missing or easy to guess.",
                hint=f"Set it to at least {KEY_MIN_LENGTH} random characters.",
                id="pms.E001",
            )
        )
    if settings.DEBUG:
        errors.append(
            Error(
                "DEBUG is on: error pages would show personal information to strangers.",
                hint="Remove DEBUG from the environment.",
                id="pms.E002",
            )
        )
    if settings.DEMO:
        errors.append(
            Error(
                "The demo mode is on: everyone could sign in as anyone.",
                hint="Remove PMS_DEMO from the environment.",
                id="pms.E003",
            )
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        errors.append(
            Error(
                "ALLOWED_HOSTS does not name the hosts of this installation.",
                hint="Set it to the host names that people type, separated by commas.",
                id="pms.E004",
            )
        )
    return errors


def refuse_unsafe_start() -> None:
    """Stop a server process that production must not run.

    Raises:
        ImproperlyConfigured: the settings break a rule of `check_production`.
    """
    if errors := check_production(None):
        raise ImproperlyConfigured(" ".join(f"{error.msg} {error.hint}" for error in errors))


def _has_weak_key() -> bool:
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        # Django's answer to an empty key.
        return True
    return (
        len(key) < KEY_MIN_LENGTH
        or len(set(key)) < KEY_MIN_DISTINCT
        or key.startswith(KEY_INSECURE_PREFIX)
    )
