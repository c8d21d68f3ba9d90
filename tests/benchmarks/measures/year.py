"""The year: a full ledger of reminders behind its pages, and `run_due` with nothing and much."""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache
from io import StringIO
from itertools import count, islice
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMessage, mailers
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pms.accounts.models import User
from pms.core.bulk import create_rows
from pms.cycles.models import Cycle
from pms.dashboard.reminders import RULES
from pms.notifications.choices import MailState
from pms.notifications.models import Notification
from pms.organization.calendar import WorkingDays
from pms.organization.models import Person
from pms.reminders.choices import ReminderState, UntoldReason
from pms.reminders.models import Reminder
from pms.reminders.rules import before
from pms.training.choices import CampaignStatus
from pms.training.models import TrainingRecord

from . import opening
from .common import clock, seconds, signed_in

PRIVACY_MANAGER = "000102"  # of the invented company
TOLD_BEFORE = (14, 7, 3, 1)  # days
BODY = "お知らせします。\n\n■ 受講する教育\n- 「個人情報保護教育」の期限が近づいています。\n" * 3

_numbers = count(1)


@cache
def browser() -> Client:
    """The privacy manager, whose pages show most of the year."""
    return signed_in(User.objects.get(person__employee_number=PRIVACY_MANAGER))


# --- The ledger of finished years -----------------------------------------------------------------


def fill(rows: int) -> dict[str, Any]:
    """Write what people were told in finished years, with the digest of each day; counts and keys.

    As in a real ledger who has no account is in it as not told.
    """
    kind = ContentType.objects.get_for_model(TrainingRecord).pk
    accounts = {it.pk: it for it in User.objects.order_by()}
    digests: dict[tuple[date, int], Notification] = {}
    ledger = []
    for object_id, person_id, user_id, due_on, title, days in islice(_steps(), rows):
        step = before(days)
        planned_on = date.fromordinal(due_on.toordinal() - days)
        row = Reminder(
            rule="training.open",
            content_type_id=kind,
            object_id=object_id,
            person_id=person_id,
            due_on=due_on,
            step=step.key,
            title=title,
            planned_on=planned_on,
            state=ReminderState.UNTOLD,
            reason=UntoldReason.NOBODY,
        )
        if user_id is not None:
            place = (planned_on, user_id)
            if place not in digests:
                digests[place] = _digest(accounts[user_id], planned_on)
            row.state, row.reason, row.told_on = ReminderState.TOLD, "", planned_on
            row.notification = digests[place]
        ledger.append(row)
    with transaction.atomic():
        create_rows(list(digests.values()))
        for row in ledger:
            row.notification = row.notification  # now it has a key
        create_rows(ledger)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return {"rows": Reminder.objects.count(), "digests": len(digests)} | facts()


def _steps() -> Iterator[tuple[Any, ...]]:
    """One step of one record after the other, all steps of a campaign's before the next one's."""
    closed = TrainingRecord.objects.filter(campaign__status=CampaignStatus.CLOSED)
    records = closed.order_by("campaign", "pk").values_list(
        "pk", "person", "person__user", "due_on", "campaign__title"
    )
    for record in records.iterator(chunk_size=10_000):
        for days in TOLD_BEFORE:
            yield (*record, days)


def _digest(user: User, day: date) -> Notification:
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    return Notification(
        recipient=user,
        kind="reminders.digest",
        key=f"past:{day}",
        subject="お知らせ：対応が必要なこと（1件）",
        body=BODY,
        url="/",
        is_duty=True,
        created_at=noon,
        mail_state=MailState.SENT,
        sent_at=noon,
        attempts=1,
        message_id=f"<{uuid4().hex}@example.com>",
    )


# --- Pages ----------------------------------------------------------------------------------------


def facts() -> dict[str, Any]:
    """The year that is running, and how many people there are."""
    today = timezone.localdate()
    cycle = Cycle.objects.get(starts_on__lte=today, ends_on__gte=today)
    return {"cycle": cycle.pk, "people": Person.objects.count()}


def fetch(path: str, times: int) -> list[float]:
    """How long the page takes, each time."""
    return seconds(lambda: _get(path), times)


def queries(path: str) -> int:
    """How many queries the page asks."""
    _get(path)
    with CaptureQueriesContext(connection) as asked:
        _get(path)
    return len(asked)


def _get(path: str) -> None:
    response = browser().get(path)
    if response.status_code != 200:
        raise AssertionError(f"{path}: {response.status_code}")
    if not response.content:
        raise AssertionError(f"{path}: empty")


# --- The daily run --------------------------------------------------------------------------------


def working_day() -> str:
    """Today, or the first working day after it: on others nobody is told anything."""
    return WorkingDays.load().next_working_day(timezone.localdate()).isoformat()


def run(day: str) -> float:
    """One `run_due` in this process, its mails included; seconds."""
    today, said = date.fromisoformat(day), StringIO()
    return seconds(lambda: call_command("run_due", today=today, stdout=said))[0]


def open_duties() -> int:
    """How many duties a run has to judge."""
    return sum(1 for rule in RULES for _duty in rule.subjects(timezone.localdate()))


def run_much(day: str) -> dict[str, Any]:
    """Open one more campaign, so that its first step is due for everybody, and run.

    Returns:
        Seconds of the run, rows of the ledger and digests that it wrote.
    """
    opening.ours(f"Y{next(_numbers)}")
    steps, digests = Reminder.objects.count(), Notification.objects.count()
    taken = run(day)
    waiting = Notification.objects.exclude(mail_state=MailState.SENT).count()
    if waiting:
        raise AssertionError(f"{waiting} mails did not go out.")
    return {
        "seconds": taken,
        "steps": Reminder.objects.count() - steps,
        "digests": Notification.objects.count() - digests,
    }


def plain(steps: int, digests: int) -> float:
    """Insert the same rows as the last run and hand their mails to the server; seconds.

    No planning, no words, no claim and no note of what became of a mail.
    """
    name = f"plain:{next(_numbers)}"
    notices = list(Notification.objects.order_by("-pk").select_related("recipient")[:digests])
    rows = list(Reminder.objects.order_by("-pk")[:steps])
    places = {notice.pk: number for number, notice in enumerate(notices)}
    numbers = [places.get(row.notification_id) for row in rows]
    for notice in notices:
        notice.key, notice.message_id = name, f"<{uuid4().hex}@example.com>"
    for row in rows:
        row.rule = name
    begun = clock()
    with transaction.atomic():
        create_rows(notices)
        for row, number in zip(rows, numbers, strict=True):
            row.notification = None if number is None else notices[number]
        create_rows(rows)
    server: Any = mailers.default
    server.open()
    for it in notices:
        mail = EmailMessage(it.subject, it.body, settings.DEFAULT_FROM_EMAIL, [it.recipient.email])
        server.send_messages([mail])
    server.close()
    return clock() - begun
