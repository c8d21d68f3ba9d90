"""Making, taking back and using the secret address of one's own calendar."""

import secrets
from datetime import datetime
from typing import Final

from django.db import transaction

from pms.accounts.models import User
from pms.history.context import as_actor
from pms.history.services import record
from pms.organization.backends import AppointmentBackend

from .models import CalendarKey, digest_of

TOKEN_BYTES: Final = 32


@as_actor
@transaction.atomic
def make_calendar_key(*, actor: User, now: datetime) -> str:
    """Give the actor a new secret address; the one before opens nothing any more.

    Args:
        actor: whose calendar it opens.
        now: the moment.

    Returns:
        The token, which is kept nowhere: it can be shown this once only.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    facts = {"token_digest": digest_of(token), "created_at": now, "last_read_at": None}
    key, _is_new = CalendarKey.objects.update_or_create(user=actor, defaults=facts)
    record("dashboard.calendar_address_made", key, actor=actor)
    return token


@as_actor
@transaction.atomic
def revoke_calendar_key(*, actor: User) -> None:
    """Let the actor's secret address open nothing any more; without one nothing happens."""
    key = CalendarKey.objects.select_for_update().filter(user=actor).first()
    if key is None:
        return
    record("dashboard.calendar_address_revoked", key, actor=actor)
    key.delete()


def reader_of(token: str, *, now: datetime) -> User | None:
    """Whose calendar `token` opens; that it was read is noted.

    Reading asks for the same as signing in: an account that is active, of somebody who works here.

    Args:
        token: the end of the address that a program asks for.
        now: the moment.

    Returns:
        The account with its person; None if the token opens nothing, or nothing any more.
    """
    keys = CalendarKey.objects.of_token(token)
    key = keys.select_related("user__person").first()
    if key is None or not AppointmentBackend().user_can_authenticate(key.user):
        return None
    keys.update(last_read_at=now)  # programs read every few hours: nothing for the journal
    return key.user
