"""Facts of what is printed and shown of the organization."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pms.accounts.roles import Role
from pms.core.templatetags.pms import status
from pms.core.text import NONE
from pms.core.views import urls_of_rows

from .choices import EmploymentKind, PersonState
from .mastheads import in_words
from .models import SINGLE_ROLES, Affiliation, Appointment, Company, Department, Person
from .tree import Branch, in_tree_order

# Posts that the management system cannot do without (JIS Q 15001:2023 5.3, guideline J.2.3).
NEEDED_ROLES = (
    Role.TOP_MANAGEMENT,
    Role.PRIVACY_MANAGER,
    Role.AUDIT_OFFICER,
    Role.TRAINING_OFFICER,
    Role.COMPLAINT_OFFICER,
)


@dataclass(frozen=True, kw_only=True)
class AppointmentLetter:
    """A letter of appointment (任命書), as `letter` in base.typ sets it."""

    company: str
    number: str
    addressee: Sequence[str]
    body: Sequence[str]
    date: str
    sender: Sequence[str]
    seal_box: str


def appointment_letter(
    appointment: Appointment, *, issued_on: date, uses_wareki: bool = False
) -> AppointmentLetter:
    """What the letter of `appointment` says, in the present language.

    Args:
        appointment: with person and department.
        issued_on: the day that the letter bears.
        uses_wareki: whether days are written in the Japanese era.
    """
    company = Company.objects.current()
    person = appointment.person
    place = _place_of(person, appointment.starts_on)
    return AppointmentLetter(
        company=str(company),
        number=_("Appointment %(year)d-%(number)03d")
        % {"year": appointment.starts_on.year, "number": appointment.pk},
        addressee=[
            *([str(place.department)] if place else []),
            pgettext("addressee of a letter", "%(name)s") % {"name": person.full_name},
        ],
        body=[_sentence(appointment, uses_wareki=uses_wareki), *filter(None, [appointment.note])],
        date=in_words(issued_on, uses_wareki=uses_wareki),
        sender=[str(company), *_sender(appointment, company)],
        seal_box=pgettext("seal of the company", "Seal"),
    )


def _sentence(appointment: Appointment, *, uses_wareki: bool) -> str:
    facts = {
        "post": appointment.get_role_display(),
        "start": in_words(appointment.starts_on, uses_wareki=uses_wareki),
        "end": in_words(appointment.ends_on, uses_wareki=uses_wareki),
        "department": appointment.department,
    }
    if appointment.department and appointment.ends_on:
        return (
            _(
                "You are appointed %(post)s of the department “%(department)s” from %(start)s to "
                "%(end)s."
            )
            % facts
        )
    if appointment.department:
        return (
            _("You are appointed %(post)s of the department “%(department)s” from %(start)s on.")
            % facts
        )
    if appointment.ends_on:
        return _("You are appointed %(post)s from %(start)s to %(end)s.") % facts
    return _("You are appointed %(post)s from %(start)s on.") % facts


def _sender(appointment: Appointment, company: Company) -> list[str]:
    """Who signs: whoever is named, else the representative of the first day."""
    if appointment.appointed_by:
        return [appointment.appointed_by]
    top = (
        Appointment.objects.holding(Role.TOP_MANAGEMENT, appointment.starts_on)
        .select_related("person")
        .first()
    )
    if top is None:
        return [company.representative_title] if company.representative_title else []
    place = _place_of(top.person, appointment.starts_on)
    title = company.representative_title or (place.post if place else "")
    return [f"{title} {top.person.full_name}".strip()]


def _place_of(person: Person, day: date) -> Affiliation | None:
    return (
        Affiliation.objects.on(day)
        .primary()
        .filter(person=person)
        .select_related("department")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the management system on a day.

    Attributes:
        role: which one.
        holders: appointments that hold on the day.
        is_vacant: whether nobody holds a post that somebody must hold.
    """

    role: Role
    holders: Sequence[Appointment]
    is_vacant: bool
    is_single: bool


def posts_on(day: date) -> list[Post]:
    """Every post, who holds it on `day`, and where nobody does."""
    held: dict[str, list[Appointment]] = defaultdict(list)
    rows = Appointment.objects.on(day).select_related("person", "department")
    for it in rows.order_by("department__code", "starts_on"):
        held[it.role].append(it)
    return [
        Post(
            role=role,
            holders=held[role],
            is_vacant=role in NEEDED_ROLES and not held[role],
            is_single=role in SINGLE_ROLES,
        )
        for role in Role
    ]


def unmanaged_on(day: date) -> list[Department]:
    """Departments of `day` for which neither themselves nor above anybody is their manager."""
    managed = set(
        Appointment.objects.holding(Role.DEPARTMENT_MANAGER, day).values_list(
            "department_id", flat=True
        )
    )
    found = []
    for department, _depth in in_tree_order(Department.objects.current(day)):
        if department.pk in managed or department.parent_id in managed:
            managed.add(department.pk)
        else:
            found.append(department)
    return found


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """A department in the list of all.

    Attributes:
        department: with its site.
        depth: in the tree, from 0.
        own: people who belong to it on the day.
        whole: people who belong to it or to a department below it, each counted once.
        manager: who is department privacy manager of it on the day.
    """

    department: Department
    depth: int
    own: int
    whole: int
    manager: Appointment | None


def departments_on(day: date) -> list[DepartmentLine]:
    """The tree of departments of `day` with its people, in three queries."""
    tree = list(in_tree_order(Department.objects.current(day).select_related("site")))
    people = _people_by_department(day)
    managers = {
        it.department_id: it
        for it in Appointment.objects.holding(Role.DEPARTMENT_MANAGER, day).select_related("person")
    }
    whole = _with_those_below(tree, people)
    return [
        DepartmentLine(
            department=it,
            depth=depth,
            own=len(people.get(it.pk, ())),
            whole=len(whole[it.pk]),
            manager=managers.get(it.pk),
        )
        for it, depth in tree
    ]


def _people_by_department(day: date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Affiliation.objects.on(day).filter(person__in=Person.objects.employed_on(day))
    for department, person in rows.values_list("department_id", "person_id"):
        found[department].add(person)
    return found


def _with_those_below(tree: Iterable[Branch], people: dict[int, set[int]]) -> dict[int, set[int]]:
    whole = {it.department.pk: set(people.get(it.department.pk, ())) for it in tree}
    for department, _depth in reversed(list(tree)):
        if department.parent_id in whole:
            whole[department.parent_id] |= whole[department.pk]
    return whole


class PersonLine(NamedTuple):
    """Somebody in a list, as of a day, in the texts that are shown.

    Attributes:
        url: of the person's page.
        department, kind, post: of the main affiliation; a dash without one.
        more: says that there is another affiliation beside it.
        status: whether they work here, as word and shape.
        left: the last day in words; empty without one.
    """

    number: str
    url: str
    name: str
    kana: str
    department: str
    more: str
    kind: str
    post: str
    joined: str
    status: str
    left: str


def person_lines(
    people: Iterable[Any], departments: Mapping[int, Department], day: date
) -> list[PersonLine]:
    """Lines of `people` that `PersonQuerySet.outlined_on` has outlined on `day`."""
    kinds = {kind: str(label) for kind, label in EmploymentKind.choices}
    names = {pk: str(it) for pk, it in departments.items()}
    states = {it: status(it.key, str(it.label)) for it in PersonState}
    more, left = _("and a concurrent post"), _("last day %(day)s")
    url = urls_of_rows("organization:person_detail")
    nowhere: dict[str, Any] = {"department": None, "kind": "", "post": ""}
    lines = []
    for it in people:
        main = it.main or nowhere
        line = PersonLine(
            number=it.employee_number,
            url=url(it.pk),
            name=it.full_name,
            kana=it.full_kana,
            department=names.get(main["department"], NONE),
            more=more if it.has_concurrent_post else "",
            kind=kinds.get(main["kind"], NONE),
            post=main["post"] or NONE,
            joined=it.joined_on.isoformat(),
            status=states[state_on(it, day, is_on_leave=it.is_on_leave)],
            left=left % {"day": it.left_on.isoformat()} if it.left_on else "",
        )
        lines.append(line)
    return lines


def state_on(person: Person, day: date, *, is_on_leave: bool) -> PersonState:
    """Whether `person` works here on `day`."""
    if person.joined_on > day:
        return PersonState.JOINING
    if person.left_on and person.left_on < day:
        return PersonState.LEFT
    return PersonState.LEAVE if is_on_leave else PersonState.EMPLOYED
