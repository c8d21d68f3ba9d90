"""Nothing in journal, administration, notifications and search tells of a case to who may not know.

What the pages of incidents themselves show is tried beside each page.
"""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pms.accounts.roles import Role
from pms.evidence.models import EvidenceFile
from pms.history.confidentiality import is_confidential
from pms.history.models import HistoryEntry
from pms.history.timeline import _names_of_targets, timeline
from pms.incidents import services
from pms.incidents.choices import FactCode
from tests.accounts.factories import UserFactory
from tests.incidents.factories import NOW, assess, report

pytestmark = pytest.mark.django_db

JOURNAL = reverse("history:entry_list")
# Who reads the journal and may not know of incidents.
READERS = [Role.AUDIT_OFFICER, Role.PMS_OFFICE, Role.TRAINING_OFFICER]
# What tells of no case.
OPEN_MODELS = {
    "Category",
    "EmergencyContact",
    "EmergencyProcedure",
    "IncidentSettings",
    "ObligationRule",
}


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")


@pytest.fixture(params=READERS)
def reader(request, client):
    user = UserFactory(roles=[request.param], language="en")
    client.force_login(user)
    return user


@pytest.fixture
def case(manager):
    """A case with something in every table, of which somebody was let know and excluded again."""
    file = SimpleUploadedFile("kaban.txt", "鞄の写真".encode(), "text/plain")
    incident = report(files=(file,))
    services.describe(incident.pk, actor=manager, now=NOW, title="ひみつの件名")
    assess(incident, FactCode.SENSITIVE, actor=manager)
    somebody = UserFactory(roles=[])
    member = services.let_in(incident.pk, user=somebody, reason="x", actor=manager, now=NOW)
    services.exclude(incident.pk, member_id=member.pk, actor=manager)
    services.contain(incident.pk, contained_at=NOW, containment="回収した", actor=manager, now=NOW)
    services.record_no_action(incident.pk, reason="済み", actor=manager)
    services.explain_not_telling(incident.pk, reason="不明", actor=manager)
    incident.refresh_from_db()
    return incident


def journal_of(user):
    return HistoryEntry.objects.visible_to(user)


class TestJournal:
    @pytest.mark.parametrize(
        "model", apps.get_app_config("incidents").get_models(), ids=lambda it: it.__name__
    )
    def test_knows_what_is_confidential(self, model):
        assert is_confidential(model) == (model.__name__ not in OPEN_MODELS)

    def test_tells_a_handler_everything(self, case, manager):
        assert journal_of(manager).count() == HistoryEntry.objects.count()

    def test_tells_others_nothing(self, client, case, reader):
        entries = journal_of(reader).exclude(content_type__app_label="organization")

        told = " ".join(f"{it.object_repr} {it.changes} {it.additional_data}" for it in entries)

        for word in (case.number, case.title, "kaban.txt", "incidents."):
            assert word not in told
        assert case.number not in client.get(JOURNAL).text

    def test_says_nothing_of_numbers_that_were_given(self, case, reader):
        assert not journal_of(reader).filter(object_repr__contains="INC-").exists()

    def test_keeps_telling_of_everything_else(self, case, reader):
        others = HistoryEntry.objects.filter(content_type__app_label="organization")

        assert others.exists()
        assert set(others) <= set(journal_of(reader))

    def test_tells_who_was_let_in_no_more_than_before(self, case, manager, reader):
        services.let_in(case.pk, user=reader, reason="調査", actor=manager, now=NOW)

        assert not journal_of(reader).filter(event__startswith="incidents.").exists()

    def test_leaves_the_record_and_operation_links_empty(self, client, case, reader):
        entry = HistoryEntry.objects.of(case).first()

        for query in ({"operation": entry.cid}, {"record": case.pk, "kind": entry.content_type_id}):
            assert not client.get(JOURNAL, query).context["page"].rows

    def test_says_nothing_of_an_export_of_the_register(self, client, case, manager, reader):
        client.force_login(manager)
        b"".join(client.get(reverse("incidents:list"), {"export": "csv"}).streaming_content)

        assert journal_of(manager).filter(event="history.exported").exists()
        assert not journal_of(reader).filter(event="history.exported").exists()

    def test_asks_the_same_however_many_cases_there_are(self, client, case, reader):
        def asked():
            with CaptureQueriesContext(connection) as captured:
                list(journal_of(reader).for_list()[:50])
            return len(captured.captured_queries)

        asked()
        few = asked()
        for _time in range(3):
            assess(report())

        assert asked() == few == 1

    def test_tells_a_timeline_to_handlers_only(self, case, manager, reader):
        assert timeline(case, viewer=manager)
        assert timeline(case, viewer=reader) == []

    def test_does_not_name_a_case_to_which_a_change_points(self, case, manager, reader):
        pointing = HistoryEntry.objects.filter(content_type__model="firstreport")[:1]

        assert str(case) in _names_of_targets(pointing, [], manager).values()
        assert str(case) not in _names_of_targets(pointing, [], reader).values()


class TestAdministration:
    @pytest.mark.parametrize("role", [Role.PMS_OFFICE, Role.TRAINING_OFFICER])
    def test_lists_no_entry_of_a_case(self, client, case, role):
        client.force_login(UserFactory(roles=[role], language="en"))

        answer = client.get(reverse("admin:history_historyentry_changelist"))

        assert answer.status_code == 200
        assert case.number not in answer.text
        entry = HistoryEntry.objects.of(case).first()
        page = reverse("admin:history_historyentry_change", args=[entry.pk])
        assert client.get(page).status_code == 302

    @pytest.mark.parametrize("role", [Role.PMS_OFFICE, Role.TRAINING_OFFICER])
    def test_lists_no_file_of_a_case(self, client, case, role):
        client.force_login(UserFactory(roles=[role], language="en"))

        answer = client.get(reverse("admin:evidence_evidencefile_changelist"))

        assert answer.status_code == 200
        assert "kaban.txt" not in answer.text


class TestFiles:
    def test_are_not_handed_to_who_may_not_know(self, client, case, reader):
        url = EvidenceFile.objects.get().get_absolute_url()

        assert client.get(url).status_code == 404

    def test_are_handed_to_a_member(self, client, case, manager):
        member = UserFactory(roles=[])
        services.let_in(case.pk, user=member, reason="x", actor=manager, now=NOW)
        client.force_login(member)

        answer = client.get(EvidenceFile.objects.get().get_absolute_url())

        assert b"".join(answer.streaming_content).decode() == "鞄の写真"


class TestNotifications:
    @pytest.mark.parametrize("role", [Role.PMS_OFFICE, Role.SYSTEM_ADMINISTRATOR])
    def test_of_others_are_not_shown(self, client, case, role):
        client.force_login(UserFactory(roles=[role], language="en"))

        answer = client.get(reverse("notifications:outbox"))

        assert answer.status_code == 200
        assert case.number not in answer.text
        assert not answer.context["page"].rows

    def test_are_shown_to_handlers_as_proof(self, client, case, manager):
        client.force_login(manager)

        assert client.get(reverse("notifications:outbox")).context["page"].rows


class TestSearch:
    SEARCH = reverse("dashboard:search")

    def test_finds_a_case_by_number_and_title(self, client, case, manager):
        client.force_login(manager)

        for words in (case.number, "ひみつ"):
            assert list(client.get(self.SEARCH, {"q": words}).context["found"].incidents) == [case]

    @pytest.mark.parametrize("words", ["INC", "ひみつ"])
    def test_finds_nothing_for_who_may_not_know(self, client, case, reader, words):
        answer = client.get(self.SEARCH, {"q": words})

        assert not answer.context["found"].incidents
        assert case.number not in answer.text

    def test_finds_the_one_case_for_a_member(self, client, case, manager):
        other = report(now=NOW + timedelta(minutes=1))
        member = UserFactory(roles=[], language="en")
        services.let_in(case.pk, user=member, reason="x", actor=manager, now=NOW)
        client.force_login(member)

        found = client.get(self.SEARCH, {"q": "INC"}).context["found"].incidents

        assert list(found) == [case]
        assert other not in found
