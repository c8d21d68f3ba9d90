"""The way in for an account without a password."""

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from .models import User


def password_path(user: User | None = None) -> str:
    """The path under which `user` sets a password; without one, where the way is asked for.

    The first holds until it is used or PASSWORD_RESET_TIMEOUT is over.
    """
    if user is None:
        return reverse("account_reset_password")
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return path.replace("UID-KEY", f"{user_pk_to_url_str(user)}-{key}")
