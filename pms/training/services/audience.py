"""Whom a campaign would reach, before it is opened."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from pms.organization.choices import EmploymentKind
from pms.organization.models import Affiliation, Department, Leave, Person
from pms.training.choices import CourseKind
from pms.training.deadlines import Span, absence_on, due_day, is_excused_by
from pms.training.models import Campaign

# So many people without a main affiliation are shown; the rest is counted.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class AudiencePreview:
    """Whom a campaign would reach on a day. The list itself: `campaign.audience_on(day)`.

    Attributes:
        total: people who would get a record.
        by_department: department and number, largest first.
        by_kind: employment kind and number, largest first.
        on_leave: of `total`, how many would be excused at once, being on leave until after the end.
        without_account: of `total`, how many cannot take e-learning.
        not_workers: employed on that day but outsiders, who are not 従業者.
        unplaced_count: employed on that day without a main affiliation: nobody would train them.
        unplaced: the first of them.
    """

    total: int
    by_department: list[tuple[Department, int]]
    by_kind: list[tuple[str, int]]
    on_leave: int
    without_account: int
    not_workers: int
    unplaced_count: int
    unplaced: list[Person]


def preview_audience(campaign: Campaign, *, today: date) -> AudiencePreview:
    """Count whom the campaign would reach if it were opened today; writes nothing."""
    audience = list(
        campaign.audience_on(today).values_list(
            "person_id", "department_id", "employment_kind", "person__joined_on", "person__user_id"
        )
    )
    by_department = Counter(department for _, department, *_ in audience)
    departments = Department.objects.in_bulk(by_department)
    by_kind = Counter(kind for _, _, kind, *_ in audience)
    here = Person.objects.employed_on(today)
    main = Affiliation.objects.on(today).primary().filter(person=OuterRef("pk"))
    unplaced = here.filter(~Exists(main))
    return AudiencePreview(
        total=len(audience),
        by_department=[(departments[pk], number) for pk, number in by_department.most_common()],
        by_kind=by_kind.most_common(),
        on_leave=_count_on_leave(campaign, [(row[0], row[3]) for row in audience], today),
        without_account=sum(row[4] is None for row in audience),
        not_workers=here.filter(
            Exists(main.filter(employment_kind=EmploymentKind.EXTERNAL))
        ).count(),
        unplaced_count=unplaced.count(),
        unplaced=list(unplaced[:SHOWN]),
    )


def _count_on_leave(campaign: Campaign, people: list[tuple[int, date]], today: date) -> int:
    leaves: dict[int, list[Span]] = defaultdict(list)
    rows = Leave.objects.overlapping(today, None)
    for person, starts_on, ends_on in rows.values_list("person_id", "starts_on", "ends_on"):
        leaves[person].append((starts_on, ends_on))
    return sum(
        is_excused_by(absence_on(leaves[person], today), _first_due_day(campaign, joined_on))
        for person, joined_on in people
        if person in leaves
    )


def _first_due_day(campaign: Campaign, joined_on: date) -> date:
    return due_day(
        joined_on,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        days=campaign.joiner_days,
        is_on_joining=campaign.course.kind == CourseKind.NEW_HIRE,
    )
