"""Class-room hours and make-up sessions of a campaign."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pms.accounts.models import User
from pms.core.exceptions import DomainError
from pms.history.context import as_actor
from pms.history.services import Action, record
from pms.training.models import Session

from .locking import lock_campaign, refuse_closed


@transaction.atomic
@as_actor
def add_session(
    campaign_id: int,
    *,
    actor: User,
    held_on: date,
    place: str = "",
    lecturer: str = "",
    is_make_up: bool = False,
    note: str = "",
) -> Session:
    """Plan a class-room hour, or a make-up session for those who missed it.

    Raises:
        DomainError: the campaign is closed, or the day lies before its first day or after the
            cycle.
    """
    session = Session(
        campaign=lock_campaign(campaign_id),
        held_on=held_on,
        place=place,
        lecturer=lecturer,
        is_make_up=is_make_up,
        note=note,
    )
    _save_session(session)
    record("training.session_added", session, actor=actor, action=Action.CREATE)
    return session


@transaction.atomic
@as_actor
def change_session(session_id: int, *, actor: User, **fields: Any) -> Session:
    """Change the facts of a session; refusals as in `add_session`."""
    session = Session.objects.get(pk=session_id)
    session.campaign = lock_campaign(session.campaign_id)
    for name, value in fields.items():
        setattr(session, name, value)
    _save_session(session)
    record("training.session_changed", session, actor=actor, details={"fields": sorted(fields)})
    return session


def _save_session(session: Session) -> None:
    campaign = session.campaign
    refuse_closed(campaign)
    session.full_clean()
    if not campaign.starts_on <= session.held_on <= campaign.cycle.ends_on:
        raise DomainError(
            {
                "held_on": _("Choose a day from %(first)s to %(last)s.")
                % {
                    "first": campaign.starts_on.isoformat(),
                    "last": campaign.cycle.ends_on.isoformat(),
                }
            }
        )
    session.save()


@transaction.atomic
@as_actor
def remove_session(session_id: int, *, actor: User) -> None:
    """Remove a session that nobody was logged for.

    Raises:
        DomainError: records name it, or the campaign is closed.
    """
    session = Session.objects.get(pk=session_id)
    refuse_closed(lock_campaign(session.campaign_id))
    logged = session.records.count()
    if logged:
        raise DomainError(
            ngettext(
                "%(count)s record names this session. Correct it first.",
                "%(count)s records name this session. Correct them first.",
                logged,
            )
            % {"count": logged}
        )
    record("training.session_removed", session, actor=actor, action=Action.DELETE)
    session.delete()
