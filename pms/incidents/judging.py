"""The obligation engine: from facts and dated rules to obligations. Pure: no clock, no database.

Answers are ordered: no < not known yet < suspected < yes. A suspicion binds like a certainty
(guideline 3-5-3-1, note 2). What is not known yet keeps an obligation open, and its days are
counted as if it were needed, until somebody finds out: unknown never means no.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from .choices import Answer, FactCode, Kind, Verdict
from .deadlines import OfficeDays, nth_day

NO, UNKNOWN, SUSPECTED, YES = range(4)
LEVELS: Final[Mapping[str, int]] = {
    Answer.NO: NO,
    Answer.UNKNOWN: UNKNOWN,
    Answer.SUSPECTED: SUSPECTED,
    Answer.YES: YES,
}
# A voluntary report makes sense where the law demands none (guideline 3-5-3-1, note 1).
BINDING: Final = (Kind.PPC_FINAL, Kind.MN_FINAL)


FACTS: Final = tuple(FactCode.values)
KINDS: Final = tuple(Kind.values)


@dataclass(frozen=True, slots=True)
class Count:
    """How many persons: exactly, at most, or not known yet (both None)."""

    exactly: int | None = None
    at_most: int | None = None

    def exceeds(self, threshold: int) -> int:
        """Whether there are more than `threshold`; the possible maximum decides, as a suspicion."""
        if self.exactly is not None:
            return YES if self.exactly > threshold else NO
        if self.at_most is not None:
            return SUSPECTED if self.at_most > threshold else NO
        return UNKNOWN


@dataclass(frozen=True)
class Facts:
    """What is known of a case.

    Attributes:
        noticed_on: the day on which the first department knew (guideline 3-5-3-3).
        answers: of `FactCode`; one that is missing is not known yet.
        events: of `Event`; empty while nobody knows what happened.
        role: of `HandlingRole`.
        persons: how many persons.
        my_number_persons: how many of them with their My Number; None for as many.
        known_on: by trigger, where it became known later than the case was noticed.
        consignor_told_on: when we told the client whose contractor we are.
        has_privacy_mark: whether the company answers to an examining body.
    """

    noticed_on: date
    answers: Mapping[str, str] = field(default_factory=dict)
    events: frozenset[str] = frozenset()
    role: str = "own"
    persons: Count = Count()
    my_number_persons: Count | None = None
    known_on: Mapping[str, date] = field(default_factory=dict)
    consignor_told_on: date | None = None
    has_privacy_mark: bool = True

    @cached_property
    def levels(self) -> dict[str, int]:
        """How sure each fact is."""
        return dict.fromkeys(FACTS, UNKNOWN) | {c: LEVELS[it] for c, it in self.answers.items()}

    def count(self, name: str) -> Count:
        """The number that a rule asks for: "persons" or "my_number_persons"."""
        if name == "my_number_persons" and self.my_number_persons is not None:
            return self.my_number_persons
        return self.persons

    def known(self, trigger: str) -> date:
        """The day on which we knew that `trigger` is met."""
        return self.known_on.get(trigger, self.noticed_on)


@dataclass(frozen=True)
class Rule:
    """One sentence of the law or of the scheme: which facts bring which obligation, and by when.

    Attributes:
        code: its name, the same for all versions.
        kind: the obligation that it brings, of `Kind`.
        trigger: whose knowing starts the clock.
        conditions: groups of facts; in each group one fact has to hold.
        events: to which of `Event` it applies; empty for all.
        roles: to which of `HandlingRole` it applies; empty for all.
        lifted_by: facts that lift it when they are certain, each with the events that it lifts
            (empty for all).
        is_freed_by_consignor: whether a contractor who told the consignor in time is free of it.
        needs_privacy_mark: whether it binds companies with the mark only.
        count, over: the number of persons that has to be exceeded; "" for none.
        days: the last day, the day of knowing being day 1; None for "promptly".
        target_days: the day by which we want it done.
        moves: whether a last day on which the authorities are closed moves.
        valid_from, valid_to: the days of knowing for which it holds, both included.
        article, sentence, sentence_en: where it is written, and what it says.
    """

    code: str
    kind: str
    trigger: str
    conditions: Sequence[Sequence[str]] = ()
    events: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    lifted_by: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_freed_by_consignor: bool = False
    needs_privacy_mark: bool = False
    count: str = ""
    over: int = 0
    days: int | None = None
    target_days: int | None = None
    moves: bool = False
    valid_from: date = date.min
    valid_to: date | None = None
    article: str = ""
    sentence: str = ""
    sentence_en: str = ""
    pk: int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this version is the one in force on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def level(self, facts: Facts) -> int:
        """How sure it is that the rule is met, whatever lifts it."""
        if not self._concerns(facts):
            return NO
        found = YES if facts.events or not self.events else UNKNOWN
        levels = facts.levels
        for group in self.conditions:
            found = min(found, max([levels[code] for code in group]))
        if self.count and found != NO:
            found = min(found, facts.count(self.count).exceeds(self.over))
        return found

    def _concerns(self, facts: Facts) -> bool:
        """Whether it is about such a company, such a role and such an event at all."""
        if self.needs_privacy_mark and not facts.has_privacy_mark:
            return False
        if self.roles and facts.role not in self.roles:
            return False
        return not (self.events and facts.events and self.events.isdisjoint(facts.events))

    def lifting(self, facts: Facts) -> tuple[str, ...]:
        """The facts that lift it; empty if it stands."""
        left = set(self.events & facts.events) if self.events else set(facts.events)
        used = []
        for code, events in self.lifted_by.items():
            if facts.levels[code] != YES:
                continue
            if not events:
                return (code,)
            if left.intersection(events):
                left.difference_update(events)
                used.append(code)
        return tuple(used) if used and not left else ()


@dataclass(frozen=True)
class Judged:
    """What the rules say of one obligation.

    Attributes:
        kind: of `Kind`.
        verdict: of `Verdict`.
        needed, open: the rules that are met, and those that may yet be.
        lifted: rules that would be met, each with the facts that lift it.
        is_freed: whether telling the consignor in time has freed us.
        free_until: the last day on which telling the consignor frees us, or would have; None where
            it does not.
        counted_from: day 1; None without a day to count.
        days: how many days the rules give.
        last_day: the last of them, before it moves.
        due_on: the last day to do it; None for "promptly".
        target_on: the day by which we want it done.
    """

    kind: str
    verdict: str
    needed: tuple[Rule, ...] = ()
    open: tuple[Rule, ...] = ()
    lifted: tuple[tuple[Rule, tuple[str, ...]], ...] = ()
    is_freed: bool = False
    free_until: date | None = None
    counted_from: date | None = None
    days: int | None = None
    last_day: date | None = None
    due_on: date | None = None
    target_on: date | None = None

    @cached_property
    def triggers(self) -> frozenset[str]:
        """What is met or may be."""
        return frozenset(rule.trigger for rule in (*self.needed, *self.open))


def judge(facts: Facts, rules: Iterable[Rule], offices: OfficeDays) -> dict[str, Judged]:
    """What has to be done in a case, by kind; each kind is judged, the ones not needed too.

    Args:
        facts: what is known.
        rules: all versions; those in force when their trigger became known are used.
        offices: on which days the authorities are open.
    """
    met: dict[str, _Met] = {kind: _Met() for kind in KINDS}
    for rule in rules:
        if rule.holds_on(facts.known(rule.trigger)):
            met[rule.kind].add(rule, facts)
    judged = {kind: found.judged(kind, facts, offices) for kind, found in met.items()}
    if any(judged[kind].verdict in {Verdict.NEEDED, Verdict.OPEN} for kind in BINDING):
        judged[Kind.VOLUNTARY] = Judged(Kind.VOLUNTARY, Verdict.NOT_NEEDED)
    elif judged[Kind.VOLUNTARY].verdict != Verdict.NOT_NEEDED:
        judged[Kind.VOLUNTARY] = replace(judged[Kind.VOLUNTARY], verdict=Verdict.OPTIONAL)
    return judged


class _Met:
    """The rules of one kind that a case meets, may meet, or would meet."""

    __slots__ = ("lifted", "needed", "open")

    def __init__(self) -> None:
        self.needed: list[Rule] = []
        self.open: list[Rule] = []
        self.lifted: list[tuple[Rule, tuple[str, ...]]] = []

    def add(self, rule: Rule, facts: Facts) -> None:
        level = rule.level(facts)
        if level == NO:
            return
        if lifting := rule.lifting(facts):
            self.lifted.append((rule, lifting))
        elif level == UNKNOWN:
            self.open.append(rule)
        else:
            self.needed.append(rule)

    def judged(self, kind: str, facts: Facts, offices: OfficeDays) -> Judged:
        needed, open_ = tuple(self.needed), tuple(self.open)
        lifted = tuple(self.lifted)
        if not (needed or open_):
            return Judged(kind, Verdict.NOT_NEEDED, lifted=lifted)
        free_until = _free_until(facts, (*needed, *open_))
        if free_until and facts.consignor_told_on and facts.consignor_told_on <= free_until:
            return Judged(kind, Verdict.NOT_NEEDED, needed, open_, lifted, is_freed=True)
        # What may yet be met counts as well, so that finding out never moves the day back.
        first = min(facts.known(rule.trigger) for rule in (*needed, *open_))
        days = _days(needed, open_)
        last = nth_day(first, days) if days is not None else None
        due = last
        if last is not None and any(rule.moves for rule in (*needed, *open_)):
            due = offices.next_open(last)
        # The target belongs to the limit that holds, not to a shorter one that gave way to it.
        holding = [rule for rule in (*needed, *open_) if rule.days == days]
        targets = [rule.target_days for rule in holding if rule.target_days is not None]
        return Judged(
            kind=kind,
            verdict=Verdict.NEEDED if needed else Verdict.OPEN,
            needed=needed,
            open=open_,
            lifted=lifted,
            free_until=free_until,
            counted_from=first,
            days=days,
            last_day=last,
            due_on=due,
            target_on=nth_day(first, min(targets)) if targets else None,
        )


def _days(needed: Sequence[Rule], open_: Sequence[Rule]) -> int | None:
    """How many days: where one of the rules that are met gives 60, the others follow it.

    The longer limit holds for the whole case (guideline 3-5-3-4); while nothing is certain, the
    shortest does.
    """
    if given := [rule.days for rule in needed if rule.days is not None]:
        return max(given)
    return min((rule.days for rule in open_ if rule.days is not None), default=None)


def _free_until(facts: Facts, rules: Iterable[Rule]) -> date | None:
    """Until when a contractor is freed by telling the consignor; None where nothing frees.

    In time means within the guide value of the preliminary report (guideline 3-5-3-5); told later,
    the careful reading is that we are bound still.
    """
    if facts.role != "contractor" or not all(rule.is_freed_by_consignor for rule in rules):
        return None
    return nth_day(facts.noticed_on, GUIDE_DAYS)


# The guide value "about 3 to 5 days" at its end (guideline 3-5-3-3).
GUIDE_DAYS: Final = 5
