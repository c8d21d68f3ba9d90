"""A process that dies in the middle of an import leaves nothing half-done, and it goes on."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from pms.history.models import HistoryEntry
from pms.organization.models import Affiliation, Person
from pms.transfer import services
from pms.transfer.choices import ImportStatus
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory

from .rosters import NOW, TODAY, as_csv, check, person_row, upload

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = Path(__file__).with_name("dying_worker.py")
ROWS = [person_row(f"{n:06}") for n in range(1, 2_501)]  # more than one block


def work_and_die(run, work):
    """Let another process do `work` and be killed in the middle of it."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "pms.settings.test",
        "PYTHONPATH": str(settings.ROOT),
    }
    name = connection.settings_dict["NAME"]
    result = subprocess.run(
        [sys.executable, SCRIPT, str(name), str(run.pk), work],
        env=environment,
        cwd=settings.ROOT,
        check=False,
        capture_output=True,
    )
    assert result.returncode == -signal.SIGKILL, result.stderr.decode()
    run.refresh_from_db()


def resume(run):
    """What the button on the page does some minutes later."""
    later = timezone.now() + timedelta(hours=1)
    assert services.resume(run.pk, actor=run.created_by, today=TODAY, now=later)
    run.refresh_from_db()


class TestKilledWhileWriting:
    @pytest.fixture
    def run(self):
        DepartmentFactory(code="D1")
        run = check(as_csv(ROWS), actor=UserFactory())
        services.confirm(
            run.pk,
            digest=run.plan_digest,
            actor=run.created_by,
            today=TODAY,
            now=NOW,
            in_background=False,
        )
        work_and_die(run, "write")
        return run

    def test_nothing_is_half_done(self, run):
        assert run.status == ImportStatus.WRITING
        assert not Person.objects.exists()
        assert not Affiliation.objects.exists()
        assert not HistoryEntry.objects.filter(cid=run.operation).exists()

    def test_the_work_is_taken_up_again_and_done_once(self, run):
        resume(run)

        assert run.status == ImportStatus.DONE
        assert Person.objects.count() == len(ROWS)
        assert Affiliation.objects.count() == len(ROWS)
        assert HistoryEntry.objects.filter(event="transfer.imported").count() == 1


def test_a_check_that_was_killed_is_taken_up_again():
    DepartmentFactory(code="D1")
    run = upload(as_csv(ROWS), actor=UserFactory())

    work_and_die(run, "check")

    assert run.status == ImportStatus.CHECKING
    assert run.counts == {}
    resume(run)
    assert run.status == ImportStatus.PREVIEWED
    assert run.counts == {"new": len(ROWS)}
