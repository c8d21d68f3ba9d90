"""The figures of a campaign for its report, frozen at the closing."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum

from pms.organization.choices import EmploymentKind
from pms.organization.models import Department
from pms.training.choices import POPULATION_STATUSES, CampaignStatus, RecordStatus
from pms.training.models import Attempt, Campaign, CampaignQuestion, FollowUp, TrainingRecord

from .attempts import is_right

# So many of the most-missed questions are told.
MISSED = 5


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one department or of one employment kind.

    Attributes:
        key: department id or employment kind, as text.
        name, name_en: of the department as it was; of a kind "": its words are in `choices`.
        population, excused, attended, passed: numbers of people.
    """

    key: str
    name: str
    name_en: str
    population: int
    excused: int
    attended: int
    passed: int

    @property
    def targeted(self) -> int:
        """Everybody but those excused."""
        return self.population - self.excused

    @property
    def pass_rate(self) -> float | None:
        """Passed of those targeted, per cent; None when nobody is targeted."""
        return share(self.passed, self.targeted)


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """A question that many got wrong.

    Attributes:
        text, text_en, topic: as asked.
        asked, wrong: numbers of answers, every attempt that was sent counted.
        share: wrong of asked, per cent.
    """

    text: str
    text_en: str
    topic: str
    asked: int
    wrong: int
    share: float


@dataclass(frozen=True, slots=True)
class LastYear:
    """The campaign of the same kind of course in the year before.

    Attributes:
        campaign: its id.
        title, starts_on, ends_on: of it; ISO dates.
        population, targeted, attended, passed: numbers of people.
        attendance_rate, pass_rate, average: as in `Figures`.
    """

    campaign: int
    title: str
    starts_on: str
    ends_on: str
    population: int
    targeted: int
    attended: int
    passed: int
    attendance_rate: float | None
    pass_rate: float | None
    average: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a campaign, in numbers (教育実施報告書). Unknown is None, never zero.

    Attributes:
        starts_on, ends_on: the period; ISO dates.
        population: everybody on the list; passed + excused + open, always.
        excused: of them excused.
        targeted: of them not excused.
        attended: of those targeted, who was trained, passed or not.
        not_attended: of those targeted, who was not.
        passed_first: passed without a failure before.
        passed_later: passed after one failure or more.
        open: of those targeted, not through.
        attendance_rate: attended of targeted, per cent, one decimal.
        pass_rate: passed of targeted, per cent, one decimal.
        average: of the scores of who passed with a score, one decimal.
        methods: how people were trained who passed: `Method` and number.
        comprehension: how comprehension was checked of who passed: `Comprehension` and number.
        follow_ups: `FollowUpKind` and number of people who were followed up so.
        make_up_sessions: number held.
        departments, kinds: the same by department and by employment kind.
        questions: how many the test could ask; 0 without a test.
        unchanged: of them word for word as in last year's campaign of this course; None without.
        missed: the most-missed questions, worst first.
        last_year: for comparison; None if there was none.
    """

    starts_on: str
    ends_on: str
    population: int
    excused: int
    targeted: int
    attended: int
    not_attended: int
    passed_first: int
    passed_later: int
    open: int
    attendance_rate: float | None
    pass_rate: float | None
    average: float | None
    methods: dict[str, int]
    comprehension: dict[str, int]
    follow_ups: dict[str, int]
    make_up_sessions: int
    departments: list[Group]
    kinds: list[Group]
    questions: int
    unchanged: int | None
    missed: list[MissedQuestion]
    last_year: LastYear | None

    @property
    def passed(self) -> int:
        """Passed, at first or later."""
        return self.passed_first + self.passed_later

    @property
    def unchanged_share(self) -> float | None:
        """Questions unchanged since last year, per cent; None if there is nothing to compare."""
        return None if self.unchanged is None else share(self.unchanged, self.questions)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, to be frozen."""
        return asdict(self)

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Figures":
        """The figures that were frozen as `facts`."""
        return cls(
            **dict(facts)
            | {
                "departments": [Group(**group) for group in facts["departments"]],
                "kinds": [Group(**group) for group in facts["kinds"]],
                "missed": [MissedQuestion(**question) for question in facts["missed"]],
                "last_year": LastYear(**facts["last_year"]) if facts["last_year"] else None,
            }
        )


def report_figures(campaign: Campaign) -> Figures:
    """The frozen figures of a closed campaign, else those of this moment."""
    report = getattr(campaign, "report", None)
    if campaign.status == CampaignStatus.CLOSED and report is not None and report.figures:
        return Figures.from_json(report.figures)
    return compute_figures(campaign)


def compute_figures(campaign: Campaign) -> Figures:
    """Count what the records, attempts and questions of `campaign` say now."""
    parts = _parts(campaign)
    whole = Sums.of(parts)
    before = _last_year(campaign)
    same_course = before if before and before.course_id == campaign.course_id else None
    return Figures(
        starts_on=campaign.starts_on.isoformat(),
        ends_on=campaign.ends_on.isoformat(),
        population=whole.population,
        excused=whole.excused,
        targeted=whole.targeted,
        attended=whole.attended,
        not_attended=whole.targeted - whole.attended,
        passed_first=whole.passed_first,
        passed_later=whole.passed_later,
        open=whole.targeted - whole.passed,
        attendance_rate=share(whole.attended, whole.targeted),
        pass_rate=share(whole.passed, whole.targeted),
        average=whole.average,
        methods=_passed_by(parts, lambda part: part.method),
        comprehension=_passed_by(parts, lambda part: part.comprehension),
        follow_ups=_follow_ups(campaign),
        make_up_sessions=campaign.sessions.filter(is_make_up=True).count(),
        departments=_departments(parts),
        kinds=_kinds(parts),
        questions=campaign.questions.count(),
        unchanged=_unchanged(campaign, same_course),
        missed=_missed(campaign),
        last_year=_compare(before) if before else None,
    )


def share(part: int, whole: int) -> float | None:
    """Per cent with one decimal; None of nothing: unknown is not zero."""
    return round(100 * part / whole, 1) if whole else None


class Part(NamedTuple):
    """Records that are alike, and how many."""

    department: int
    kind: str
    status: str
    method: str
    comprehension: str
    number: int
    attended: int
    first_time: int
    scored: int
    score: int


@dataclass(slots=True)
class Sums:
    """Added-up parts."""

    population: int = 0
    excused: int = 0
    attended: int = 0
    passed_first: int = 0
    passed_later: int = 0
    scored: int = 0
    score: int = 0

    @classmethod
    def of(cls, parts: Iterable[Part]) -> "Sums":
        """The sums over `parts`."""
        sums = cls()
        for part in parts:
            sums.add(part)
        return sums

    def add(self, part: Part) -> None:
        """Count `part` in."""
        self.population += part.number
        if part.status == RecordStatus.EXCUSED:
            self.excused += part.number
            return
        self.attended += part.attended
        if part.status == RecordStatus.PASSED:
            self.passed_first += part.first_time
            self.passed_later += part.number - part.first_time
            self.scored += part.scored
            self.score += part.score

    @property
    def targeted(self) -> int:
        """Everybody but those excused."""
        return self.population - self.excused

    @property
    def passed(self) -> int:
        """Passed, at first or later."""
        return self.passed_first + self.passed_later

    @property
    def average(self) -> float | None:
        """Of the scores of who passed with one."""
        return round(self.score / self.scored, 1) if self.scored else None


def _parts(campaign: Campaign) -> list[Part]:
    """The population in one grouped query."""
    grouped = (
        TrainingRecord.objects.filter(campaign=campaign, status__in=POPULATION_STATUSES)
        .order_by()
        .values_list("department_id", "employment_kind", "status", "method", "comprehension")
        .annotate(
            number=Count("pk"),
            attended=Count("attended_on"),
            first_time=Count("pk", filter=Q(failures=0)),
            scored=Count("score"),
            total=Sum("score", default=0),
        )
    )
    return [Part(*row) for row in grouped]


def _passed_by(parts: Iterable[Part], key: Callable[[Part], str]) -> dict[str, int]:
    counter: Counter[str] = Counter()
    for part in parts:
        if part.status == RecordStatus.PASSED and key(part):
            counter[key(part)] += part.number
    return dict(counter.most_common())


def _departments(parts: Iterable[Part]) -> list[Group]:
    by_department: dict[int, Sums] = defaultdict(Sums)
    for part in parts:
        by_department[part.department].add(part)
    found = Department.objects.filter(pk__in=by_department).order_by("code")
    return [_group(str(it.pk), it.name, it.name_en, by_department[it.pk]) for it in found]


def _kinds(parts: Iterable[Part]) -> list[Group]:
    by_kind: dict[str, Sums] = defaultdict(Sums)
    for part in parts:
        by_kind[part.kind].add(part)
    return [
        _group(kind, "", "", by_kind[kind]) for kind in EmploymentKind.values if kind in by_kind
    ]


def _group(key: str, name: str, name_en: str, sums: Sums) -> Group:
    return Group(
        key=key,
        name=name,
        name_en=name_en,
        population=sums.population,
        excused=sums.excused,
        attended=sums.attended,
        passed=sums.passed,
    )


def _follow_ups(campaign: Campaign) -> dict[str, int]:
    rows = (
        FollowUp.objects.filter(record__campaign=campaign)
        .order_by()
        .values_list("kind")
        .annotate(number=Count("record", distinct=True))
    )
    return dict(rows.order_by("-number", "kind"))


def _last_year(campaign: Campaign) -> Campaign | None:
    """Last year's campaign of the same course, else of the same kind of course."""
    year = campaign.cycle.previous()
    if year is None:
        return None
    held = year.campaigns.exclude(status=CampaignStatus.DRAFT).order_by("-starts_on", "-pk")
    return (
        held.filter(course=campaign.course_id).first()
        or held.filter(course__kind=campaign.course.kind).first()
    )


def _compare(before: Campaign) -> LastYear:
    sums = Sums.of(_parts(before))
    return LastYear(
        campaign=before.pk,
        title=before.title,
        starts_on=before.starts_on.isoformat(),
        ends_on=before.ends_on.isoformat(),
        population=sums.population,
        targeted=sums.targeted,
        attended=sums.attended,
        passed=sums.passed,
        attendance_rate=share(sums.attended, sums.targeted),
        pass_rate=share(sums.passed, sums.targeted),
        average=sums.average,
    )


def _unchanged(campaign: Campaign, before: Campaign | None) -> int | None:
    if before is None:
        return None
    now, then = (
        set(CampaignQuestion.objects.filter(campaign=it).values_list("digest", flat=True))
        for it in (campaign, before)
    )
    return len(now & then) if now and then else None


def _missed(campaign: Campaign) -> list[MissedQuestion]:
    questions = CampaignQuestion.objects.filter(campaign=campaign)
    bank = {
        pk: (content, topic)
        for pk, content, topic in questions.values_list("pk", "content", "topic")
    }
    asked: Counter[int] = Counter()
    wrong: Counter[int] = Counter()
    papers = Attempt.objects.filter(
        record__campaign=campaign,
        record__status__in=POPULATION_STATUSES,
        submitted_at__isnull=False,
    ).values_list("paper", "answers")
    for paper, answers in papers.order_by().iterator():
        for entry in paper:
            question = entry["question"]
            asked[question] += 1
            wrong[question] += not is_right(bank[question][0], answers.get(str(question), ()))
    told = [
        MissedQuestion(
            text=bank[question][0]["text"],
            text_en=bank[question][0]["text_en"],
            topic=bank[question][1],
            asked=asked[question],
            wrong=number,
            share=round(100 * number / asked[question], 1),
        )
        for question, number in wrong.items()
        if number
    ]
    return sorted(told, key=lambda it: (-it.share, -it.wrong, it.text))[:MISSED]
