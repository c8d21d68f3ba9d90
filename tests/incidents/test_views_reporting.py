"""The pages on which an incident is reported, and on which who reported sees where it stands."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import EVERYONE, Role
from pms.evidence.models import EvidenceFile
from pms.incidents import services
from pms.incidents.choices import Answer, Channel, RecordKind, Status
from pms.incidents.models import FirstReport, Incident
from pms.incidents.plain import STANDS
from pms.notifications.models import Notification
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory

from .factories import allow_anonymous, report
from .test_reporting import photo

pytestmark = pytest.mark.django_db

REPORT, OWN, NEW = "/incidents/report/", "/incidents/own/", "/incidents/new/"


def minutes_ago(minutes):
    """A moment as a browser sends it."""
    moment = timezone.localtime() - timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M")


def sent(**facts):
    """What the form sends."""
    usual = {
        "kind": RecordKind.INCIDENT,
        "what": "鞄を電車に置き忘れました。",
        "noticed_at": minutes_ago(30),
        "noticed_by": "山田",
        "what_data": "",
        "data_unknown": "on",
        "how_many": "unknown",
        "is_going_on": Answer.YES,
        "form_token": "t1",
    }
    return usual | facts


@pytest.fixture
def reporter(client):
    user = UserFactory(roles=[], language="ja")
    client.force_login(user)
    return user


class TestReport:
    def test_offers_the_own_department_and_asks_for_no_class(self, client, reporter):
        place = reporter.person.affiliations.get().department
        form = client.get(REPORT).context["form"]

        assert form.get_initial_for_field(form.fields["department"], "department") == place.pk
        assert {"event_class", "title", "status"}.isdisjoint(form.fields)

    def test_takes_the_words_and_leads_to_what_happens_next(self, client, reporter):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        answer = client.post(REPORT, sent(files=[photo()]), follow=True)
        incident = Incident.objects.get()
        said = incident.first_reports.get()

        assert answer.redirect_chain == [(reverse("incidents:reported", args=[incident.pk]), 302)]
        assert incident.reporter == reporter
        assert (said.what, said.data, said.how_many) == (
            "鞄を電車に置き忘れました。",
            "分からない",
            "分からない",
        )
        assert said.is_going_on == Answer.YES
        assert EvidenceFile.objects.of(incident).count() == 1
        assert incident.number in answer.text
        assert str(manager.person) in answer.text
        assert Notification.objects.filter(kind="incidents.reported").get().recipient == manager

    def test_takes_a_near_miss_by_the_same_form(self, client, reporter):
        client.post(REPORT, sent(kind=RecordKind.NEAR_MISS))

        assert Incident.objects.get().number.startswith("NM-")

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"what": " "}, "what"),
            ({"noticed_at": ""}, "noticed_at"),
            ({"noticed_at": minutes_ago(-90)}, "noticed_at"),
            ({"is_going_on": "maybe"}, "is_going_on"),
        ],
    )
    def test_says_at_the_field_what_is_wrong_and_keeps_the_rest(
        self, client, reporter, facts, field
    ):
        answer = client.post(REPORT, sent(**facts))

        assert list(answer.context["form"].errors) == [field]
        assert "山田" in answer.text
        assert not Incident.objects.exists()

    def test_sent_twice_makes_one_report_and_leads_to_it(self, client, reporter):
        first = client.post(REPORT, sent())
        second = client.post(REPORT, sent())

        assert Incident.objects.count() == 1
        assert first["Location"] == second["Location"]

    def test_is_one_tap_away_from_the_duties(self, client, reporter):
        assert f'href="{REPORT}"' in client.get("/").text.split('<main id="main"')[1]

    def test_shows_the_way_without_a_name_where_the_company_offers_it(self, client, reporter):
        way = "/incidents/without-a-name/"
        assert way not in client.get(REPORT).text
        allow_anonymous()
        assert way in client.get(REPORT).text

    def test_is_open_to_everybody_who_works_here(self, client):
        assert "incidents.report_incident" in EVERYONE
        client.force_login(UserFactory())
        assert client.get(REPORT).status_code == 403


class TestOwn:
    @pytest.fixture
    def incident(self, reporter):
        return report(actor=reporter, files=(photo(),))

    def test_shows_the_own_words_and_where_it_stands(self, client, incident):
        text = client.get(f"{OWN}{incident.pk}/").text

        assert "鞄を電車に置き忘れました。" in text
        assert "photo" in text or ".jpg" in text
        assert "届いています" in text

    def test_shows_nothing_that_the_office_wrote(self, client, incident):
        office = UserFactory(roles=[Role.PRIVACY_MANAGER])
        Incident.objects.filter(pk=incident.pk).update(
            title="甲社の名簿", containment="端末を止めました", cause="確認不足"
        )
        FirstReport.objects.create(
            incident=incident, what="内部の覚え", written_by=office, created_at=timezone.now()
        )
        for path in (OWN, f"{OWN}{incident.pk}/", f"{OWN}{incident.pk}/add/"):
            text = client.get(path).text
            for words in ("甲社", "端末を止め", "確認不足", "内部の覚え"):
                assert words not in text, path

    def test_is_listed_with_the_others_of_the_same_account_only(self, client, reporter, incident):
        other = report()
        text = client.get(OWN).text

        assert incident.number in text
        assert other.number not in text

    def test_says_what_the_list_is_for_while_it_is_empty(self, client, reporter):
        assert f'href="{REPORT}"' in client.get(OWN).text.split('<main id="main"')[1]

    def test_takes_an_addition_and_keeps_what_was_said(self, client, reporter, incident):
        answer = client.post(
            f"{OWN}{incident.pk}/add/",
            {"what": "鞄は見つかりました。", "files": [photo()], "form_token": "t2"},
            follow=True,
        )

        assert "鞄は見つかりました。" in answer.text
        assert [it.what for it in incident.first_reports.all()] == [
            "鞄を電車に置き忘れました。",
            "鞄は見つかりました。",
        ]
        assert EvidenceFile.objects.of(incident).count() == 2

    def test_refuses_an_empty_addition(self, client, incident):
        answer = client.post(f"{OWN}{incident.pk}/add/", {"what": " "})

        assert list(answer.context["form"].errors) == ["what"]
        assert incident.first_reports.count() == 1

    @pytest.mark.parametrize("page", ["own", "own_add", "reported"])
    def test_is_hidden_from_everybody_else(self, client, page, incident):
        url = reverse(f"incidents:{page}", args=[incident.pk])
        assert client.get(url).status_code == 200
        for role in (Role.PRIVACY_MANAGER, Role.TOP_MANAGEMENT, Role.DEPARTMENT_MANAGER):
            client.force_login(UserFactory(roles=[role]))
            assert client.get(url).status_code == 404

    def test_thanks_even_where_it_was_no_incident_and_tells_no_reason(self, client, incident):
        office = UserFactory(roles=[Role.PRIVACY_MANAGER])
        services.dismiss(
            incident.pk, reason="別の会社の鞄でした。", actor=office, now=timezone.now()
        )
        text = client.get(f"{OWN}{incident.pk}/").text

        assert "報告していただき" in text
        assert "別の会社" not in text

    def test_says_of_every_state_where_it_stands(self):
        assert set(STANDS) == set(Status)


class TestOffice:
    @pytest.fixture
    def office(self, client):
        user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="ja")
        client.force_login(user)
        return user

    def facts(self, **facts):
        """What the office enters."""
        usual = {
            "channel": Channel.COMPLAINANT,
            "told_by": "佐藤様",
            "third_party": "",
            "reported_at": minutes_ago(10),
            "occurred_at": "",
        }
        return sent(**usual | facts)

    def test_enters_what_somebody_told_with_both_times(self, client, office):
        before = timezone.now()
        answer = client.post(NEW, self.facts(occurred_at=minutes_ago(90)))
        incident = Incident.objects.get()

        assert answer["Location"] == incident.get_absolute_url()
        assert (incident.reporter, incident.told_by) == (None, "佐藤様")
        assert incident.channel == Channel.COMPLAINANT
        assert incident.occurred_at < incident.noticed_at < incident.reported_at
        assert incident.reported_at < before <= incident.created_at

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"told_by": ""}, "told_by"),
            ({"channel": Channel.CONTRACTOR}, "third_party"),
            ({"reported_at": minutes_ago(60)}, "noticed_at"),
            ({"channel": Channel.ANONYMOUS}, "channel"),
        ],
    )
    def test_says_what_is_missing(self, client, office, facts, field):
        answer = client.post(NEW, self.facts(**facts))

        assert field in answer.context["form"].errors
        assert not Incident.objects.exists()

    def test_starts_a_drill_which_is_one_everywhere(self, client, office):
        deputy = UserFactory(roles=[Role.DEPUTY_PRIVACY_MANAGER], language="ja")
        assert client.get(f"{NEW}?drill=1").context["form"].initial["is_drill"]
        client.post(NEW, self.facts(told_by="", is_drill="on"))
        drill = Incident.objects.get()

        assert drill.is_drill
        assert drill.number.startswith("DR-")
        told = Notification.objects.get(kind="incidents.reported", recipient=deputy)
        assert "訓練" in told.subject
        assert "訓練" in told.body

    def test_is_for_who_handles_incidents(self, client):
        for role in Role.values:
            client.force_login(UserFactory(roles=[role]))
            may = role in {Role.PRIVACY_MANAGER, Role.DEPUTY_PRIVACY_MANAGER}
            assert client.get(NEW).status_code == (200 if may else 403), role


def test_the_departments_that_are_closed_are_not_offered(client, reporter):
    gone = DepartmentFactory(ends_on=timezone.localdate() - timedelta(days=1))
    assert gone not in client.get(REPORT).context["form"].fields["department"].queryset
