"""Risks that top management lives with for a time; on the last day the action opens again."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.corrective_actions.choices import Status
from pms.corrective_actions.models import Acceptance, CorrectiveAction
from pms.corrective_actions.permissions import is_person
from pms.history.context import acting, as_actor
from pms.history.services import record

from .extending import drop_requests
from .locking import lock_action, require_text
from .telling import tell_acceptance, tell_reopened


@transaction.atomic
@as_actor
def accept_risk(
    action_id: int, *, reason: str, until: date, actor: Any, today: date, now: datetime
) -> Acceptance:
    """Accept the risk until a day instead of removing its cause now.

    Args:
        action_id: an open action that does not wait for approval.
        reason: why top management can live with it.
        until: the day on which the action opens again by itself; still to come.
        actor: who accepts it; never the action's own owner.
        today: the day of the decision.
        now: the moment.

    Raises:
        DomainError: no reason is given, or the action is `actor`'s own.
        InvalidTransitionError: the action is closed, accepted, or waits for approval.
        ValidationError: the day is not to come.
    """
    reason = require_text("reason", reason, _("Say why the risk can be accepted."))
    action = lock_action(action_id)
    if is_person(actor, action.owner):
        raise DomainError(_("Nobody accepts the risk of an action of their own."))
    acceptance = Acceptance(
        action=action,
        reason=reason,
        accepted_on=today,
        accepted_by=actor,
        until=until,
        status_before=action.status,
    )
    action.move_to(Status.ACCEPTED)
    acceptance.full_clean()
    acceptance.save()
    action.save()
    drop_requests(action, actor=actor)
    record(
        "corrective_actions.risk_accepted",
        action,
        actor=actor,
        reason=reason,
        details={"until": until.isoformat()},
    )
    tell_acceptance(acceptance, actor=actor, now=now)
    return acceptance


@transaction.atomic
def reopen_accepted(*, today: date, now: datetime) -> int:
    """Open every action again whose accepted time is over; gives how many.

    Doing it again on the same day changes nothing.

    Args:
        today: in the organization's time zone.
        now: the moment, for what owners are told.
    """
    keys = list(Acceptance.objects.ending_by(today).order_by("action").values_list("pk", "action"))
    return sum(_reopen(pk, action_id, today=today, now=now) for pk, action_id in keys)


def _reopen(acceptance_id: int, action_id: int, *, today: date, now: datetime) -> bool:
    action: CorrectiveAction = lock_action(action_id)
    acceptance = Acceptance.objects.select_for_update(of=("self",)).get(pk=acceptance_id)
    if acceptance.ended_on is not None:
        return False
    acceptance.action = action
    with acting(actor=None):
        acceptance.ended_on = today
        acceptance.save()
        action.move_to(acceptance.status_before)
        action.save()
        record("corrective_actions.reopened", action, actor=None)
    tell_reopened(acceptance, now=now)
    return True
