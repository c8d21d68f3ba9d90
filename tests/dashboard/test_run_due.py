"""What recurs, in one command that may be run as often as one likes."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from pms.history.models import HistoryEntry
from tests.organization.factories import PersonFactory
from tests.training.factories import STARTS_ON, CampaignFactory

pytestmark = pytest.mark.django_db


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says."""
    call_command("run_due", *arguments)
    return capsys.readouterr().out


class TestRunDue:
    def test_lets_joiners_in_once(self, capsys):
        campaign = CampaignFactory(open=True)
        joiner = PersonFactory(joined_on=STARTS_ON + timedelta(days=3))
        day = str(STARTS_ON + timedelta(days=5))

        assert "1 added" in told(capsys, "--today", day)
        assert campaign.records.filter(person=joiner).count() == 1

        entries = HistoryEntry.objects.count()
        assert "0 added, 0 excused, 0 due again" in told(capsys, "--today", day)
        assert HistoryEntry.objects.count() == entries

    def test_means_today_unless_told_otherwise(self, capsys):
        assert told(capsys).startswith(str(timezone.localdate()))
