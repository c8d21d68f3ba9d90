"""Later dates, of an action or of one of its measures; the first ones stay."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.corrective_actions.choices import BEFORE_CHECK, ExtensionStatus
from pms.corrective_actions.models import CorrectiveAction, Extension, Measure
from pms.corrective_actions.permissions import may_decide
from pms.history.context import as_actor
from pms.history.services import record

from .locking import lock_action, lock_measure, require_present, require_text
from .telling import tell_deciders, tell_who_asked


@transaction.atomic
@as_actor
def request_extension(
    action_id: int,
    *,
    measure_id: int | None = None,
    new_due_on: date,
    reason: str,
    actor: Any,
    now: datetime,
) -> Extension:
    """Ask for a later date of an action, or of one of its measures.

    Args:
        action_id: an action that is not carried out yet.
        measure_id: one of its approved measures that is not done; None for the action itself.
        new_due_on: later than the present date; of a measure, not after the action's.
        reason: why.
        actor: who asks.
        now: the moment.

    Raises:
        DomainError: nothing is open, or the date does not fit.
        ValidationError: the reason is empty, the date is not later, or a request waits.
    """
    if measure_id is None:
        action, measure = lock_action(action_id), None
        old_due_on = action.due_on
    else:
        action, measure = lock_measure(measure_id)
        require_present(action, measure)
        old_due_on = measure.due_on
    _require_movable(action, measure, new_due_on)
    extension = Extension(
        action=action,
        measure=measure,
        old_due_on=old_due_on,
        new_due_on=new_due_on,
        reason=reason.strip(),
        asked_by=actor,
        asked_at=now,
    )
    extension.full_clean()
    extension.save()
    record(
        "corrective_actions.extension_requested",
        action,
        actor=actor,
        reason=extension.reason,
        details={"of": str(measure or action), "due_on": new_due_on.isoformat()},
    )
    tell_deciders(extension, now=now)
    return extension


def _require_movable(action: CorrectiveAction, measure: Measure | None, new_due_on: date) -> None:
    if action.status not in BEFORE_CHECK:
        raise DomainError(_("“%(action)s” has no day that could be moved.") % {"action": action})
    if measure is None:
        return
    if measure.is_done or measure.first_due_on is None:
        raise DomainError(
            _("A later date is asked for a measure that is approved and not done yet.")
        )
    if new_due_on > action.due_on:
        raise DomainError(
            {
                "new_due_on": _(
                    "The action itself is due on %(day)s. Ask for a later date of the action first."
                )
                % {"day": action.due_on.isoformat()}
            }
        )


@transaction.atomic
@as_actor
def decide_extension(
    extension_id: int, *, grants: bool, answer: str, actor: Any, now: datetime
) -> Extension:
    """Grant a later date, or refuse it, and say why; the first date stays beside it.

    Raises:
        DomainError: the request or what it is about is `actor`'s own, or no reason is given.
        InvalidTransitionError: it is decided already.
    """
    answer = require_text("answer", answer, _("Give the reason of the decision."))
    asked = Extension.objects.get(pk=extension_id)
    action = lock_action(asked.action_id)
    extension = (
        Extension.objects.select_for_update(of=("self",))
        .select_related("measure__owner__user", "asked_by")
        .get(pk=extension_id)
    )
    extension.action = action
    if not may_decide(actor, extension):
        raise DomainError(_("Nobody decides on a request of their own."))
    extension.move_to(ExtensionStatus.GRANTED if grants else ExtensionStatus.REFUSED)
    extension.decided_by, extension.decided_at = actor, now
    extension.answer = answer
    extension.save()
    if grants:
        moved = extension.measure or action
        moved.due_on = extension.new_due_on
        moved.save()
    event = "corrective_actions.extension_refused"
    if grants:
        event = "corrective_actions.extension_granted"
    record(
        event,
        action,
        actor=actor,
        reason=answer,
        details={
            "of": str(extension.measure or action),
            "due_on": extension.new_due_on.isoformat(),
        },
    )
    tell_who_asked(extension, now=now)
    return extension


def drop_requests(action: CorrectiveAction, *, measure: Measure | None = None, actor: Any) -> None:
    """Withdraw requests that nobody needs any more: of one measure, or of the whole action."""
    waiting = Extension.objects.waiting().filter(action=action)
    if measure is not None:
        waiting = waiting.filter(measure=measure)
    for extension in waiting.select_for_update(of=("self",)):
        extension.move_to(ExtensionStatus.WITHDRAWN)
        extension.save()
        details = {"of": str(measure or action), "due_on": extension.new_due_on.isoformat()}
        record("corrective_actions.extension_withdrawn", action, actor=actor, details=details)
