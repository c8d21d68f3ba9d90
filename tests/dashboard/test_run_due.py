"""What recurs, in one command that may be run as often as one likes."""

import email
import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.utils import timezone

from pms.accounts.roles import Role
from pms.dashboard.reminders import RULES
from pms.history.models import HistoryEntry
from pms.notifications.choices import MailState
from pms.notifications.models import Notification
from pms.reminders.models import Reminder
from tests.accounts.factories import UserFactory
from tests.cycles.factories import MilestoneFactory, YearPlanFactory
from tests.organization.factories import DepartmentFactory, PersonFactory
from tests.training.factories import STARTS_ON, CampaignFactory

SCRIPT = Path(__file__).with_name("running_process.py")


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says."""
    call_command("run_due", *arguments)
    return capsys.readouterr().out


@pytest.mark.django_db
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

    def test_loads_no_pages_when_there_is_nothing_to_tell(self, capsys, monkeypatch):
        person = PersonFactory(with_account=True)
        CampaignFactory(open=True)
        year = YearPlanFactory(approved=True).cycle
        MilestoneFactory(cycle=year, owner=person, due_on=STARTS_ON + timedelta(days=7))
        day = str(STARTS_ON + timedelta(days=1))
        assert "2 told to 1 people" in told(capsys, "--today", day)

        monkeypatch.setattr(
            "django.urls.base.get_resolver", lambda *_args: pytest.fail("asked for an address")
        )

        assert "0 told to 0 people" in told(capsys, "--today", day)

    def test_refuses_what_is_unsafe_in_production(self, settings):
        settings.PRODUCTION, settings.DEMO = True, True

        with pytest.raises(SystemCheckError, match=r"pms\.E003"):
            call_command("run_due", skip_checks=False)

    def test_means_today_unless_told_otherwise(self, capsys):
        assert told(capsys).startswith(str(timezone.localdate()))

    def test_tells_who_has_something_to_do_once(self, capsys):
        person = PersonFactory(with_account=True)
        CampaignFactory(open=True)

        said = [told(capsys, "--today", str(STARTS_ON)) for _run in range(2)]

        assert "1 told to 1 people" in said[0]
        assert "0 told to 0 people" in said[1]
        assert [it.to for it in mail.outbox] == [[person.user.email]]

    def test_acts_as_if_it_were_noon_of_the_day_given(self, capsys):
        PersonFactory(with_account=True)
        CampaignFactory(open=True)

        told(capsys, "--today", str(STARTS_ON))

        told_at = timezone.localtime(Notification.objects.get().created_at)
        assert (told_at.date(), told_at.hour, told_at.minute) == (STARTS_ON, 12, 0)

    def test_lets_in_who_joins_and_tells_them_in_one_run(self, capsys):
        CampaignFactory(open=True)
        day = date(2026, 9, 8)
        joiner = PersonFactory(with_account=True, joined_on=day)

        told(capsys, "--today", str(day))

        assert Reminder.objects.filter(person=joiner, step="start").exists()


class TestRules:
    def test_have_names_of_their_own(self):
        names = [it.name for it in RULES]

        assert len(names) == len(set(names))


class Due:
    """A process that waits for the word to run what is due."""

    def __init__(self, mails: Path, day: date) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, str(SCRIPT)),
                *(str(connection.settings_dict["NAME"]), str(mails), str(day)),
            ],
            env=os.environ
            | {"DJANGO_SETTINGS_MODULE": "pms.settings.test", "PYTHONPATH": str(settings.ROOT)},
            cwd=settings.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.is_ready = self.process.stdout.readline() == "ready\n"

    def go(self) -> None:
        """Say the word."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def wait(self) -> str:
        """What it says at the end; fails if it failed."""
        out, errors = self.process.communicate()
        assert self.process.returncode == 0, errors
        return out


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_tell_everybody_once(tmp_path):
    department = DepartmentFactory()
    manager = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
    people = [
        PersonFactory(with_account=number % 5 > 0, affiliation__department=department)
        for number in range(25)
    ]
    CampaignFactory(open=True)
    runs = [Due(tmp_path, STARTS_ON) for _number in range(2)]
    assert all(it.is_ready for it in runs)

    for it in runs:
        it.go()
    said = [it.wait() for it in runs]

    accounts = {it.user.email for it in people if it.user} | {manager.email}
    files = [it.read_text() for it in sorted(tmp_path.iterdir())]
    messages = [email.message_from_string(part) for it in files for part in split_mails(it)]
    assert Counter(it["To"] for it in messages) == dict.fromkeys(accounts, 1)
    assert Reminder.objects.count() == len(people) + 1
    assert set(Notification.objects.values_list("mail_state", flat=True)) == {MailState.SENT}
    assert sum("26 told to 21 people" in it for it in said) == 1
    assert sum("0 told to 0 people" in it for it in said) == 1


def split_mails(text: str) -> list[str]:
    """The mails of a file, which a line of dashes ends."""
    return [part.lstrip("\n") for part in text.split("-" * 79) if part.strip()]
