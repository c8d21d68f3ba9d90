"""Builds the invented company: sites, departments, people with a past, posts and accounts.

Everything is drawn from one `random.Random`, so the same numbers give the same company. It is
written in bulk, past the services: this is a beginning, not a history.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.core.bulk import create_rows
from pms.organization import models
from pms.organization.choices import EmploymentKind, LeaveKind
from pms.organization.models import (
    Affiliation,
    Appointment,
    Department,
    DepartmentName,
    Leave,
    Person,
    Site,
)

from . import company, names

BATCH = 1_000
OLD_NAME = ("情報システム課", "Information Systems Section")
LEAVER_SHARE, LEAVE_SHARE, CONCURRENT_SHARE, MOVED_SHARE = 0.05, 0.02, 0.03, 0.08
# Kinds that come and go within a few years.
SHORT_KINDS = {EmploymentKind.DISPATCHED, EmploymentKind.TEMPORARY, EmploymentKind.CONTRACT}


@dataclass(frozen=True, slots=True)
class Company:
    """What later steps need of the company."""

    departments: dict[str, Department]
    known: dict[str, Person]

    def account(self, key: str) -> User:
        """The account of a known face."""
        return User.objects.get(person=self.known[key])


def build(random: Random, *, people: int, since: date, today: date) -> Company:
    """Write the company.

    Args:
        random: the one source of chance.
        people: rows in the roster, known faces and leavers included.
        since: first day of the oldest year shown; the company is older than that.
        today: the day as of which people are here, on leave or gone.
    """
    founded = date(since.year - 20, 4, 1)
    models.Company.objects.create(
        pk=1,
        name=company.NAME,
        name_en=company.NAME_EN,
        address=company.SITES[0].address,
        representative_title="代表取締役社長",
        privacy_mark_number="99000001(05)",
    )
    departments = _places(founded, since)
    known = list(company.KNOWN_PEOPLE)
    roster = [_known_person(face, random, founded) for face in known]
    taken = {face.employee_number for face in known}
    roster += _drawn_people(random, people - len(known), taken, departments, since, today)
    persons = [entry.person for entry in roster]
    _accounts(persons)
    create_rows(persons)
    _affiliations(random, roster, departments, since)
    _leaves(random, roster[len(known) :], today)
    by_key = {face.key: person for face, person in zip(known, persons, strict=False)}
    # Corrective actions and incidents go back three years, however few years of training there are.
    _appointments(by_key, roster, departments, min(since, today - timedelta(days=4 * 365)))
    return Company(departments=departments, known=by_key)


@dataclass(slots=True)
class _Entry:
    person: Person
    department: str
    kind: str
    post: str


def _places(founded: date, since: date) -> dict[str, Department]:
    sites = {}
    for site in company.SITES:
        sites[site.code] = Site.objects.create(
            code=site.code, name=site.name, name_en=site.name_en, address=site.address
        )
    departments: dict[str, Department] = {}
    for it in company.DEPARTMENTS:
        department = Department.objects.create(
            code=it.code,
            name=it.name,
            name_en=it.name_en,
            parent=departments.get(it.parent_code or ""),
            site=sites[it.site_code],
            starts_on=founded,
        )
        departments[it.code] = department
        renamed = it.code == "230"
        if renamed:
            DepartmentName.objects.create(
                department=department,
                name=OLD_NAME[0],
                name_en=OLD_NAME[1],
                starts_on=founded,
                ends_on=since - timedelta(days=1),
            )
        DepartmentName.objects.create(
            department=department,
            name=it.name,
            name_en=it.name_en,
            starts_on=since if renamed else founded,
        )
    return departments


def _known_person(face: company.KnownPerson, random: Random, founded: date) -> _Entry:
    person = Person(
        employee_number=face.employee_number,
        family_name=face.family_name,
        given_name=face.given_name,
        family_kana=face.family_kana,
        given_kana=face.given_kana,
        email="" if face.employment_kind == EmploymentKind.DISPATCHED else face.email,
        joined_on=founded + timedelta(days=random.randrange(0, 365 * 15)),
    )
    return _Entry(person, face.department_code, face.employment_kind, face.post)


def _drawn_people(
    random: Random,
    count: int,
    taken: set[str],
    departments: dict[str, Department],
    since: date,
    today: date,
) -> Iterator[_Entry]:
    codes = [it.code for it in company.DEPARTMENTS]
    shares = [it.per_thousand for it in company.DEPARTMENTS]
    kinds = list(company.EMPLOYMENT_PER_THOUSAND)
    kind_shares = [company.EMPLOYMENT_PER_THOUSAND[kind] for kind in kinds]
    posts = [post.title for post in names.POSTS]
    post_shares = [post.per_thousand for post in names.POSTS]
    head_posts = {post for _, post in names.HEAD_POSTS}
    heads = {face.department_code for face in company.KNOWN_PEOPLE if face.post in head_posts}
    officers = 0
    numbers = _numbers(taken)
    for position in range(count):
        head_of = codes[position] if position < len(codes) and codes[position] not in heads else ""
        kind = EmploymentKind.REGULAR if head_of else random.choices(kinds, kind_shares)[0]
        if kind == EmploymentKind.OFFICER:
            officers += 1
            if officers > min(company.MAX_OFFICERS, max(3, count // 60)):
                kind = EmploymentKind.REGULAR
        post = random.choices(posts, post_shares)[0] if kind == EmploymentKind.REGULAR else ""
        if kind == EmploymentKind.OFFICER:
            post = names.OFFICER_POSTS[officers % len(names.OFFICER_POSTS)]
        if head_of:
            post = _head_post(departments[head_of].name)
        yield _Entry(
            _drawn_person(random, next(numbers), kind, since, today, stays=bool(head_of)),
            head_of or random.choices(codes, shares)[0],
            kind,
            post,
        )


def _numbers(taken: set[str]) -> Iterator[int]:
    number = 1000
    while True:
        number += 1
        if f"{number:06}" not in taken:
            yield number


def _head_post(name: str) -> str:
    return max(
        ((ending, post) for ending, post in names.HEAD_POSTS if name.endswith(ending)),
        key=lambda pair: len(pair[0]),
        default=("", "部長"),
    )[1]


def _drawn_person(
    random: Random, number: int, kind: str, since: date, today: date, *, stays: bool
) -> Person:
    family = random.choice(names.FAMILY_NAMES)
    given = random.choice(random.choice((names.GIVEN_NAMES_F, names.GIVEN_NAMES_M)))
    years = 3 if kind in SHORT_KINDS else 25
    joined = today - timedelta(days=random.randrange(10, 365 * years))
    if joined.day > 3 and random.random() < 0.6:  # most people begin in April
        joined = joined.replace(month=4, day=1) if joined.month >= 4 else joined
    left = None
    if not stays and random.random() < LEAVER_SHARE:
        earliest = max(joined, since)
        left = earliest + timedelta(days=random.randrange(1, max(2, (today - earliest).days)))
    dispatched = kind == EmploymentKind.DISPATCHED
    return Person(
        employee_number=f"H{number:05}" if dispatched else f"{number:06}",
        family_name=family.kanji,
        given_name=given.kanji,
        family_kana=family.kana,
        given_kana=given.kana,
        email=""
        if dispatched
        else f"{given.romaji}.{family.romaji}{number}@{company.EMAIL_DOMAIN}".lower(),
        joined_on=joined,
        left_on=left,
    )


def _accounts(persons: list[Person]) -> None:
    with_mail = [person for person in persons if person.email]
    users = [User(email=person.email, password=make_password(None)) for person in with_mail]
    create_rows(users)
    for person, user in zip(with_mail, users, strict=True):
        person.user = user


def _affiliations(
    random: Random, roster: list[_Entry], departments: dict[str, Department], since: date
) -> None:
    rows = []
    codes = list(departments)
    known = {face.employee_number for face in company.KNOWN_PEOPLE}
    for entry in roster:
        person = entry.person
        start = person.joined_on
        settled = person.employee_number in known
        facts = {"person": person, "employment_kind": entry.kind}
        if not settled and start < since and random.random() < MOVED_SHARE:
            moved = since + timedelta(days=183)
            if person.left_on is None or person.left_on > moved:
                rows.append(
                    Affiliation(
                        **facts,
                        department=departments[random.choice(codes)],
                        starts_on=start,
                        ends_on=moved - timedelta(days=1),
                    )
                )
                start = moved
        rows.append(
            Affiliation(
                **facts,
                department=departments[entry.department],
                post=entry.post,
                starts_on=start,
                ends_on=person.left_on,
            )
        )
        concurrent = entry.kind == EmploymentKind.REGULAR and random.random() < CONCURRENT_SHARE
        if concurrent and not settled:
            rows.append(
                Affiliation(
                    **facts,
                    department=departments[random.choice(codes)],
                    is_primary=False,
                    starts_on=start,
                    ends_on=person.left_on,
                )
            )
    create_rows(rows)


def _leaves(random: Random, roster: list[_Entry], today: date) -> None:
    rows = []
    for entry in roster:
        here = entry.person.left_on is None and not entry.post.endswith("長")
        if here and random.random() < LEAVE_SHARE:
            begun = max(entry.person.joined_on, today - timedelta(days=random.randrange(40, 200)))
            ends = today + timedelta(days=random.randrange(90, 300))
            kind = random.choice((LeaveKind.CHILDCARE, LeaveKind.CHILDCARE, LeaveKind.SICK))
            rows.append(Leave(person=entry.person, kind=kind, starts_on=begun, ends_on=ends))
    Leave.objects.bulk_create(rows, batch_size=BATCH)


def _appointments(
    known: dict[str, Person],
    roster: list[_Entry],
    departments: dict[str, Department],
    since: date,
) -> None:
    president = known["president"].full_name
    rows = []
    managed = set()
    for face in company.KNOWN_PEOPLE:
        if not face.role:
            continue
        manages = face.role == Role.DEPARTMENT_MANAGER
        department = departments[face.department_code] if manages else None
        managed |= {face.department_code} if manages else set()
        rows.append(
            Appointment(
                role=face.role,
                person=known[face.key],
                department=department,
                starts_on=max(since, known[face.key].joined_on),
                appointed_by=president,
            )
        )
    for entry in roster:
        is_head = entry.post in {post for _, post in names.HEAD_POSTS}
        if is_head and entry.department not in managed and entry.person.left_on is None:
            managed.add(entry.department)
            rows.append(
                Appointment(
                    role=Role.DEPARTMENT_MANAGER,
                    person=entry.person,
                    department=departments[entry.department],
                    starts_on=max(since, entry.person.joined_on),
                    appointed_by=president,
                )
            )
    Appointment.objects.bulk_create(rows)
