"""Judging a case: obligations with their reasons; what was said stays when facts change."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from pms.core.exceptions import DomainError
from pms.history.models import HistoryEntry
from pms.incidents import services
from pms.incidents.choices import (
    Answer,
    CountKind,
    Kind,
    ObligationStatus,
    RecordKind,
    Status,
    Verdict,
)
from pms.incidents.deadlines import day_in_japan
from pms.incidents.models import Assessment, Judgement, Obligation, ObligationRule
from pms.organization.models import Company
from tests.accounts.factories import UserFactory
from tests.organization.factories import ClosedDayFactory

from .factories import JAPAN, NOW, TODAY, assess, known, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


OS = ObligationStatus


@pytest.fixture(autouse=True)
def _company():
    Company.objects.update_or_create(
        pk=1, defaults={"name": "みなと商事", "privacy_mark_number": "10000001"}
    )


def states(incident):
    """The state of each obligation."""
    return dict(incident.obligations.values_list("kind", "status"))


class TestAssess:
    def test_takes_the_case_in_hand_and_judges_every_kind(self):
        incident = report()
        assess(incident, "sensitive")
        assert incident.status == Status.HANDLING
        assert states(incident) == {
            Kind.PPC_PRELIMINARY: OS.NEEDED,
            Kind.PPC_FINAL: OS.NEEDED,
            Kind.MN_PRELIMINARY: OS.NOT_NEEDED,
            Kind.MN_FINAL: OS.NOT_NEEDED,
            Kind.PM_PRELIMINARY: OS.NEEDED,
            Kind.PM_FINAL: OS.NEEDED,
            Kind.PERSONS: OS.NEEDED,
            Kind.CONSIGNOR: OS.NOT_NEEDED,
            Kind.VOLUNTARY: OS.NOT_NEEDED,
        }
        assert incident.is_reportable
        # Noticed on 20 November, day 1: day 5 is the 24th, day 30 the 19th of December, a Saturday.
        assert incident.next_due_on == date(2026, 11, 24)
        assert incident.obligations.get(kind=Kind.PPC_FINAL).due_on == date(2026, 12, 21)
        assert incident.obligations.get(kind=Kind.PM_FINAL).due_on == date(2026, 12, 19)

    def test_says_why_in_both_languages(self):
        incident = report()
        assess(incident, "sensitive")
        judgement = Judgement.objects.get(obligation__kind=Kind.PPC_FINAL)
        assert "要配慮個人情報" in judgement.why
        assert "special-care" in judgement.why_en
        assert "2026-12-21" in judgement.why_en
        assert "施行規則7条1号" in judgement.articles
        assert judgement.triggers == ["sensitive"]

    def test_without_the_mark_asks_for_no_report_to_its_body(self):
        Company.objects.update(privacy_mark_number="")
        incident = report()
        assess(incident, "sensitive")
        assert states(incident)[Kind.PM_FINAL] == OS.NOT_NEEDED

    def test_what_is_not_known_is_to_be_clarified_and_its_days_run(self):
        incident = report()
        assess(incident, answers={"sensitive": Answer.UNKNOWN})
        duty = incident.obligations.get(kind=Kind.PPC_FINAL)
        assert (duty.status, duty.due_on) == (OS.TO_CLARIFY, date(2026, 12, 21))
        assert incident.is_reportable is None

    def test_a_near_miss_asks_for_nothing(self):
        incident = report(kind=RecordKind.NEAR_MISS)
        assess(incident, "sensitive")
        assert set(states(incident).values()) == {OS.NOT_NEEDED}

    def test_the_day_is_the_one_in_japan(self):
        incident = report(noticed_at=datetime(2026, 11, 19, 23, 59, tzinfo=JAPAN))
        assess(incident, "sensitive")
        assert incident.obligations.get(kind=Kind.PPC_FINAL).counted_from == date(2026, 11, 19)

    def test_a_new_public_holiday_moves_the_last_day(self):
        ClosedDayFactory(day=date(2026, 12, 21), is_public_holiday=True)
        ClosedDayFactory(day=date(2026, 12, 22))  # the company alone is closed
        incident = report()
        assess(incident, "sensitive")
        assert incident.obligations.get(kind=Kind.PPC_FINAL).due_on == date(2026, 12, 22)

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"persons": None}, "persons"),
            ({"my_number_kind": CountKind.EXACT}, "my_number_persons"),
            ({"consignor_told_on": TODAY + timedelta(days=1)}, "consignor_told_on"),
            ({"known_on": {"sensitive": TODAY + timedelta(days=1)}}, "known_on"),
        ],
    )
    def test_refuses_what_cannot_be(self, facts, field):
        incident = report()
        with pytest.raises(DomainError) as refusal:
            assess(incident, "sensitive", **facts)
        assert field in refusal.value.message_dict
        assert not Assessment.objects.exists()

    def test_is_journalled_with_what_is_needed(self):
        incident = report()
        assess(incident, "sensitive", note="健診結果が入っていた。")
        entry = HistoryEntry.objects.get(event="incidents.assessed")
        assert entry.reason == "健診結果が入っていた。"
        assert Kind.PPC_FINAL in entry.additional_data["needed"]

    def test_a_preview_stores_nothing(self):
        incident = report()
        judged = services.rejudge_preview(incident, known("sensitive"), today=TODAY)
        assert judged[Kind.PPC_FINAL].verdict == Verdict.NEEDED
        assert not Assessment.objects.exists()


class TestAgain:
    def test_old_judgements_stay(self):
        incident = report()
        assess(incident, "sensitive")
        assess(incident, note="要配慮個人情報ではなかった。")
        assert states(incident)[Kind.PPC_FINAL] == OS.NOT_NEEDED
        told = Judgement.objects.filter(obligation__kind=Kind.PPC_FINAL).order_by("id")
        assert [(it.verdict, it.due_on) for it in told] == [
            (Verdict.NEEDED, date(2026, 12, 21)),
            (Verdict.NOT_NEEDED, None),
        ]
        with pytest.raises(DatabaseError), transaction.atomic():
            told.update(verdict=Verdict.NOT_NEEDED)
        with pytest.raises(DatabaseError), transaction.atomic():
            Assessment.objects.update(persons=2)

    def test_passing_1000_later_starts_the_clock_on_that_day(self):
        incident = report()
        assess(incident, persons=900)
        later = NOW + timedelta(days=10)
        assess(incident, persons=1200, now=later)
        duty = incident.obligations.get(kind=Kind.PPC_FINAL)
        assert duty.counted_from == later.date()
        assert incident.obligations.get(kind=Kind.PM_FINAL).counted_from == TODAY

    def test_a_stated_day_of_knowing_goes_before_today(self):
        incident = report()
        assess(incident, persons=900)
        later = NOW + timedelta(days=10)
        stated = TODAY + timedelta(days=8)
        told = {"known_on": {"over_1000": stated}, "note": "集計の結果が出た日。"}
        assess(incident, persons=1200, now=later, **told)
        assert incident.obligations.get(kind=Kind.PPC_FINAL).counted_from == stated

    def test_a_day_later_than_the_noticing_needs_a_reason_the_first_time_too(self):
        incident = report()
        later = NOW + timedelta(days=10)
        stated = {"known_on": {"sensitive": later.date()}}
        with pytest.raises(DomainError) as refusal:
            assess(incident, "sensitive", now=later, **stated)
        assert list(refusal.value.message_dict) == ["note"]

        assess(incident, "sensitive", now=later, note="鞄の中身は十日後に分かった。", **stated)
        # What was said with its reason needs none when it is only repeated.
        assess(incident, "sensitive", now=later, persons=2, **stated)
        assert incident.obligations.get(kind=Kind.PPC_FINAL).counted_from == later.date()

    def test_an_earlier_day_needs_none(self):
        incident = report()
        stated = {"known_on": {"sensitive": TODAY - timedelta(days=1)}}
        assess(incident, "sensitive", **stated)
        assert incident.obligations.get(kind=Kind.PPC_FINAL).counted_from < TODAY

    def test_a_stated_day_can_be_taken_back(self):
        incident = report()
        later = NOW + timedelta(days=3)
        stated = {"known_on": {"sensitive": later.date()}, "note": "後で判明した。"}
        assess(incident, "sensitive", now=later, **stated)
        assess(incident, "sensitive", now=later, known_on={"sensitive": None})
        assert incident.obligations.get(kind=Kind.PPC_FINAL).counted_from == TODAY

    def test_another_day_of_knowing_asks_for_a_note_on_what_was_filed(self):
        incident = report()
        assess(incident, "sensitive")
        incident.obligations.filter(kind=Kind.PPC_PRELIMINARY).update(
            status=OS.FILED, filed_on=TODAY
        )
        later = NOW + timedelta(days=3)
        stated = {"known_on": {"sensitive": later.date()}, "note": "後で判明した。"}
        assess(incident, "sensitive", now=later, **stated)
        assert incident.obligations.get(kind=Kind.PPC_PRELIMINARY).needs_difference_note

    def test_what_was_denied_and_found_after_all_counts_from_its_first_day(self):
        incident = report()
        assess(incident, "sensitive")
        assess(incident, now=NOW + timedelta(days=10), note="要配慮個人情報ではなかった。")
        assess(incident, "sensitive", now=NOW + timedelta(days=20), note="やはり含まれていた。")
        duty = incident.obligations.get(kind=Kind.PPC_FINAL)
        assert (duty.counted_from, duty.due_on) == (TODAY, date(2026, 12, 21))

    def test_what_became_known_later_keeps_its_day_when_it_was_denied_in_between(self):
        incident = report()
        assess(incident, persons=900)
        assess(incident, persons=1200, now=NOW + timedelta(days=10))
        assess(incident, persons=900, now=NOW + timedelta(days=12))
        assess(incident, persons=1200, now=NOW + timedelta(days=20))
        duty = incident.obligations.get(kind=Kind.PPC_FINAL)
        assert duty.counted_from == TODAY + timedelta(days=10)

    def test_the_day_of_knowing_stays_through_later_assessments(self):
        incident = report()
        assess(incident, persons=900)
        assess(incident, persons=1200, now=NOW + timedelta(days=10))
        assess(incident, persons=1500, now=NOW + timedelta(days=12))
        duty = incident.obligations.get(kind=Kind.PPC_FINAL)
        assert duty.counted_from == TODAY + timedelta(days=10)

    def test_a_law_that_changes_does_not_touch_old_cases(self):
        incident = report()
        assess(incident, "sensitive")
        for rule in ObligationRule.objects.filter(kind=Kind.PPC_FINAL, valid_to=None):
            rule.valid_to = date(2027, 12, 31)
            rule.save()
            rule.pk, rule.valid_from, rule.valid_to, rule.days = None, date(2028, 1, 1), None, 14
            rule.save()
        later = NOW + timedelta(days=500)
        assess(incident, "sensitive", data_items="氏名", now=later)
        assert incident.obligations.get(kind=Kind.PPC_FINAL).days == 30

        moment = datetime(2028, 1, 4, 9, 0, tzinfo=JAPAN)
        new = report(noticed_at=moment, now=moment)
        assess(new, "sensitive", now=moment)
        assert new.obligations.get(kind=Kind.PPC_FINAL).days == 14

    def planned(self, first_day, **changes):
        """Let the rules on many persons change on `first_day`, as a law does."""
        for rule in ObligationRule.objects.filter(trigger="over_1000", valid_to=None):
            rule.valid_to = first_day - timedelta(days=1)
            rule.save()
            rule.pk, rule.valid_from, rule.valid_to = None, first_day, None
            for name, value in changes.items():
                setattr(rule, name, value)
            rule.save()

    def test_a_rule_that_is_only_planned_starts_no_clock(self):
        self.planned(date(2028, 1, 1), over=100)
        incident = report()
        assess(incident, persons=900)
        later = NOW + timedelta(days=35)
        assess(incident, persons=1200, now=later)
        assert incident.obligations.get(kind=Kind.PPC_FINAL).counted_from == later.date()

    def test_a_rule_that_has_begun_since_does_not_reach_a_case_whose_facts_stay(self):
        self.planned(date(2027, 1, 1), over=100)
        incident = report()
        assess(incident, persons=900)
        assess(incident, persons=900, data_items="氏名", now=NOW + timedelta(days=60))
        assert states(incident)[Kind.PPC_FINAL] == OS.NOT_NEEDED

    def test_a_case_that_meets_a_rule_only_after_it_began_is_judged_by_it(self):
        self.planned(date(2027, 1, 1), over=100)
        incident = report()
        assess(incident, persons=90)
        later = NOW + timedelta(days=60)
        assess(incident, persons=200, now=later)
        duty = incident.obligations.get(kind=Kind.PPC_FINAL)
        assert (duty.status, duty.counted_from) == (OS.NEEDED, later.date())


class TestRules:
    def test_a_version_is_ended_not_changed(self):
        rule = ObligationRule.objects.filter(code="ppc_final.sensitive")
        for change in ({"days": 45}, {"conditions": ""}, {"over": 5}):
            with pytest.raises(DatabaseError), transaction.atomic():
                rule.update(**change)
        rule.update(valid_to=date(2028, 3, 31))

    def test_two_versions_never_share_a_day(self):
        rule = ObligationRule.objects.get(code="ppc_final.sensitive")
        rule.pk, rule.valid_from = None, date(2028, 4, 1)
        with pytest.raises(DatabaseError), transaction.atomic():
            rule.save()
        with pytest.raises(ValidationError, match="End it first"):
            rule.full_clean()

    def test_words_that_the_engine_does_not_know_are_refused(self):
        rule = ObligationRule.objects.get(code="ppc_final.sensitive")
        rule.conditions = "secret"
        with pytest.raises(ValidationError, match="secret"):
            rule.full_clean()


class TestObligations:
    def test_are_never_removed(self):
        incident = report()
        assess(incident)
        with pytest.raises(DatabaseError), transaction.atomic():
            Obligation.objects.all().delete()

    def test_an_assessment_of_a_closed_case_is_refused(self):
        incident = report()
        services.dismiss(incident.pk, reason="誤報", actor=UserFactory(), now=NOW)
        with pytest.raises(DomainError, match="Reopen"):
            assess(incident)


class TestNoticedEarlier:
    """The days of the law are counted from the noticing: when that is set right, so are they."""

    EARLIER = NOW - timedelta(days=2)

    def describe(self, incident, **facts):
        services.describe(
            incident.pk, reason="店舗は前々日に知っていた。", actor=UserFactory(), now=NOW, **facts
        )

    def due(self, incident, kind=Kind.PPC_PRELIMINARY):
        return incident.obligations.get(kind=kind).due_on

    def test_the_days_are_counted_anew_at_once(self):
        incident = report()
        assess(incident, "sensitive")
        before = self.due(incident)
        self.describe(incident, noticed_at=self.EARLIER)
        incident.refresh_from_db()

        assert self.due(incident) < before
        assert incident.next_due_on == self.due(incident)
        latest = incident.assessments.order_by("number").last()
        assert (latest.number, latest.note) == (2, "店舗は前々日に知っていた。")
        assert latest.noticed_on == day_in_japan(self.EARLIER)

    def test_a_filed_report_asks_for_a_note_on_the_difference(self):
        incident = report()
        assess(incident, "sensitive")
        incident.obligations.filter(kind=Kind.PPC_PRELIMINARY).update(
            status=OS.FILED, filed_on=TODAY
        )
        self.describe(incident, noticed_at=self.EARLIER)
        assert incident.obligations.get(kind=Kind.PPC_PRELIMINARY).needs_difference_note

    def test_within_the_same_day_nothing_is_judged(self):
        incident = report()
        assess(incident, "sensitive")
        self.describe(incident, noticed_at=incident.noticed_at - timedelta(minutes=5))
        assert incident.assessments.count() == 1

    def test_before_the_first_judgement_there_is_nothing_to_judge_anew(self):
        incident = report()
        self.describe(incident, noticed_at=self.EARLIER)
        assert not incident.assessments.exists()
