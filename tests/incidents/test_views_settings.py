"""The company's own rules, and the rules of the law: dated versions that nobody rewrites."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from pms.accounts.roles import Role
from pms.history.models import HistoryEntry
from pms.incidents import services
from pms.incidents.choices import ObligationStatus
from pms.incidents.models import IncidentSettings, ObligationRule
from pms.incidents.rules import office_days
from pms.incidents.wording import rule_in_words
from tests.accounts.factories import UserFactory

from .factories import NOTICED_AT, assess, report

pytestmark = pytest.mark.django_db

SETTINGS, RULES, NEW = "/incidents/settings/", "/incidents/rules/", "/incidents/rules/new/"
# 令和8年改正: the notice to the persons is relaxed where little harm is to be feared.
AMENDMENT = date(2028, 4, 1)


@pytest.fixture
def manager(client):
    user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="ja")
    client.force_login(user)
    return user


@pytest.fixture
def rule():
    return ObligationRule.objects.get(code="persons.sensitive")


def amended(rule, **facts):
    """What the form sends for the version of the amendment."""
    usual = {
        name: getattr(rule, name)
        for name in (
            *("code", "kind", "trigger", "conditions", "events", "roles", "count", "over"),
            *("article", "sentence", "sentence_en", "source", "confidence", "target_days"),
        )
    }
    usual |= {
        "lifted_by": f"{rule.lifted_by}; little_harm",
        "valid_from": AMENDMENT.isoformat(),
        "is_freed_by_consignor": "on",
        "form_token": "t",
    }
    return usual | facts


class TestSettings:
    def test_are_changed_and_leave_a_trace(self, client, manager):
        answer = client.post(
            SETTINGS,
            {"allows_anonymous": "on", "tells_system_officer": "on", "keeps_addresses_days": 90},
        )
        rules = IncidentSettings.current()

        assert answer.status_code == 302
        assert (rules.allows_anonymous, rules.tells_department_manager) == (True, False)
        assert (rules.top_management_approves, rules.keeps_addresses_days) == (False, 90)
        assert HistoryEntry.objects.of(rules).first().actor == manager

    def test_show_what_holds_before_anybody_has_set_them(self, client, manager):
        form = client.get(SETTINGS).context["form"]
        assert form["tells_department_manager"].value() is True
        assert form["allows_anonymous"].value() is False

    def test_say_what_is_wrong(self, client, manager):
        answer = client.post(SETTINGS, {"keeps_addresses_days": -1})
        assert "keeps_addresses_days" in answer.context["form"].errors
        assert not IncidentSettings.objects.exists()

    def test_are_the_privacy_managers_alone(self, client):
        for role in Role.values:
            client.force_login(UserFactory(roles=[role]))
            wanted = 200 if role == Role.PRIVACY_MANAGER else 403
            assert client.get(SETTINGS).status_code == wanted, role


class TestRules:
    def test_are_shown_by_obligation_with_their_source_and_how_sure_it_is(
        self, client, manager, rule
    ):
        text = client.get(RULES).text
        for words in (
            rule.sentence,
            rule.article,
            "PPC-GL 3-5-4",
            rule.get_confidence_display(),
            "2022-04-01",
        ):
            assert words in text

    def test_ask_the_database_as_often_for_more_versions(
        self, client, manager, rule, django_assert_max_num_queries
    ):
        client.get(RULES)
        with django_assert_max_num_queries(6):
            client.get(RULES)

    def test_are_read_by_the_deputy_who_changes_none(self, client, rule):
        client.force_login(UserFactory(roles=[Role.DEPUTY_PRIVACY_MANAGER]))
        text = client.get(RULES).text
        assert NEW not in text
        assert client.get(NEW).status_code == 403
        assert client.get(f"{RULES}{rule.pk}/end/").status_code == 403


class TestNewVersion:
    def url(self, rule):
        return f"{NEW}?from={rule.pk}"

    def test_is_shown_in_sentences_before_it_can_be_registered(self, client, manager, rule):
        answer = client.post(self.url(rule), amended(rule))

        assert not ObligationRule.objects.filter(valid_from=AMENDMENT).exists()
        assert any("2028年4月1日" in sentence for sentence in answer.context["preview"])
        seen = answer.context["form"]["seen"].value()
        registered = client.post(self.url(rule), amended(rule, seen=seen))

        assert registered["Location"] == RULES
        rule.refresh_from_db()
        added = ObligationRule.objects.get(code=rule.code, valid_from=AMENDMENT)
        assert rule.valid_to == AMENDMENT - timedelta(days=1)
        assert "little_harm" in added.lifted_by
        assert HistoryEntry.objects.get(event="incidents.rule_added").actor == manager

    def test_that_differs_from_what_was_shown_is_shown_again(self, client, manager, rule):
        seen = client.post(self.url(rule), amended(rule)).context["form"]["seen"].value()
        answer = client.post(self.url(rule), amended(rule, seen=seen, target_days=3))

        assert answer.status_code == 200
        assert answer.context["preview"]
        assert not ObligationRule.objects.filter(valid_from=AMENDMENT).exists()

    def test_leaves_cases_alone_that_became_known_before(self, rule):
        incident = report()
        assess(incident, "sensitive", "little_harm")
        before = list(incident.obligations.values_list("kind", "status", "due_on"))
        services.add_rule(
            actor=UserFactory(),
            today=NOTICED_AT.date(),
            instead_of=rule.pk,
            **{
                name: getattr(rule, name)
                for name in ("code", "kind", "trigger", "conditions", "events", "confidence")
            },
            lifted_by="little_harm",
            article="法26条2項",
            sentence="改正後",
            valid_from=AMENDMENT,
        )
        assess(incident, "sensitive", "little_harm")

        assert list(incident.obligations.values_list("kind", "status", "due_on")) == before
        assert incident.obligations.get(kind="persons").status == ObligationStatus.NEEDED

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"conditions": "sensitiv"}, "conditions"),
            ({"events": "leak flood"}, "events"),
            ({"lifted_by": "encrypted: nothing"}, "lifted_by"),
            ({"roles": "boss"}, "roles"),
            ({"sentence": ""}, "sentence"),
        ],
    )
    def test_names_the_word_that_the_engine_does_not_know(
        self, client, manager, rule, facts, field
    ):
        answer = client.post(self.url(rule), amended(rule, **facts))
        assert list(answer.context["form"].errors) == [field]

    def test_does_not_begin_in_the_past(self, client, manager, rule):
        facts = amended(rule, valid_from="2024-01-01")
        seen = client.post(self.url(rule), facts).context["form"]["seen"].value()
        answer = client.post(self.url(rule), facts | {"seen": seen})

        assert list(answer.context["form"].errors) == ["valid_from"]
        assert ObligationRule.objects.filter(code=rule.code).count() == 1

    def test_does_not_share_a_day_with_another(self, rule):
        with pytest.raises(ValidationError) as refusal:
            services.add_rule(
                actor=UserFactory(),
                today=NOTICED_AT.date(),
                code=rule.code,
                kind=rule.kind,
                trigger=rule.trigger,
                article="法26条",
                sentence="重なる版",
                confidence=rule.confidence,
                valid_from=AMENDMENT,
            )
        assert list(refusal.value.message_dict) == ["valid_from"]

    def test_keeps_the_name_of_the_rule_that_it_follows(self, client, manager, rule):
        facts = amended(rule, code="other", kind="voluntary")
        seen = client.post(self.url(rule), facts).context["form"]["seen"].value()
        client.post(self.url(rule), facts | {"seen": seen})

        assert ObligationRule.objects.filter(code=rule.code, valid_from=AMENDMENT).exists()
        assert not ObligationRule.objects.filter(code="other").exists()

    @pytest.mark.parametrize("key", ["0", "x", "999999"])
    def test_follows_only_what_there_is(self, client, manager, key):
        assert client.get(f"{NEW}?from={key}").status_code == 404

    def test_of_a_new_rule_needs_nothing_before_it(self, client, manager, rule):
        facts = amended(rule, code="persons.face_data", lifted_by="")
        seen = client.post(NEW, facts).context["form"]["seen"].value()
        client.post(NEW, facts | {"seen": seen})
        assert ObligationRule.objects.filter(code="persons.face_data").exists()


class TestEnd:
    def url(self, rule):
        return reverse("incidents:rule_end", args=[rule.pk])

    def test_says_the_last_day_and_why(self, client, manager, rule):
        day = timezone.localdate() + timedelta(days=30)
        facts = {"valid_to": day.isoformat(), "reason": "政令により", "form_token": "e"}
        answer = client.post(self.url(rule), facts)
        rule.refresh_from_db()

        assert answer["Location"] == RULES
        assert rule.valid_to == day
        assert HistoryEntry.objects.get(event="incidents.rule_ended").reason == "政令により"

    def test_can_be_taken_back_until_it_has_come(self, client, manager, rule):
        day = timezone.localdate() + timedelta(days=30)
        ObligationRule.objects.filter(pk=rule.pk).update(valid_to=day)
        client.post(self.url(rule), {"valid_to": "", "reason": "延期", "form_token": "e"})
        rule.refresh_from_db()
        assert rule.valid_to is None

    @pytest.mark.parametrize(
        ("facts", "field"),
        [({"valid_to": "2024-01-01"}, "valid_to"), ({"reason": " "}, "reason")],
    )
    def test_refuses_a_day_that_is_over_and_silence(self, client, manager, rule, facts, field):
        usual = {"valid_to": "2028-03-31", "reason": "改正", "form_token": "e"}
        answer = client.post(self.url(rule), usual | facts)
        assert list(answer.context["form"].errors) == [field]

    def test_leaves_a_version_alone_that_is_over(self, client, manager):
        over = ObligationRule.objects.filter(valid_to__lt=timezone.localdate()).first()
        answer = client.post(
            self.url(over), {"valid_to": "2028-03-31", "reason": "改正", "form_token": "e"}
        )
        assert answer.context["form"].non_field_errors()


class TestWording:
    def test_says_every_shipped_rule_in_sentences_of_both_languages(self):
        office = office_days()
        for language, end in (("ja", "。"), ("en", ".")):
            with override(language):
                for rule in ObligationRule.objects.all():
                    sentences = rule_in_words(rule.as_rule(), office)
                    assert len(sentences) >= 3, rule
                    assert all(it.endswith(end) for it in sentences), sentences

    def test_moves_the_last_day_of_its_example_like_the_engine(self):
        rule = ObligationRule.objects.get(code="ppc_final.unlawful_purpose", valid_to=None)
        rule.valid_from = date(2026, 11, 2)
        with override("ja"):
            text = "".join(rule_in_words(rule.as_rule(), office_days()))
        # The 60th day is 2026-12-31, and the authorities are closed until 3 January.
        assert "期限は2027年1月4日" in text


class TestWithdrawing:
    """A version that was entered by mistake and has not begun has judged nothing: it may go."""

    @pytest.fixture
    def planned(self, rule, manager):
        """The version of an amendment, entered with the wrong day."""
        same = ("code", "kind", "trigger", "conditions", "events", "confidence")
        return services.add_rule(
            actor=manager,
            today=timezone.localdate(),
            instead_of=rule.pk,
            **{name: getattr(rule, name) for name in same},
            article="法26条",
            sentence="誤った版",
            valid_from=AMENDMENT,
        )

    def url(self, rule):
        return reverse("incidents:rule_withdraw", args=[rule.pk])

    def send(self, client, rule, **facts):
        return client.post(self.url(rule), {"reason": "誤入力", "form_token": "w"} | facts)

    def test_lets_the_version_before_hold_on_again(self, client, manager, rule, planned):
        assert self.url(planned) in client.get(RULES).text
        answer = self.send(client, planned, holds_on="on")
        rule.refresh_from_db()

        assert answer["Location"] == RULES
        assert not ObligationRule.objects.filter(pk=planned.pk).exists()
        assert rule.valid_to is None
        entry = HistoryEntry.objects.get(event="incidents.rule_withdrawn")
        assert (entry.actor, entry.reason) == (manager, "誤入力")
        assert entry.additional_data["sentence"] == "誤った版"

    def test_leaves_the_version_before_as_it_is_where_it_really_ends(
        self, client, manager, rule, planned
    ):
        self.send(client, planned)
        rule.refresh_from_db()
        assert rule.valid_to == AMENDMENT - timedelta(days=1)

    def test_touches_no_version_that_ended_of_itself(self, client, manager, rule, planned):
        ended = AMENDMENT - timedelta(days=30)
        ObligationRule.objects.filter(pk=rule.pk).update(valid_to=ended)
        assert "holds_on" not in client.get(self.url(planned)).context["form"].fields
        self.send(client, planned, holds_on="on")
        rule.refresh_from_db()
        assert rule.valid_to == ended

    def test_asks_for_a_reason(self, client, manager, planned):
        answer = self.send(client, planned, reason="")
        assert list(answer.context["form"].errors) == ["reason"]
        assert ObligationRule.objects.filter(pk=planned.pk).exists()

    def test_is_not_offered_for_what_has_begun(self, client, manager, rule):
        assert self.url(rule) not in client.get(RULES).text
        answer = self.send(client, rule)
        assert ObligationRule.objects.filter(pk=rule.pk).exists()
        assert answer.context["form"].non_field_errors()

    @pytest.mark.parametrize("change", [{"trigger": "x"}, {"target_days": 99}, {"days": 99}])
    def test_by_changing_its_words_is_refused_by_the_database(self, rule, change):
        with pytest.raises(DatabaseError, match="ended, not changed"), transaction.atomic():
            ObligationRule.objects.filter(pk=rule.pk).update(**change)

    def test_of_what_has_begun_is_refused_by_the_database(self, rule):
        with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
            ObligationRule.objects.filter(pk=rule.pk).delete()

    def test_twice_ends_where_the_first_one_did(self, client, manager, planned):
        self.send(client, planned)
        assert self.send(client, planned)["Location"] == RULES
        assert HistoryEntry.objects.filter(event="incidents.rule_withdrawn").count() == 1
