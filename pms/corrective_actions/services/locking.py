"""Rows held until the transaction ends; always the action first, then what belongs to it."""

from typing import Any, cast

from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.corrective_actions.choices import DRAFTING
from pms.corrective_actions.models import CorrectiveAction, Handover, Measure, Round


def lock_action(action_id: int) -> CorrectiveAction:
    """The action as it is now, held, with its owner and its present round."""
    action = (
        CorrectiveAction.objects.select_for_update(of=("self",))
        .select_related("owner__user", "department")
        .get(pk=action_id)
    )
    # Read after the action is held: whoever held it before may have changed the round.
    action.current = Round.objects.select_related("checker__user").get(pk=action.current_id or 0)
    action.current.action = action
    return action


def round_of(action: CorrectiveAction) -> Round:
    """The present round; every action has one from the beginning."""
    return cast("Round", action.current)


def lock_measure(measure_id: int) -> tuple[CorrectiveAction, Measure]:
    """The measure as it is now, with its action, which is held."""
    action_id = Measure.objects.values_list("round__action", flat=True).get(pk=measure_id)
    action = lock_action(action_id)
    measure = Measure.objects.select_related("owner__user", "round").get(pk=measure_id)
    if measure.round_id == action.current_id:
        measure.round = round_of(action)
    return action, measure


def keep_former(current: Round, person_id: int) -> None:
    """Write down who answered until now: they do not check the effect of this round."""
    Handover.objects.get_or_create(round=current, person_id=person_id)


def require_drafting(action: CorrectiveAction) -> None:
    """Refuse what can only be written before the plan is handed in."""
    if action.status not in DRAFTING:
        raise DomainError(
            _("“%(action)s” is now: %(state)s. Cause and measures can no longer be changed.")
            % {"action": action, "state": action.get_status_display()}
        )


def require_present(action: CorrectiveAction, measure: Measure) -> None:
    """Refuse to touch the measures of an earlier round."""
    if measure.round_id != action.current_id:
        raise DomainError(_("This measure belongs to an earlier round, which stays as it was."))


def require_text(name: str, value: str, message: str) -> str:
    """`value` without spaces around; refuse an empty one on its field."""
    text = value.strip()
    if not text:
        raise DomainError({name: message})
    return text


def require_person(user: Any) -> Any:
    """The person behind an account; refuse a technical one."""
    person = getattr(user, "person", None)
    if person is None:
        raise DomainError(_("This account belongs to nobody; a person has to do this."))
    return person
