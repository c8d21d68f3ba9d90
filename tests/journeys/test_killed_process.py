"""A process that dies in the middle of opening, pasting or closing leaves nothing half-done."""

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from pms.history.models import HistoryEntry
from pms.training import services
from pms.training.choices import CampaignStatus, RecordStatus
from pms.training.forms.logging import as_table
from pms.training.models import Report, TrainingRecord
from pms.transfer import engine
from pms.transfer.choices import ImportStatus
from pms.transfer.services import confirm, upload
from tests.accounts.factories import UserFactory
from tests.organization.factories import PersonFactory
from tests.training.factories import CampaignFactory, pass_everybody, plan_course

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = Path(__file__).with_name("dying_process.py")
FIRST_DAY, IN_THE_MIDDLE, CLOSING_DAY = date(2026, 9, 1), date(2026, 9, 10), date(2026, 10, 15)


def at_noon(day: date) -> datetime:
    """Noon in Tokyo."""
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def do_and_die(verb: str, number: int, actor: object) -> None:
    """Let another process do it and be killed before it is through."""
    result = subprocess.run(
        [
            *(sys.executable, str(SCRIPT), str(connection.settings_dict["NAME"])),
            *(verb, str(number), str(actor.pk)),
        ],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "pms.settings.test", "PYTHONPATH": str(settings.ROOT)},
        cwd=settings.ROOT,
        check=False,
        capture_output=True,
    )
    assert result.returncode == -signal.SIGKILL, result.stderr.decode()


def test_opening():
    campaign, actor = CampaignFactory(people=30), UserFactory()
    plan_course(campaign.cycle, campaign.course)
    told = HistoryEntry.objects.count()

    do_and_die("open", campaign.pk, actor)

    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.DRAFT
    assert not TrainingRecord.objects.exists()
    assert not campaign.questions.exists()
    assert HistoryEntry.objects.count() == told
    services.open_campaign(campaign.pk, actor=actor, today=FIRST_DAY, now=at_noon(FIRST_DAY))
    assert campaign.records.count() == 30


def test_pasting():
    campaign, actor = CampaignFactory(people=30, open=True), UserFactory()
    numbers = campaign.records.values_list("employee_number", flat=True)
    run = upload(
        as_table((number, "2026-09-09", "") for number in numbers),
        name="numbers.csv",
        importer="completions",
        options={
            "campaign": campaign.pk,
            "attended_on": "2026-09-09",
            "method": "classroom",
            "comprehension": "questionnaire",
            "lecturer": "",
            "session": None,
        },
        actor=actor,
        today=IN_THE_MIDDLE,
        now=at_noon(IN_THE_MIDDLE),
        in_background=False,
    )
    engine.check(run.pk, today=IN_THE_MIDDLE)
    run.refresh_from_db()
    confirm(
        run.pk,
        digest=run.plan_digest,
        actor=actor,
        today=IN_THE_MIDDLE,
        now=at_noon(IN_THE_MIDDLE),
        in_background=False,
    )

    do_and_die("paste", run.pk, actor)

    run.refresh_from_db()
    assert run.status == ImportStatus.WRITING
    assert campaign.records.open().count() == 30
    assert not HistoryEntry.objects.filter(cid=run.operation).exists()
    engine.write(run.pk, today=IN_THE_MIDDLE)
    assert campaign.records.filter(status=RecordStatus.PASSED).count() == 30


def test_closing():
    PersonFactory.create_batch(30)
    campaign, actor = CampaignFactory(open=True), UserFactory()
    pass_everybody(campaign)

    do_and_die("close", campaign.pk, actor)

    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.OPEN
    assert not Report.objects.exists()
    services.close_campaign(campaign.pk, actor=actor, today=CLOSING_DAY, now=at_noon(CLOSING_DAY))
    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.CLOSED
