"""Tasks in the queue of the worker, and addresses of calendars."""

from datetime import UTC, datetime

import factory
from django_tasks_db.models import DBTaskResult, get_date_max
from factory.django import DjangoModelFactory

from pms.dashboard.models import CalendarKey, digest_of
from tests.accounts.factories import UserFactory

BEGUN = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
TRACEBACK = """Traceback (most recent call last):
  File "/srv/pms/pms/notifications/tasks.py", line 14, in deliver_mail
    result = delivery.deliver(notification_ids, now=timezone.now())
  File "/srv/pms/pms/notifications/delivery.py", line 99, in deliver
    raise ValueError("taro@example.jp")
  File "/usr/lib/python3/site-packages/django/x.py", line 7, in y
ValueError: taro@example.jp
"""


class TaskFactory(DjangoModelFactory):
    """A delivery of mails that waits for a worker."""

    task_path = "pms.notifications.tasks.deliver_mail"
    args_kwargs = {"args": [[]], "kwargs": {}}
    backend_name = "default"
    run_after = factory.LazyFunction(get_date_max)

    class Meta:
        model = DBTaskResult

    class Params:
        running = factory.Trait(status="RUNNING", started_at=BEGUN, worker_ids=["w1"])
        failed = factory.Trait(
            status="FAILED",
            started_at=BEGUN,
            finished_at=BEGUN,
            worker_ids=["w1"],
            exception_class_path="builtins.ValueError",
            traceback=TRACEBACK,
        )


class CalendarKeyFactory(DjangoModelFactory):
    """The address of one's calendar that `token=` opens; nobody has read it yet."""

    user = factory.SubFactory(UserFactory, roles=[])
    token_digest = factory.LazyAttribute(lambda it: digest_of(it.token))
    created_at = BEGUN

    class Meta:
        model = CalendarKey

    class Params:
        token = factory.Sequence("token-{}".format)
