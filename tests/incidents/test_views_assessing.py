"""The checklist of facts: what is asked, what it would bring, and judging by it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import Role
from pms.incidents import services
from pms.incidents.choices import FactCode, Kind, ObligationStatus, RecordKind, Status
from pms.incidents.models import Obligation, ObligationRule
from tests.accounts.factories import UserFactory
from tests.incidents.factories import NOW, assess, category, report

pytestmark = pytest.mark.django_db

NOTHING = {f"fact_{code}": "no" for code in FactCode.values}
FACTS = NOTHING | {
    "fact_personal_data": "yes",
    "fact_sensitive": "suspected",
    "events": ["leak"],
    "role": "own",
    "by_whom": "own",
    "medium": "paper",
    "persons_kind": "exact",
    "persons": "3",
    "my_number_kind": "",
    "number": "0",
}
# After the day on which the case of these tests was noticed.
NEXT_DAY = "2026-11-21"


@pytest.fixture
def handler(client):
    user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
    client.force_login(user)
    return user


@pytest.fixture
def incident(handler):
    return report()


def page(incident, name="assess", *args):
    return reverse(f"incidents:{name}", args=[incident.pk, *args])


class TestForm:
    def test_asks_for_nothing_that_no_rule_needs(self, client, incident):
        form = client.get(page(incident)).context["form"]

        assert "fact_sensitive" in form.fields
        assert "fact_little_harm" not in form.fields

    def test_asks_for_a_fact_once_a_rule_names_it(self, client, incident):
        rule = ObligationRule.objects.filter(kind="persons").first()
        rule.pk, rule.code, rule.lifted_by = None, "persons.new", "little_harm"
        rule.valid_from, rule.valid_to = date(2022, 4, 1), None
        rule.save()

        assert "fact_little_harm" in client.get(page(incident)).context["form"].fields

    def test_starts_with_everything_unknown(self, client, incident):
        form = client.get(page(incident)).context["form"]

        asked = [name for name in form.fields if name.startswith("fact_")]
        assert {form[name].initial for name in asked} == {"unknown"}
        assert not form.fields["note"].required

    def test_starts_again_with_what_was_said_last(self, client, incident):
        assess(incident, FactCode.SENSITIVE)

        form = client.get(page(incident)).context["form"]

        assert form["fact_sensitive"].initial == "yes"
        assert form["persons"].value() == 1
        assert form.fields["note"].required


class TestPreview:
    def test_shows_what_the_facts_would_bring_and_stores_nothing(self, client, incident):
        answer = client.post(page(incident), FACTS | {"preview": "1"})

        lines = {it.label: it.verdict for it in answer.context["preview"]}
        assert lines["Preliminary report to the PPC"] == "needed"
        assert not incident.assessments.exists()
        assert answer.context["form"]["persons"].value() == "3"

    def test_comes_as_a_part_of_the_page_to_htmx(self, client, incident):
        answer = client.post(
            page(incident), FACTS | {"preview": "1"}, headers={"HX-Request": "true"}
        )

        assert "<html" not in answer.text
        assert 'id="preview"' in answer.text
        assert "Preliminary report to the PPC" in answer.text

    def test_asks_since_when_only_what_is_met(self, client, incident):
        answer = client.post(page(incident), FACTS | {"preview": "1"})

        names = {it.name for it in answer.context["known_on_fields"]}
        assert "known_sensitive" in names
        assert "known_over_1000" not in names

    def test_folds_the_days_of_knowing_until_one_is_stated(self, client, incident):
        plain = client.post(page(incident), FACTS | {"preview": "1"})
        stated = client.post(
            page(incident), FACTS | {"preview": "1", "known_sensitive": "2026-11-19"}
        )
        wrong = client.post(page(incident), FACTS | {"preview": "1", "known_sensitive": "19.11."})

        shown = [it.context["asks_days_at_once"] for it in (plain, stated, wrong)]
        assert shown == [False, True, True]

    def test_says_what_differs_from_the_last_assessment(self, client, incident):
        assess(incident)

        answer = client.post(page(incident), FACTS | {"preview": "1", "number": "1"})

        changed = {(it.old, it.new) for it in answer.context["changes"]}
        assert ("1 person", "3 persons") in changed
        assert not any("My Number" in it.label for it in answer.context["changes"])
        assert not answer.context["form"].errors
        before = {it.label: it.before for it in answer.context["preview"]}
        assert before["Preliminary report to the PPC"] == "Not needed"

    def test_does_not_call_late_what_was_filed(self, client, incident):
        assess(incident, FactCode.SENSITIVE)
        filed = incident.obligations.get(kind=Kind.PPC_PRELIMINARY).pk
        Obligation.objects.filter(pk=filed).update(
            status=ObligationStatus.FILED, filed_on=date(2026, 11, 20)
        )

        answer = client.get(page(incident))

        settled = {it.label: it.settled_label for it in answer.context["preview"]}
        assert settled["Preliminary report to the PPC"] == "Filed"
        assert settled["Final report to the PPC"] == ""

    def test_bears_with_what_makes_no_sense(self, client, incident):
        answer = client.post(
            page(incident), {"preview": "1", "persons": "many"}, headers={"HX-Request": "true"}
        )

        assert answer.status_code == 200

    def test_says_that_a_near_miss_brings_nothing(self, client, handler):
        incident = report(kind=RecordKind.NEAR_MISS)

        assert "A near miss brings no obligation" in client.get(page(incident)).text


class TestJudging:
    def test_judges_and_leads_to_the_case(self, client, incident, handler):
        kind = category("class", "mis_sending")

        answer = client.post(
            page(incident),
            FACTS
            | {"event_class": kind.pk, "known_sensitive": NEXT_DAY, "note": "翌日に分かった。"},
        )

        assert answer.headers["Location"] == page(incident, "detail")
        made = incident.assessments.get()
        assert made.answers["sensitive"] == "suspected"
        assert made.known_on["sensitive"] == "2026-11-21"
        assert made.made_by == handler
        incident.refresh_from_db()
        assert (incident.status, incident.event_class) == (Status.HANDLING, kind)

    def test_needs_a_reason_to_judge_anew(self, client, incident):
        assess(incident)

        answer = client.post(page(incident), FACTS | {"number": "1"})

        assert "note" in answer.context["form"].errors
        assert incident.assessments.count() == 1

    def test_asks_why_it_became_known_later_than_it_was_noticed(self, client, incident):
        later = FACTS | {"known_sensitive": NEXT_DAY}

        refused = client.post(page(incident), later)
        client.post(page(incident), later | {"note": "鞄の中身は翌日に分かった。"})

        assert "note" in refused.context["form"].errors
        shown = client.get(page(incident, "assessment", 1))
        assert "鞄の中身は翌日に分かった。" in shown.text
        label, day = next(it for it in shown.context["facts"] if it[0].startswith("Known since"))
        assert ("special-care" in label, day) == (True, NEXT_DAY)

    def test_an_emptied_day_of_knowing_is_taken_back(self, client, incident):
        later = {"known_sensitive": NEXT_DAY, "note": "翌日に分かった。"}
        client.post(page(incident), FACTS | later)

        client.post(page(incident), FACTS | {"number": "1", "note": "x", "known_sensitive": ""})

        assert incident.assessments.latest("number").known_on == {}
        changes = client.get(page(incident, "assessment", 2)).context["changes"]
        assert [(it.old, it.new) for it in changes] == [(NEXT_DAY, "–")]

    def test_does_not_overtake_somebody_else(self, client, incident):
        assess(incident)

        answer = client.post(page(incident), FACTS | {"number": "0", "note": "x"})

        assert "number" in answer.context["form"].errors
        assert incident.assessments.count() == 1

    def test_shows_the_refusal_at_its_field(self, client, incident):
        answer = client.post(page(incident), FACTS | {"persons": ""})

        assert "persons" in answer.context["form"].errors

    def test_refuses_a_day_that_is_still_to_come(self, client, incident):
        answer = client.post(page(incident), FACTS | {"known_sensitive": "2099-01-01"})

        assert answer.context["form"].errors

    def test_keeps_answers_that_no_rule_asks_for_any_more(self, client, incident):
        assess(incident, FactCode.LITTLE_HARM)

        client.post(page(incident), FACTS | {"number": "1", "note": "x"})

        latest = incident.assessments.latest("number")
        assert latest.answers["little_harm"] == "yes"

    def test_is_over_with_the_case(self, client, incident, handler):
        services.dismiss(incident.pk, reason="x", actor=handler, now=timezone.now())

        answer = client.get(page(incident))

        assert answer.headers["Location"] == page(incident, "detail")


class TestAssessment:
    def test_stays_as_it_was(self, client, incident):
        assess(incident, FactCode.SENSITIVE)
        assess(incident, note="取り違え", persons=2)

        first = client.get(page(incident, "assessment", 1))
        second = client.get(page(incident, "assessment", 2))

        assert "Special-care-required" in first.text
        assert not first.context["changes"]
        assert ("1 person", "2 persons") in {(it.old, it.new) for it in second.context["changes"]}
        assert "取り違え" in second.text

    def test_is_missing_under_a_number_that_was_never_given(self, client, incident):
        assert client.get(page(incident, "assessment", 7)).status_code == 404

    def test_is_not_for_who_was_let_in(self, client, incident, handler):
        assess(incident)
        member = UserFactory(roles=[])
        services.let_in(incident.pk, user=member, reason="x", actor=handler, now=NOW)
        client.force_login(member)

        assert client.get(page(incident, "assessment", 1)).status_code == 404
