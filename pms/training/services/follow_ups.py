"""Following up those who are not through: approaching them, excusing them."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.core.exceptions import DomainError
from pms.history.context import acting, as_actor
from pms.history.services import Action, record
from pms.training.choices import ExcuseReason, ExcuseStatus, RecordStatus
from pms.training.models import Excuse, FollowUp, TrainingRecord
from pms.training.permissions import is_the_person

from .locking import lock_record, require_open, require_reason
from .population import IN_FORCE, begun_tests, status_by_facts


@transaction.atomic
@as_actor
def add_follow_up(
    record_id: int, *, kind: str, done_on: date, result: str, actor: User, now: datetime
) -> FollowUp:
    """Write down what was done about somebody who is not through yet.

    An interview (`FollowUpKind.INTERVIEW`) opens the test again after every third failure; a
    decision (`FollowUpKind.DECISION`) lets the campaign close although the person is open.

    Args:
        record_id: whose.
        kind: a `FollowUpKind`.
        done_on: the day, not in the future.
        result: what came of it.
        actor: who did it or writes it down.
        now: the moment of writing.

    Raises:
        DomainError: the campaign is not open, the person has passed, or the day is in the future.
    """
    held = _lock_unfinished(record_id)
    if done_on > timezone.localdate(now):
        raise DomainError({"done_on": _("This day is in the future. Write down what was done.")})
    follow_up = FollowUp(
        record=held, kind=kind, done_on=done_on, result=result, done_by=actor, created_at=now
    )
    follow_up.full_clean()
    follow_up.save()
    record("training.followed_up", follow_up, actor=actor, action=Action.CREATE)
    return follow_up


@transaction.atomic
def request_excuse(
    record_id: int,
    *,
    reason: str,
    actor: User,
    now: datetime,
    note: str = "",
    until: date | None = None,
) -> Excuse:
    """Ask to excuse somebody from this training.

    Args:
        record_id: whose.
        reason: an `ExcuseReason`.
        actor: who asks.
        now: the moment of asking.
        note: the explanation; needed for `ExcuseReason.OTHER`.
        until: the last day of the excuse; the training is due again afterwards. None: for good.

    Raises:
        DomainError: the campaign is not open, the person has passed, an excuse is waiting or in
            force, `until` is over, or the explanation is missing.
    """
    held = _lock_unfinished(record_id)
    if held.excuses.filter(status__in=IN_FORCE).exists():
        raise DomainError(_("An excuse for this record is waiting or in force."))
    if until is not None and until < timezone.localdate(now):
        raise DomainError({"until": _("This day is over. Choose a later day, or leave it empty.")})
    if reason == ExcuseReason.OTHER and not note.strip():
        raise DomainError({"note": _("Explain the reason.")})
    excuse = Excuse(
        record=held, reason=reason, note=note, until=until, requested_by=actor, requested_at=now
    )
    excuse.full_clean()
    with acting(actor=actor, reason=note):
        excuse.save()
        record("training.excuse_requested", excuse, actor=actor, action=Action.CREATE)
    return excuse


@transaction.atomic
@as_actor
def decide_excuse(
    excuse_id: int, *, approve: bool, actor: User, now: datetime, note: str = ""
) -> Excuse:
    """Approve or refuse a request to be excused.

    Args:
        excuse_id: a request; it and its record stay locked until the transaction ends.
        approve: True excuses the person, False leaves the training due.
        actor: somebody other than who asked and than the person concerned.
        now: the moment of deciding.
        note: why; needed for a refusal.

    Raises:
        DomainError: `actor` asked for it or is the person concerned, a refusal gives no reason, the
            campaign is not open.
        InvalidTransitionError: it is decided already, otherwise than asked now.
    """
    excuse = _lock_excuse(excuse_id)
    target = ExcuseStatus.APPROVED if approve else ExcuseStatus.REFUSED
    if excuse.status == target and excuse.decided_by_id == actor.pk:
        return excuse
    excuse.move_to(target)
    require_open(excuse.record.campaign)
    if excuse.requested_by_id == actor.pk:
        raise DomainError(_("Nobody approves their own request."))
    if is_the_person(actor, excuse.record):
        raise DomainError(_("Nobody decides whether they are excused themselves."))
    if not approve and not note.strip():
        raise DomainError({"note": _("Say why the request is refused.")})
    excuse.decided_by, excuse.decided_at, excuse.decision_note = actor, now, note
    excuse.save()
    if approve:
        excuse.record.move_to(RecordStatus.EXCUSED)
        excuse.record.save(update_fields=["status"])
    event = "training.excuse_approved" if approve else "training.excuse_refused"
    record(event, excuse, actor=actor, reason=note)
    return excuse


@transaction.atomic
@as_actor
def end_excuse(excuse_id: int, *, actor: User, reason: str, now: datetime) -> Excuse:
    """End an excuse, or withdraw a request, before its time; the training is due again.

    Raises:
        DomainError: the campaign is not open or no reason is given.
        InvalidTransitionError: it is neither waiting nor in force.
    """
    reason = require_reason(reason)
    excuse = _lock_excuse(excuse_id)
    require_open(excuse.record.campaign)
    excuse.move_to(ExcuseStatus.ENDED)
    excuse.ended_at = now
    excuse.save()
    held = excuse.record
    if held.status == RecordStatus.EXCUSED:
        held.move_to(status_by_facts(held.failures, bool(begun_tests([held]))))
        held.save(update_fields=["status"])
    record("training.excuse_ended", excuse, actor=actor, reason=reason)
    return excuse


def _lock_unfinished(record_id: int) -> TrainingRecord:
    """The record, held; refuses one of a person who needs nothing any more."""
    held = lock_record(record_id)
    require_open(held.campaign)
    if held.status in {RecordStatus.PASSED, RecordStatus.VOID}:
        raise DomainError(
            _("%(name)s has passed, or this record was replaced. Nothing is left to do."),
            params={"name": held.name},
        )
    return held


def _lock_excuse(excuse_id: int) -> Excuse:
    """The excuse as it is now; its record is what is held."""
    held = lock_record(Excuse.objects.values_list("record_id", flat=True).get(pk=excuse_id))
    excuse = Excuse.objects.get(pk=excuse_id)
    excuse.record = held
    return excuse
