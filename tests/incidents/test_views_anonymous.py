"""Reporting without a name: nobody is asked, nobody is given away, and the code opens it again."""

import logging
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from pms.accounts.roles import Role
from pms.history.models import HistoryEntry
from pms.incidents import services
from pms.incidents.choices import Channel
from pms.incidents.limits import Limit
from pms.incidents.models import Incident, IncidentSettings
from tests.accounts.factories import UserFactory

from .factories import allow_anonymous, words
from .test_reporting import everything_stored, photo, references_to
from .test_views_reporting import sent

pytestmark = pytest.mark.django_db

FORM, SENT, FOLLOW = (
    "/incidents/without-a-name/",
    "/incidents/without-a-name/sent/",
    "/incidents/follow-up/",
)
CODE = re.compile(r"\b(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}\b")


@pytest.fixture(autouse=True)
def _allowed():
    allow_anonymous()


def code_on(answer):
    """The code that the page shows."""
    return CODE.search(answer.text).group()


class TestReport:
    def test_needs_no_sign_in_and_shows_the_code_once(self, client):
        answer = client.post(FORM, sent(noticed_by=""))
        incident = Incident.objects.get()

        assert incident.channel == Channel.ANONYMOUS
        assert services.by_code(code_on(answer)) == incident
        assert not CODE.search(client.get(SENT).text)

    def test_sends_nobody_to_the_superior_who_wants_to_stay_unknown(self, client):
        assert "上長に電話" not in client.post(FORM, sent(noticed_by="")).text

    def test_sent_twice_makes_one_report_and_says_that_it_has_arrived(self, client):
        client.post(FORM, sent())
        again = client.post(FORM, sent(), follow=True)

        assert Incident.objects.count() == 1
        assert not CODE.search(again.text)

    def test_forgets_who_is_signed_in(self, client):
        reporter = UserFactory(roles=[], language="ja")
        client.force_login(reporter)
        assert 'data-user=""' in client.get(FORM).text
        before = everything_stored()
        answer = client.post(FORM, sent(noticed_by="", files=[photo()]), REMOTE_ADDR="203.0.113.7")
        stored = everything_stored()

        assert reporter.email not in answer.text
        for trace in ("203.0.113.7", reporter.email, "Yamada", "スマホ", code_on(answer)):
            assert stored.count(trace) == before.count(trace), trace
        assert references_to(reporter) == []
        assert not HistoryEntry.objects.filter(actor=reporter).exists()
        # The session goes on as it was.
        assert client.get("/").status_code == 200

    def test_leaves_nothing_in_the_shared_cache_but_the_number_of_the_sending(
        self, client, monkeypatch
    ):
        kept = []
        monkeypatch.setattr(cache, "add", lambda key, *args, **kwargs: not kept.append(key))
        client.post(FORM, sent(), REMOTE_ADDR="203.0.113.7")

        assert kept == ["form:None:t1"]

    def test_gives_nobody_away_in_the_log(self, client, caplog, monkeypatch):
        monkeypatch.setattr("pms.incidents.views.anonymous.ReportView.limit", Limit(most=2))
        reporter = UserFactory(roles=[])
        client.force_login(reporter)
        session = client.session.session_key
        caplog.clear()
        with caplog.at_level(logging.DEBUG):
            answers = [
                client.post(
                    FORM,
                    sent(form_token=what, what=what, files=[photo()]),
                    REMOTE_ADDR="203.0.113.7",
                    HTTP_USER_AGENT="Trail/1.0",
                )
                for what in ("鞄がありません。", "", "三度目です。")
            ]
            client.get(f"{FORM}nothing/", REMOTE_ADDR="203.0.113.7")

        assert [it.status_code for it in answers] == [200, 200, 429]
        # Something is written: what is refused, and the address of a page that is not there.
        assert "Not Found" in caplog.text
        told = [caplog.text, *(repr(it.args) for it in caplog.records)]
        for trace in (
            reporter.email,
            reporter.person.family_name,
            str(reporter.person),
            session,
            "203.0.113.7",
            "Trail",
            "鞄がありません",
            "三度目です",
            code_on(answers[0]),
        ):
            assert not any(trace in it for it in told), trace

    def test_takes_pictures_only_and_keeps_the_words(self, client):
        paper = photo()
        paper.name, paper.content_type = "経緯.txt", "text/plain"
        paper.file.seek(0)
        paper.file.truncate()
        paper.file.write("経緯".encode())
        paper.file.seek(0)
        paper.size = 6
        answer = client.post(FORM, sent(files=[paper]))

        assert "JPEG" in str(answer.context["form"].errors["files"])
        assert "鞄を電車に置き忘れました。" in answer.text
        assert not Incident.objects.exists()

    def test_is_not_there_where_the_company_does_not_offer_it(self, client):
        IncidentSettings.objects.update(allows_anonymous=False)
        for path in (FORM, SENT, FOLLOW):
            assert client.get(path).status_code == 404
        assert client.post(FORM, sent()).status_code == 404
        assert not Incident.objects.exists()
        assert FORM not in client.get("/accounts/login/").text

    def test_is_linked_from_the_sign_in_page(self, client):
        assert f'href="{FORM}" rel="noreferrer"' in client.get("/accounts/login/").text

    def test_is_protected_against_forgery(self):
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(FORM, sent()).status_code == 403

    @pytest.mark.parametrize("path", [FORM, SENT, FOLLOW])
    def test_stays_in_no_cache_and_tells_no_address(self, client, path):
        answer = client.get(path)
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "strict-origin"

    def test_asks_for_patience_after_too_many_and_keeps_the_words(self, client, monkeypatch):
        monkeypatch.setattr("pms.incidents.views.anonymous.ReportView.limit", Limit(most=1))
        client.post(FORM, sent(form_token="a"))
        answer = client.post(FORM, sent(form_token="b", what="二件目です。"))

        assert answer.status_code == 429
        assert "二件目です。" in answer.text
        assert Incident.objects.count() == 1
        elsewhere = client.post(FORM, sent(form_token="b"), REMOTE_ADDR="203.0.113.8")
        assert elsewhere.status_code == 200


class TestFollowUp:
    @pytest.fixture
    def reported(self):
        return services.report_anonymously(words(), now=timezone.now())

    def test_opens_with_the_code_however_it_is_written(self, client, reported):
        incident, code = reported
        answer = client.post(FOLLOW, {"code": f" {code[:4]}-{code[4:]} ".lower()})

        assert answer.status_code == 200
        assert incident.number in answer.text
        assert "鞄を電車に置き忘れました。" in answer.text

    def test_takes_additions_of_whoever_has_the_code(self, client, reported):
        incident, code = reported
        reporter = UserFactory(roles=[])
        client.force_login(reporter)
        facts = {"code": code, "what": "もう一件ありました。", "form_token": "a"}
        first = client.post(FOLLOW, facts | {"files": [photo()]})
        again = client.post(FOLLOW, facts)

        assert "もう一件ありました。" in first.text
        assert first.context["form_token"] not in {"a", again.context["form_token"]}
        assert incident.first_reports.filter(is_addition=True).count() == 1
        assert references_to(reporter) == []

    def test_keeps_an_addition_that_was_refused_beside_its_report(self, client, reported):
        incident, code = reported
        answer = client.post(FOLLOW, {"code": code, "what": " "})

        assert incident.number in answer.text
        assert list(answer.context["form"].errors) == ["what"]

    @pytest.mark.parametrize("facts", [{}, {"what": "追加"}, {"what": ""}])
    def test_says_only_that_there_is_none_under_another_code(self, client, reported, facts):
        incident, _code = reported
        answer = client.post(FOLLOW, {"code": "A" * 16} | facts)

        assert "code" in answer.context["form"].errors
        assert incident.number not in answer.text
        assert incident.first_reports.count() == 1

    def test_shows_nothing_that_the_office_wrote(self, client, reported):
        incident, code = reported
        Incident.objects.filter(pk=incident.pk).update(title="甲社の名簿")

        assert "甲社" not in client.post(FOLLOW, {"code": code}).text

    def test_asks_the_same_of_the_database_whether_there_is_one_or_not(
        self, reported, django_assert_num_queries
    ):
        _incident, code = reported
        for it in (code, "A" * 16):
            with django_assert_num_queries(1):
                services.by_code(it)

    def test_asks_for_patience_after_too_many_guesses(self, client, reported, monkeypatch):
        monkeypatch.setattr("pms.incidents.views.anonymous.FollowUpView.limit", Limit(most=2))
        codes = [client.post(FOLLOW, {"code": it * 16}).status_code for it in "ABC"]
        assert codes == [200, 200, 429]

    def test_opens_no_report_that_has_a_name(self, client):
        assert client.post(FOLLOW, {"code": "-"}).context.get("incident") is None

    def test_tells_who_handles_incidents_that_something_was_added(self, client, reported):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        incident, code = reported
        client.post(FOLLOW, {"code": code, "what": "追加します。", "form_token": "z"})
        assert manager.notifications.get(kind="incidents.words_added").subject.count(
            incident.number
        )


class TestLimit:
    def test_counts_each_address_by_itself_in_a_window_of_time(self):
        limit = Limit(most=2, seconds=60)
        assert [limit.allows("a", now) for now in (0, 1, 2)] == [True, True, False]
        assert limit.allows("b", 2)
        assert limit.allows("a", 60)

    def test_forgets_visits_whose_window_is_over(self):
        limit = Limit(most=5, seconds=60)
        for now in range(5):
            limit.allows("203.0.113.7", now)
        limit.allows("other", 1000)
        assert len(limit) == 1

    def test_holds_no_address_in_plain(self):
        limit = Limit()
        limit.allows("203.0.113.7", 0)
        assert b"203.0.113.7" not in repr(vars(limit)).encode()
        assert Limit()._key != Limit()._key
