"""Failed tasks are shown and done again; what a killed worker left lying is taken up by another."""

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.tasks import Task
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from pms.accounts.roles import Role
from pms.dashboard.system import MOST_WORKERS, NAMES, Taken, retry_task, take_up_lost_tasks
from pms.history.models import HistoryEntry
from pms.notifications.choices import MailState
from pms.notifications.models import Notification
from pms.notifications.services import deliver_waiting
from pms.transfer.choices import ImportStatus
from tests.accounts.factories import UserFactory
from tests.notifications.factories import NotificationFactory
from tests.notifications.mail_server import Mailbox, serving
from tests.transfer.factories import ImportRunFactory

from .factories import BEGUN, TaskFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("dashboard:system")
WORKER = Path(__file__).with_name("worker_process.py")
NOTHING = Taken(again=0, given_up=0, imports=0)
LATER = BEGUN + timedelta(hours=3)


def event(name):
    return HistoryEntry.objects.get(event=f"dashboard.{name}")


@pytest.fixture
def administrator(client):
    user = UserFactory(roles=[Role.SYSTEM_ADMINISTRATOR], language="en")
    client.force_login(user)
    return user


class TestPage:
    def test_names_the_failed_with_the_place_and_no_person(self, client, administrator):
        TaskFactory(failed=True)

        page = client.get(PAGE).text

        assert "Deliver mails" in page
        assert "ValueError in pms/notifications/delivery.py, line 99" in page
        assert "taro@example.jp" not in page

    @pytest.mark.parametrize(("minutes", "is_shown"), [(29, False), (31, True)])
    def test_names_what_runs_for_long(self, client, administrator, minutes, is_shown):
        TaskFactory(running=True, started_at=timezone.now() - timedelta(minutes=minutes))

        assert bool(client.get(PAGE).context["long"]) == is_shown

    def test_says_so_when_all_is_well(self, client, administrator):
        TaskFactory()

        page = client.get(PAGE).text

        assert "No task has failed." in page
        assert "Nothing takes that long." in page

    def test_asks_the_same_for_many_tasks(self, client, administrator, django_assert_num_queries):
        TaskFactory.create_batch(20, failed=True)
        TaskFactory.create_batch(20, running=True)

        with django_assert_num_queries(5):  # session, account, posts; failed, long
            client.get(PAGE)

    def test_has_a_name_for_every_task(self):
        modules = [f"pms.{it.parent.name}.tasks" for it in settings.ROOT.glob("pms/*/tasks.py")]
        tasks = {
            f"{module}.{name}"
            for module in modules
            for name, value in vars(import_module(module)).items()
            if isinstance(value, Task)
        }

        assert tasks == set(NAMES)


class TestRetry:
    def test_puts_the_task_back_once_and_is_journalled(self, client, administrator):
        task = TaskFactory(failed=True)
        url = reverse("dashboard:task_retry", args=[task.pk])
        assert url in client.get(PAGE).text

        first = client.post(url, follow=True).text
        second = client.post(url, follow=True).text

        assert "will be done again" in first
        assert "is on its way again" in second
        task.refresh_from_db()
        assert (task.status, task.traceback, task.finished_at) == ("READY", "", None)
        entry = event("task_retried")
        assert entry.actor == administrator
        assert entry.additional_data["task"] == task.task_path

    @pytest.mark.parametrize("state", [{}, {"running": True}, {"status": "SUCCESSFUL"}])
    def test_is_for_tasks_that_failed(self, state):
        task = TaskFactory(**state)

        assert retry_task(task.pk, actor=UserFactory()) is False
        assert not HistoryEntry.objects.filter(event="dashboard.task_retried").exists()


class TestLost:
    def test_is_what_runs_longer_than_the_setting_allows(self, settings):
        settings.TASK_LOST_AFTER = timedelta(hours=1)
        task = TaskFactory(running=True)

        assert take_up_lost_tasks(now=BEGUN + timedelta(minutes=59)) == NOTHING
        assert take_up_lost_tasks(now=BEGUN + timedelta(minutes=61)).again == 1
        assert take_up_lost_tasks(now=BEGUN + timedelta(minutes=61)) == NOTHING
        task.refresh_from_db()
        assert (task.status, task.started_at) == ("READY", None)
        assert event("task_taken_up").actor is None

    def test_is_given_up_when_it_has_cost_too_many_workers(self):
        task = TaskFactory(running=True, worker_ids=["w"] * MOST_WORKERS)

        assert take_up_lost_tasks(now=LATER).given_up == 1
        task.refresh_from_db()
        assert task.status == "FAILED"
        assert event("task_given_up").object_pk == str(task.pk)

    def test_is_taken_up_by_the_daily_run(self, capsys):
        task = TaskFactory(running=True)

        call_command("run_due", today=date(2026, 11, 22))

        task.refresh_from_db()
        assert task.status == "READY"
        assert "tasks: 1 taken up again, 0 given up" in capsys.readouterr().out

    def test_leaves_alone_what_waits_or_is_done(self):
        for state in ({}, {"failed": True}, {"status": "SUCCESSFUL"}):
            TaskFactory(**state)

        assert take_up_lost_tasks(now=LATER) == NOTHING

    def test_import_is_started_again_by_its_own_way_and_not_a_second_time(self, settings):
        settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
        ImportRunFactory(status=ImportStatus.CHECKING, started_at=BEGUN)
        TaskFactory(running=True, task_path="pms.transfer.tasks.check_import")

        taken = take_up_lost_tasks(now=LATER)

        assert taken == Taken(again=0, given_up=1, imports=1)


@pytest.mark.django_db(transaction=True)
class TestKilledWorker:
    def work(self, mailers, *, dies):
        """Let a worker of its own process do what waits; gives its exit code."""
        options = mailers["default"]["OPTIONS"]
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "pms.settings.test",
            "PYTHONPATH": str(settings.ROOT),
        }
        name = str(connection.settings_dict["NAME"])
        how = "die" if dies else "live"
        result = subprocess.run(
            [sys.executable, WORKER, name, str(options["port"]), how],
            env=environment,
            cwd=settings.ROOT,
            check=False,
            capture_output=True,
        )
        assert result.returncode in (0, -signal.SIGKILL), result.stderr.decode()
        return result.returncode

    def test_is_followed_by_another_one_and_the_mail_goes_out_once(self):
        told, mailbox = NotificationFactory(), Mailbox()
        task = TaskFactory(args_kwargs={"args": [[told.pk]], "kwargs": {}})
        with serving(mailbox) as mailers:
            assert self.work(mailers, dies=True) == -signal.SIGKILL
            task.refresh_from_db()
            told.refresh_from_db()
            assert task.status == "RUNNING"
            assert told.mail_state == MailState.SENDING

            later = timezone.now() + timedelta(hours=3)
            assert take_up_lost_tasks(now=later).again == 1
            # The claim of the dead ends by itself; here it ended long ago.
            Notification.objects.filter(pk=told.pk).update(claimed_at=BEGUN)
            assert self.work(mailers, dies=False) == 0

        task.refresh_from_db()
        assert task.status == "SUCCESSFUL"
        assert len(task.worker_ids) == 2
        assert mailbox.copies == {told.message_id: 1}
        assert deliver_waiting(now=later).sent == 0
        assert DBTaskResult.objects.count() == 1
