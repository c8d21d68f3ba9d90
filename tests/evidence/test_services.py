"""How a file becomes evidence."""

import hashlib

import pytest

from pms.evidence import services
from pms.evidence.choices import ScanState
from pms.evidence.exceptions import InfectedFileError, UnacceptableFileError
from pms.evidence.models import EvidenceFile, storage
from pms.history.models import HistoryEntry
from tests.accounts.factories import UserFactory
from tests.organization.factories import PersonFactory

from .factories import EvidenceFileFactory
from .samples import HTML, PDF, photo_from_a_phone, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return UserFactory(email="hr@example.jp")


def attach(actor, name="受講票.pdf", content=PDF, record=None, **facts):
    """Keep one file."""
    return services.attach(record or PersonFactory(), upload(name, content), actor=actor, **facts)


def events(record):
    """The named events of a record, the newest first."""
    return list(HistoryEntry.objects.of(record).exclude(event="").values_list("event", flat=True))


class TestAttach:
    def test_keeps_the_bytes_with_their_fingerprint(self, actor):
        evidence = attach(actor, note="4月分", stated_on=None)

        evidence.refresh_from_db()
        with evidence.file.open("rb") as content:
            assert content.read() == PDF
        assert evidence.sha256 == hashlib.sha256(PDF).hexdigest()
        assert (evidence.name, evidence.size) == ("受講票.pdf", len(PDF))
        assert (evidence.media_type, evidence.note) == ("application/pdf", "4月分")
        assert evidence.uploaded_by == actor
        assert evidence.scan_state == ScanState.NOT_SCANNED

    def test_fingerprints_what_is_kept_and_not_what_came(self, actor):
        original = photo_from_a_phone()

        evidence = attach(actor, "photo.jpg", original)

        with evidence.file.open("rb") as content:
            kept = content.read()
        assert kept != original
        assert evidence.sha256 == hashlib.sha256(kept).hexdigest()
        assert evidence.size == len(kept)

    def test_keeps_it_under_a_name_that_tells_nothing(self, actor):
        evidence = attach(actor)

        assert "受講票" not in evidence.file.name
        assert evidence.file.name != attach(actor).file.name

    def test_tells_the_record_s_journal(self, actor):
        record = PersonFactory()

        evidence = attach(actor, record=record)

        entry = HistoryEntry.objects.of(record).get(event="evidence.attached")
        assert entry.actor == actor
        assert entry.additional_data == {
            "file": "受講票.pdf",
            "size": len(PDF),
            "sha256": evidence.sha256,
        }

    def test_keeps_a_large_upload_that_lies_on_the_disk(self, actor, settings):
        settings.EVIDENCE_MAX_BYTES = 20 * 1024 * 1024
        content = b"%PDF-1.7\n" + b" " * 12_000_000 + b"%%EOF"

        evidence = attach(actor, content=content)

        assert evidence.size == len(content)
        assert storage().size(evidence.file.name) == len(content)

    def test_refuses_more_than_the_limit(self, actor, settings, kept_names):
        settings.EVIDENCE_MAX_BYTES = len(PDF) - 1

        with pytest.raises(UnacceptableFileError, match=r"受講票\.pdf"):
            attach(actor)

        assert not kept_names()

    def test_leaves_nothing_when_it_refuses(self, actor, kept_names):
        record = PersonFactory()

        with pytest.raises(UnacceptableFileError):
            attach(actor, "page.pdf", HTML, record=record)

        assert not kept_names()
        assert not EvidenceFile.objects.exists()
        assert not events(record)

    def test_removes_the_file_when_the_row_cannot_be_written(self, actor, kept_names):
        with pytest.raises(Exception, match="note"):
            attach(actor, note="長" * 201)

        assert not kept_names()
        assert not EvidenceFile.objects.exists()

    def test_removes_the_file_when_a_later_step_of_the_caller_fails(self, actor, kept_names):
        def carry_out():
            with services.atomic_with_files():
                attach(actor)
                with services.atomic_with_files():
                    attach(actor, "second.pdf")
                assert len(kept_names()) == 2
                raise LookupError("a later step")

        with pytest.raises(LookupError):
            carry_out()

        assert not kept_names()
        assert not EvidenceFile.objects.exists()

    def test_keeps_what_an_outer_step_keeps_although_an_inner_one_failed(self, actor, kept_names):
        def carry_out_inner():
            with services.atomic_with_files():
                attach(actor, "second.pdf")
                attach(actor, "page.pdf", HTML)

        with services.atomic_with_files():
            kept = attach(actor)
            with pytest.raises(UnacceptableFileError):
                carry_out_inner()

        assert [kept.name] == [it.name for it in EvidenceFile.objects.all()]
        assert len(kept_names()) == 1


class TestAttachAll:
    def test_keeps_all_files(self, actor):
        record = PersonFactory()

        kept = services.attach_all(
            record, [upload("a.pdf"), upload("b.pdf")], actor=actor, note="両面"
        )

        assert [(it.name, it.note) for it in kept] == [("a.pdf", "両面"), ("b.pdf", "両面")]
        assert EvidenceFile.objects.of(record).count() == 2

    def test_keeps_none_if_one_is_refused(self, actor, kept_names):
        files = [upload("a.pdf"), upload("b.pdf", HTML)]

        with pytest.raises(UnacceptableFileError, match=r"b\.pdf"):
            services.attach_all(PersonFactory(), files, actor=actor)

        assert not kept_names()
        assert not EvidenceFile.objects.exists()


class TestVirusScan:
    def test_notes_that_no_virus_was_found(self, actor, clamd):
        server = clamd()

        assert attach(actor).scan_state == ScanState.CLEAN
        assert server.received == PDF

    def test_refuses_an_infected_file_and_journals_that(self, actor, clamd, kept_names):
        clamd(b"stream: Eicar FOUND\0")
        record = PersonFactory()

        with pytest.raises(InfectedFileError, match=r"Eicar.*受講票\.pdf|受講票\.pdf.*Eicar"):
            attach(actor, record=record)

        assert not kept_names()
        assert not EvidenceFile.objects.exists()
        entry = HistoryEntry.objects.of(record).get(event="evidence.refused_infected")
        assert entry.actor == actor
        assert entry.additional_data == {"file": "受講票.pdf", "virus": "Eicar"}

    def test_journals_it_although_the_caller_s_other_writes_are_undone(self, actor, clamd):
        clamd(b"stream: Eicar FOUND\0")
        record = PersonFactory()

        def carry_out():
            with services.atomic_with_files():
                PersonFactory(employee_number="undone")
                attach(actor, record=record)

        with pytest.raises(InfectedFileError):
            carry_out()

        assert not type(record).objects.filter(employee_number="undone").exists()
        assert events(record) == ["evidence.refused_infected"]


class TestRescan:
    def test_notes_what_was_found_later(self, clamd):
        evidence = EvidenceFileFactory()
        clamd(b"stream: Eicar FOUND\0")

        assert services.rescan(evidence.pk).is_infected

        evidence.refresh_from_db()
        assert evidence.scan_state == ScanState.INFECTED
        assert events(evidence.record) == ["evidence.found_infected"]

    def test_changes_nothing_without_a_scanner(self):
        evidence = EvidenceFileFactory(scan_state=ScanState.CLEAN)

        assert services.rescan(evidence.pk).scan_state == ScanState.CLEAN


class TestSupersede:
    def test_makes_a_chain_in_which_only_the_last_is_current(self, actor):
        first = attach(actor, "first.pdf")
        second = services.supersede(first.pk, upload("second.pdf"), actor=actor)
        third = services.supersede(second.pk, upload("third.pdf"), actor=actor, note="読みやすい")

        files = EvidenceFile.objects.of(first.record)
        assert list(files) == [third, second, first]
        assert list(files.current()) == [third]
        assert third.supersedes.supersedes == first
        entry = HistoryEntry.objects.of(first.record).filter(event="evidence.superseded").first()
        assert entry.additional_data["supersedes"] == "second.pdf"

    def test_refuses_a_file_that_is_superseded_already(self, actor, kept_names):
        first = attach(actor, "first.pdf")
        services.supersede(first.pk, upload("second.pdf"), actor=actor)

        with pytest.raises(UnacceptableFileError, match=r"second\.pdf"):
            services.supersede(first.pk, upload("third.pdf"), actor=actor)

        assert len(kept_names()) == 2

    def test_refuses_a_file_of_another_record(self, actor):
        first = attach(actor, "first.pdf")

        with pytest.raises(UnacceptableFileError, match=r"first\.pdf"):
            attach(actor, "second.pdf", supersedes=first)
