"""Measures that are carried out, with proof; the last one starts the wait for the effect."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError
from pms.corrective_actions.choices import Source, Status
from pms.corrective_actions.deadlines import check_due, check_from
from pms.corrective_actions.models import CorrectiveAction, Measure
from pms.corrective_actions.permissions import answers_for_something
from pms.evidence.models import EvidenceFile
from pms.evidence.services import atomic_with_files, attach_all
from pms.history.context import as_actor
from pms.history.services import record
from pms.organization.models import Appointment, Person

from .extending import drop_requests
from .locking import lock_measure, require_present, require_text, round_of
from .telling import tell_checker


@as_actor
def complete_measure(
    measure_id: int,
    *,
    done_on: date,
    result: str,
    files: Sequence[UploadedFile] = (),
    actor: Any,
    today: date,
    now: datetime,
) -> Measure:
    """Say that a measure was carried out, best with its proof; the last one starts the wait.

    Args:
        measure_id: of an approved plan.
        done_on: the day, from the day of finding to today.
        result: what was done.
        files: what proves it; they can be brought later, the action closes with them only.
        actor: who says so.
        today: the day of saying so.
        now: the moment.

    Raises:
        DomainError: the plan is not approved, the day is wrong, or the result is empty.
        UnacceptableFileError: a file is not accepted.
    """
    result = require_text("result", result, _("Say what was done and where it can be seen."))
    with atomic_with_files():
        action, measure = lock_measure(measure_id)
        require_present(action, measure)
        if action.status != Status.EXECUTION:
            raise DomainError(
                _("“%(action)s” is now: %(state)s. No measure is carried out in this step.")
                % {"action": action, "state": action.get_status_display()}
            )
        if measure.is_done:
            raise DomainError(_("“%(measure)s” was carried out and stays.") % {"measure": measure})
        _check_day(action, done_on, today)
        measure.done_on, measure.result = done_on, result
        kept = attach_all(measure, files, actor=actor)
        measure.proof = kept[0] if kept else None
        measure.save()
        drop_requests(action, measure=measure, actor=actor)
        details = {"title": measure.title, "on": done_on.isoformat(), "files": len(kept)}
        record("corrective_actions.measure_done", action, actor=actor, details=details)
        wait_for_effect(action, actor=actor, now=now)
    return measure


def _check_day(action: CorrectiveAction, done_on: date, today: date) -> None:
    if done_on > today:
        raise DomainError({"done_on": _("This day is in the future.")})
    if done_on < action.found_on:
        raise DomainError({"done_on": _("This day lies before the day it was found.")})


@as_actor
def attach_proof(
    measure_id: int,
    files: Sequence[UploadedFile],
    *,
    note: str = "",
    stated_on: date | None = None,
    actor: Any,
) -> list[EvidenceFile]:
    """Keep files that prove a measure; the first one of a measure that was done is its proof.

    Raises:
        DomainError: the action is closed or withdrawn.
        UnacceptableFileError: a file is not accepted.
    """
    with atomic_with_files():
        action, measure = lock_measure(measure_id)
        if action.status in (Status.CLOSED, Status.WITHDRAWN):
            raise DomainError(_("“%(action)s” is no longer open.") % {"action": action})
        kept = attach_all(measure, files, actor=actor, note=note, stated_on=stated_on)
        if kept and measure.proof_id is None:
            measure.proof = kept[0]
            measure.save()
        details = {"title": measure.title, "files": len(kept)}
        record("corrective_actions.proof_attached", action, actor=actor, details=details)
    return kept


def wait_for_effect(action: CorrectiveAction, *, actor: Any, now: datetime) -> None:
    """Start the wait for the effect if nothing of the round is left to do; `action` is held."""
    current = round_of(action)
    days = list(current.measures.values_list("done_on", flat=True))
    if None in days:
        return
    action.move_to(Status.CHECKING)
    current.executed_on = max(day for day in days if day)
    current.check_from_on = check_from(
        current.executed_on, action.grade, settings.EFFECT_WAIT_MONTHS
    )
    current.check_due_on = check_due(current.check_from_on)
    # Whoever was asked long before may have submitted the plan since.
    if current.checker is None or answers_for_something(current.checker.pk, action):
        current.checker = usual_checker(action, current.check_from_on)
    current.save()
    action.save()
    drop_requests(action, actor=actor)
    record(
        "corrective_actions.carried_out",
        action,
        actor=actor,
        details={"check_from": current.check_from_on.isoformat()},
    )
    tell_checker(action, actor=actor, now=now)


def usual_checker(action: CorrectiveAction, day: date) -> Person | None:
    """Who checks unless somebody else is asked: for audit findings the audit officer only.

    For all others the privacy manager, or the audit officer where the privacy manager answers for
    something in the action; nobody where both do.
    """
    roles = [Role.PRIVACY_MANAGER, Role.AUDIT_OFFICER]
    if action.source == Source.AUDIT:
        roles.remove(Role.PRIVACY_MANAGER)
    held = {
        it.role: it.person
        for it in Appointment.objects.on(day).filter(role__in=roles).select_related("person__user")
    }
    people = [held[role] for role in roles if role in held]
    return next(
        (it for it in people if it.user_id and not answers_for_something(it.pk, action)), None
    )
