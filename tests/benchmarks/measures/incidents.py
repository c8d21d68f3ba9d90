"""Incidents: a register of many years behind its pages, and the judging of as many cases."""

from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pms.accounts.models import User
from pms.core.bulk import create_rows
from pms.incidents.choices import (
    Answer,
    Channel,
    CountKind,
    Event,
    FactCode,
    HandlingRole,
    Kind,
    ObligationStatus,
    Status,
)
from pms.incidents.judging import Count, Facts, judge
from pms.incidents.models import Category, Incident, Obligation
from pms.incidents.rules import all_rules, office_days
from pms.organization.models import Department

from .common import clock, seconds, signed_in

PRIVACY_MANAGER = "000102"  # of the invented company
ANSWERS = tuple(Answer.values)


@cache
def browser() -> Client:
    """The privacy manager, who sees every case."""
    return signed_in(User.objects.get(person__employee_number=PRIVACY_MANAGER))


def fill(rows: int) -> int:
    """Write settled cases of many years with all their obligations; how many there are then."""
    held = Incident.objects.count()
    random = Random(held)
    now = timezone.now()
    departments = list(Department.objects.order_by("pk"))
    classes = list(Category.objects.filter(list="class"))
    causes = list(Category.objects.filter(list="cause"))
    closer = User.objects.get(person__employee_number=PRIVACY_MANAGER)
    cases = []
    for number in range(held, held + rows):
        moment = now - timedelta(hours=random.randrange(24, 24 * 3650))
        cases.append(
            Incident(
                number=f"OLD-{number:06}",
                title="書類の送付先の誤り",
                status=Status.CLOSED,
                department=random.choice(departments),
                noticed_at=moment,
                reported_at=moment,
                created_at=moment,
                updated_at=moment,
                channel=Channel.FORM,
                reporter=closer,
                event_class=random.choice(classes),
                cause_category=random.choice(causes),
                persons_kind=CountKind.EXACT,
                persons=1,
                is_reportable=random.random() < 0.2,
                closed_on=moment.date(),
                closed_by=closer,
                closing_comment="対応を終えた。",
            )
        )
    with transaction.atomic():
        create_rows(cases)
        create_rows(
            [
                Obligation(incident=case, kind=kind, status=ObligationStatus.NOT_NEEDED)
                for case in cases
                for kind in Kind.values
            ]
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return Incident.objects.count()


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


def judged_a_second(cases: int) -> float:
    """How many cases the rules judge in a second; the facts of each are different."""
    random = Random(2)
    rules, offices, today = all_rules(), office_days(), timezone.localdate()
    facts = [_facts(random, today) for _case in range(cases)]
    begun = clock()
    needed = sum(len(judge(it, rules, offices)) for it in facts)
    taken = clock() - begun
    if needed != cases * len(Kind.values):
        raise AssertionError("Not every obligation was judged.")
    return cases / taken


def _facts(random: Random, today: Any) -> Facts:
    return Facts(
        noticed_on=today - timedelta(days=random.randrange(1200)),
        answers={code: random.choice(ANSWERS) for code in FactCode.values},
        events=frozenset(random.sample(Event.values, random.randint(0, 2))),
        role=random.choice(HandlingRole.values),
        persons=random.choice((Count(random.randrange(3000)), Count(at_most=900), Count())),
    )
