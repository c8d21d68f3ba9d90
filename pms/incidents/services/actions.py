"""Corrective actions that a case asks for."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from pms.corrective_actions.choices import CauseClass, Source
from pms.corrective_actions.models import CorrectiveAction
from pms.corrective_actions.services import raise_action
from pms.cycles.models import Clause
from pms.history.context import as_actor
from pms.history.services import record
from pms.incidents.choices import RecordKind
from pms.incidents.models import IncidentAction
from pms.organization.models import Department, Person

from .locking import lock_incident, require_open


@transaction.atomic
@as_actor
def raise_for_incident(
    incident_id: int,
    *,
    title: str,
    fact: str,
    criterion: str = "",
    department: Department,
    clause: Clause | None = None,
    grade: str,
    found_on: date,
    owner: Person,
    due_on: date,
    actor: Any,
    today: date,
    now: datetime,
) -> CorrectiveAction:
    """Raise a corrective action for a case.

    Whoever works on the action learns the number of the case and what is written here, and nothing
    else of it.

    Args:
        incident_id: the case.
        title, fact, criterion, department, clause, grade, found_on, owner, due_on: of the action,
            see `corrective_actions.services.raise_action`.
        actor: who raises it.
        today: the day of raising.
        now: the moment.

    Raises:
        DomainError: the case is closed.
        ValidationError: a fact of the action is missing or wrong.
    """
    incident = lock_incident(incident_id)
    require_open(incident)
    cause = incident.cause_category.code if incident.cause_category else ""
    is_near_miss = incident.kind == RecordKind.NEAR_MISS
    action = raise_action(
        source=Source.NEAR_MISS if is_near_miss else Source.INCIDENT,
        source_label=incident.number,
        title=title,
        fact=fact,
        criterion=criterion,
        department=department,
        clause=clause,
        cause_class=cause if cause in CauseClass.values else "",
        grade=grade,
        found_on=found_on,
        owner=owner,
        due_on=due_on,
        actor=actor,
        today=today,
        now=now,
    )
    IncidentAction.objects.create(incident=incident, action=action)
    record("incidents.action_raised", incident, actor=actor, details={"action": action.number})
    return action
