"""What pages about incidents show, worked out before a template sees it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from .choices import (
    PENDING,
    SETTLED,
    Answer,
    ByWhom,
    CountKind,
    FactCode,
    HandlingRole,
    Medium,
    ObligationStatus,
    RecordKind,
    Status,
    Verdict,
)
from .deadlines import nth_day
from .judging import Judged, Rule
from .models import Assessment, Incident, Judgement, Obligation
from .reasons import articles_of, reason_of
from .rules import all_rules
from .services import Known, Obstacle
from .wording import events_in_words

# Of no rule, but of every case: what is still going on has to be stopped first.
ALWAYS_ASKED = (FactCode.GOING_ON,)


class Change(NamedTuple):
    """A fact that two assessments say differently."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Clock:
    """An obligation with its days, seen on one day.

    Attributes:
        obligation: the row.
        latest: what the rules said last.
        earlier: what they said before, the latest first.
        day: which day of the days it is, 1 for the day of knowing; None where none are counted.
        closed_on: the last day by count, where the authorities are closed on it.
    """

    obligation: Obligation
    latest: Judgement | None
    earlier: list[Judgement] = field(default_factory=list)
    day: int | None = None
    closed_on: date | None = None

    @property
    def is_over(self) -> bool:
        """Whether more days have gone than are given."""
        given = self.obligation.days
        return self.day is not None and given is not None and self.day > given

    @property
    def is_late(self) -> bool:
        """Whether the last day has passed, or the target day where there is no last day."""
        it = self.obligation
        last = it.due_on or it.target_on
        if self.day is None or it.counted_from is None or last is None:
            return False
        return it.counted_from + timedelta(days=self.day - 1) > last


def clock_of(obligation: Obligation, today: date) -> Clock:
    """The days of an obligation whose judgements are prefetched, seen on `today`."""
    judged = sorted(obligation.judgements.all(), key=lambda it: it.pk, reverse=True)
    latest, earlier = (judged[0], judged[1:]) if judged else (None, [])
    first, days = obligation.counted_from, obligation.days
    day = closed_on = None
    if first and obligation.is_pending:
        day = (today - first).days + 1
    if first and days and obligation.due_on and nth_day(first, days) != obligation.due_on:
        closed_on = nth_day(first, days)
    return Clock(obligation, latest, earlier, day, closed_on)


def clocks_of(incident: Incident, today: date) -> tuple[list[Clock], list[Clock]]:
    """The obligations of a case that somebody has or had to do, the next last day first; the rest.

    What is not needed or optional is kept apart: the page folds it away.
    """
    clocks = [clock_of(it, today) for it in incident.obligations.all()]
    idle = {ObligationStatus.NOT_NEEDED, ObligationStatus.OPTIONAL}
    shown = [it for it in clocks if it.obligation.status not in idle]
    shown.sort(key=_urgency)
    return shown, [it for it in clocks if it.obligation.status in idle]


def _urgency(clock: Clock) -> tuple[bool, date, int]:
    it = clock.obligation
    return (it.status not in PENDING, it.due_on or it.target_on or date.max, it.pk)


@dataclass(frozen=True, slots=True)
class Step:
    """The one thing to do next: what it is, the words of its button, and where it is done."""

    text: str
    label: str = ""
    url: str = ""


def next_step(
    incident: Incident, clocks: Iterable[Clock], user: Any, obstacles: Sequence[Obstacle]
) -> Step | None:
    """What the reader of a case has to do next; None for who has nothing to do."""
    page = incident.get_absolute_url()
    clocks = list(clocks)
    pending = [it for it in clocks if it.obligation.is_pending]
    if user.has_perm("incidents.approve_report"):
        for it in (clock.obligation for clock in clocks):
            if it.waits_for_approval and it.submitted_by_id != user.pk:
                text = _("“%(report)s” waits for approval.") % {"report": it.get_kind_display()}
                return Step(text, _("Read and decide"), f"{page}#obligation-{it.pk}")
    if user.has_perm("incidents.decide_publication") and _may_be_published(incident):
        url = reverse("incidents:publication", args=[incident.pk])
        text = _("Whether the case is published is not decided yet.")
        return Step(text, _("Decide on the publication"), url)
    if not user.has_perm("incidents.handle_incident") or not incident.is_open:
        return None
    return _next_of_handler(incident, pending, obstacles)


def _may_be_published(incident: Incident) -> bool:
    return (
        incident.status == Status.HANDLING
        and not incident.publication
        and incident.kind == RecordKind.INCIDENT
        and incident.is_reportable is not False
    )


def _next_of_handler(
    incident: Incident, pending: list[Clock], obstacles: Sequence[Obstacle]
) -> Step:
    page = incident.get_absolute_url()
    if incident.status == Status.REPORTED:
        text = _("Assess the case: what is known decides what has to be reported, and by when.")
        return Step(text, _("Assess the case"), reverse("incidents:assess", args=[incident.pk]))
    if not incident.containment and incident.kind == RecordKind.INCIDENT:
        text = _("Write down what was done to stop it.")
        return Step(text, _("Note what stopped it"), _page("contain", incident))
    if pending:
        return _next_obligation(incident, pending[0])
    if obstacles:
        return Step(obstacles[0].text, _("Open that part"), f"{page}#{obstacles[0].part}")
    return Step(_("Nothing is left to do."), _("Close the case"), _page("close", incident))


def _next_obligation(incident: Incident, clock: Clock) -> Step:
    """The obligation whose day comes first; a target day is not called a last day."""
    it = clock.obligation
    facts = {"obligation": it.get_kind_display(), "day": it.due_on or it.target_on}
    is_to_clarify = it.status == ObligationStatus.TO_CLARIFY
    if it.due_on and is_to_clarify:
        text = _("Find out whether “%(obligation)s” is needed; last day %(day)s.") % facts
    elif it.due_on:
        text = _("“%(obligation)s” is to be done by %(day)s.") % facts
    elif it.target_on and is_to_clarify:
        text = _("Find out whether “%(obligation)s” is needed; target day %(day)s.") % facts
    elif it.target_on:
        text = _("“%(obligation)s” is to be done promptly; target day %(day)s.") % facts
    elif is_to_clarify:
        text = _("Find out whether “%(obligation)s” is needed.") % facts
    else:
        text = _("“%(obligation)s” is to be done promptly.") % facts
    if clock.is_late:
        text = _("%(text)s That day has passed.") % {"text": text}
    if is_to_clarify:
        return Step(text, _("Assess again"), _page("assess", incident))
    return Step(text, _("Open that part"), f"{incident.get_absolute_url()}#obligation-{it.pk}")


def _page(name: str, incident: Incident) -> str:
    return reverse(f"incidents:{name}", args=[incident.pk])


class Preview(NamedTuple):
    """What an assessment would bring for one obligation."""

    label: str
    verdict: str
    verdict_label: str
    due_on: date | None
    target_on: date | None
    why: str
    articles: str
    before: str
    settled: str
    settled_label: str


def preview_lines(
    judged: Mapping[str, Judged], before: Mapping[str, str], obligations: Iterable[Obligation] = ()
) -> list[Preview]:
    """What the rules would say, the needed first.

    Args:
        judged: by kind.
        before: the verdict of the last assessment by kind; what stays the same is not named.
        obligations: as they stand; what is filed or waived is not late any more.
    """
    settled = {it.kind: it for it in obligations if it.status in SETTLED}
    language = get_language() or "ja"
    lines = [
        Preview(
            label=str(_label(kind)),
            verdict=found.verdict,
            verdict_label=str(Verdict(found.verdict).label),
            due_on=found.due_on,
            target_on=found.target_on,
            why=reason_of(found, language),
            articles=articles_of(found),
            before=_before(before.get(kind), found.verdict),
            settled=settled[kind].status if kind in settled else "",
            settled_label=settled[kind].status_label if kind in settled else "",
        )
        for kind, found in judged.items()
    ]
    order = {Verdict.NEEDED: 0, Verdict.OPEN: 1, Verdict.OPTIONAL: 2, Verdict.NOT_NEEDED: 3}
    return sorted(lines, key=lambda it: order[Verdict(it.verdict)])


def _before(old: str | None, new: str) -> str:
    return str(Verdict(old).label) if old and old != new else ""


def _label(kind: str) -> Any:
    return dict(Obligation._meta.get_field("kind").flatchoices)[kind]


def facts_asked(rules: Iterable[Rule], days: Iterable[date]) -> list[FactCode]:
    """The facts that a rule in force on one of `days` asks for, and those that are always asked."""
    days = list(days)
    named = set(ALWAYS_ASKED)
    for rule in rules:
        if any(rule.holds_on(day) for day in days):
            named |= {FactCode(code) for group in rule.conditions for code in group}
            named |= {FactCode(code) for code in rule.lifted_by}
    return [code for code in FactCode if code in named]


def triggers_met(judged: Mapping[str, Judged]) -> dict[str, Rule]:
    """The triggers that a case meets or may meet, each with a rule that says what it is."""
    found: dict[str, Rule] = {}
    for it in judged.values():
        if it.verdict == Verdict.OPTIONAL:
            continue
        for rule in (*it.needed, *it.open):
            found.setdefault(rule.trigger, rule)
    return found


def sentence_of(rule: Rule) -> str:
    """What a rule says, in the reader's language."""
    is_japanese = (get_language() or "ja").startswith("ja")
    return rule.sentence if is_japanese else rule.sentence_en or rule.sentence


def known_of(assessment: Assessment) -> Known:
    """What an assessment knew, in the form in which facts are entered."""
    return Known(
        answers=assessment.answers,
        events=assessment.events,
        data_items=assessment.data_items,
        medium=assessment.medium,
        by_whom=assessment.by_whom,
        role=assessment.role,
        persons_kind=assessment.persons_kind,
        persons=assessment.persons,
        my_number_kind=assessment.my_number_kind,
        my_number_persons=assessment.my_number_persons,
        known_on={code: date.fromisoformat(day) for code, day in assessment.known_on.items()},
        consignor_told_on=assessment.consignor_told_on,
    )


def fact_lines(known: Known) -> list[tuple[str, str]]:
    """What is known, as label and words; what is denied or not known yet is left out."""
    denied = denied_facts(known)
    return [(label, words) for _name, label, words in _told(known) if words and label not in denied]


def denied_facts(known: Known) -> list[str]:
    """The facts that were answered with no."""
    return [str(code.label) for code in FactCode if known.answers.get(code) == Answer.NO]


def changes_between(old: Known, new: Known) -> list[Change]:
    """The facts in which two assessments differ."""
    before = {name: (label, words) for name, label, words in _told(old)}
    after = {name: (label, words) for name, label, words in _told(new)}
    return [
        Change(label, before.get(name, ("", ""))[1] or "–", after.get(name, ("", ""))[1] or "–")
        for name, (label, _words) in (before | after).items()
        if before.get(name) != after.get(name)
    ]


def _told(known: Known) -> Iterable[tuple[str, str, str]]:
    """Each fact by its name, its label and what is known in words; "" for not known yet."""
    yield (
        "events",
        _("What happened to the information"),
        events_in_words(known.events),
    )
    for code in FactCode:
        answer = known.answers.get(code, Answer.UNKNOWN)
        words = "" if answer == Answer.UNKNOWN else str(Answer(answer).label)
        yield code, str(code.label), words
    yield "persons", _("Number of persons"), count_in_words(known.persons_kind, known.persons)
    yield (
        "my_number_persons",
        _("Of them with My Number"),
        count_in_words(known.my_number_kind, known.my_number_persons),
    )
    yield "data_items", _("Items of data"), known.data_items.strip()
    yield "medium", pgettext("of data", "Medium"), _unless_unknown(Medium(known.medium))
    yield "by_whom", _("By whose hand"), _unless_unknown(ByWhom(known.by_whom))
    yield "role", _("Our role"), str(HandlingRole(known.role).label)
    yield from _days_told(known)
    told_on = known.consignor_told_on
    yield "consignor_told_on", _("Client told on"), told_on.isoformat() if told_on else ""


def _days_told(known: Known) -> Iterable[tuple[str, str, str]]:
    """Since when the triggers are known for which a day was stated, or followed from the case."""
    days = {code: day for code, day in known.known_on.items() if day}
    if not days:
        return
    rules = {rule.trigger: rule for rule in all_rules()}
    for code, day in days.items():
        words = sentence_of(rules[code]).rstrip("。.") if code in rules else code
        yield f"known_on.{code}", _("Known since: %(rule)s") % {"rule": words}, day.isoformat()


def _unless_unknown(choice: Any) -> str:
    return "" if choice == "unknown" else str(choice.label)


def count_in_words(kind: str, number: int | None) -> str:
    """A number of persons in words; "" while it is not known."""
    if kind == CountKind.EXACT:
        text = ngettext("%(number)s person", "%(number)s persons", number or 0)
        return text % {"number": f"{number or 0:,}"}
    if kind == CountKind.AT_MOST:
        text = ngettext("at most %(number)s person", "at most %(number)s persons", number or 0)
        return text % {"number": f"{number or 0:,}"}
    return ""
