"""Correcting a record: the wrong row becomes void with its reason, a new one replaces it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.core.bulk import create_rows, update_rows
from pms.core.exceptions import DomainError
from pms.core.text import listed
from pms.history.context import as_actor
from pms.history.services import record, record_created, record_updated
from pms.training.choices import Comprehension, RecordStatus
from pms.training.models import Attempt, Excuse, FollowUp, TrainingRecord

from .locking import lock_record, require_open, require_reason
from .population import lift_excuses

# What stays with the person when a row is replaced.
SNAPSHOT = (
    *("campaign_id", "person_id", "employee_number", "name", "kana"),
    *("department_id", "employment_kind", "due_on"),
)
DONE = (
    *("attended_on", "method", "comprehension", "score", "failures", "passed_on"),
    *("acknowledged_at", "lecturer", "session_id", "logged_by_id", "logged_at"),
)
CORRECTABLE = frozenset(
    {
        *("attended_on", "method", "comprehension", "score", "lecturer", "session"),
        *("department", "employment_kind", "due_on"),
    }
)


@transaction.atomic
@as_actor
def correct_record(
    record_id: int, *, actor: User, reason: str, now: datetime, **facts: Any
) -> TrainingRecord:
    """Replace a record by one with other facts.

    Attempts, follow-ups and excuses move along, except when somebody turns out not to have passed:
    then they begin anew, and the void row keeps what was wrong.

    Args:
        record_id: the wrong row; it becomes void and keeps everything that it says.
        actor: who corrects it.
        reason: why.
        now: the moment of correcting.
        facts: what was wrong, as it should be: `passed` (bool), `attended_on`, `method`,
            `comprehension`, `score`, `lecturer`, `session`, `department`, `employment_kind`,
            `due_on`. What is not named is taken over; `passed` needs `attended_on`.

    Returns:
        The new row.

    Raises:
        DomainError: the campaign is not open, the row is void already, no reason is given, or a
            fact cannot be corrected.
        ValidationError: a fact is wrong.
    """
    reason = require_reason(reason)
    old = lock_record(record_id)
    require_open(old.campaign)
    if old.status == RecordStatus.VOID:
        raise DomainError(_("This record is void. Correct the one that replaced it."))
    was_passed = old.status == RecordStatus.PASSED
    passed = facts.pop("passed", was_passed)
    begins_anew = was_passed and not passed
    new = successor(old, keep_results=not begins_anew)
    _correct(new, facts)
    if passed:
        _require_proof(new)
        if not was_passed or "attended_on" in facts:
            new.passed_on = new.attended_on
        new.status = RecordStatus.PASSED
        new.logged_by, new.logged_at = actor, now
    elif not begins_anew:
        new.status = old.status
    # The old row still holds the person's place.
    new.full_clean(exclude=["person", "replaces"])
    replace([old], [new], reason=reason, actor=actor, moves=not begins_anew)
    if passed:
        lift_excuses([new], at=now, actor=actor)
    record(
        "training.record_corrected",
        new,
        actor=actor,
        reason=reason,
        details={"replaces": old.pk, "fields": sorted(facts), "passed": passed},
    )
    return new


def _correct(new: TrainingRecord, facts: dict[str, Any]) -> None:
    unknown = facts.keys() - CORRECTABLE
    if unknown:
        raise DomainError(
            _("This cannot be corrected: %(fields)s."),
            params={"fields": listed(sorted(unknown))},
        )
    for name, value in facts.items():
        setattr(new, name, value)


def _require_proof(new: TrainingRecord) -> None:
    """Who has passed was there on a day, and reached the pass mark if it was a test."""
    if new.attended_on is None:
        raise DomainError({"attended_on": _("Enter the day of the training.")})
    mark = new.campaign.pass_mark
    if mark is None or new.comprehension != Comprehension.TEST:
        return
    if new.score is None or new.score < mark:
        raise DomainError(
            {"score": _("The score is below the pass mark of %(mark)s.") % {"mark": mark}}
        )


def successor(old: TrainingRecord, *, keep_results: bool) -> TrainingRecord:
    """A new row, not stored yet, for the same person with the same snapshot."""
    names = (*SNAPSHOT, *DONE) if keep_results else SNAPSHOT
    new = TrainingRecord(**{name: getattr(old, name) for name in names})
    new.replaces = old
    return new


def replace(
    old: Sequence[TrainingRecord],
    new: Sequence[TrainingRecord],
    *,
    reason: str,
    actor: User,
    moves: bool,
) -> None:
    """Void `old` and store `new` in its place, row by row, in bulk, with the journal.

    Args:
        old: rows that are held; only status and reason of them change.
        new: a row for each of them, made by `successor`.
        reason: why, written on every void row.
        actor: who does it.
        moves: whether attempts, follow-ups and excuses go over to the new rows.
    """
    TrainingRecord.objects.filter(pk__in=[it.pk for it in old]).update(
        status=RecordStatus.VOID, void_reason=reason
    )
    changes = [
        (it, {"status": (it.status, RecordStatus.VOID), "void_reason": ("", reason)}) for it in old
    ]
    record_updated(changes, actor=actor, event="training.record_voided", reason=reason)
    for it in old:
        it.status, it.void_reason = RecordStatus.VOID, reason
    create_rows(new)
    record_created(new, actor=actor, event="training.record_replaced", reason=reason)
    if moves:
        heirs = {former.pk: heir for former, heir in zip(old, new, strict=True)}
        for model in (Attempt, FollowUp, Excuse):
            _move_along(model, heirs, actor)


def _move_along(
    model: type[Attempt | FollowUp | Excuse], heirs: dict[int, TrainingRecord], actor: User
) -> None:
    changes = []
    for row in model._base_manager.filter(record__in=list(heirs)):
        heir = heirs[row.record_id]
        changes.append((row, {"record": (row.record_id, heir.pk)}))
        row.record = heir
    update_rows([row for row, _ in changes], ["record"])
    record_updated(changes, actor=actor)
