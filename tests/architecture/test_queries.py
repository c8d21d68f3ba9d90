"""A page asks the database as often for twenty rows as for two, and never often."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pms.core.views import ListView
from tests.cycles.factories import MilestoneFactory
from tests.organization.factories import ClosedDayFactory, SiteFactory

from .addresses import addresses
from .matrix import OPEN, table
from .world import VISITORS, World

# Session, account with its person, posts; the rows; what a filter offers.
MOST_QUERIES = 6
# Lists that need a fixed number more, and why.
MORE = {
    "history:entry_list": 12,  # the names of each kind of record that a change points to
    "organization:department_list": 8,  # a tree with people and managers
}

# How more rows come into being that a list shows; the world says where they belong.
LISTS: dict[str, Callable[[World, int], Any]] = {
    "corrective_actions:action_list": lambda world, count: world.more_actions(count),
    "corrective_actions:finding_list": lambda world, count: world.more_findings(count),
    "cycles:clause_list": lambda world, count: world.more_clauses(count),
    "cycles:cycle_list": lambda world, count: world.more_cycles(count),
    "cycles:milestone_list": lambda world, count: [
        world.more_milestones(count, owner=it.person) for it in list(world.accounts.values())
    ],
    "history:entry_list": lambda world, count: world.more_people(count),
    "incidents:list": lambda world, count: world.more_incidents(count),
    "notifications:notification_list": lambda world, count: [
        world.more_notifications(count, recipient=it) for it in world.accounts.values()
    ],
    "notifications:outbox": lambda world, count: world.more_notifications(count),
    "organization:appointment_all": lambda world, count: world.more_appointments(count),
    "organization:closed_day_list": lambda world, count: ClosedDayFactory.create_batch(count),
    "organization:department_list": lambda world, count: world.more_departments(count),
    "organization:person_list": lambda world, count: world.more_people(count),
    "organization:site_list": lambda world, count: SiteFactory.create_batch(count),
    "reminders:reminder_list": lambda world, count: world.more_reminders(count),
    "transfer:run_list": lambda world, count: world.more_imports(count),
    "training:campaign_list": lambda world, count: world.more_campaigns(count),
    "training:course_list": lambda world, count: world.more_courses(count),
    "training:excuse_list": lambda world, count: world.more_excuses(count),
    "training:plan_list": lambda world, count: world.more_plans(count),
    "training:question_list": lambda world, count: world.more_questions(count),
    "training:record_list": lambda world, count: world.more_records(count),
}
# The same for what hangs on the one row that another page is about.
DETAILS: dict[str, Callable[[World, int], Any]] = {
    "corrective_actions:action_detail": lambda world, count: world.more_of_action(count),
    "corrective_actions:board": lambda world, count: world.more_actions(count),
    "corrective_actions:figures": lambda world, count: world.more_actions(count),
    "cycles:clause_detail": lambda world, count: world.more_of_clause(count),
    "cycles:milestone_detail": lambda world, count: world.more_of_milestone(count),
    "cycles:months": lambda world, count: world.more_of_year(count),
    "cycles:plan_approve": lambda world, count: MilestoneFactory.create_batch(
        count, cycle=world.submitted_year_plan.cycle, due_on=date(2032, 9, 30)
    ),
    "cycles:year": lambda world, count: world.more_of_year(count),
    "dashboard:home": lambda world, count: world.more_campaigns(count),
    "dashboard:overview": lambda world, count: world.more_records(count),
    "incidents:desk": lambda world, count: world.more_of_desk(count),
    "incidents:detail": lambda world, count: world.more_of_incident(count),
    "incidents:statistics": lambda world, count: world.more_incidents(count),
    "incidents:own": lambda world, count: world.more_of_report(count),
    "incidents:own_list": lambda world, count: world.more_reports(count),
    "organization:department_detail": lambda world, count: world.more_people(count),
    "organization:person_detail": lambda world, count: world.more_of_person(count),
    "training:campaign_detail": lambda world, count: world.more_records(count),
    "training:course_detail": lambda world, count: world.more_of_course(count),
    "training:log_grid": lambda world, count: world.more_records(count),
    "training:person_records": lambda world, count: world.more_campaigns(count),
    "training:record_detail": lambda world, count: world.more_of_record(count),
    "training:session_list": lambda world, count: world.more_sessions(count),
}


def lists() -> set[str]:
    """The addresses of all lists."""
    return {it.name for it in addresses() if issubclass(it.view_class or object, ListView)}


def queries(client: Any, url: str) -> list[str]:
    """What a page asks the database, once everything is warm."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200, answer.get("Location")
    return [it["sql"] for it in captured.captured_queries]


def shown(client: Any, url: str) -> int:
    """How many rows a list shows."""
    return len(client.get(url).context["page"])


def address_of(name: str, world: World) -> str:
    """The path of a page, about the row that the table of addresses names."""
    (address,) = [it for it in addresses() if it.name == name]
    return address.url(world.row(table()[name].row))


def test_every_list_is_measured():
    assert set(LISTS) == lists()


def visits(names: Iterable[str]) -> list[Any]:
    """Each page with who sees it: the privacy manager, and a department's manager if they may."""
    lines = table()
    found = []
    for name in names:
        letters = [it for it in "PM" if name in lines and lines[name].marks[it] == OPEN]
        found += [pytest.param(name, letters, id=name)] if letters else []
    return found


def sessions(world: World, letters: Iterable[str]) -> dict[str, Client]:
    """Who sees a page, signed in; they look at the same rows, which take long to make."""
    found = {VISITORS[letter]: Client() for letter in letters}
    for letter, client in zip(letters, found.values(), strict=True):
        client.force_login(world.visitor(letter))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "letters"), visits(LISTS))
def test_a_list_asks_for_twenty_rows_what_it_asks_for_two(name, letters):
    world = World()
    clients = sessions(world, letters)
    url = address_of(name, world)
    LISTS[name](world, 2)
    few = {who: (queries(it, url), shown(it, url)) for who, it in clients.items()}
    LISTS[name](world, 18)

    for who, client in clients.items():
        before, rows = few[who]
        many = queries(client, url)
        assert shown(client, url) > rows, who
        assert len(many) == len(before), "\n".join([who, *many])
        assert len(many) <= MORE.get(name, MOST_QUERIES), "\n".join([who, *many])


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "letters"), visits(DETAILS))
def test_a_page_asks_the_same_however_much_hangs_on_its_row(name, letters):
    world = World()
    clients = sessions(world, letters)
    url = address_of(name, world)
    DETAILS[name](world, 2)
    few = {who: queries(it, url) for who, it in clients.items()}
    DETAILS[name](world, 18)

    for who, client in clients.items():
        many = queries(client, url)
        assert len(many) == len(few[who]), "\n".join([who, *many])
