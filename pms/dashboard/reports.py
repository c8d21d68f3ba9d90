"""Facts of the overview: the numbers behind its tiles and chart, in three queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Count, QuerySet, Value
from django.db.models.functions import Cast

from pms.organization.models import Department, Person
from pms.training.choices import (
    OPEN_STATUSES,
    ExcuseStatus,
    RecordStatus,
)
from pms.training.models import Campaign, Excuse, TrainingRecord
from pms.transfer.choices import ImportStatus
from pms.transfer.models import ImportRun

# Cast, because PostgreSQL takes a bare NULL in a union for a text.
_NONE = Cast(Value(None), BigIntegerField())


@dataclass(slots=True)
class Numbers:
    """How many there are of what the overview counts.

    Attributes:
        people: who works here today.
        excuses: requests that wait for a decision.
        imports: files that were checked and wait to be confirmed.
        overdue: by running campaign, who is not yet through although their last day is over.
        records: by running campaign and department, records by status.
    """

    people: int = 0
    excuses: int = 0
    imports: int = 0
    overdue: Counter[int] = field(default_factory=Counter)
    records: dict[int, dict[int, Counter[str]]] = field(default_factory=dict)


def numbers(today: date) -> Numbers:
    """Count everything that the overview shows, in one query.

    The records come from the index `trainingrecord_progress` alone, so that the cost is that of
    the running campaigns, however many years lie behind them.
    """
    running = Campaign.objects.open().order_by().values("pk")
    records = TrainingRecord.objects.filter(campaign__in=running).order_by()
    counts = [
        _one("people", Person.objects.employed_on(today)),
        _one("excuses", Excuse.objects.filter(status=ExcuseStatus.REQUESTED)),
        _one("imports", ImportRun.objects.filter(status=ImportStatus.PREVIEWED)),
        _count(records.overdue(today), "campaign").values_list(
            Value("overdue"), "campaign", _NONE, "number"
        ),
        # Grouped by what the index begins with, and with void rows: else another one is taken.
        _count(records, "campaign", "department", "employment_kind", "status").values_list(
            "status", "campaign", "department", "number"
        ),
    ]
    found = Numbers()
    for kind, campaign, department, number in counts[0].union(*counts[1:], all=True).order_by():
        if campaign is None:
            setattr(found, kind, number)
        elif department is None:
            found.overdue[campaign] = number
        elif kind != RecordStatus.VOID:
            of_campaign = found.records.setdefault(campaign, {})
            of_campaign.setdefault(department, Counter())[kind] += number
    return found


def _count(rows: QuerySet, *keys: Any) -> QuerySet:
    return rows.values(*keys).annotate(number=Count("*"))


def _one(kind: str, rows: QuerySet) -> QuerySet:
    """Rows altogether, as one row of the same shape as the others."""
    named = rows.order_by().values(kind=Value(kind))
    return named.annotate(number=Count("*")).values_list("kind", _NONE, _NONE, "number")


@dataclass(frozen=True, slots=True)
class DepartmentProgress:
    """How far the people of one department are, without those of departments below it.

    Attributes:
        id, name: of the department.
        passed, excused, open: people; together they are all of them.
    """

    id: int
    name: str
    passed: int
    excused: int
    open: int

    @property
    def total(self) -> int:
        """Everybody."""
        return self.passed + self.excused + self.open


def running_campaigns() -> list[Campaign]:
    """The open campaigns, the one that ends first in front."""
    return list(Campaign.objects.open().order_by("ends_on", "pk"))


def largest(campaigns: Iterable[Campaign], found: Numbers) -> Campaign | None:
    """The campaign with the most people, which is the annual training; None where none runs."""
    return max(campaigns, key=lambda it: tally(found.records.get(it.pk, {})).total(), default=None)


def tally(records: dict[int, Counter[str]]) -> Counter[str]:
    """All departments of one campaign together, by status."""
    together: Counter[str] = Counter()
    for counted in records.values():
        together.update(counted)
    return together


def progress_by_department(records: dict[int, Counter[str]]) -> list[DepartmentProgress]:
    """Every department that has people in the campaign, the one furthest behind first.

    Args:
        records: of one campaign, as `Numbers.records` has them.
    """
    found = [
        DepartmentProgress(
            id=department.pk,
            name=str(department),
            passed=records[department.pk][RecordStatus.PASSED],
            excused=records[department.pk][RecordStatus.EXCUSED],
            open=sum(records[department.pk][status] for status in OPEN_STATUSES),
        )
        for department in Department.objects.filter(pk__in=records)
    ]
    return sorted(found, key=lambda it: (-it.open / it.total, -it.open, it.name))
