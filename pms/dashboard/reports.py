"""Facts of the overview: the numbers behind its tiles and chart, in three queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, Count, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils.translation import get_language

from pms.corrective_actions.models import CorrectiveAction
from pms.cycles.models import Milestone
from pms.incidents.legal_days import cases_with_open_duty
from pms.organization.models import Department
from pms.training.choices import (
    OPEN_STATUSES,
    ExcuseStatus,
    RecordStatus,
)
from pms.training.models import Campaign, Excuse, TrainingRecord
from pms.transfer.choices import ImportStatus
from pms.transfer.models import ImportRun

from .waiting import AHEAD

# Cast, because PostgreSQL takes a bare NULL in a union for a text.
_NONE = Cast(Value(None), BigIntegerField())
_KEY = Cast("pk", BigIntegerField())


@dataclass(slots=True)
class Numbers:
    """How many there are of what the overview counts.

    Attributes:
        milestones_late: open milestones of approved plans whose day is over.
        milestones_near: open milestones that are due within two weeks.
        actions_late: corrective actions that are overdue.
        excuses: requests that wait for a decision.
        imports: files that were checked and wait to be confirmed.
        incidents: open incidents in which an obligation is not settled, drills left out.
        incidents_late: those of them of which a legal day is over.
        overdue: by running campaign, who is not yet through although their last day is over.
        records: by running campaign and department, records by status.
        names: of all departments, in the language in force.
    """

    milestones_late: int = 0
    milestones_near: int = 0
    actions_late: int = 0
    excuses: int = 0
    imports: int = 0
    incidents: int = 0
    incidents_late: int = 0
    overdue: Counter[int] = field(default_factory=Counter)
    records: dict[int, dict[int, Counter[str]]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


def numbers(today: date) -> Numbers:
    """Count everything that the overview shows, in one query.

    The records come from the index `trainingrecord_progress` alone, so that the cost is that of
    the running campaigns, however many years lie behind them.
    """
    running = Campaign.objects.open().order_by().values("pk")
    records = TrainingRecord.objects.filter(campaign__in=running).order_by()
    counts = [
        _one("milestones_late", Milestone.objects.overdue(today)),
        _one("milestones_near", Milestone.objects.due_within(today, today + AHEAD)),
        _one("actions_late", CorrectiveAction.objects.overdue(today)),
        _one("excuses", Excuse.objects.filter(status=ExcuseStatus.REQUESTED)),
        _one("imports", ImportRun.objects.filter(status=ImportStatus.PREVIEWED)),
        _one("incidents", cases_with_open_duty()),
        _one("incidents_late", cases_with_open_duty().filter(next_due_on__lt=today)),
        _count(records.overdue(today), "campaign").values_list(
            Value("overdue"), "campaign", _NONE, "number"
        ),
        # Grouped by what the index begins with, and with void rows: else another one is taken.
        _count(records, "campaign", "department", "employment_kind", "status").values_list(
            "status", "campaign", "department", "number"
        ),
        # Their names come along as rows without a campaign.
        Department.objects.order_by().values_list(_name(), _NONE, _KEY, Value(0)),
    ]
    found = Numbers()
    for kind, campaign, department, number in counts[0].union(*counts[1:], all=True).order_by():
        if campaign is None and department is not None:
            found.names[department] = kind
        elif campaign is None:
            setattr(found, kind, number)
        elif department is None:
            found.overdue[campaign] = number
        elif kind != RecordStatus.VOID:
            of_campaign = found.records.setdefault(campaign, {})
            of_campaign.setdefault(department, Counter())[kind] += number
    return found


def _name() -> Case | Cast:
    """The name of a department in the language in force, chosen by the database."""
    is_english = (get_language() or "").startswith("en")
    if not is_english:
        return Cast("name", CharField())
    return Case(When(name_en="", then="name"), default="name_en", output_field=CharField())


def _count(rows: QuerySet, *keys: Any) -> QuerySet:
    return rows.values(*keys).annotate(number=Count("*"))


def _one(kind: str, rows: QuerySet) -> QuerySet:
    """Rows altogether, as one row of the same shape as the others."""
    # By names that no model has for a field of its own.
    named = rows.order_by().values(counted_as=Value(kind))
    return named.annotate(counted=Count("*")).values_list("counted_as", _NONE, _NONE, "counted")


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


def progress_by_department(
    records: dict[int, Counter[str]], names: dict[int, str]
) -> list[DepartmentProgress]:
    """Every department that has people in the campaign, the one furthest behind first.

    Args:
        records: of one campaign, as `Numbers.records` has them.
        names: of the departments, as `Numbers.names` has them.
    """
    found = [
        DepartmentProgress(
            id=department,
            name=names[department],
            passed=counted[RecordStatus.PASSED],
            excused=counted[RecordStatus.EXCUSED],
            open=sum(counted[status] for status in OPEN_STATUSES),
        )
        for department, counted in records.items()
    ]
    return sorted(found, key=lambda it: (-it.open / it.total, -it.open, it.name))
