"""The commands that make the invented company, start it, throw it away, and do what is due."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from pms.organization.models import Affiliation, Leave, Person
from pms.training.choices import CampaignStatus, RecordStatus
from pms.training.models import Campaign, TrainingRecord
from tests.organization.factories import PersonFactory

TODAY = date(2026, 11, 2)


def seed(**options: Any) -> None:
    """The smallest company that fills all posts, one finished year and a running one."""
    call_command("seed_demo", people=40, years=1, today=TODAY, verbosity=0, **options)


def told_apart() -> list[Any]:
    """What a reader sees of the company, without the database's own numbers."""
    people = Person.objects.order_by("employee_number")
    records = TrainingRecord.objects.order_by("campaign__starts_on", "employee_number", "pk")
    return [
        list(people.values_list("employee_number", "family_name", "given_name", "left_on")),
        list(records.values_list("employee_number", "status", "score", "passed_on", "due_on")),
    ]


class EnoughError(Exception):
    """The company need not be finished."""


@pytest.mark.django_db
class TestSeedDemo:
    def test_the_same_numbers_give_the_same_company(self) -> None:
        companies = []
        for _time in range(2):
            with transaction.atomic():
                seed(seed=7)
                companies.append(told_apart())
                transaction.set_rollback(True)
        assert companies[0] == companies[1]

    def test_another_roll_of_the_dice_gives_other_people(self, monkeypatch: Any) -> None:
        """People come first: what happens to them later need not be waited for."""
        rosters = []

        def stop(*_: Any, **__: Any) -> None:
            rosters.append(told_apart()[0])
            raise EnoughError

        monkeypatch.setattr("pms.demo.years.build", stop)
        for number in (7, 7, 8):
            with pytest.raises(EnoughError):
                seed(seed=number)
        assert rosters[0] == rosters[1]
        assert rosters[0] != rosters[2]

    def test_has_what_real_life_has(self) -> None:
        call_command("seed_demo", today=TODAY, verbosity=0)
        assert Person.objects.count() == 240
        assert Person.objects.filter(left_on__isnull=False).exists()
        assert Person.objects.filter(user=None, left_on=None).exists()
        assert Affiliation.objects.filter(is_primary=False).exists()
        assert Leave.objects.exists()
        assert Campaign.objects.filter(status=CampaignStatus.CLOSED).count() >= 2
        running = Campaign.objects.get(status=CampaignStatus.OPEN)
        assert running.starts_on < TODAY < running.ends_on
        found = set(running.records.values_list("status", flat=True))
        assert {RecordStatus.PASSED, RecordStatus.FAILED, RecordStatus.NOT_STARTED} <= found

    def test_leaves_a_company_alone_that_is_already_there(self) -> None:
        PersonFactory()
        with pytest.raises(CommandError, match="people already"):
            seed()
        assert Person.objects.count() == 1


class TestStartOver:
    def test_throws_away_nothing_but_a_demo(self) -> None:
        with pytest.raises(CommandError, match="not the demo"):
            call_command("start", "--over")

    def test_throws_away_no_database_of_somebody_else(self, settings: Any, tmp_path: Path) -> None:
        settings.DEMO, settings.VAR = True, tmp_path
        with pytest.raises(CommandError, match="DATABASE_URL"):
            call_command("start", "--over")


class Started:
    """`manage.py start` in a process of its own."""

    def __init__(self, var: Path, *arguments: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        # What names the suite's database must not reach a started demo.
        own = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY"}
        environment = {name: value for name, value in os.environ.items() if name not in own}
        environment |= {
            "PMS_DEMO": "1",
            "PMS_VAR": str(var),
            "PMS_ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "pms.settings.development",
        }
        line = [sys.executable, "manage.py", "start", f"--port={self.port}", *arguments]
        self.process = subprocess.Popen(line, cwd=settings.ROOT, env=environment)

    def __enter__(self) -> "Started":
        """Wait until it answers."""
        try:
            self._wait()
        except BaseException:
            # A `with` that fails to begin does not end either.
            self.process.terminate()
            raise
        return self

    def _wait(self) -> None:
        give_up_at = time.monotonic() + 120
        while True:
            try:
                assert self.get("/healthz/")[0] == 200
            except OSError:
                assert self.process.poll() is None, "it ended by itself"
                assert time.monotonic() < give_up_at, "it does not answer"
                time.sleep(0.2)
            else:
                return

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=60) == 0

    def get(self, path: str) -> tuple[int, str]:
        """One page: its status and its text."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


@pytest.mark.engine("sqlite")
def test_start_prepares_everything_keeps_it_and_starts_over(tmp_path: Path) -> None:
    with Started(tmp_path) as demo:
        status, page = demo.get("/accounts/login/")
        assert status == 200
        assert "佐々木" in page
    key = (tmp_path / "secret_key").read_text()
    with closing(sqlite3.connect(tmp_path / "pms.sqlite3")) as database:
        database.execute("CREATE TABLE what_was_entered (text)")
    assert number_of_people(tmp_path) == 240

    with Started(tmp_path):
        assert is_kept(tmp_path)
    with Started(tmp_path, "--over", "--people=40", "--years=0"):
        assert not is_kept(tmp_path)
        assert number_of_people(tmp_path) == 40
    assert (tmp_path / "secret_key").read_text() == key


def number_of_people(var: Path) -> int:
    """How large the company is."""
    with closing(sqlite3.connect(var / "pms.sqlite3")) as database:
        (people,) = database.execute("SELECT count(*) FROM organization_person").fetchone()
    return people


def is_kept(var: Path) -> bool:
    """Whether the database is still the one that something was entered into."""
    with closing(sqlite3.connect(var / "pms.sqlite3")) as database:
        tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return ("what_was_entered",) in tables.fetchall()
