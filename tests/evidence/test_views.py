"""The one way out for a file."""

import uuid

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from pms.accounts.roles import Role
from pms.evidence.choices import ScanState
from pms.evidence.models import EvidenceFile, storage
from pms.history.models import HistoryEntry
from tests.accounts.factories import UserFactory

from .factories import EvidenceFileFactory
from .samples import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = UserFactory(roles=[Role.TRAINING_OFFICER])
    client.force_login(user)
    return user


class TestDownload:
    def test_hands_out_the_bytes_as_a_download_under_the_own_name(self, client, officer):
        evidence = EvidenceFileFactory(name="受講票.pdf")

        answer = client.get(evidence.get_absolute_url())

        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%8F%97")
        assert answer["Content-Length"] == str(len(PDF))

    @pytest.mark.parametrize("media_type", ["image/png", "text/plain", "application/pdf"])
    def test_never_shows_a_file_as_a_page(self, client, officer, media_type):
        answer = client.get(EvidenceFileFactory(media_type=media_type).get_absolute_url())
        assert b"".join(answer.streaming_content)

        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        policy = answer["Content-Security-Policy"].split("; ")
        assert "sandbox" in policy
        assert "default-src 'none'" in policy
        assert "no-store" in answer["Cache-Control"]

    def test_tells_the_journal_of_the_record_who_took_it(self, client, officer):
        evidence = EvidenceFileFactory()

        assert b"".join(client.get(evidence.get_absolute_url()).streaming_content)

        entry = HistoryEntry.objects.of(evidence.record).get(event="evidence.downloaded")
        assert entry.actor == officer
        assert entry.action == HistoryEntry.Action.ACCESS
        assert entry.additional_data["file"] == evidence.name

    def test_sends_strangers_to_the_sign_in_page(self, client):
        answer = client.get(EvidenceFileFactory().get_absolute_url())

        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))

    def test_knows_no_file_of_a_record_that_the_user_does_not_see(self, client):
        evidence = EvidenceFileFactory()
        client.force_login(UserFactory(roles=[]))

        assert client.get(evidence.get_absolute_url()).status_code == 404
        assert not HistoryEntry.objects.filter(event="evidence.downloaded").exists()

    def test_refuses_an_account_without_a_person(self, client):
        client.force_login(UserFactory())

        assert client.get(EvidenceFileFactory().get_absolute_url()).status_code == 403

    def test_knows_no_file_that_is_none(self, client, officer):
        url = reverse("evidence:download", args=[uuid.uuid4()])

        assert client.get(url).status_code == 404

    def test_still_hands_out_what_is_superseded(self, client, officer):
        first = EvidenceFileFactory()
        EvidenceFileFactory(record=first.record, supersedes=first)

        answer = client.get(first.get_absolute_url())

        assert b"".join(answer.streaming_content) == PDF

    def test_keeps_back_what_turned_out_to_be_infected(self, client, officer):
        evidence = EvidenceFileFactory(scan_state=ScanState.INFECTED)

        assert client.get(evidence.get_absolute_url()).status_code == 403

    def test_says_not_found_and_logs_when_the_storage_has_lost_it(self, client, officer, caplog):
        evidence = EvidenceFileFactory()
        storage().delete(evidence.file.name)

        assert client.get(evidence.get_absolute_url()).status_code == 404
        assert str(evidence.uid) in caplog.text
        assert not HistoryEntry.objects.filter(event="evidence.downloaded").exists()

    def test_lets_the_web_server_send_it_where_one_is_set_up(self, client, officer, settings):
        settings.EVIDENCE_ACCEL_PREFIX = "/kept/"
        evidence = EvidenceFileFactory()

        answer = client.get(evidence.get_absolute_url())

        assert answer["X-Accel-Redirect"] == f"/kept/{evidence.file.name}"
        assert not answer.content
        assert HistoryEntry.objects.filter(event="evidence.downloaded").exists()

    def test_is_the_only_way_to_the_file(self, client, officer):
        evidence = EvidenceFileFactory()

        assert client.get(evidence.file.url).status_code == 404
        assert not any(
            storage().path(evidence.file.name).startswith(str(folder))
            for folder in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS)
        )

    def test_refuses_other_methods(self, client, officer):
        assert client.post(EvidenceFileFactory().get_absolute_url()).status_code == 405


class TestEvidenceList:
    def render(self, files, **more):
        return render_to_string("components/evidence_list.html", {"files": files} | more)

    def test_tells_what_is_known_of_a_file(self):
        evidence = EvidenceFileFactory(
            name="<受講票>.pdf", note="4月分", uploaded_by=UserFactory(roles=[])
        )

        html = self.render(EvidenceFile.objects.for_list())

        assert "&lt;受講票&gt;.pdf" in html
        assert "4月分" in html
        assert evidence.sha256 in html
        assert str(evidence.uploaded_by.person) in html
        assert evidence.get_scan_state_display() in html

    def test_names_an_account_without_a_person(self):
        evidence = EvidenceFileFactory()

        assert evidence.uploaded_by.email in self.render(EvidenceFile.objects.for_list())

    def test_strikes_out_what_is_superseded_and_links_both_ways(self):
        first = EvidenceFileFactory()
        second = EvidenceFileFactory(record=first.record, supersedes=first)

        html = self.render(EvidenceFile.objects.of(first.record).for_list())

        assert html.count("<s>") == 1
        assert f'href="#evidence-{second.pk}"' in html
        assert f'href="#evidence-{first.pk}"' in html

    def test_offers_no_link_to_an_infected_file(self):
        evidence = EvidenceFileFactory(scan_state=ScanState.INFECTED)

        assert evidence.get_absolute_url() not in self.render(EvidenceFile.objects.for_list())

    def test_offers_to_attach_only_where_that_is_possible(self):
        assert "/attach/" in self.render([], upload_url="/attach/")
        assert "href" not in self.render([])

    def test_costs_one_query_however_many_files(self, django_assert_num_queries):
        first = EvidenceFileFactory()
        EvidenceFileFactory(record=first.record, supersedes=first)
        EvidenceFileFactory.create_batch(3, record=first.record)

        with django_assert_num_queries(1):
            self.render(EvidenceFile.objects.for_list())
