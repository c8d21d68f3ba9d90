"""What the frame around every page needs: the person and the places that their posts open."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import get_language, get_language_info

from pms.accounts.roles import Role
from pms.incidents.models import IncidentSettings
from pms.organization.models import access_of

from .navigation import navigation_for


class Shell:
    """Facts for the frame, found only when a template asks: a part of a page asks for none."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)

    @cached_property
    def is_signed_in(self) -> bool:
        """Whether there is an account."""
        return self.user is not None and self.user.is_authenticated

    @cached_property
    def navigation(self) -> list[dict[str, Any]]:
        """The places that are open to the account."""
        if not self.is_signed_in:
            return []
        # The set itself: each question to the account would go through all its backends.
        permissions = access_of(self.user).permissions
        return list(navigation_for(permissions.__contains__, self.request.path))

    @cached_property
    def person_name(self) -> str:
        """The name of who is signed in; of a technical account its address."""
        if not self.is_signed_in:
            return ""
        return str(getattr(self.user, "person", None) or self.user)

    @cached_property
    def takes_anonymous_reports(self) -> bool:
        """Whether the sign-in page shows the way to reporting without a name."""
        return IncidentSettings.current().allows_anonymous

    @cached_property
    def unread(self) -> int:
        """How much the account was told and has not opened; it came with the account's row."""
        return getattr(self.user, "unread_notifications", 0)

    @cached_property
    def roles(self) -> list[str]:
        """The posts held today, in words."""
        held = access_of(self.user).roles if self.is_signed_in else ()
        return [str(role.label) for role in Role if role in held]

    @cached_property
    def other_languages(self) -> list[tuple[str, str]]:
        """Code and own name of every language but the present one."""
        present = get_language()
        return [
            (code, get_language_info(code)["name_local"])
            for code, __ in settings.LANGUAGES
            if code != present
        ]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Facts for the frame, as `shell`."""
    return {"shell": Shell(request)}
