"""The invented company's three years of corrective actions and incidents; seeded once for both."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from pms.corrective_actions.choices import Source, Status
from pms.corrective_actions.models import CorrectiveAction, ExaminerFinding, Extension
from pms.incidents.choices import Kind, ObligationStatus
from pms.incidents.choices import Status as IncidentStatus
from pms.incidents.models import Incident
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


def test_actions_show_everything_that_a_register_has():
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


@pytest.mark.parametrize("app", ["corrective_actions", "incidents"])
def test_nobody_is_told_today_of_what_was_years_ago(app):
    # What was noticed yesterday evening is told on the next day.
    long_ago = TODAY - timedelta(days=1)
    told = Notification.objects.filter(kind__startswith=f"{app}.", created_at__date__lt=long_ago)
    assert told.exists()
    assert not told.filter(mail_state=MailState.WAITING).exists()


def of_kind(kind, **facts):
    """Real records of a kind, the earliest first."""
    return Incident.objects.filter(kind=kind, is_drill=False, **facts).order_by("reported_at")


def test_incidents_of_three_years_are_small_ones_as_elsewhere():
    settled = of_kind("incident", status=IncidentStatus.CLOSED)
    persons = sorted(settled.values_list("persons", flat=True))
    small = [it for it in persons if it <= 10]

    assert {fiscal_year(it) for it in settled} == {2024, 2025, 2026}
    assert len(settled) >= 12
    # The published figures: one person in most cases, seldom more than ten.
    assert persons[0] == persons[len(persons) // 2] == 1
    assert len(small) >= 0.8 * len(persons)
    assert persons[-1] <= 300
    assert not settled.filter(event_class=None).exists()
    assert not settled.filter(cause_category=None).exists()
    assert len(set(settled.values_list("event_class", flat=True))) >= 3


def test_a_small_incident_may_have_to_be_reported_all_the_same():
    case = of_kind("incident").get(is_reportable=True, status=IncidentStatus.CLOSED)

    assert case.persons == 1
    filed = case.obligations.filter(status=ObligationStatus.FILED)
    assert {Kind.PPC_PRELIMINARY, Kind.PPC_FINAL} <= {it.kind for it in filed}


def test_one_large_incident_is_in_the_middle_of_its_clocks():
    case = of_kind("incident").get(persons__gt=1000)
    duties = {it.kind: it for it in case.obligations.all()}

    assert (case.status, case.is_reportable) == (IncidentStatus.HANDLING, True)
    for kind in (Kind.PPC_PRELIMINARY, Kind.PM_PRELIMINARY):
        assert duties[kind].status == ObligationStatus.FILED
    for kind in (Kind.PPC_FINAL, Kind.PM_FINAL):
        assert duties[kind].is_pending
        # 60 days for an unlawful purpose that is suspected.
        assert duties[kind].due_on > TODAY
        assert duties[kind].days == 60
    assert case.next_due_on > TODAY
    (link,) = case.action_links.all()
    assert (link.action.source, link.action.source_label) == (Source.INCIDENT, case.number)
    assert case.notices.filter(told_on=None).exists()


def test_cases_are_open_at_every_step():
    waiting = of_kind("incident", status__in=[IncidentStatus.REPORTED, IncidentStatus.HANDLING])

    assert [(it.status, it.is_reportable) for it in waiting] == [
        (IncidentStatus.HANDLING, False),
        (IncidentStatus.HANDLING, True),
        (IncidentStatus.REPORTED, None),
    ]


def test_near_misses_are_told_as_often_and_drills_are_run_each_year():
    near = of_kind("near_miss")
    drills = Incident.objects.filter(is_drill=True)

    assert len(near) >= 12
    assert {fiscal_year(it) for it in near} == {2024, 2025, 2026}
    assert not near.filter(is_reportable=True).exists()
    assert sorted(fiscal_year(it) for it in drills) == [2024, 2025, 2026]
    assert not drills.exclude(status=IncidentStatus.CLOSED).exists()


def test_no_number_of_a_year_is_left_out():
    given = [it.rpartition("-") for it in Incident.objects.values_list("number", flat=True)]
    assert {it[0].partition("-")[0] for it in given} == {"INC", "NM", "DR"}
    for series in {it[0] for it in given}:
        counted = sorted(int(it[2]) for it in given if it[0] == series)
        assert counted == list(range(1, len(counted) + 1)), series


def fiscal_year(incident):
    """The year of its number."""
    return int(incident.number.split("-")[1])
