"""Proving that the files are still those that came in."""

import io
import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from pms.evidence.choices import ScanState
from pms.evidence.models import random_name, storage

from .factories import EvidenceFileFactory

pytestmark = pytest.mark.django_db


def verify(**options):
    """What the command prints, and whether it found something."""
    out = io.StringIO()
    try:
        call_command("verify_evidence", stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}", error.returncode
    return out.getvalue(), 0


def path(name):
    return Path(storage().path(name))


def leave_behind(*, days):
    """A file that belongs to no row; its name."""
    name = storage().save(random_name(), ContentFile(b"half an upload"))
    then = time.time() - days * 24 * 3600
    os.utime(path(name), (then, then))
    return name


class TestVerifyEvidence:
    def test_finds_nothing_where_nothing_changed(self):
        EvidenceFileFactory.create_batch(2)

        text, status = verify()

        assert status == 0
        assert "2" in text

    def test_names_an_altered_file(self):
        altered, intact = EvidenceFileFactory.create_batch(2)
        path(altered.file.name).write_bytes(b"%PDF-1.7 something else")

        text, status = verify()

        assert status == 1
        assert str(altered.uid) in text
        assert str(intact.uid) not in text

    def test_names_a_missing_file(self):
        missing = EvidenceFileFactory()
        path(missing.file.name).unlink()

        text, status = verify()

        assert status == 1
        assert str(missing.uid) in text

    def test_works_before_the_first_file(self):
        assert verify()[1] == 0

    def test_names_what_belongs_to_no_record_and_removes_it_on_request(self):
        kept = EvidenceFileFactory()
        old, young = leave_behind(days=2), leave_behind(days=0)

        text, status = verify()
        assert status == 0
        assert old in text
        assert young not in text
        assert path(old).exists()

        verify(remove_leftovers=True)
        assert not path(old).exists()
        assert path(young).exists()
        assert path(kept.file.name).exists()

    def test_searches_for_viruses_on_request(self, clamd):
        clamd(b"stream: Eicar FOUND\0")
        EvidenceFileFactory(scan_state=ScanState.CLEAN)
        missing = EvidenceFileFactory()
        path(missing.file.name).unlink()
        evidence = EvidenceFileFactory()

        text, _ = verify(scan=True)

        evidence.refresh_from_db()
        assert evidence.is_infected
        assert text.count(str(evidence.uid)) == 1
