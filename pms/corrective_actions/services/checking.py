"""Did it work? The effect check by somebody else, the next round, and the three locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.core.text import listed
from pms.corrective_actions.choices import Status, Verdict
from pms.corrective_actions.exceptions import ClosingRefusedError
from pms.corrective_actions.models import CorrectiveAction, Measure, Round
from pms.corrective_actions.permissions import AUDITORS, answers_for_something, may_judge
from pms.evidence.services import atomic_with_files, attach_all
from pms.history.context import as_actor
from pms.history.services import record
from pms.organization.models import Appointment, Person

from .extending import drop_requests
from .locking import lock_action, require_person, require_text, round_of
from .telling import tell_checker, tell_verdict


@transaction.atomic
@as_actor
def assign_checker(
    action_id: int, *, checker: Person, actor: Any, now: datetime
) -> CorrectiveAction:
    """Ask somebody to check the effect: neither the action's owner nor a measure's.

    Raises:
        DomainError: that person answers or answered for something in the action, has no account
            or, for an audit finding, not the post; or the effect was checked.
    """
    action = lock_action(action_id)
    current = round_of(action)
    if current.verdict or action.status in (Status.CLOSED, Status.WITHDRAWN):
        raise DomainError(_("The effect of this round was checked already."))
    if checker.user_id is None:
        raise DomainError(
            {"checker": _("%(person)s has no account to do this with.") % {"person": checker}}
        )
    if answers_for_something(checker.pk, action):
        raise DomainError({"checker": _not_impartial(checker)})
    if not may_judge(checker, action, day := timezone.localdate(now)):
        raise DomainError({"checker": _not_of_the_audit(checker, day)})
    current.checker = checker
    current.save()
    details = {"checker": str(checker)}
    record("corrective_actions.checker_assigned", action, actor=actor, details=details)
    if action.status == Status.CHECKING:
        tell_checker(action, actor=actor, now=now)
    return action


@as_actor
def check_effect(
    action_id: int,
    *,
    verdict: str,
    method: str,
    result: str,
    new_due_on: date | None = None,
    files: Sequence[UploadedFile] = (),
    actor: Any,
    today: date,
    now: datetime,
) -> CorrectiveAction:
    """Say whether the measures removed the cause; if not, the next round begins.

    Args:
        action_id: an action whose measures are carried out.
        verdict: a `Verdict`.
        method: how it was checked, e.g. records sampled, people asked.
        result: what was seen.
        new_due_on: of a check that was not effective, by when the next round is carried out.
        files: what shows it.
        actor: who checked: neither the owner of the action nor of a measure, now or before in
            this round, nor who submitted its plan; for an audit finding one of the audit.
        today: the day of the check, not before the waiting time is over.
        now: the moment.

    Raises:
        DomainError: it is too early, `actor` answers for something in it, or a text is missing.
    """
    method = require_text("method", method, _("Say how the effect was checked."))
    result = require_text("result", result, _("Say what was seen."))
    with atomic_with_files():
        action = lock_action(action_id)
        checked = round_of(action)
        _require_checkable(action, checked, actor, today)
        checked.checker = require_person(actor)
        checked.verdict, checked.checked_on = verdict, today
        checked.check_method, checked.check_result = method, result
        checked.full_clean(exclude=["action"])
        checked.save()
        attach_all(action, files, actor=actor, note=_("Effect check"))
        if verdict == Verdict.NOT_EFFECTIVE:
            _begin_next_round(action, new_due_on, today)
        record(
            "corrective_actions.effect_checked",
            action,
            actor=actor,
            details={"verdict": str(Verdict(verdict)), "round": checked.number},
        )
        tell_verdict(action, checked, actor=actor, now=now)
    return action


def _require_checkable(action: CorrectiveAction, current: Round, actor: Any, today: date) -> None:
    if action.status != Status.CHECKING or current.verdict or not current.check_from_on:
        raise DomainError(_("“%(action)s” does not wait for an effect check.") % {"action": action})
    person = require_person(actor)
    if answers_for_something(person.pk, action):
        raise DomainError(_not_impartial(person))
    if not may_judge(person, action, today):
        raise DomainError(_not_of_the_audit(person, today))
    if today < current.check_from_on:
        raise DomainError(
            _("The effect can be checked from %(day)s on, when the measures have had time to show.")
            % {"day": current.check_from_on.isoformat()}
        )


def _begin_next_round(action: CorrectiveAction, new_due_on: date | None, today: date) -> None:
    earliest = max(today, action.first_due_on)
    if new_due_on is None or new_due_on < earliest:
        raise DomainError(
            {
                "new_due_on": _("Say by when the next round is carried out: %(day)s or later.")
                % {"day": earliest.isoformat()}
            }
        )
    former = round_of(action)
    action.current = Round.objects.create(
        action=action, number=former.number + 1, due_on=new_due_on
    )
    action.due_on = new_due_on
    action.move_to(Status.ANALYSIS)
    action.save()


def _not_impartial(person: Person) -> str:
    return _(
        "%(person)s answers for this action or for one of its measures, did so before in this "
        "round, or submitted its plan. Somebody else has to check the effect."
    ) % {"person": person}


def _not_of_the_audit(person: Person, day: date) -> str:
    posts = Appointment.objects.on(day).filter(role__in=AUDITORS).select_related("person")
    people = dict.fromkeys(str(it.person) for it in posts)
    return _(
        "%(person)s is neither privacy audit officer nor auditor. The effect of an audit finding "
        "is checked by one of them: %(people)s."
    ) % {"person": person, "people": listed(people) or _("nobody holds these posts now")}


@dataclass(frozen=True, slots=True)
class Lock:
    """One of the three locks that hold an action open.

    Attributes:
        name: "cause", "proof" or "check".
        label: what it is about.
        message: what is missing; empty for a lock that is open.
    """

    name: str
    label: str
    message: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing is missing."""
        return not self.message


def closing_locks(
    action: CorrectiveAction, *, has_whys: bool, measures: Sequence[Measure]
) -> list[Lock]:
    """The three locks as they stand.

    Args:
        action: with owner and present round.
        has_whys: whether the present round asks "why?" at least once.
        measures: of all rounds, with owners.
    """
    current = round_of(action)
    here = [it for it in measures if it.round_id == current.pk]
    return [
        Lock("cause", _("Root cause"), _cause_missing(current, has_whys=has_whys)),
        Lock("proof", _("Proof of every measure"), _proof_missing(here)),
        Lock("check", _("Effect check by somebody else"), _check_missing(action, measures)),
    ]


def _cause_missing(current: Round, *, has_whys: bool) -> str:
    if current.root_cause and current.cause_class and has_whys:
        return ""
    return _("The root cause is missing: “why?”, the cause itself and its kind.")


def _proof_missing(measures: Sequence[Measure]) -> str:
    if not measures:
        return _("No measure is planned, so nothing is proven.")
    bare = [it for it in measures if not it.is_proven]
    if not bare:
        return ""
    return _("Proof is missing for: %(measures)s.") % {"measures": listed(bare)}


def _check_missing(action: CorrectiveAction, measures: Sequence[Measure]) -> str:
    current = round_of(action)
    if current.verdict != Verdict.EFFECTIVE:
        if current.check_from_on:
            return _("Nobody has seen yet that it works; from %(day)s on it can be checked.") % {
                "day": current.check_from_on.isoformat()
            }
        return _("Nobody has seen yet that it works; the measures are not carried out.")
    owners = {action.owner_id, *(it.owner_id for it in measures)}
    if current.checker and current.checker_id in owners:
        return _not_impartial(current.checker)
    if not (
        current.checked_on and current.check_from_on and current.checked_on >= current.check_from_on
    ):
        return _("The effect was checked before the waiting time was over.")
    return ""


@transaction.atomic
@as_actor
def close(
    action_id: int, *, comment: str, reported_on: date | None = None, actor: Any, today: date
) -> CorrectiveAction:
    """Close an action whose three locks are open; nobody can force them, the database neither.

    Args:
        action_id: the action.
        comment: the closing comment; input for the management review.
        reported_on: the day on which top management heard of it, if it did.
        actor: who closes.
        today: the day of closing.

    Raises:
        ClosingRefusedError: a lock holds; one message each.
        DomainError: the comment is empty, or the day of reporting is in the future.
    """
    comment = require_text("comment", comment, _("Write a closing comment."))
    action = lock_action(action_id)
    if reported_on and reported_on > today:
        raise DomainError({"reported_on": _("This day is in the future.")})
    measures = Measure.objects.filter(round__action=action).select_related("owner")
    has_whys = round_of(action).whys.exists()
    locks = closing_locks(action, has_whys=has_whys, measures=list(measures))
    held = [lock.message for lock in locks if not lock.is_open]
    if held and not action.is_closed:
        raise ClosingRefusedError(held)
    action.move_to(Status.CLOSED)
    action.closed_on, action.closed_by = today, actor
    action.closing_comment, action.reported_on = comment, reported_on
    action.save()
    drop_requests(action, actor=actor)
    record("corrective_actions.closed", action, actor=actor)
    return action
