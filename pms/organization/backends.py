"""Who may sign in today, and with which permissions."""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet
from django.utils import timezone

from pms.accounts.models import User
from pms.notifications.models import with_unread_count
from pms.transfer.models import with_saved_filters

from .models import access_of


class AppointmentBackend(AuthenticationBackend):
    """Permissions come from the appointments of the day; who has left is let in no more."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether the account is active and its person still works here."""
        person = getattr(user, "person", None)
        is_here = person is None or person.may_sign_in_on(timezone.localdate())
        return super().user_can_authenticate(user) and is_here

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session, with what every page shows of it: its person and the bell.

        None if it may sign in no longer.
        """
        user = _accounts().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Names of what the posts held today may do; rows are the querysets' matter."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return set(access_of(user_obj).permissions)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether a post held today may do `perm`."""
        return user_obj.is_active and obj is None and perm in access_of(user_obj).permissions


@cache
def _accounts() -> QuerySet[User]:
    # Put together once: every page asks for it, and that takes longer than the answer.
    return with_saved_filters(with_unread_count(User.objects.select_related("person")))
