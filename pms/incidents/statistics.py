"""How many incidents of which kind, beside the mix that is published for all holders of the mark.

Counted are real incidents of a fiscal year by the day of the internal report: no near misses, no
drills, nothing that turned out to be none. Near misses are counted apart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pms.core.views import with_query
from pms.organization.models import Company, Department

from .choices import CategoryList, RecordKind, Status
from .deadlines import list_year
from .models import Category, Incident

NONE: Final = "-"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table.

    Attributes:
        label: what is counted.
        count: how many.
        url: the register with exactly these.
        share: of all that are counted, in per cent; 0 where there are none.
        published: the published share in per cent; None where none was published.
    """

    label: str
    count: int
    url: str
    share: float
    published: Decimal | None = None


@dataclass(frozen=True)
class Year:
    """A fiscal year, called by the calendar year in which it begins."""

    number: int
    first: date
    last: date


@dataclass(frozen=True)
class Statistics:
    """The numbers of a year.

    Attributes:
        year: which.
        total, total_url: all that are counted.
        classes, causes, departments, months: the same, told apart.
        sources: where the published shares are from.
        near_misses, near_misses_url: counted apart.
        near_miss_departments: the same by department.
    """

    year: Year
    total: int
    total_url: str
    classes: list[Line]
    causes: list[Line]
    departments: list[Line]
    months: list[Line]
    sources: list[str]
    near_misses: int
    near_misses_url: str
    near_miss_departments: list[Line]


def year_of(day: date, first_month: int) -> Year:
    """The fiscal year in which `day` lies."""
    number = day.year if day.month >= first_month else day.year - 1
    return year_called(number, first_month)


def year_called(number: int, first_month: int) -> Year:
    """The fiscal year that begins in the calendar year `number`."""
    first = date(number, first_month, 1)
    return Year(number, first, date(number + 1, first_month, 1) - timedelta(days=1))


def years_with_rows(user: Any, today: date) -> list[Year]:
    """The years from the first report to today, the latest first; at least the present one."""
    first_month = Company.objects.current().first_month
    ends = Incident.objects.visible_to(user).aggregate(a=Min("reported_at"), z=Max("reported_at"))
    days = [timezone.localdate(it) for it in ends.values() if it] + [today]
    numbers = [year_of(day, first_month).number for day in days]
    return [year_called(it, first_month) for it in range(max(numbers), min(numbers) - 1, -1)]


def statistics_of(year: Year, *, user: Any) -> Statistics:
    """The numbers of `year`, of what `user` may know; the number of queries is constant."""
    rows = Incident.objects.visible_to(user).filter(
        reported_at__gte=_start_of(year.first),
        reported_at__lt=_start_of(year.last + timedelta(days=1)),
    )
    counted = rows.counted()
    near = rows.filter(kind=RecordKind.NEAR_MISS, is_drill=False).exclude(status=Status.DISMISSED)
    url = _register(year, RecordKind.INCIDENT)
    near_url = _register(year, RecordKind.NEAR_MISS)
    categories = list(Category.objects.order_by("position", "first_year"))
    by_class = _counts(counted, "event_class__code")
    by_cause = _counts(counted, "cause_category__code")
    names = {it.pk: str(it) for it in Department.objects.order_by("code")}
    by_department = _counts(counted, "department")
    total = sum(by_department.values())
    near_by_department = _counts(near, "department")
    return Statistics(
        year=year,
        total=total,
        total_url=url(),
        classes=_by_category(
            by_class,
            _list_of(categories, CategoryList.CLASS, year, by_class),
            lambda code: url(event_class=code),
        ),
        causes=_by_category(
            by_cause,
            _list_of(categories, CategoryList.CAUSE, year, by_cause),
            lambda code: url(cause=code),
        ),
        departments=_by_name(by_department, names, lambda key: url(department=key)),
        months=_by_month(counted, year, url),
        sources=sorted({it.share_source for it in categories if it.share_source}),
        near_misses=sum(near_by_department.values()),
        near_misses_url=near_url(),
        near_miss_departments=_by_name(
            near_by_department, names, lambda key: near_url(department=key)
        ),
    )


def _register(year: Year, kind: str) -> Callable[..., str]:
    """The register narrowed to what is counted here, and further."""

    def url(**narrower: Any) -> str:
        given = {"since": year.first, "until": year.last} | narrower
        return with_query(reverse("incidents:list"), kind=kind, state="valid", **given)

    return url


def _counts(rows: QuerySet, field: str) -> dict[Any, int]:
    return dict(rows.order_by().values_list(field).annotate(Count("pk")))


def _list_of(
    categories: list[Category], name: str, year: Year, counts: Mapping[Any, int]
) -> dict[str, Category]:
    """The lines of a list by code that hold in the year, and those that something is counted by.

    The lists have years of their own, which begin in April; a year of ours may touch two.
    """
    first, last = list_year(year.first), list_year(year.last)
    rows = [it for it in categories if it.list == name]
    counted = {it.code: it for it in rows if it.code in counts}
    return counted | {it.code: it for it in rows if it.holds_between(first, last)}


def _by_category(
    counts: Mapping[Any, int], lines: Mapping[str, Category], url: Callable[[str], str]
) -> list[Line]:
    total = sum(counts.values())
    found = [
        Line(
            label=str(line),
            count=counts.get(code, 0),
            url=url(code),
            share=_share(counts.get(code, 0), total),
            published=line.share,
        )
        for code, line in lines.items()
    ]
    found.sort(key=lambda it: (-it.count, -(it.published or 0)))
    if unknown := counts.get(None, 0):
        found.append(Line(_("Not known yet"), unknown, url(NONE), _share(unknown, total)))
    return found


def _by_name(
    counts: Mapping[Any, int], names: Mapping[Any, str], url: Callable[[Any], str]
) -> list[Line]:
    total = sum(counts.values())
    found = [
        Line(
            label=names[key] if key else _("Not known yet"),
            count=count,
            url=url(key or NONE),
            share=_share(count, total),
        )
        for key, count in counts.items()
    ]
    return sorted(found, key=lambda it: (-it.count, it.label))


def _by_month(rows: QuerySet, year: Year, url: Callable[..., str]) -> list[Line]:
    months = rows.annotate(month=TruncMonth("reported_at"))
    counts = {it.date(): count for it, count in _counts(months, "month").items()}
    total = sum(counts.values())
    found = []
    for step in range(12):
        index = year.first.month - 1 + step
        first = date(year.number + index // 12, index % 12 + 1, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        count = counts.get(first, 0)
        found.append(
            Line(f"{first:%Y-%m}", count, url(since=first, until=last), _share(count, total))
        )
    return found


def _share(count: int, total: int) -> float:
    return round(100 * count / total, 1) if total else 0.0


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
