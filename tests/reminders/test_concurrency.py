"""Several runs at the same moment: one tells, the others find nothing new."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from pms.notifications.models import Notification
from pms.reminders.models import Reminder
from pms.reminders.services import Result, remind
from tests.organization.factories import PersonFactory

from .factories import duty, noon, rule_of

pytestmark = pytest.mark.django_db(transaction=True)

TODAY, DUE_ON = date(2026, 9, 16), date(2026, 9, 30)


def together(act: Callable[[], Result], count: int) -> list[Result]:
    """Do `act` so often at once, each time on a connection of its own."""
    gate = Barrier(count)

    def run() -> Result:
        try:
            gate.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return [it.result() for it in [pool.submit(run) for _number in range(count)]]


def test_three_runs_tell_everybody_once():
    people = PersonFactory.create_batch(30, with_account=True)
    rule = rule_of(*(duty(it, DUE_ON, object_id=it.pk) for it in people))

    results = together(lambda: remind([rule], today=TODAY, now=noon(TODAY)), 3)

    assert sorted(it.told for it in results) == [0, 0, 30]
    assert Reminder.objects.count() == 30
    told = Counter(Notification.objects.values_list("recipient", flat=True))
    assert told == dict.fromkeys((it.user_id for it in people), 1)


def test_what_fails_leaves_nothing_half_told(monkeypatch):
    person = PersonFactory(with_account=True)
    rule = rule_of(duty(person, DUE_ON))

    def fail(rows: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("pms.reminders.services.create_rows", fail)
        with pytest.raises(OSError, match="full"):
            remind([rule], today=TODAY, now=noon(TODAY))

    assert not Notification.objects.exists()
    assert remind([rule], today=TODAY, now=noon(TODAY)).told == 1
