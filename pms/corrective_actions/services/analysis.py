"""Correction at once, and why it happened; each may be written before the other."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.corrective_actions.models import CorrectiveAction, Round, Why
from pms.history.context import as_actor
from pms.history.services import record

from .locking import lock_action, require_drafting, require_text, round_of
from .raising import mark_recurrence

CAUSE_FIELDS = ("root_cause", "cause_class", "why_not_found", "spread", "similar_cases")


@transaction.atomic
@as_actor
def record_correction(
    action_id: int, *, correction: str, corrected_on: date, today: date, actor: Any
) -> CorrectiveAction:
    """Write down what was done on the spot (応急処置).

    Args:
        action_id: the action, before its plan is handed in.
        correction: what was done; where nothing had to be done, why.
        corrected_on: the day, from the day of finding to today.
        today: the day of writing.
        actor: who writes.

    Raises:
        DomainError: the text is empty, the day is wrong, or the plan is handed in.
    """
    text = require_text("correction", correction, _("Say what was done at once."))
    action = lock_action(action_id)
    require_drafting(action)
    if corrected_on > today:
        raise DomainError({"corrected_on": _("This day is in the future.")})
    if corrected_on < action.found_on:
        raise DomainError({"corrected_on": _("This day lies before the day it was found.")})
    action.correction, action.corrected_on = text, corrected_on
    action.settle(has_cause=not cause_obstacles(round_of(action)))
    action.save()
    details = {"on": corrected_on.isoformat()}
    record("corrective_actions.corrected", action, actor=actor, details=details)
    return action


@transaction.atomic
@as_actor
def record_cause(
    action_id: int, *, whys: Sequence[str], actor: Any, **fields: str
) -> CorrectiveAction:
    """Write down the cause, as far as it is known (なぜなぜ分析, 水平展開).

    What is missing may stay empty; the action moves on once nothing is.

    Args:
        action_id: the action, before its plan is handed in.
        whys: the answers to "why?", from the fact to the root; empty ones are left out.
        actor: who writes.
        fields: root_cause, cause_class, why_not_found, spread, similar_cases.

    Raises:
        DomainError: the plan is handed in.
        ValidationError: a field is wrong.
    """
    action = lock_action(action_id)
    require_drafting(action)
    current = round_of(action)
    for name in CAUSE_FIELDS:
        setattr(current, name, fields.get(name, "").strip())
    current.full_clean(exclude=["action"])
    current.save()
    _write_whys(current, whys)
    if current.cause_class:
        action.cause_class = current.cause_class
    action.settle(has_cause=not cause_obstacles(current))
    action.save()
    record("corrective_actions.cause_recorded", action, actor=actor)
    mark_recurrence(action, actor=actor)
    return action


def _write_whys(current: Round, answers: Iterable[str]) -> None:
    texts = [text for text in (answer.strip() for answer in answers) if text]
    kept = {why.position: why for why in current.whys.all()}
    for position, text in enumerate(texts, start=1):
        why = kept.pop(position, None) or Why(round=current, position=position)
        if why.answer != text:
            why.answer = text
            why.full_clean(exclude=["round"])
            why.save()
    for why in kept.values():
        why.delete()


def cause_obstacles(current: Round) -> list[str]:
    """What the analysis of a round lacks, in sentences; empty if it is complete."""
    missing = []
    if not current.whys.exists():
        missing.append(_("Ask “why?” at least once and write the answer."))
    if not current.root_cause:
        missing.append(_("Write the root cause."))
    if not current.cause_class:
        missing.append(_("Choose the kind of cause."))
    if not current.why_not_found:
        missing.append(_("Say why it was not found earlier."))
    if not (current.spread and current.similar_cases):
        missing.append(_("Say where else you looked for similar cases, and what you found."))
    return missing
