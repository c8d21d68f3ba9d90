"""Judging a case: facts in, obligations out; each judgement stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.core.text import listed
from pms.history.context import as_actor
from pms.history.services import record
from pms.incidents.choices import (
    PENDING,
    Answer,
    ByWhom,
    CountKind,
    Entry,
    HandlingRole,
    Kind,
    Medium,
    ObligationStatus,
    RecordKind,
    Status,
    Verdict,
)
from pms.incidents.deadlines import day_in_japan
from pms.incidents.judging import Facts, Judged, Rule, judge
from pms.incidents.models import (
    Assessment,
    Category,
    Incident,
    Judgement,
    Obligation,
)
from pms.incidents.reasons import articles_of, reason_of
from pms.incidents.rules import all_rules, office_days
from pms.organization.models import Company

from .lines import add_line
from .locking import lock_incident, require_open

OS = ObligationStatus
STATUS_OF: Final = {
    Verdict.NEEDED: OS.NEEDED,
    Verdict.OPEN: OS.TO_CLARIFY,
    Verdict.NOT_NEEDED: OS.NOT_NEEDED,
    Verdict.OPTIONAL: OS.OPTIONAL,
}
# Work has begun on these; what the rules say now moves them only when it is not needed any more.
BEGUN: Final = (OS.DRAFTING, OS.SUBMITTED, OS.APPROVED)
# What makes two assessments say different things of a case.
FACTS: Final = (
    "noticed_on",
    "answers",
    "events",
    "data_items",
    "medium",
    "by_whom",
    "role",
    "persons_kind",
    "persons",
    "my_number_kind",
    "my_number_persons",
    "known_on",
    "consignor_told_on",
)
PPC: Final = (Kind.PPC_FINAL, Kind.MN_FINAL)


@dataclass(frozen=True)
class Known:
    """What is known of a case, as somebody fills it in.

    Attributes:
        answers: by `FactCode`; what is missing is not known yet.
        events: of `Event`.
        data_items: which items of data, in words.
        medium, by_whom, role: of their choices.
        persons_kind, persons: how many persons.
        my_number_kind, my_number_persons: how many with My Number; "" for as many.
        known_on: by trigger, days that are stated; None takes a stated day back. Days of other
            triggers stay as they are, or follow from the case.
        consignor_told_on: when we told the client.
        event_class: the class of the examining bodies' list.
        note: why it is judged anew.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    events: Iterable[str] = ()
    data_items: str = ""
    medium: str = Medium.UNKNOWN
    by_whom: str = ByWhom.UNKNOWN
    role: str = HandlingRole.OWN
    persons_kind: str = CountKind.UNKNOWN
    persons: int | None = None
    my_number_kind: str = ""
    my_number_persons: int | None = None
    known_on: Mapping[str, date | None] = field(default_factory=dict)
    consignor_told_on: date | None = None
    event_class: Category | None = None
    note: str = ""


def draft_of_facts(incident: Incident) -> Known:
    """What the latest assessment said, to start the next one from."""
    latest = incident.assessments.order_by("-number").first()
    if latest is None:
        return Known()
    return Known(
        answers=latest.answers,
        events=latest.events,
        data_items=latest.data_items,
        medium=latest.medium,
        by_whom=latest.by_whom,
        role=latest.role,
        persons_kind=latest.persons_kind,
        persons=latest.persons,
        my_number_kind=latest.my_number_kind,
        my_number_persons=latest.my_number_persons,
        known_on={code: date.fromisoformat(day) for code, day in latest.known_on.items()},
        consignor_told_on=latest.consignor_told_on,
        event_class=incident.event_class,
    )


def rejudge_preview(incident: Incident, known: Known, *, today: date) -> dict[str, Judged]:
    """What the rules would say, without anything being stored."""
    rules = all_rules()
    made = _unsaved(incident, known, _earlier(incident), None, incident.reported_at, rules, today)
    return judge(made.as_facts(), rules, office_days())


@transaction.atomic
@as_actor
def assess(incident_id: int, *, known: Known, actor: Any, today: date, now: datetime) -> Assessment:
    """Judge a case by what is known now; the first time takes it in hand.

    Each kind of obligation is judged by the rules in force when its trigger became known. What was
    filed stays filed, and a note on what changed since is asked for. A trigger that is met for the
    first time became known today, unless another day is stated (guideline 3-5-3-1: a case that
    passes 1,000 persons later has to be reported from that moment on). One that was met before and
    denied since counts from the day on which it was known first.

    Args:
        incident_id: the case.
        known: what is known.
        actor: who judges.
        today: the day in Japan.
        now: the moment.

    Raises:
        DomainError: the case is closed, a number is missing, a day is in the future, or one is
            stated that is later than the noticing, without a reason.
    """
    incident = lock_incident(incident_id)
    require_open(incident)
    earlier = _earlier(incident)
    latest = earlier[-1] if earlier else None
    rules, offices = all_rules(), office_days()
    made = _unsaved(incident, known, earlier, actor, now, rules, today)
    _check(known, latest, made.noticed_on, today)
    made.full_clean(exclude=["made_by"])
    made.save()
    if incident.status == Status.REPORTED:
        incident.begin()
    judged = judge(made.as_facts(), rules, offices)
    if incident.kind == RecordKind.NEAR_MISS:
        judged = {kind: Judged(kind, Verdict.NOT_NEEDED) for kind in judged}
    obligations = _keep(incident, made, judged, changed=_changed(latest, made))
    _sum_up(incident, made, known, judged, obligations)
    incident.full_clean()
    incident.save()
    add_line(
        incident,
        partial(_in_one_line, judged, first=latest is None),
        kind=Entry.DECIDED,
        happened_at=now,
        actor=actor,
        now=now,
    )
    record(
        "incidents.assessed",
        incident,
        actor=actor,
        reason=known.note,
        details={"assessment": made.number, "needed": _kinds(judged, Verdict.NEEDED)},
    )
    return made


def judge_anew(
    incident: Incident, *, reason: str, actor: Any, today: date, now: datetime
) -> Incident:
    """Judge a case again by the same answers, because what they hang on was set right.

    Returns:
        The case as it is then; as it was, where nobody has judged it yet.
    """
    if not incident.assessments.exists():
        return incident
    known = replace(draft_of_facts(incident), note=reason)
    assess(incident.pk, known=known, actor=actor, today=today, now=now)
    incident.refresh_from_db()
    return incident


def _earlier(incident: Incident) -> list[Assessment]:
    """All assessments of a case, the first one first."""
    return list(incident.assessments.order_by("number"))


def _check(known: Known, latest: Assessment | None, noticed_on: date, today: date) -> None:
    faults: dict[str, str] = {}
    stated = {code: day for code, day in known.known_on.items() if day}
    before = latest.known_on if latest else {}
    is_later = any(
        day > noticed_on and day.isoformat() != before.get(code) for code, day in stated.items()
    )
    if known.persons_kind != CountKind.UNKNOWN and known.persons is None:
        faults["persons"] = _("Enter the number, or say that it is not known yet.")
    if known.my_number_kind in {CountKind.EXACT, CountKind.AT_MOST} and (
        known.my_number_persons is None
    ):
        faults["my_number_persons"] = _("Enter the number, or say that it is not known yet.")
    if known.consignor_told_on and known.consignor_told_on > today:
        faults["consignor_told_on"] = _("This day is in the future.")
    if any(day > today for day in stated.values()):
        faults["known_on"] = _("A day of knowing is in the future.")
    elif is_later and not known.note.strip():
        faults["note"] = _("Say why it became known later than the case was noticed.")
    if faults:
        raise DomainError(faults)


def _unsaved(
    incident: Incident,
    known: Known,
    earlier: Sequence[Assessment],
    actor: Any,
    now: datetime,
    rules: list[Rule],
    today: date,
) -> Assessment:
    latest = earlier[-1] if earlier else None
    noticed_on = day_in_japan(incident.noticed_at)
    is_known = known.persons_kind != CountKind.UNKNOWN
    has_number = known.my_number_kind in {CountKind.EXACT, CountKind.AT_MOST}
    made = Assessment(
        incident=incident,
        number=latest.number + 1 if latest else 1,
        answers={code: it for code, it in known.answers.items() if it != Answer.UNKNOWN},
        events=sorted(known.events),
        data_items=known.data_items.strip(),
        medium=known.medium,
        by_whom=known.by_whom,
        role=known.role,
        persons_kind=known.persons_kind,
        persons=known.persons if is_known else None,
        my_number_kind=known.my_number_kind,
        my_number_persons=known.my_number_persons if has_number else None,
        noticed_on=noticed_on,
        consignor_told_on=known.consignor_told_on,
        has_privacy_mark=bool(Company.objects.current().privacy_mark_number),
        note=known.note.strip(),
        made_by=actor,
        made_at=now,
    )
    days = dict(latest.known_on) if latest else {}
    for code, day in known.known_on.items():
        if day is None:
            days.pop(code, None)
        else:
            days[code] = day.isoformat()
    made.known_on = days
    if earlier:
        facts = [it.as_facts() for it in earlier]
        for trigger in _met_first_now(made.as_facts(), facts, rules, today):
            made.known_on.setdefault(trigger, today.isoformat())
    return made


def _met_first_now(
    facts: Facts, earlier: Sequence[Facts], rules: list[Rule], today: date
) -> set[str]:
    """The triggers that are met, or may be, for the first time.

    Not those that were met once before under a rule in force then; nor those that are met only
    because a rule has begun since, while the facts would have met it all along: a law that changes
    does not touch old cases.
    """
    before = {
        rule.trigger
        for known in earlier
        for rule in rules
        if rule.holds_on(known.known(rule.trigger)) and _is_met(rule, known)
    }
    return {
        rule.trigger
        for rule in rules
        if rule.trigger not in before
        and rule.holds_on(today)
        and _is_met(rule, facts)
        and not any(_is_met(rule, known) for known in earlier)
    }


def _is_met(rule: Rule, facts: Facts) -> bool:
    """Whether a rule is met or may be, and nothing lifts it."""
    return rule.level(facts) > 0 and not rule.lifting(facts)


def _changed(one: Assessment | None, other: Assessment) -> set[str]:
    """The facts that two assessments know differently; all of them the first time."""
    return {name for name in FACTS if one is None or getattr(one, name) != getattr(other, name)}


def _keep(
    incident: Incident, made: Assessment, judged: Mapping[str, Judged], *, changed: set[str]
) -> dict[str, Obligation]:
    """Store what the rules said, and move each obligation to where that leads."""
    there = {it.kind: it for it in incident.obligations.select_for_update()}
    before = _last_triggers(incident)
    for kind, found in judged.items():
        if kind not in there:
            there[kind] = Obligation(
                incident=incident, kind=kind, status=STATUS_OF[Verdict(found.verdict)]
            )
        is_graver = bool(found.triggers - before.get(kind, frozenset()))
        # That the client was told is what the report to the client has done itself.
        news = changed - {"consignor_told_on"} if kind == Kind.CONSIGNOR else changed
        _move(there[kind], found, is_news=bool(news), is_graver=is_graver)
        there[kind].save()
    Judgement.objects.bulk_create(
        Judgement(
            obligation=there[kind],
            assessment=made,
            verdict=found.verdict,
            triggers=sorted(found.triggers),
            articles=articles_of(found),
            rules=sorted(rule.code for rule in (*found.needed, *found.open)),
            why=reason_of(found, "ja"),
            why_en=reason_of(found, "en"),
            counted_from=found.counted_from,
            days=found.days,
            due_on=found.due_on,
            target_on=found.target_on,
        )
        for kind, found in judged.items()
    )
    return there


def _last_triggers(incident: Incident) -> dict[str, frozenset[str]]:
    """What each obligation was judged by the last time."""
    rows = Judgement.objects.filter(obligation__incident=incident).order_by("id")
    return {
        kind: frozenset(triggers)
        for kind, triggers in rows.values_list("obligation__kind", "triggers")
    }


def _move(obligation: Obligation, found: Judged, *, is_news: bool, is_graver: bool) -> None:
    """Where the rules put an obligation now, in memory.

    What was filed stays filed; what was waived stays so until a trigger joins that the waiver did
    not know of; work that has begun goes on unless nothing is needed any more.
    """
    status = STATUS_OF[Verdict(found.verdict)]
    if obligation.status == OS.FILED:
        obligation.needs_difference_note |= is_news
        return
    if obligation.status == OS.WAIVED and not is_graver:
        return
    if obligation.status in BEGUN:
        # Optional is what a voluntary report was from its beginning.
        if status == OS.NOT_NEEDED or (status == OS.OPTIONAL and obligation.kind != Kind.VOLUNTARY):
            obligation.move_to(status)
    elif obligation.status != status:
        obligation.move_to(status)
    obligation.counted_from, obligation.days = found.counted_from, found.days
    obligation.due_on, obligation.target_on = found.due_on, found.target_on


def _sum_up(
    incident: Incident,
    made: Assessment,
    known: Known,
    judged: Mapping[str, Judged],
    obligations: Mapping[str, Obligation],
) -> None:
    """What the register shows of the case."""
    incident.event_class = known.event_class
    incident.persons_kind, incident.persons = made.persons_kind, made.persons
    verdicts = {judged[kind].verdict for kind in PPC}
    incident.is_reportable = (
        True if Verdict.NEEDED in verdicts else None if Verdict.OPEN in verdicts else False
    )
    set_next_due(incident, obligations.values())


def set_next_due(incident: Incident, obligations: Iterable[Obligation]) -> None:
    """The next legal day on which something has to be done, in memory."""
    days = [it.due_on for it in obligations if it.status in PENDING and it.due_on]
    incident.next_due_on = min(days, default=None)


def _in_one_line(judged: Mapping[str, Judged], *, first: bool) -> str:
    needed = listed(Kind(kind).label for kind in _kinds(judged, Verdict.NEEDED))
    words = _("Assessed for the first time.") if first else _("Assessed again.")
    brought = _("Needed: %(kinds)s.") % {"kinds": needed} if needed else _("Nothing is needed.")
    # Two sentences; Japanese has no space between them.
    return _("%(words)s %(brought)s") % {"words": words, "brought": brought}


def _kinds(judged: Mapping[str, Judged], verdict: str) -> list[str]:
    return [kind for kind, found in judged.items() if found.verdict == verdict]
