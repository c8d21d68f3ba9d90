"""Obligations and legal days, case by case, each cited to its rule.

R = 個人情報の保護に関する法律施行規則; GL = the PPC's general guideline; MN = the rule for
特定個人情報 (平成27年規則第5号); PM = the PrivacyMark contract (PMK500 12条).
"""

# ruff: noqa: E501 - the tables keep one case on one line
import datetime as dt
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pms.incidents.choices import LIGHTER, Answer, Event, FactCode, HandlingRole, Kind, Verdict
from pms.incidents.deadlines import OfficeDays, day_in_japan, nth_day
from pms.incidents.judging import Count, Facts, Rule, judge
from pms.incidents.rulebook import shipped_rules
from pms.organization.calendar import _look_up as public_holidays

RULES = shipped_rules()
OFFICES = OfficeDays(public_holidays)
NOTICED = date(2026, 6, 1)  # a Monday; the 30th day is 2026-06-30, the 60th 2026-07-30
NOTHING = dict.fromkeys(FactCode.values, Answer.NO)
PPC = {Kind.PPC_PRELIMINARY, Kind.PPC_FINAL, Kind.PERSONS}
MN = {Kind.MN_PRELIMINARY, Kind.MN_FINAL, Kind.PERSONS}
PM_SMALL = {Kind.PM_FINAL}
PM_GRAVE = {Kind.PM_PRELIMINARY, Kind.PM_FINAL}
LEAK = frozenset({Event.LEAK})


def case(
    *yes, suspected=(), unknown=(), events=LEAK, persons=1, noticed_on=NOTICED, data=True, **more
):
    """The facts of a leak of one person's personal data, everything else denied."""
    answers = NOTHING | dict.fromkeys(yes, Answer.YES)
    answers |= dict.fromkeys(suspected, Answer.SUSPECTED) | dict.fromkeys(unknown, Answer.UNKNOWN)
    if data:
        answers[FactCode.PERSONAL_DATA] = Answer.YES
    count = persons if isinstance(persons, Count) else Count(exactly=persons)
    return Facts(
        noticed_on=noticed_on, answers=answers, events=frozenset(events), persons=count, **more
    )


def judged(facts, rules=RULES):
    return judge(facts, rules, OFFICES)


def kinds(facts, verdict=Verdict.NEEDED, rules=RULES):
    return {kind for kind, found in judged(facts, rules).items() if found.verdict == verdict}


UP_TO_900, UP_TO_1000, UP_TO_5000, NOBODY_KNOWS = (
    Count(at_most=900),
    Count(at_most=1000),
    Count(at_most=5000),
    Count(),
)

NEEDED = [
    # --- the four triggers of the law
    ("R 7-1: special care, one person", case("sensitive"), PPC | PM_GRAVE),
    ("GL 3-5-3-1 note 2: special care suspected", case(suspected=["sensitive"]), PPC | PM_GRAVE),
    ("R 7-2: card number, one person", case("financial"), PPC | PM_GRAVE),
    ("R 7-2: judged by likelihood", case(suspected=["financial"]), PPC | PM_GRAVE),
    ("R 7-3: theft, one person", case("unlawful"), PPC | PM_GRAVE),
    ("R 7-3: probably an intrusion", case(suspected=["unlawful"]), PPC | PM_GRAVE),
    ("R 7-4: 1,000 persons do not exceed 1,000", case(persons=1000), PM_SMALL),
    ("R 7-4: 1,001 persons do", case(persons=1001), PPC | PM_GRAVE),
    ("GL 3-5-3-1: the possible maximum decides", case(persons=UP_TO_5000), PPC | PM_GRAVE),
    ("GL 3-5-3-1: at most 1,000", case(persons=UP_TO_1000), PM_SMALL),
    ("GL 3-5-3-1: at most 900", case(persons=UP_TO_900), PM_SMALL),
    ("no trigger: one wrong letter", case(), PM_SMALL),
    ("two triggers are one report", case("sensitive", persons=3000), PPC | PM_GRAVE),
    # --- what happened
    ("GL 3-5-1-3: lost", case("sensitive", events=[Event.LOST]), PPC | PM_GRAVE),
    ("GL 3-5-1-4: ransomware", case("unlawful", events=[Event.DESTROYED]), PPC | PM_GRAVE),
    ("GL 3-5-1-4: tampering", case("sensitive", events=[Event.ALTERED]), PPC | PM_GRAVE),
    ("GL 3-5-3-1 note 2: feared", case("sensitive", events=[Event.FEARED]), PPC | PM_GRAVE),
    *(
        (f"law art. 26 does not name it, PM does: {event}", case("sensitive", events=[event]), PM_GRAVE)
        for event in (
            Event.IMPROPER_ACQUISITION,
            Event.BEYOND_PURPOSE,
            Event.IMPROPER_USE,
            Event.REFUSAL,
        )
    ),
    ("one event of the law among two", case("sensitive", events=[Event.REFUSAL, Event.LEAK]), PPC | PM_GRAVE),
    # --- what lifts the duty
    ("GL 3-5-3-1: encrypted, PM stays", case("sensitive", "encrypted"), PM_GRAVE),
    ("encrypted, stolen, 5,000 persons", case("unlawful", "encrypted", persons=5000), PM_GRAVE),
    ("encryption only suspected lifts nothing", case("sensitive", suspected=["encrypted"]), PPC | PM_GRAVE),
    ("encryption not known lifts nothing", case("sensitive", unknown=["encrypted"]), PPC | PM_GRAVE),
    ("GL 3-5-1-2: recovered unseen is no leak", case("sensitive", "recovered"), PM_GRAVE),
    ("recovered, but suspected only", case("sensitive", suspected=["recovered"]), PPC | PM_GRAVE),
    ("GL 3-5-1-3: a copy is kept", case("sensitive", "copy_kept", events=[Event.DESTROYED]), PM_GRAVE),
    ("GL 3-5-1-4: stolen as well, the copy does not help", case("sensitive", "copy_kept", events=[Event.DESTROYED, Event.LEAK]), PPC | PM_GRAVE),
    ("recovered and copy kept, both events", case("sensitive", "copy_kept", "recovered", events=[Event.DESTROYED, Event.LEAK]), PM_GRAVE),
    ("a copy kept does not undo a leak", case("sensitive", "copy_kept"), PPC | PM_GRAVE),
    ("recovery does not undo a damage", case("sensitive", "recovered", events=[Event.DESTROYED]), PPC | PM_GRAVE),
    # --- personal data or personal information
    ("law binds personal data only", case("sensitive", data=False), PM_GRAVE),
    ("R 7-3: web skimming since 2024-04-01", case("unlawful", "being_acquired", data=False), PPC | PM_GRAVE),
    ("R 7-3: web skimming before", case("unlawful", "being_acquired", data=False, noticed_on=date(2024, 3, 31)), PM_GRAVE),
    ("R 7-3: on the day of the change", case("unlawful", "being_acquired", data=False, noticed_on=date(2024, 4, 1)), PPC | PM_GRAVE),
    ("R 7-3: theft, before the change", case("unlawful", noticed_on=date(2024, 3, 31)), PPC | PM_GRAVE),
    ("R 7-1 was not widened", case("sensitive", "being_acquired", data=False), PM_GRAVE),
    # --- My Number
    ("MN 2-4: 100 persons do not exceed 100", case("my_number", persons=100), PM_SMALL),
    ("MN 2-4: 101 persons do", case("my_number", persons=101), MN | PM_GRAVE),
    ("MN 2-4: 101 persons, 100 of them with My Number", case("my_number", persons=101, my_number_persons=Count(100)), PM_SMALL),
    ("MN 2-4: at most 500", case("my_number", persons=Count(at_most=500)), MN | PM_GRAVE),
    ("MN 2-1: information network", case("mn_system"), MN | PM_GRAVE),
    ("MN 2-3: on the Internet", case("my_number", "public_view"), MN | PM_GRAVE),
    ("on the Internet, without My Number", case("public_view"), PM_SMALL),
    ("MN 2-2 and R 7-3: both acts at once", case("my_number", "unlawful"), MN | PPC | PM_GRAVE),
    ("both acts, 1,001 persons", case("my_number", persons=1001), MN | PPC | PM_GRAVE),
    ("MN 2-2: unlawful use", case("my_number", "unlawful", events=[Event.IMPROPER_USE]), MN | PM_GRAVE),
    ("MN 2-4: provided against art. 19", case("my_number", persons=101, events=[Event.BEYOND_PURPOSE]), MN | PM_GRAVE),
    ("MN: encryption lifts it as well", case("my_number", "encrypted", persons=101), PM_GRAVE),
    # --- PrivacyMark
    ("PM: grave for another reason", case("grave"), PM_GRAVE),
    ("PM: no mark, no report", case("sensitive", has_privacy_mark=False), PPC),
    ("PM: no mark, small case", case(has_privacy_mark=False), set()),
    ("PM: a PC found again counts", case("recovered", events=[Event.LOST]), PM_SMALL),
    # --- whose data
    ("law art. 26: the contractor is bound", case("sensitive", role=HandlingRole.CONTRACTOR), PPC | PM_GRAVE | {Kind.CONSIGNOR}),
    ("told the consignor on day 5", case("sensitive", role=HandlingRole.CONTRACTOR, consignor_told_on=date(2026, 6, 5)), PM_GRAVE | {Kind.CONSIGNOR}),
    ("told the consignor on day 6: bound still", case("sensitive", role=HandlingRole.CONTRACTOR, consignor_told_on=date(2026, 6, 6)), PPC | PM_GRAVE | {Kind.CONSIGNOR}),
    ("MN: contractor, told in time", case("mn_system", role=HandlingRole.CONTRACTOR, consignor_told_on=NOTICED), PM_GRAVE | {Kind.CONSIGNOR}),
    ("GL 3-5-3-2: the consignor is bound", case("sensitive", role=HandlingRole.CONSIGNOR), PPC | PM_GRAVE),
    ("small case of a contractor", case(role=HandlingRole.CONTRACTOR), PM_SMALL | {Kind.CONSIGNOR}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "expected"), [it[1:] for it in NEEDED], ids=[it[0] for it in NEEDED]
)
def test_what_is_needed(facts, expected):
    assert kinds(facts) == expected


OPEN = [
    ("nobody knows how many", case(persons=NOBODY_KNOWS), PPC | {Kind.PM_PRELIMINARY}),
    ("nobody knows whether special care", case(unknown=["sensitive"]), PPC | {Kind.PM_PRELIMINARY}),
    ("nobody knows whether personal data", case("sensitive", data=False, unknown=["personal_data"]), PPC),
    ("nobody knows what happened", case("sensitive", events=[]), PPC),
    ("My Number not known, 101 persons", case(unknown=["my_number"], persons=101), MN | {Kind.PM_PRELIMINARY}),
    ("everything known", case("sensitive"), set()),
    ("not known, but encrypted for certain", case("encrypted", unknown=["sensitive"]), {Kind.PM_PRELIMINARY}),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "expected"), [it[1:] for it in OPEN], ids=[it[0] for it in OPEN])
def test_what_is_to_be_clarified(facts, expected):
    assert kinds(facts, Verdict.OPEN) == expected


def test_nothing_known_keeps_every_duty_open_but_the_consignors():
    found = judged(Facts(noticed_on=NOTICED))
    assert {kind for kind, it in found.items() if it.verdict == Verdict.NOT_NEEDED} == {
        Kind.CONSIGNOR,
        Kind.VOLUNTARY,
    }
    assert found[Kind.PM_FINAL].verdict == Verdict.NEEDED
    assert found[Kind.PPC_FINAL].due_on == date(2026, 6, 30)  # counted as if it were needed


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (case(), Verdict.OPTIONAL),
        (case("sensitive", "encrypted"), Verdict.OPTIONAL),
        (case("sensitive"), Verdict.NOT_NEEDED),
        (case(unknown=["sensitive"]), Verdict.NOT_NEEDED),
        (case("my_number", "sensitive"), Verdict.NOT_NEEDED),
        (case(events=[Event.REFUSAL]), Verdict.NOT_NEEDED),
    ],
)
def test_a_voluntary_report_where_the_law_demands_none(facts, expected):
    """GL 3-5-3-1, note 1."""
    assert judged(facts)[Kind.VOLUNTARY].verdict == expected


DAYS = [
    # R 8-2, GL 3-5-3-4: the day of knowing is day 1; a closed last day moves (note 2).
    ("30th day is a Tuesday", "sensitive", date(2026, 11, 2), date(2026, 12, 1)),
    ("60th day is 31 December: 4 January", "unlawful", date(2026, 11, 2), date(2027, 1, 4)),
    ("30th day is Sunday 3 January", "sensitive", date(2026, 12, 5), date(2027, 1, 4)),
    ("60th day after 2026-12-05", "unlawful", date(2026, 12, 5), date(2027, 2, 2)),
    ("known on a holiday, counted all the same", "sensitive", date(2027, 4, 29), date(2027, 5, 28)),
    ("60 days from a holiday", "unlawful", date(2027, 4, 29), date(2027, 6, 28)),
    ("30th day in Golden Week", "sensitive", date(2027, 4, 4), date(2027, 5, 6)),
    ("29 February is a day", "sensitive", date(2028, 2, 1), date(2028, 3, 1)),
    ("28 February of another year", "sensitive", date(2027, 2, 1), date(2027, 3, 2)),
    ("known on 29 February", "sensitive", date(2028, 2, 29), date(2028, 3, 29)),
    ("30th day is a Saturday", "sensitive", date(2026, 6, 5), date(2026, 7, 6)),
    ("30th day is a substitute holiday", "sensitive", date(2026, 4, 7), date(2026, 5, 7)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "known", "due"), [it[1:] for it in DAYS], ids=[it[0] for it in DAYS]
)
def test_the_last_day_of_the_final_report(fact, known, due):
    assert judged(case(fact, noticed_on=known))[Kind.PPC_FINAL].due_on == due


@pytest.mark.parametrize(
    ("fact", "known", "due"), [it[1:] for it in DAYS], ids=[it[0] for it in DAYS]
)
def test_the_examining_bodys_days_do_not_move(fact, known, due):
    """That a closed last day moves is not written for PM; the earlier day is taken."""
    found = judged(case(fact, noticed_on=known))[Kind.PM_FINAL]
    assert found.due_on == found.last_day == nth_day(known, 60 if fact == "unlawful" else 30)


def test_the_preliminary_report_has_its_guide_value_and_does_not_move():
    """GL 3-5-3-3: about 3 to 5 days; known on a Thursday, day 5 is a Monday."""
    found = judged(case("sensitive", noticed_on=date(2026, 10, 29)))[Kind.PPC_PRELIMINARY]
    assert (found.target_on, found.due_on) == (date(2026, 10, 31), date(2026, 11, 2))


def test_persons_are_told_promptly_without_a_last_day():
    """R 10."""
    found = judged(case("sensitive"))[Kind.PERSONS]
    assert (found.due_on, found.target_on) == (None, date(2026, 6, 5))


def test_sixty_days_hold_for_the_whole_case():
    """GL 3-5-3-4: also when other triggers apply too."""
    found = judged(case("sensitive", "unlawful"))[Kind.PPC_FINAL]
    assert (found.target_on, found.due_on) == (date(2026, 7, 25), date(2026, 7, 30))


def test_an_unlawful_purpose_that_is_not_known_yet_does_not_give_sixty_days():
    found = judged(case("sensitive", unknown=["unlawful"]))[Kind.PPC_FINAL]
    assert found.due_on == date(2026, 6, 30)


def test_passing_1000_later_starts_the_clock_on_that_day():
    facts = case(persons=1001, known_on={"over_1000": date(2026, 6, 20)})
    found = judged(facts)[Kind.PPC_FINAL]
    assert (found.counted_from, found.due_on) == (
        date(2026, 6, 20),
        date(2026, 7, 21),
    )  # 20 July is a holiday
    assert judged(facts)[Kind.PM_FINAL].counted_from == NOTICED


def test_the_first_trigger_keeps_its_clock_when_another_follows():
    facts = case("sensitive", persons=1001, known_on={"over_1000": date(2026, 6, 20)})
    assert judged(facts)[Kind.PPC_FINAL].due_on == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (dt.datetime(2026, 11, 2, 23, 59, tzinfo=ZoneInfo("Asia/Tokyo")), date(2026, 11, 2)),
        (dt.datetime(2026, 11, 2, 14, 59, tzinfo=dt.UTC), date(2026, 11, 2)),
        (dt.datetime(2026, 11, 2, 15, 0, tzinfo=dt.UTC), date(2026, 11, 3)),
    ],
)
def test_the_day_is_the_one_in_japan(moment, day):
    assert day_in_japan(moment) == day


def test_a_new_public_holiday_can_be_added():
    offices = OfficeDays(public_holidays, further=[date(2026, 12, 1)])
    found = judge(case("sensitive", noticed_on=date(2026, 11, 2)), RULES, offices)
    assert found[Kind.PPC_FINAL].due_on == date(2026, 12, 2)


def test_a_lifted_rule_is_named_with_what_lifts_it():
    found = judged(case("sensitive", "encrypted"))[Kind.PPC_FINAL]
    assert [(rule.trigger, by) for rule, by in found.lifted] == [("sensitive", ("encrypted",))]


def test_who_is_freed_is_told_from_what():
    facts = case("sensitive", role=HandlingRole.CONTRACTOR, consignor_told_on=NOTICED)
    found = judged(facts)[Kind.PPC_FINAL]
    assert found.is_freed
    assert found.needed


class TestAnAmendment:
    """The amendment of 2026 relaxes the notice to the persons where little harm is to be feared."""

    def amended(self, starts_on):
        for rule in RULES:
            if rule.kind != Kind.PERSONS or rule.valid_to:
                yield rule
                continue
            yield replace(rule, valid_to=starts_on - dt.timedelta(days=1))
            lifted_by = {**rule.lifted_by, FactCode.LITTLE_HARM: ()}
            yield replace(rule, valid_from=starts_on, lifted_by=lifted_by)

    @pytest.mark.parametrize(
        ("known", "needed"), [(date(2028, 6, 30), True), (date(2028, 7, 1), False)]
    )
    def test_holds_from_its_day(self, known, needed):
        rules = list(self.amended(date(2028, 7, 1)))
        found = kinds(case("sensitive", "little_harm", noticed_on=known), rules=rules)
        assert (Kind.PERSONS in found) == needed
        assert Kind.PPC_FINAL in found

    def test_old_cases_stay_as_they_were(self):
        facts = case("sensitive", "little_harm")
        before, after = judged(facts), judged(facts, list(self.amended(date(2028, 7, 1))))
        for kind in Kind.values:
            assert after[kind].verdict == before[kind].verdict
            assert after[kind].due_on == before[kind].due_on


# --- More or graver facts never yield fewer obligations or later dates ----------------------------

ORDER = [Answer.NO, Answer.UNKNOWN, Answer.SUSPECTED, Answer.YES]
VERDICTS = [Verdict.NOT_NEEDED, Verdict.OPTIONAL, Verdict.OPEN, Verdict.NEEDED]
GRAVER_FACTS = [it for it in FactCode.values if it not in LIGHTER]
DUTIES = [it for it in Kind.values if it != Kind.VOLUNTARY]

answers = st.fixed_dictionaries({code: st.sampled_from(ORDER) for code in FactCode.values})
days = st.dates(date(2022, 4, 1), date(2031, 12, 31))
THRESHOLDS = sorted({it.over for it in RULES if it.count})
# Around the thresholds most of all.
numbers = st.integers(0, 3000) | st.sampled_from([it + by for it in THRESHOLDS for by in (0, 1)])
exact = st.builds(Count, exactly=numbers)
limited = st.builds(Count, at_most=numbers)
counts = exact | limited | st.just(NOBODY_KNOWS)
some_facts = st.builds(
    Facts,
    noticed_on=days,
    answers=answers,
    events=st.frozensets(st.sampled_from(Event.values)),
    role=st.sampled_from(HandlingRole.values),
    persons=counts,
    my_number_persons=st.none() | counts,
    known_on=st.dictionaries(st.sampled_from([it.trigger for it in RULES]), days),
    has_privacy_mark=st.booleans(),
)
# When the client was told, in days after the case was noticed; 4 is the last that is in time.
told_after = st.none() | st.integers(0, 9)


def raised(answer, by):
    return ORDER[min(ORDER.index(answer) + by, len(ORDER) - 1)]


def lowered(answer, by):
    return ORDER[max(ORDER.index(answer) - by, 0)]


def highest(count):
    """The possible maximum; None while nobody knows it."""
    return count.at_most if count.exactly is None else count.exactly


@st.composite
def a_graver_count(draw, count):
    """One of which more persons are certain or possible, stated in any way."""
    most = highest(count)
    if most is None:
        # Nobody knows still, or it turned out to be more than any rule asks for.
        more = st.integers(THRESHOLDS[-1] + 1, 5000)
        return draw(
            st.just(count) | st.builds(Count, exactly=more) | st.builds(Count, at_most=more)
        )
    more = st.integers(most, most + 5000)
    graver = st.builds(Count, exactly=more) | st.builds(Count, at_most=more)
    # Where no rule was met by the number, nobody knows any more that it is so low.
    return draw(graver | st.just(NOBODY_KNOWS) if most <= THRESHOLDS[0] else graver)


@st.composite
def a_graver_number_of_my_numbers(draw, facts, persons):
    """As many as there are persons, or at least as many as before."""
    if facts.my_number_persons is None:
        return draw(st.none() | a_graver_count(persons))
    return draw(a_graver_count(facts.my_number_persons))


@st.composite
def graver_events(draw, events, answers):
    """More of them; while nobody knows what happened, nobody does, or everything happened.

    What lifts a duty for some events lifts none before they are known: then it is not graver.
    """
    if events:
        return events | draw(st.frozensets(st.sampled_from(Event.values)))
    is_lighter = any(answers[it] == Answer.YES for it in LIGHTER)
    return events if is_lighter else draw(st.sampled_from([events, frozenset(Event.values)]))


@st.composite
def a_case_and_a_graver_one(draw):
    facts = draw(some_facts)
    told, later = draw(told_after), draw(told_after)
    facts = replace(facts, consignor_told_on=told_on(facts, told))
    # Told later, or not at all: what was told in time frees the contractor.
    later = None if told is None or later is None else told + later
    graver = dict(facts.answers)
    for code in draw(st.sets(st.sampled_from(FactCode.values))):
        change = lowered if code in LIGHTER else raised
        graver[code] = change(graver[code], draw(st.integers(1, 3)))
    persons = draw(a_graver_count(facts.persons))
    return facts, replace(
        facts,
        answers=graver,
        events=draw(graver_events(facts.events, graver)),
        persons=persons,
        my_number_persons=draw(a_graver_number_of_my_numbers(facts, persons)),
        consignor_told_on=told_on(facts, later),
        has_privacy_mark=facts.has_privacy_mark or draw(st.booleans()),
    )


def told_on(facts, after):
    return None if after is None else facts.noticed_on + dt.timedelta(days=after)


@settings(max_examples=500, deadline=None)
@given(a_case_and_a_graver_one())
def test_graver_facts_never_yield_fewer_obligations_or_later_dates(pair):
    facts, graver = pair
    before, after = judged(facts), judged(graver)
    for kind in DUTIES:
        old, new = before[kind], after[kind]
        assert VERDICTS.index(new.verdict) >= VERDICTS.index(old.verdict)
        if old.counted_from:
            assert new.counted_from <= old.counted_from
        # The law itself gives more days for one fact: an unlawful purpose (R 8-2).
        if old.due_on and new.due_on > old.due_on:
            assert (old.days, new.days) == (30, 60)
            assert any("unlawful" in rule.code for rule in new.needed)


@st.composite
def a_case_and_what_is_known_of_it_before(draw):
    facts = draw(some_facts)
    facts = replace(facts, consignor_told_on=told_on(facts, draw(told_after)))
    forgotten = draw(st.sets(st.sampled_from(FactCode.values)))
    return facts, replace(
        facts,
        answers=facts.answers | dict.fromkeys(forgotten, Answer.UNKNOWN),
        events=draw(st.sampled_from([facts.events, frozenset()])),
        persons=draw(st.sampled_from([facts.persons, NOBODY_KNOWS])),
        my_number_persons=draw(st.sampled_from([facts.my_number_persons, NOBODY_KNOWS])),
    )


@settings(max_examples=500, deadline=None)
@given(a_case_and_what_is_known_of_it_before())
def test_not_knowing_never_settles_what_may_be_needed(pair):
    """Unknown never means no, and finding out never moves a day back."""
    facts, less = pair
    after, before = judged(facts), judged(less)
    for kind in DUTIES:
        found, earlier = after[kind], before[kind]
        if found.verdict != Verdict.NOT_NEEDED:
            assert earlier.verdict in (Verdict.OPEN, Verdict.NEEDED)
            assert earlier.counted_from <= found.counted_from
            assert earlier.due_on is None or found.due_on >= earlier.due_on


def test_every_rule_of_the_table_is_met_by_some_case():
    """A line that nothing meets would be a line that nobody tries."""
    facts = [it[1] for it in NEEDED]
    met = {
        (rule.code, rule.valid_from)
        for it in facts
        for found in judged(it).values()
        for rule in found.needed
    }
    assert {(rule.code, rule.valid_from) for rule in RULES} == met


def test_a_rule_says_when_it_holds():
    rule = Rule("x", Kind.PM_FINAL, "x", valid_from=date(2026, 4, 1), valid_to=date(2026, 4, 30))
    assert [rule.holds_on(date(2026, 4, day)) for day in (1, 30)] == [True, True]
    assert not rule.holds_on(date(2026, 3, 31))
    assert not rule.holds_on(date(2026, 5, 1))
