"""An action begins: for whatever source, with its number, and with what it is a recurrence of."""

from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.corrective_actions.choices import Source, Status
from pms.corrective_actions.models import CorrectiveAction, ExaminerFinding, Round
from pms.cycles.models import Clause
from pms.history.context import as_actor
from pms.history.services import Action, record
from pms.organization.models import Department, Person
from pms.organization.services import next_number

from .locking import keep_former, lock_action, require_drafting, require_text, round_of
from .telling import tell_owner

# Of the numbers: corrective action.
PREFIX: Final = "CA"
# What can be corrected until the plan is handed in; number, source and dates stay.
FACTS = frozenset({"title", "fact", "criterion", "department", "clause", "grade"})


@transaction.atomic
@as_actor
def raise_action(
    *,
    source: Source | str,
    source_label: str,
    title: str,
    fact: str,
    criterion: str = "",
    department: Department,
    clause: Clause | None = None,
    cause_class: str = "",
    grade: str,
    found_on: date,
    owner: Person,
    due_on: date,
    actor: Any,
    today: date,
    now: datetime,
) -> CorrectiveAction:
    """Raise a corrective action; its owner hears of it.

    The source's own record keeps the link to the action; the action keeps kind and label as they
    are now, because records stay true when their source is archived. What the action says of its
    source is what stands here and nothing else.

    Args:
        source: what brought it to light.
        source_label: number or name of that record, e.g. "INC-2026-012".
        title, fact: what does not conform, in a line and as it was seen.
        criterion: the rule that it does not conform to.
        department: where it was found.
        clause: of the guideline, where one is concerned.
        cause_class: a `CauseClass` if the kind of cause is known; the analysis confirms it.
        grade: a `Grade`; who approves and how long the effect is waited for hang on it.
        found_on: the day it was found, not after today.
        owner: who answers for the action.
        due_on: the day by which its measures are carried out; the first due date for ever.
        actor: who raises it; None when a rule does.
        today: the day of raising; the number is of its fiscal year.
        now: the moment.

    Returns:
        The action as stored, with its number and its first round.

    Raises:
        ValidationError: a fact is missing or wrong, named by its field.
    """
    if due_on < today:
        raise DomainError({"due_on": _("This day is over. Choose today or a later day.")})
    if found_on > today:
        raise DomainError({"found_on": _("This day is in the future.")})
    number = next_number(PREFIX, day=today)
    _prefix, year, sequence = number.split("-")
    action = CorrectiveAction(
        year=int(year),
        sequence=int(sequence),
        number=number,
        source=source,
        source_label=source_label.strip(),
        title=title.strip(),
        fact=fact.strip(),
        criterion=criterion.strip(),
        department=department,
        clause=clause,
        cause_class=cause_class,
        grade=grade,
        found_on=found_on,
        raised_on=today,
        raised_by=actor,
        owner=owner,
        due_on=due_on,
        first_due_on=due_on,
    )
    action.full_clean()
    action.save()
    action.current = Round.objects.create(action=action, due_on=due_on, cause_class=cause_class)
    action.save(update_fields=["current"])
    record(
        "corrective_actions.raised",
        action,
        actor=actor,
        action=Action.CREATE,
        details={"source": action.source, "owner": str(owner)},
    )
    mark_recurrence(action, actor=actor)
    tell_owner(action, actor=actor, now=now)
    return action


def mark_recurrence(action: CorrectiveAction, *, actor: Any) -> None:
    """Link the earlier action that did not hold, unless somebody has decided on it.

    Of several the latest closed one is meant: it claimed that the cause was gone. `action` is held
    or new; it is stored where something was found.
    """
    if action.recurrence_of_id or action.is_recurrence_settled:
        return
    earlier = list(CorrectiveAction.objects.like(action)[:50])
    if not earlier:
        return
    closed = [it for it in earlier if it.status == Status.CLOSED]
    action.recurrence_of = (closed or earlier)[0]
    action.save(update_fields=["recurrence_of"])
    details = {"earlier": str(action.recurrence_of)}
    record("corrective_actions.recurrence_found", action, actor=actor, details=details)


@transaction.atomic
@as_actor
def settle_recurrence(
    action_id: int, *, earlier: CorrectiveAction | None, reason: str, actor: Any
) -> CorrectiveAction:
    """Say by hand of which earlier action this is a recurrence, or that it is none.

    Args:
        action_id: an open action; the finder leaves it alone from now on.
        earlier: the one that did not hold; None for no recurrence.
        reason: why; kept in the journal.
        actor: who decides.

    Raises:
        DomainError: no reason is given, or the earlier action was found later.
    """
    reason = require_text("reason", reason, _("Give a reason."))
    action = lock_action(action_id)
    _require_open(action)
    if earlier and (earlier.pk == action.pk or earlier.found_on > action.found_on):
        raise DomainError({"earlier": _("Choose an action that was found earlier.")})
    action.recurrence_of, action.is_recurrence_settled = earlier, True
    action.save()
    event = "corrective_actions.recurrence_dismissed"
    if earlier:
        event = "corrective_actions.recurrence_set"
    record(
        event,
        action,
        actor=actor,
        reason=reason,
        details={"earlier": str(earlier or "")},
    )
    return action


@transaction.atomic
@as_actor
def change_facts(action_id: int, *, actor: Any, **facts: Any) -> CorrectiveAction:
    """Correct what was written when the action was raised, until its plan is handed in.

    Args:
        action_id: the action.
        actor: who corrects.
        facts: of title, fact, criterion, department, clause, grade.

    Raises:
        DomainError: the plan is handed in.
        ValidationError: a fact is wrong.
    """
    action = lock_action(action_id)
    require_drafting(action)
    for name in FACTS & facts.keys():
        value = facts[name]
        setattr(action, name, value.strip() if isinstance(value, str) else value)
    action.full_clean()
    action.save()
    record("corrective_actions.facts_changed", action, actor=actor)
    mark_recurrence(action, actor=actor)
    return action


@transaction.atomic
@as_actor
def reassign(
    action_id: int, *, owner: Person, reason: str, actor: Any, now: datetime
) -> CorrectiveAction:
    """Let somebody else answer for an open action, e.g. because its owner has moved.

    Raises:
        DomainError: no reason is given, the action is not open, or that person checks its effect.
    """
    reason = require_text("reason", reason, _("Give a reason."))
    action = lock_action(action_id)
    _require_open(action)
    checkers = action.rounds.exclude(verdict="").values_list("checker", flat=True)
    if owner.pk in {round_of(action).checker_id, *checkers}:
        raise DomainError(
            {
                "owner": _("%(person)s checks the effect and cannot answer for it, too.")
                % {"person": owner}
            }
        )
    if owner.pk != action.owner_id:
        keep_former(round_of(action), action.owner_id)
    action.owner = owner
    action.save()
    details = {"owner": str(owner)}
    record("corrective_actions.reassigned", action, actor=actor, reason=reason, details=details)
    tell_owner(action, actor=actor, now=now)
    return action


@transaction.atomic
@as_actor
def withdraw(action_id: int, *, reason: str, actor: Any) -> CorrectiveAction:
    """Take back an action that was raised by mistake; its number and its text stay.

    Only before anything of it was approved: later it is closed by its locks or accepted as a risk.

    Raises:
        DomainError: no reason is given, or a plan of it was approved once.
        InvalidTransitionError: it is past the planning.
    """
    reason = require_text("reason", reason, _("Give a reason."))
    action = lock_action(action_id)
    was_approved = action.rounds.filter(measures__first_due_on__isnull=False).exists()
    if round_of(action).number > 1 or was_approved:
        raise DomainError(
            _("A plan of this action was approved; it ends by closing or as an accepted risk.")
        )
    action.move_to(Status.WITHDRAWN)
    action.withdrawn_reason = reason
    action.save()
    for finding in ExaminerFinding.objects.filter(action=action):
        finding.is_withdrawn = True
        finding.save(update_fields=["is_withdrawn"])
    record("corrective_actions.withdrawn", action, actor=actor, reason=reason)
    return action


@transaction.atomic
@as_actor
def raise_finding(
    *,
    finding_number: str,
    is_repeated: bool,
    received_on: date,
    answer_due_on: date,
    actor: Any,
    **facts: Any,
) -> ExaminerFinding:
    """Raise the action for one finding of an examiner's list, with the clock of its answer.

    Args:
        finding_number: as the examiner counts it.
        is_repeated: whether it was found again after a first answer.
        received_on: the day of the visit, or on which the list came.
        answer_due_on: see `deadlines.answer_due`.
        actor: who enters it.
        facts: the other arguments of `raise_action`.

    Raises:
        ValidationError: the number of that day was entered already, or a fact is wrong.
    """
    if received_on > facts["today"]:
        raise DomainError({"received_on": _("This day is in the future.")})
    action = raise_action(source=Source.EXTERNAL, source_label=finding_number, actor=actor, **facts)
    finding = ExaminerFinding(
        action=action,
        number=finding_number,
        is_repeated=is_repeated,
        received_on=received_on,
        answer_due_on=answer_due_on,
    )
    finding.full_clean()
    finding.save()
    return finding


@transaction.atomic
@as_actor
def answer_finding(finding_id: int, *, answer: str, actor: Any, today: date) -> ExaminerFinding:
    """Write or rewrite the answer to an examiner's finding.

    Raises:
        DomainError: the answer is empty, or the action was withdrawn.
    """
    answer = require_text("answer", answer, _("Write the answer that goes to the examiner."))
    finding = ExaminerFinding.objects.select_for_update(of=("self",)).get(pk=finding_id)
    action = lock_action(finding.action_id)
    if action.status == Status.WITHDRAWN:
        raise DomainError(_("The action was withdrawn; there is nothing to answer."))
    finding.answer, finding.answered_on, finding.answered_by = answer, today, actor
    finding.save()
    record("corrective_actions.answered", action, actor=actor)
    return finding


def _require_open(action: CorrectiveAction) -> None:
    if action.status in (Status.CLOSED, Status.WITHDRAWN):
        raise DomainError(_("“%(action)s” is no longer open.") % {"action": action})
