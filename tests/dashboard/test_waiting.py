"""What waits for whose decision: everything that they may decide, nothing of their own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from pms.accounts.roles import Role
from pms.dashboard.waiting import MOST_MILESTONES, waiting_for
from pms.training.models import TrainingRecord
from tests.accounts.factories import UserFactory
from tests.cycles.factories import (
    CycleFactory,
    ExtensionFactory,
    MilestoneFactory,
    YearPlanFactory,
)
from tests.training.factories import CampaignFactory, ExcuseFactory, PlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    return timezone.localdate()


def titles(user, today):
    return [it.title for it in waiting_for(user, today).decisions]


@pytest.fixture
def _everything():
    """One of each that can wait."""
    YearPlanFactory(cycle=CycleFactory(year=2027), submitted=True)
    PlanFactory(cycle=CycleFactory(year=2027), submitted=True)
    ExtensionFactory(
        milestone=MilestoneFactory(cycle=YearPlanFactory(approved=True).cycle, title="監査")
    )
    campaign = CampaignFactory(open=True, people=2)
    report = CampaignFactory(cycle=CycleFactory(year=2025), closed=True, title="前年度").report
    report.effectiveness, report.reported_to = "有効だった。", "代表者"
    report.save()
    for record in TrainingRecord.objects.filter(campaign=campaign)[:2]:
        ExcuseFactory(record=record)


@pytest.mark.usefixtures("_everything")
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            Role.TOP_MANAGEMENT,
            {
                "Plan of 2027年度",
                "Training plan of 2027年度",
                "Later date for “監査”",
                "Report on “前年度”",
            },
        ),
        (
            Role.PRIVACY_MANAGER,
            {
                "Training plan of 2027年度",
                "Later date for “監査”",
                "Report on “前年度”",
                "2 requests to be excused from training",
            },
        ),
        (Role.TRAINING_OFFICER, {"2 requests to be excused from training"}),
        (Role.AUDIT_OFFICER, set()),
        (Role.DEPARTMENT_MANAGER, set()),
    ],
)
def test_everybody_sees_what_they_may_decide(role, expected, today):
    assert set(titles(UserFactory(roles=[role]), today)) == expected


def test_nobody_decides_on_their_own_request(today):
    president = UserFactory(roles=[Role.TOP_MANAGEMENT])
    YearPlanFactory(submitted=True, created_by=president)
    PlanFactory(cycle=CycleFactory(year=2027), submitted=True, created_by=president)
    ExtensionFactory(asked_by=president)
    assert titles(president, today) == []


@pytest.mark.usefixtures("_everything")
def test_costs_one_query(today):
    president = UserFactory(roles=[Role.TOP_MANAGEMENT])
    president.has_perm("cycles.approve_yearplan")
    with CaptureQueriesContext(connection) as queries:
        waiting_for(president, today, with_milestones=True)
    assert len(queries) == 1


def test_names_the_most_urgent_milestones(today):
    cycle = YearPlanFactory(
        cycle=CycleFactory(starts_on=today - timedelta(days=100), name="Y"), approved=True
    ).cycle
    for days in range(-3, 20):
        MilestoneFactory(cycle=cycle, title=f"{days}", due_on=today + timedelta(days=days))
    MilestoneFactory(cycle=cycle, title="done", done=True, due_on=today)
    found = waiting_for(UserFactory(roles=[Role.PRIVACY_MANAGER]), today, with_milestones=True)
    assert [it.title for it in found.milestones] == [str(it) for it in range(-3, 5)]
    assert len(found.milestones) == MOST_MILESTONES


def test_names_no_milestones_to_who_does_not_see_the_plan(today):
    MilestoneFactory(cycle=YearPlanFactory(approved=True).cycle, due_on=today)
    manager = UserFactory(roles=[Role.DEPARTMENT_MANAGER])
    assert waiting_for(manager, today, with_milestones=True).milestones == []
