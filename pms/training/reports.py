"""Facts of training for pages and papers; each is one dataclass and one function."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from django.db import models
from django.db.models import Count, DateField, Value
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pms.accounts.roles import Role
from pms.core.templatetags.pms import due, status
from pms.core.text import NONE, listed
from pms.core.views import urls_of_rows
from pms.cycles.models import Cycle
from pms.organization.choices import EmploymentKind
from pms.organization.models import Department, in_language

from .choices import CampaignStatus, Comprehension, FollowUpKind, Method, RecordStatus
from .models import Campaign, TrainingRecord
from .models.records import TrainingRecordQuerySet
from .services.figures import Figures, report_figures

__all__ = [
    "Figures",
    "Progress",
    "ProgressRow",
    "RecordLine",
    "SummaryRow",
    "Tally",
    "progress",
    "record_lines",
    "report_figures",
    "summarize",
    "summary",
    "target_in_words",
]


# No cast: it would be grouped by, and the index could not give the order. A union takes the type of
# a bare NULL from the part that stands next to it.
_NO_DAY = Value(None, output_field=DateField())


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of people by status; passed + excused + open = population, always."""

    passed: int = 0
    excused: int = 0
    not_started: int = 0
    in_progress: int = 0
    failed: int = 0

    @property
    def open(self) -> int:
        """Not completed yet."""
        return self.not_started + self.in_progress + self.failed

    @property
    def population(self) -> int:
        """Everybody."""
        return self.passed + self.excused + self.open

    @property
    def targeted(self) -> int:
        """Everybody but those excused."""
        return self.passed + self.open

    @property
    def rate(self) -> float | None:
        """Passed of those targeted, per cent; None when nobody is targeted."""
        return 100 * self.passed / self.targeted if self.targeted else None


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One department or one employment kind.

    Attributes:
        key: department id or employment kind, for the list behind the number.
        label: its name.
        tally: its numbers.
    """

    key: int | str
    label: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is.

    Attributes:
        total: of the whole population.
        departments: by department of the snapshot, by code.
        kinds: by employment kind of the snapshot, in the order of `EmploymentKind`.
        cells: by department id and employment kind.
        curve: for each day on which somebody passed, how many had passed by then.
    """

    total: Tally
    departments: list[ProgressRow]
    kinds: list[ProgressRow]
    cells: dict[tuple[int, str], Tally]
    curve: list[tuple[date, int]]


def progress(campaign: Campaign, *, records: TrainingRecordQuerySet | None = None) -> Progress:
    """Count a campaign's records by department, employment kind and status, and the curve.

    One query. Its parts over the records are answered by the index `trainingrecord_progress` alone:
    they cost the campaign's rows, however many others there are. The names of the departments come
    along as rows of the number 0.

    Args:
        campaign: in any state; before its opening all numbers are 0.
        records: only these, e.g. `campaign.records.visible_to(user)`.
    """
    rows = (campaign.records.all() if records is None else records).order_by()
    counts: Counter[tuple[int, str, str]] = Counter()
    passed: Counter[date] = Counter()
    names: dict[int, tuple[str, str]] = {}
    # In the order of the index, void rows too: else everything is read and sorted first. The days
    # are counted apart: with them there are several times as many different facts.
    facts = {"number": Count("*"), "code": Value(""), "name": Value(""), "name_en": Value("")}
    grouped = rows.values_list("department_id", "employment_kind", "status", _NO_DAY)
    days = rows.filter(status=RecordStatus.PASSED).values_list(
        Value(0), Value(""), Value(""), "passed_on"
    )
    departments = Department.objects.order_by().values_list(
        *("pk", Value(""), Value(""), _NO_DAY, Value(0)), *("code", "name", "name_en")
    )
    found = grouped.annotate(**facts).union(days.annotate(**facts), departments, all=True)
    for department, kind, state, passed_on, number, code, name, name_en in found.order_by():
        if passed_on:
            passed[passed_on] += number
        elif not number:
            names[department] = code, in_language(name, name_en)
        elif state != RecordStatus.VOID:
            counts[department, kind, state] += number
    by_department = _tallies(counts, lambda department, _kind: department)
    by_kind = _tallies(counts, lambda _department, kind: kind)
    on = sorted(passed)
    return Progress(
        total=_tallies(counts, lambda *_key: None).get(None, Tally()),
        departments=[
            ProgressRow(pk, name, by_department[pk])
            for pk, (_code, name) in sorted(names.items(), key=lambda it: it[1])
            if pk in by_department
        ],
        kinds=[
            ProgressRow(kind.value, str(kind.label), by_kind[kind.value])
            for kind in EmploymentKind
            if kind.value in by_kind
        ],
        cells=_tallies(counts, lambda *key: key),
        curve=list(zip(on, accumulate(passed[day] for day in on), strict=True)),
    )


def _tallies[K](
    counts: Mapping[tuple[int, str, str], int], key: Callable[[int, str], K]
) -> dict[K, Tally]:
    """The counts added up by what `key` makes of department and employment kind."""
    sums: dict[K, Counter[str]] = defaultdict(Counter)
    for (department, kind, state), number in counts.items():
        sums[key(department, kind)][state] += number
    return {it: Tally(**by_status) for it, by_status in sums.items()}


class RecordLine(NamedTuple):
    """One person in one campaign in a list, in the texts that are shown.

    Attributes:
        url: of the record's page.
        campaign, department, kind: their names.
        status: as word and shape.
        due: the last day, and how far it is while the person is not yet through.
        passed: the day of passing; a dash without one.
        score: per cent; a dash without one.
        followed_up: the day on which somebody last approached the person, where the records
            know it as `followed_up_on`; a dash without one.
    """

    number: str
    url: str
    name: str
    campaign: str
    department: str
    kind: str
    status: str
    due: str
    passed: str
    score: str
    followed_up: str


def record_lines(records: Iterable[TrainingRecord]) -> list[RecordLine]:
    """Lines of `records` (with their campaigns and departments)."""
    url = urls_of_rows("training:record_detail")
    kinds = {kind: str(label) for kind, label in EmploymentKind.choices}
    states = {it.value: status(it, str(it.label)) for it in RecordStatus}
    # The same few days, departments and campaigns stand in many rows.
    last_day, day_text, text = cache(due), cache(_short_day), cache(str)
    return [
        RecordLine(
            number=it.employee_number,
            url=url(it.pk),
            name=it.name,
            campaign=text(it.campaign),
            department=text(it.department),
            kind=kinds[it.employment_kind],
            status=states[it.status],
            due=last_day(it.due_on, not it.is_open),
            passed=day_text(it.passed_on),
            score=NONE if it.score is None else str(it.score),
            followed_up=day_text(vars(it).get("followed_up_on")),
        )
        for it in records
    ]


def _short_day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else NONE


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One training on the 教育実施サマリー. What is not known yet is None.

    Attributes:
        campaign: the training, with its cycle and course.
        target: for whom, in words.
        methods: how people were trained, in words, most frequent first.
        comprehension: how comprehension was checked, in words.
        follow_up: what was done about absentees, in words.
        figures: the numbers: frozen if it is closed, else as they are now.
    """

    campaign: Campaign
    target: str
    methods: str
    comprehension: str
    follow_up: str
    figures: Figures


def summary(cycles: Iterable[Cycle]) -> list[SummaryRow]:
    """The trainings of `cycles` that were opened, oldest first, one row each.

    The application asks for the last two fiscal years (教育実施サマリー of the PrivacyMark forms).
    """
    campaigns = (
        Campaign.objects.filter(cycle__in=[cycle.pk for cycle in cycles])
        .exclude(status=CampaignStatus.DRAFT)
        .select_related("cycle", "course", "course_version__course", "report")
        .prefetch_related("audience_departments")
        .order_by("starts_on", "pk")
    )
    return [summarize(campaign) for campaign in campaigns]


def summarize(campaign: Campaign) -> SummaryRow:
    """One training, for the summary of its year or for its own report."""
    figures = report_figures(campaign)
    return SummaryRow(
        campaign=campaign,
        target=target_in_words(campaign),
        methods=_in_words(figures.methods, Method),
        comprehension=_in_words(figures.comprehension, Comprehension),
        follow_up=_follow_up_in_words(figures),
        figures=figures,
    )


def target_in_words(campaign: Campaign) -> str:
    """For whom a campaign is, e.g. "everyone who works here" or its departments and kinds."""
    kinds = dict(EmploymentKind.choices)
    posts = dict(Role.choices)
    parts = [
        _separated(str(it) for it in campaign.audience_departments.all()),
        _separated(str(kinds[kind]) for kind in campaign.audience_kinds),
        _separated(str(posts.get(post, post)) for post in campaign.audience_posts),
    ]
    if campaign.audience_joined_since:
        since = campaign.audience_joined_since.isoformat()
        parts.append(_("joined on or after %(day)s") % {"day": since})
    named = [part for part in parts if part]
    if not named:
        return _("Everyone who works here, with officers and dispatched workers")
    return pgettext("between conditions", " / ").join(named)


def _in_words(numbers: Mapping[str, int], words: type[models.TextChoices]) -> str:
    labels = dict(words.choices)
    return _separated(
        _("%(what)s %(number)s") % {"what": labels[key], "number": number}
        for key, number in numbers.items()
    )


def _follow_up_in_words(figures: Figures) -> str:
    parts = [_in_words(figures.follow_ups, FollowUpKind)]
    if figures.make_up_sessions:
        parts.append(_("make-up sessions: %(number)s") % {"number": figures.make_up_sessions})
    return _separated(part for part in parts if part)


def _separated(words: Iterable[str]) -> str:
    return listed(words)
