"""The end of a case, and what is still missing for it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.core.text import listed
from pms.corrective_actions.choices import Status as ActionStatus
from pms.cycles.choices import Fulfilment
from pms.cycles.models import Cycle
from pms.cycles.services import fulfil
from pms.history.context import as_actor
from pms.history.services import record
from pms.incidents.choices import Entry, Kind, ObligationStatus, RecordKind, Status
from pms.incidents.deadlines import day_in_japan
from pms.incidents.models import Incident, IncidentAction, Obligation

from .assessing import judge_anew, set_next_due
from .lines import add_line, line_of
from .locking import lock_incident, require_open, require_text


class Obstacle(NamedTuple):
    """What closing still waits for: a sentence, and the part of the page where it is mended."""

    text: str
    part: str


def closing_obstacles(
    incident: Incident, *, links: Sequence[IncidentAction] | None = None
) -> list[Obstacle]:
    """What still speaks against closing; nothing if it can be closed.

    Args:
        incident: the case; obligations and notices that are prefetched are not asked for again.
        links: to its corrective actions with their rounds, where they are loaded already.
    """
    if incident.status == Status.REPORTED:
        return [Obstacle(_("The case has not been assessed yet."), "facts")]
    if incident.kind == RecordKind.NEAR_MISS or incident.is_drill:
        return []
    return _missing(incident, links)


def steps_left_out(incident: Incident) -> list[Obstacle]:
    """What a drill leaves undone that would keep an incident open; nothing for an incident.

    A drill may end early, but what it did not exercise has to be seen (J.4.4.2).
    """
    is_judged_drill = incident.is_drill and incident.status != Status.REPORTED
    is_incident = incident.kind == RecordKind.INCIDENT
    return _missing(incident, None) if is_judged_drill and is_incident else []


def _missing(incident: Incident, links: Sequence[IncidentAction] | None) -> list[Obstacle]:
    obligations = list(incident.obligations.all())
    found = [
        Obstacle(
            _("“%(obligation)s” is not settled: %(state)s.")
            % {"obligation": it.get_kind_display(), "state": it.get_status_display()},
            f"obligation-{it.pk}",
        )
        for it in obligations
        if it.is_pending
    ]
    found += [
        Obstacle(
            _("“%(obligation)s” was filed; the facts have changed since. Note the difference.")
            % {"obligation": it.get_kind_display()},
            f"obligation-{it.pk}",
        )
        for it in obligations
        if it.needs_difference_note
    ]
    found += [
        Obstacle(
            _("“%(obligation)s”: a supplement was submitted and is not filed.")
            % {"obligation": it.get_kind_display()},
            f"obligation-{it.pk}",
        )
        for it in obligations
        if it.supplement_asked_on
    ]
    if not incident.containment:
        found.append(Obstacle(_("What was done to stop it is not written down."), "handling"))
    if not (incident.cause_category_id and incident.cause):
        found.append(Obstacle(_("The cause is not written down."), "cause"))
    if not incident.why_not_earlier:
        found.append(Obstacle(_("Why it was not found earlier is not written down."), "cause"))
    if not incident.elsewhere:
        found.append(Obstacle(_("Where else it could happen is not written down."), "cause"))
    if links is None:
        links = list(incident.action_links.select_related("action__current"))
    return found + _of_actions(incident, links) + _of_persons(incident, obligations)


def _of_actions(incident: Incident, links: Sequence[IncidentAction]) -> list[Obstacle]:
    actions = [it.action for it in links if it.counts]
    if not actions:
        return [] if incident.no_action_reason else [_no_action()]
    return [
        Obstacle(
            _("“%(action)s” is not closed, nor is its effect check planned.")
            % {"action": it.number},
            "actions",
        )
        for it in actions
        # Where top management accepted the risk, it lives with it for a time.
        if not (it.has_effect_check_planned or it.status == ActionStatus.ACCEPTED)
    ]


def _no_action() -> Obstacle:
    return Obstacle(
        _("There is no corrective action, nor the reason why none is needed."), "actions"
    )


def _of_persons(incident: Incident, obligations: list[Obligation]) -> list[Obstacle]:
    notices = list(incident.notices.all())
    if waiting := [it.group for it in notices if not it.told_on]:
        return [
            Obstacle(
                _("A notice is planned and not sent: %(groups)s.") % {"groups": listed(waiting)},
                "persons",
            )
        ]
    if incident.not_told_reason or notices:
        return []
    duty = next((it for it in obligations if it.kind == Kind.PERSONS), None)
    if duty and duty.status in {ObligationStatus.NOT_NEEDED, ObligationStatus.WAIVED}:
        return [
            Obstacle(
                _(
                    "Say why the persons are not told: even without a duty to tell them, the "
                    "reason is kept."
                ),
                "persons",
            )
        ]
    return [Obstacle(_("The persons are not told, nor is the reason why not."), "persons")]


@transaction.atomic
@as_actor
def close(incident_id: int, *, comment: str, actor: Any, today: date, now: datetime) -> Incident:
    """Close a case in which nothing is left to do; a drill fulfils the year's milestone.

    What a drill left out is kept with its end.

    Raises:
        DomainError: something is missing; it is named. Or no comment is given.
    """
    incident = lock_incident(incident_id)
    if incident.status == Status.CLOSED:
        return incident
    if obstacles := closing_obstacles(incident):
        raise DomainError([it.text for it in obstacles])
    comment = require_text(comment, "comment", _("Write a closing comment."))
    left_out = [it.text for it in steps_left_out(incident)]

    def words() -> str:
        told = [_("Closed: %(comment)s") % {"comment": comment}]
        if steps := [it.text for it in steps_left_out(incident)]:
            told += [_("Not carried through in this drill:"), *steps]
        return "\n".join(told)

    # Worded before the end, while it is still known what was left out.
    facts = {"kind": Entry.DECIDED, "happened_at": now, "actor": actor, "now": now}
    line = line_of(incident, words, **facts)
    incident.close(by=actor, on=today, comment=comment)
    incident.next_due_on = None
    incident.full_clean()
    incident.save()
    if incident.is_drill and (cycle := Cycle.objects.on(today).first()):
        fulfil(Fulfilment.DRILL, cycle, by=incident, actor=actor, on=today)
    line.save()
    details = {"left_out": left_out} if left_out else None
    record("incidents.closed", incident, actor=actor, reason=comment, details=details)
    return incident


@transaction.atomic
@as_actor
def dismiss(incident_id: int, *, reason: str, actor: Any, now: datetime) -> Incident:
    """Say that it is no incident; it stays in the register, with the reason.

    Raises:
        DomainError: no reason is given, or a report of it was filed.
    """
    incident = lock_incident(incident_id)
    if incident.status == Status.DISMISSED:
        return incident
    reason = require_text(reason, "reason", _("Say why it is not an incident."))
    if incident.obligations.filter(status=ObligationStatus.FILED).exists():
        raise DomainError(_("A report of it was filed. Close it instead."))
    incident.dismiss(on=day_in_japan(now))
    incident.next_due_on = None
    incident.save()
    _decided(incident, lambda: _("No incident: %(reason)s") % {"reason": reason}, actor, now)
    record("incidents.dismissed", incident, actor=actor, reason=reason)
    return incident


@transaction.atomic
@as_actor
def promote(incident_id: int, *, reason: str, actor: Any, today: date, now: datetime) -> Incident:
    """Say that a near miss was an incident after all; its number and its first words stay.

    What was judged is judged again at once, because a near miss brings no obligation.

    Raises:
        DomainError: no reason is given, it is closed, or it is no near miss.
    """
    incident = lock_incident(incident_id)
    require_open(incident)
    if incident.kind == RecordKind.INCIDENT:
        return incident
    reason = require_text(reason, "reason", _("Say why it was an incident."))
    incident.kind = RecordKind.INCIDENT
    incident.save()
    _decided(
        incident, lambda: _("An incident after all: %(reason)s") % {"reason": reason}, actor, now
    )
    record("incidents.promoted", incident, actor=actor, reason=reason)
    return judge_anew(incident, reason=reason, actor=actor, today=today, now=now)


@transaction.atomic
@as_actor
def reopen(incident_id: int, *, reason: str, actor: Any, now: datetime) -> Incident:
    """Take a closed or dismissed case in hand again.

    Raises:
        DomainError: no reason is given.
    """
    incident = lock_incident(incident_id)
    if incident.is_open:
        return incident
    reason = require_text(reason, "reason", _("Say why it is opened again."))
    incident.reopen(is_judged=incident.assessments.exists())
    set_next_due(incident, incident.obligations.all())
    incident.save()
    _decided(incident, lambda: _("Opened again: %(reason)s") % {"reason": reason}, actor, now)
    record("incidents.reopened", incident, actor=actor, reason=reason)
    return incident


def _decided(incident: Incident, words: Callable[[], str], actor: Any, now: datetime) -> None:
    add_line(incident, words, kind=Entry.DECIDED, happened_at=now, actor=actor, now=now)
