"""The plan of a year is dated before the year's first activity, wherever that is kept (J.3.3)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError
from pms.cycles import services
from pms.training.models import Campaign
from tests.accounts.factories import UserFactory
from tests.cycles.factories import YearPlanFactory
from tests.training.factories import CampaignFactory, at

pytestmark = pytest.mark.django_db


def test_a_draft_of_a_training_is_no_activity():
    assert services.first_activity(CampaignFactory().cycle) is None


def test_the_training_of_another_year_is_none_either():
    CampaignFactory(open=True)
    assert services.first_activity(YearPlanFactory(cycle__year=2030).cycle) is None


@pytest.mark.parametrize(("opened", "expected"), [(-3, -3), (0, 0), (5, 0)])
def test_a_training_begins_with_its_opening_or_its_window(opened, expected):
    campaign = CampaignFactory(open=True)
    Campaign.objects.filter(pk=campaign.pk).update(
        opened_at=at(campaign.starts_on + timedelta(days=opened))
    )
    first = campaign.starts_on + timedelta(days=expected)
    assert services.first_activity(campaign.cycle) == first


def test_a_plan_approved_after_the_training_was_opened_says_why():
    campaign = CampaignFactory(open=True)
    plan = YearPlanFactory(cycle=campaign.cycle, submitted=True)
    late = {"actor": UserFactory(), "today": date(2026, 9, 2), "now": at(date(2026, 9, 2))}
    with pytest.raises(DomainError, match="2026-09-01"):
        services.approve_plan(plan.pk, **late)
    services.approve_plan(plan.pk, **late, late_reason="代表者の交代のため。")
    plan.refresh_from_db()
    assert plan.late_reason == "代表者の交代のため。"


def test_the_page_asks_for_the_reason(client):
    campaign = CampaignFactory(cycle__year=2020, open=True)
    plan = YearPlanFactory(cycle=campaign.cycle, submitted=True)
    client.force_login(UserFactory(roles=[Role.TOP_MANAGEMENT]))
    page = client.get(reverse("cycles:plan_approve", args=[plan.pk]))
    assert "late_reason" in page.context["form"].fields
    assert page.context["first_activity"] == campaign.starts_on
