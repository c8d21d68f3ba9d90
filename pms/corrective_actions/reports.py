"""Facts of the register for its pages and papers; each is one dataclass and one function."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from pms.core.templatetags.pms import due, status
from pms.core.views import urls_of_rows, with_query
from pms.organization.models import Department, in_language

from .choices import BEFORE_CHECK, OPEN_STATUSES, Grade, Source, Status
from .filters import AGES, BEFORE_APPROVAL
from .models import CorrectiveAction, CorrectiveActionQuerySet, ExaminerFinding

# So many cards stand in one column of the board; the list has all.
MOST_CARDS: Final = 20
# The steps of the board; what is closed or withdrawn is over.
BOARD: Final = (*OPEN_STATUSES, Status.ACCEPTED)


class ActionLine(NamedTuple):
    """An action in the register, in the texts that are shown.

    Attributes:
        url: of the action's page.
        recurrence: says that something alike was found before; empty otherwise.
        due: the day that counts now, and how far it is while it can be missed.
        status: as word and shape.
        grade, source, department, owner: their names.
        found: the day on which it was found.
    """

    number: str
    url: str
    title: str
    recurrence: str
    due: str
    status: str
    grade: str
    source: str
    department: str
    owner: str
    found: str


def action_lines(actions: Iterable[CorrectiveAction]) -> list[ActionLine]:
    """Lines of `actions` (with departments, owners and present rounds)."""
    url = urls_of_rows("corrective_actions:action_detail")
    states = {it.value: status(it, str(it.label)) for it in Status}
    grades = {it.value: str(it.label) for it in Grade}
    sources = {it.value: str(it.label) for it in Source}
    recurrence = status("warning", _("Recurrence"))
    # The same few days, departments and people stand in many rows.
    last_day, text = cache(due), cache(str)
    return [
        ActionLine(
            number=it.number,
            url=url(it.pk),
            title=it.title,
            recurrence=recurrence if it.is_recurrence else "",
            due=last_day(it.acts_by) if it.has_open_day else last_day(it.due_on, True),
            status=states[it.status],
            grade=grades[it.grade],
            source=sources[it.source],
            department=text(it.department),
            owner=text(it.owner),
            found=it.found_on.isoformat(),
        )
        for it in actions
    ]


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One step.

    Attributes:
        status: the step.
        number: how many actions stand there.
        actions: those that are due first, at most `MOST_CARDS`.
        url: the list of all of them.
    """

    status: Status
    number: int
    actions: list[CorrectiveAction]
    url: str


def board(actions: CorrectiveActionQuerySet) -> list[BoardColumn]:
    """Open actions by the step that they have reached, in two queries.

    Args:
        actions: those that the reader may see.
    """
    rows = actions.filter(status__in=BOARD)
    numbers = dict(
        rows.order_by().values("status").annotate(number=Count("*")).values_list("status", "number")
    )
    place = Window(RowNumber(), partition_by=F("status"), order_by=["due_on", "pk"])
    first = rows.order_by().annotate(place=place).filter(place__lte=MOST_CARDS).values("pk")
    cards: defaultdict[str, list[CorrectiveAction]] = defaultdict(list)
    found = CorrectiveAction.objects.filter(pk__in=first).for_list()
    for action in found.order_by("due_on", "pk"):
        cards[action.status].append(action)
    url = reverse("corrective_actions:action_list")
    return [
        BoardColumn(
            status, numbers.get(status, 0), cards[status], with_query(url, state=status.value)
        )
        for status in BOARD
    ]


@dataclass(frozen=True, slots=True)
class Figures:
    """Open actions counted for the page of figures.

    Attributes:
        ages: rows of the chart by the days since they were found, with the grades as segments.
        departments: rows of the chart by department, the most first, with groups of steps.
        open, overdue, recurrences: how many.
    """

    ages: list[dict[str, Any]]
    departments: list[dict[str, Any]]
    open: int
    overdue: int
    recurrences: int


_GRADE_KEYS = {
    Grade.MAJOR: "passed",
    Grade.MINOR: "in_progress",
    Grade.OBSERVATION: "not_started",
}


def figures(actions: CorrectiveActionQuerySet, today: date) -> Figures:
    """Count the open actions of a reader by age and by department, in two queries.

    Args:
        actions: those that the reader may see.
        today: the day that ages and lateness are seen from.
    """
    rows = list(
        actions.open()
        .order_by()
        .values_list(
            "found_on",
            "grade",
            "department",
            "status",
            "due_on",
            "current__check_due_on",
            "current__verdict",
            "recurrence_of",
        )
    )
    names = {
        pk: in_language(name, name_en)
        for pk, name, name_en in Department.objects.order_by().values_list("pk", "name", "name_en")
    }
    ages: Counter[tuple[str, str]] = Counter()
    groups: Counter[tuple[int, str]] = Counter()
    late = 0
    for found_on, grade, department, step, due_on, check_due_on, verdict, _earlier in rows:
        ages[_age(found_on, today), grade] += 1
        late += _is_late(step, due_on, check_due_on, verdict, today)
        groups[department, _group(step)] += 1
    return Figures(
        ages=_age_rows(ages),
        departments=_department_rows(groups, names),
        open=len(rows),
        overdue=late,
        recurrences=sum(row[-1] is not None for row in rows),
    )


def _is_late(
    status: str, due_on: date, check_due_on: date | None, verdict: str | None, today: date
) -> bool:
    if status in BEFORE_CHECK:
        return due_on < today
    return not verdict and check_due_on is not None and check_due_on < today


def _group(status: str) -> str:
    return status if status in (Status.EXECUTION, Status.CHECKING) else BEFORE_APPROVAL


def _age(found_on: date, today: date) -> str:
    days = (today - found_on).days
    return next(
        (key for key, (_first, last) in AGES.items() if last is None or days <= last), "366-"
    )


def _age_rows(counts: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    labels = {
        "0-30": _("30 days or less"),
        "31-90": _("31 to 90 days"),
        "91-180": _("91 to 180 days"),
        "181-365": _("181 to 365 days"),
        "366-": _("More than a year"),
    }
    url = reverse("corrective_actions:action_list")
    most = max((sum(counts[age, g] for g in Grade) for age in AGES), default=0) or 1
    return [
        {
            "label": labels[age],
            "url": with_query(url, age=age),
            "total": sum(counts[age, grade] for grade in Grade),
            "segments": [
                {
                    "key": _GRADE_KEYS[grade],
                    "label": str(grade.label),
                    "value": counts[age, grade],
                    "percent": 100 * counts[age, grade] / most,
                    "url": with_query(url, age=age, grade=grade.value),
                }
                for grade in Grade
            ],
        }
        for age in AGES
    ]


def _department_rows(
    counts: Counter[tuple[int, str]], names: dict[int, str]
) -> list[dict[str, Any]]:
    url = reverse("corrective_actions:action_list")
    parts = [
        (BEFORE_APPROVAL, "not_started", _("Until approval")),
        (Status.EXECUTION.value, "in_progress", str(Status.EXECUTION.label)),
        (Status.CHECKING.value, "passed", str(Status.CHECKING.label)),
    ]
    totals: Counter[int] = Counter()
    for (department, _part), number in counts.items():
        totals[department] += number
    most = max(totals.values(), default=1)
    return [
        {
            "label": names[department],
            "url": with_query(url, unit=department, state="open"),
            "total": totals[department],
            "segments": [
                {
                    "key": key,
                    "label": label,
                    "value": counts[department, part],
                    "percent": 100 * counts[department, part] / most,
                    "url": with_query(url, unit=department, state=part),
                }
                for part, key, label in parts
            ],
        }
        for department in sorted(totals, key=lambda it: (-totals[it], names[it]))
    ]


def unanswered_numbers(findings: QuerySet[ExaminerFinding]) -> list[str]:
    """The numbers of findings without an answer, in the order of the list."""
    return list(
        findings.unanswered().order_by("number", "pk").values_list("number", flat=True)  # type: ignore[attr-defined]
    )


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One list of an examiner: how many findings it has, how many are answered, and until when.

    Attributes:
        received_on: the day of the visit or on which the list came.
        number: findings, without withdrawn ones.
        answered: of them.
        due_on: the earliest last day among those not answered; None once all are.
    """

    received_on: date
    number: int
    answered: int
    due_on: date | None

    @property
    def is_complete(self) -> bool:
        """Whether the reply sheet can go out."""
        return self.answered == self.number


def clock_lines(findings: Iterable[ExaminerFinding]) -> list[ClockLine]:
    """The lists that `findings` came in, the latest first."""
    lists: defaultdict[date, list[ExaminerFinding]] = defaultdict(list)
    for finding in findings:
        lists[finding.received_on].append(finding)
    return [
        ClockLine(
            received_on=day,
            number=len(rows),
            answered=sum(it.is_answered for it in rows),
            due_on=min((it.answer_due_on for it in rows if not it.is_answered), default=None),
        )
        for day, rows in sorted(lists.items(), reverse=True)
    ]
