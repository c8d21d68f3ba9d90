"""Training fulfils the milestones of the year's plan: nobody ticks twice."""

from datetime import date

import pytest

from pms.cycles.choices import Fulfilment, MilestoneStatus
from pms.training import services
from pms.training.choices import CourseKind
from tests.accounts.factories import UserFactory
from tests.cycles.factories import MilestoneFactory, YearPlanFactory

from .factories import CampaignFactory, PlanFactory, at, open_campaign, pass_everybody

pytestmark = pytest.mark.django_db
CLOSING_DAY = date(2026, 10, 15)


def planned(cycle, what):
    """A milestone of the approved plan that waits for `what`."""
    YearPlanFactory(cycle=cycle, approved=True)
    return MilestoneFactory(cycle=cycle, fulfilment=what)


@pytest.mark.parametrize(
    ("kind", "what", "is_done"),
    [
        (CourseKind.ANNUAL, Fulfilment.YEARLY_TRAINING, True),
        (CourseKind.NEW_HIRE, Fulfilment.NEW_HIRE_TRAINING, True),
        (CourseKind.NEW_HIRE, Fulfilment.YEARLY_TRAINING, False),
        (CourseKind.AFTER_INCIDENT, Fulfilment.YEARLY_TRAINING, False),
    ],
)
def test_closing_a_campaign(kind, what, is_done):
    campaign = CampaignFactory(course__kind=kind)
    milestone = planned(campaign.cycle, what)
    open_campaign(campaign)
    pass_everybody(campaign)

    services.close_campaign(
        campaign.pk, actor=UserFactory(), today=CLOSING_DAY, now=at(CLOSING_DAY)
    )

    milestone.refresh_from_db()
    assert (milestone.status == MilestoneStatus.DONE) == is_done
    assert milestone.fulfilled_by == (campaign if is_done else None)
    assert milestone.done_on == (CLOSING_DAY if is_done else None)


def test_approving_the_training_plan():
    plan = PlanFactory(submitted=True)
    milestone = planned(plan.cycle, Fulfilment.TRAINING_PLAN)
    services.approve_plan(plan.pk, actor=UserFactory(), today=date(2026, 4, 5))
    milestone.refresh_from_db()
    assert milestone.fulfilled_by == plan
    assert milestone.done_on == date(2026, 4, 5)
