"""The secret address of a person's calendar."""

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarKeyQuerySet(models.QuerySet):
    """Keys, asked by account or by what a calendar program brings."""

    def visible_to(self, user: Any) -> "CalendarKeyQuerySet":
        """One's own only: not even the office has to do with anybody else's."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def of_token(self, token: str) -> "CalendarKeyQuerySet":
        """The key that opens with `token`, if there is one."""
        return self.filter(token_digest=digest_of(token))


class CalendarKey(models.Model):
    """What opens somebody's calendar to a program that cannot sign in.

    The address ends in a random token. Only its digest is kept, so that nobody who reads the
    database or a backup can read calendars.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        editable=False,
        verbose_name=_("account"),
    )
    token_digest = models.CharField(
        _("SHA-256 of the token"), max_length=64, unique=True, editable=False
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    last_read_at = models.DateTimeField(_("last read at"), null=True, editable=False)

    objects = CalendarKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.user)


def digest_of(token: str) -> str:
    """SHA-256 of a token, in hexadecimal; the token is random, so nothing slower is needed."""
    return sha256(token.encode()).hexdigest()
