"""What is done in a case: each verb works, refuses on its form, and has its state."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import Role
from pms.incidents import services
from pms.incidents.choices import Status
from pms.incidents.models import Member
from tests.accounts.factories import UserFactory
from tests.incidents.factories import NOW, assess, category, report
from tests.organization.factories import PersonFactory

pytestmark = pytest.mark.django_db

REASON = {"reason": "念のため確認した。"}
WHEN = "2026-11-20T22:30"


@pytest.fixture
def handler(client):
    user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
    client.force_login(user)
    return user


@pytest.fixture
def incident(handler):
    return report()


def page(incident, name="detail"):
    return reverse(f"incidents:{name}", args=[incident.pk])


def described(incident, **facts):
    shown = {
        "title": "鞄の置き忘れ",
        "department": "",
        "third_party": "",
        "occurred_at": "",
        "noticed_at": timezone.localtime(incident.noticed_at).strftime("%Y-%m-%dT%H:%M"),
        "seen_at": incident.updated_at.isoformat(),
    }
    return shown | facts


def close_all(incident, handler):
    """Leave nothing to do."""
    assess(incident)
    for it in incident.obligations.all():
        if it.is_pending:
            it.status = "not_needed"
            it.save()
    services.contain(incident.pk, contained_at=NOW, containment="回収した", actor=handler, now=NOW)
    services.record_cause(
        incident.pk,
        cause_category=category("cause", "slip"),
        cause="網棚に置いた",
        why_not_earlier="降車時に確認しなかった",
        elsewhere="他の営業担当",
        actor=handler,
    )
    services.record_no_action(incident.pk, reason="手順を直した", actor=handler)
    services.explain_not_telling(incident.pk, reason="連絡先がない", actor=handler)


class TestDescribe:
    def test_sets_right_what_the_record_says(self, client, incident):
        answer = client.post(page(incident, "describe"), described(incident))

        assert answer.headers["Location"] == page(incident)
        incident.refresh_from_db()
        assert incident.title == "鞄の置き忘れ"

    def test_does_not_overwrite_what_somebody_else_wrote(self, client, incident, handler):
        seen = described(incident)
        services.describe(incident.pk, actor=handler, now=NOW, title="先に書いた件名")

        answer = client.post(page(incident, "describe"), seen)

        assert "Somebody else has changed this" in answer.text
        incident.refresh_from_db()
        assert incident.title == "先に書いた件名"

    def test_asks_why_the_legal_days_move(self, client, incident):
        answer = client.post(
            page(incident, "describe"), described(incident, noticed_at="2026-11-20T20:00")
        )

        assert "reason" in answer.context["form"].errors


class TestContain:
    def test_notes_it_and_tells_the_timeline(self, client, incident):
        client.post(page(incident, "contain"), {"contained_at": WHEN, "containment": "駅で保管"})

        incident.refresh_from_db()
        assert incident.containment == "駅で保管"
        assert incident.timeline.filter(text="駅で保管").exists()

    def test_refuses_a_time_to_come_at_its_field(self, client, incident):
        answer = client.post(
            page(incident, "contain"), {"contained_at": "2099-01-01T00:00", "containment": "x"}
        )

        assert "contained_at" in answer.context["form"].errors


class TestCause:
    def test_may_be_half_known(self, client, incident):
        slip = category("cause", "slip")

        client.post(page(incident, "cause"), {"cause_category": slip.pk, "cause": ""})

        incident.refresh_from_db()
        assert incident.cause_category == slip


class TestNoAction:
    def test_keeps_the_reason(self, client, incident):
        client.post(page(incident, "no_action"), REASON)

        incident.refresh_from_db()
        assert incident.no_action_reason == REASON["reason"]


class TestPublication:
    @pytest.fixture
    def top(self, client, incident):
        user = UserFactory(roles=[Role.TOP_MANAGEMENT], language="en")
        client.force_login(user)
        return user

    def test_is_decided_by_top_management(self, client, incident, top):
        client.post(page(incident, "publication"), REASON | {"publication": "not_published"})

        incident.refresh_from_db()
        assert (incident.publication, incident.publication_decided_by) == ("not_published", top)

    def test_asks_where_it_was_published(self, client, incident, top):
        answer = client.post(page(incident, "publication"), REASON | {"publication": "published"})

        assert "published_at" in answer.context["form"].errors

    def test_is_not_decided_by_the_office(self, client, incident):
        assert client.get(page(incident, "publication")).status_code == 404


class TestTimeline:
    def test_takes_a_line(self, client, incident):
        client.post(
            page(incident, "timeline_add"), {"happened_at": WHEN, "kind": "known", "text": "判明"}
        )

        assert incident.timeline.filter(text="判明", kind="known").exists()

    def test_refuses_a_time_to_come_at_its_field(self, client, incident):
        answer = client.post(
            page(incident, "timeline_add"),
            {"happened_at": "2099-01-01T00:00", "kind": "known", "text": "x"},
        )

        assert "happened_at" in answer.context["form"].errors


class TestPeople:
    def test_somebody_is_let_in_and_told(self, client, incident):
        user = UserFactory(roles=[])

        client.post(
            page(incident, "let_in"),
            {"person": user.person.employee_number, "reason": "調査のため"},
        )

        assert Member.objects.get(user=user).reason == "調査のため"
        assert user.notifications.filter(kind="incidents.let_in").exists()

    def test_who_knows_already_is_not_let_in(self, client, incident, handler):
        answer = client.post(
            page(incident, "let_in"), {"person": handler.person.employee_number, "reason": "x"}
        )

        assert "may see this already" in answer.text

    def test_who_cannot_sign_in_is_not_let_in(self, client, incident):
        person = PersonFactory()

        answer = client.post(
            page(incident, "let_in"), {"person": person.employee_number, "reason": "x"}
        )

        assert "has no account" in answer.context["form"].errors["person"][0]
        assert not Member.objects.exists()

    def test_somebody_is_let_know_no_more(self, client, incident, handler):
        user = UserFactory(roles=[])
        member = services.let_in(incident.pk, user=user, reason="x", actor=handler, now=NOW)
        url = reverse("incidents:exclude", args=[member.pk])

        answer = client.get(url)
        token = answer.context["form_token"]
        for _time in range(2):
            answer = client.post(url, {"form_token": token})

        assert answer.status_code == 302
        assert not Member.objects.exists()
        client.force_login(user)
        assert client.get(page(incident)).status_code == 404


class TestClosing:
    def test_names_what_is_missing_with_its_place(self, client, incident):
        assess(incident)

        answer = client.post(page(incident, "close"), {"comment": "完了"})

        assert f'{page(incident)}#cause"' in answer.text
        incident.refresh_from_db()
        assert incident.status == Status.HANDLING

    def test_closes_what_is_done(self, client, incident, handler):
        close_all(incident, handler)

        client.post(page(incident, "close"), {"comment": "鞄は戻った。"})

        incident.refresh_from_db()
        assert (incident.status, incident.closed_by) == (Status.CLOSED, handler)

    def test_says_what_is_the_case_when_it_is_closed_already(self, client, incident, handler):
        close_all(incident, handler)
        services.close(incident.pk, comment="x", actor=handler, today=NOW.date(), now=NOW)

        answer = client.get(page(incident, "close"), follow=True)

        assert answer.redirect_chain[0][0] == page(incident)
        assert "is now: Closed" in answer.text

    def test_dismisses_and_opens_again(self, client, incident):
        client.post(page(incident, "dismiss"), REASON)
        incident.refresh_from_db()
        assert incident.status == Status.DISMISSED

        client.post(page(incident, "reopen"), REASON)
        incident.refresh_from_db()
        assert incident.status == Status.REPORTED

    @pytest.mark.parametrize("verb", ["dismiss", "reopen", "no_action"])
    def test_asks_for_a_reason(self, client, incident, handler, verb):
        if verb == "reopen":
            services.dismiss(incident.pk, reason="x", actor=handler, now=NOW)

        answer = client.post(page(incident, verb), {"reason": " "})

        assert "reason" in answer.context["form"].errors


class TestStates:
    @pytest.mark.parametrize(
        "verb", ["assess", "describe", "contain", "cause", "no_action", "close", "dismiss"]
    )
    def test_nothing_is_done_in_a_case_that_is_over(self, client, incident, handler, verb):
        services.dismiss(incident.pk, reason="x", actor=handler, now=NOW + timedelta(minutes=1))

        assert client.get(page(incident, verb)).headers["Location"] == page(incident)

    def test_an_open_case_is_not_opened_again(self, client, incident):
        assert client.get(page(incident, "reopen")).headers["Location"] == page(incident)
