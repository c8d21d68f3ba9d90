"""Work in the background: what failed, what takes long, and what a dead worker left lying."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult

from pms.history.context import as_actor
from pms.history.services import record
from pms.transfer.services import resume_stale

LONG: Final = timedelta(minutes=30)
MOST_SHOWN: Final = 100
# A task that takes its worker down with it, e.g. for want of memory, would do so for ever.
MOST_WORKERS: Final = 3
LOST: Final = "pms.dashboard.system.LostWorkerError"

NAMES: Final[dict[str, Any]] = {
    "pms.notifications.tasks.deliver_mail": gettext_lazy("Deliver mails"),
    "pms.organization.tasks.deliver_invitation": gettext_lazy("Mail an invitation"),
    "pms.transfer.tasks.check_import": gettext_lazy("Check an import"),
    "pms.transfer.tasks.write_import": gettext_lazy("Write an import"),
}
# Imports give signs of life and take themselves up again (`transfer.services.resume_stale`).
SELF_KEEPING: Final = "pms.transfer.tasks."

_PLACE = re.compile(r'File ".*/(pms/[\w/]+\.py)", line (\d+)')


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the tasks that a dead worker had.

    Attributes:
        again: how many wait for another worker now.
        given_up: how many have cost too many workers.
        imports: how many imports were started again.
    """

    again: int
    given_up: int
    imports: int


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task as the page shows it."""

    pk: Any
    name: str
    at: datetime
    reason: str


def failed_tasks() -> list[TaskLine]:
    """The latest tasks that failed, with the reason in one line."""
    rows = DBTaskResult.objects.failed().order_by("-finished_at")[:MOST_SHOWN]
    return [_line(task, task.finished_at or task.enqueued_at) for task in rows]


def long_tasks(*, now: datetime) -> list[TaskLine]:
    """Tasks that somebody began more than LONG ago and has not ended."""
    rows = DBTaskResult.objects.running().filter(started_at__lt=now - LONG).order_by("started_at")
    return [_line(task, task.started_at or task.enqueued_at) for task in rows[:MOST_SHOWN]]


def name_of(task: DBTaskResult) -> str:
    """What the task does, in words."""
    return str(NAMES.get(task.task_path, task.task_path))


def reason_of(task: DBTaskResult) -> str:
    """Why it failed: the kind of error and where in our code; its text may name people."""
    if task.exception_class_path == LOST:
        return _("The worker was lost in the middle of it.")
    kind = task.exception_class_path.rpartition(".")[2]
    places = _PLACE.findall(task.traceback)
    if not (kind and places):
        return kind
    file, line = places[-1]
    return _("%(error)s in %(file)s, line %(line)s") % {"error": kind, "file": file, "line": line}


def _line(task: DBTaskResult, at: datetime) -> TaskLine:
    return TaskLine(task.pk, name_of(task), at, reason_of(task))


@as_actor
@transaction.atomic
def retry_task(task_id: Any, *, actor: Any) -> bool:
    """Have a failed task done again.

    Every task may be done twice without harm: it looks for what is still to do.

    Args:
        task_id: primary key.
        actor: who asks for it.

    Returns:
        Whether it was put back; False if somebody did so before, or there is none.
    """
    failed = DBTaskResult.objects.select_for_update().filter(
        pk=task_id, status=TaskResultStatus.FAILED
    )
    task = failed.first()
    if task is None:
        return False
    details = {"task": task.task_path, "reason": reason_of(task)}
    _put_back(task, worker_ids=[])
    record("dashboard.task_retried", task, actor=actor, details=details)
    return True


def take_up_lost_tasks(*, now: datetime) -> Taken:
    """Give the tasks of dead workers to the living, and start lost imports again.

    A worker that is killed has no time to say so: a task that runs for longer than
    `settings.TASK_LOST_AFTER` counts as lost. Should its worker live after all, the work is done
    twice and has its effect once, because every task looks for what is still to do.

    Args:
        now: the moment.

    Returns:
        How many were taken up.
    """
    imports = resume_stale(today=timezone.localdate(now), now=now)
    again = given_up = 0
    lost = DBTaskResult.objects.running().filter(started_at__lt=now - settings.TASK_LOST_AFTER)
    with transaction.atomic():
        for task in lost.select_for_update(skip_locked=True):
            details = {"task": task.task_path}
            is_hopeless = len(task.worker_ids) >= MOST_WORKERS
            if is_hopeless or task.task_path.startswith(SELF_KEEPING):
                _give_up(task, now)
                given_up += 1
                record("dashboard.task_given_up", task, actor=None, details=details)
            else:
                _put_back(task)
                again += 1
                record("dashboard.task_taken_up", task, actor=None, details=details)
    return Taken(again, given_up, len(imports))


def _put_back(task: DBTaskResult, **facts: Any) -> None:
    """Let the task wait for the next worker."""
    _change(
        task,
        status=TaskResultStatus.READY,
        started_at=None,
        finished_at=None,
        exception_class_path="",
        traceback="",
        **facts,
    )


def _give_up(task: DBTaskResult, now: datetime) -> None:
    _change(task, status=TaskResultStatus.FAILED, finished_at=now, exception_class_path=LOST)


def _change(task: DBTaskResult, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(task, name, value)
    task.save(update_fields=list(facts))
