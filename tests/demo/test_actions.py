"""The invented company's corrective actions: three years, one in every state."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from pms.corrective_actions.choices import Source, Status
from pms.corrective_actions.models import CorrectiveAction, ExaminerFinding, Extension
from pms.notifications.choices import MailState
from pms.notifications.models import Notification

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def _company(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The smallest company with three years, in a transaction around those of the tests."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        call_command("seed_demo", people=40, years=2, today=TODAY, verbosity=0)
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


pytestmark = pytest.mark.usefixtures("_company", "db")


def test_show_everything_that_a_register_has():
    actions = CorrectiveAction.objects.all()

    assert set(actions.values_list("status", flat=True)) == set(Status.values)
    assert set(actions.values_list("source", flat=True)) == set(Source.values)
    assert {it.year for it in actions} >= {2023, 2024, 2025, 2026}
    again = actions.filter(recurrence_of__isnull=False)
    assert {it.recurrence_of.status for it in again} == {Status.CLOSED}
    assert actions.filter(current__number=2).count() == 1
    assert actions.overdue(TODAY).exists()
    assert actions.closable().exists()
    assert Extension.objects.waiting().exists()
    assert ExaminerFinding.objects.unanswered().count() == 2
    numbers = actions.filter(year=2026).order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))


def test_have_nobody_told_today_of_what_was_years_ago():
    told = Notification.objects.filter(kind__startswith="corrective_actions.")
    assert told.exists()
    assert not told.filter(mail_state=MailState.WAITING).exists()
