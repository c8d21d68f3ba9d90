"""The overview: whatever it counts, the list behind the number has exactly so many rows."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import ROLES, Role
from pms.training.models import TrainingRecord
from pms.transfer.choices import ImportStatus
from pms.transfer.models import ImportRun
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory, PersonFactory
from tests.training.factories import (
    CampaignFactory,
    ExcuseFactory,
    TrainingRecordFactory,
    open_campaign,
)

pytestmark = pytest.mark.django_db
VIEWERS = [role for role in Role if "dashboard.view_overview" in ROLES[role]]


@pytest.fixture
def campaign():
    """A running training of people in every state, in a department and in one below it."""
    above = DepartmentFactory(name="製造部")
    below = DepartmentFactory(name="物流センター", parent=above)
    today = timezone.localdate()
    campaign = CampaignFactory()
    open_campaign(campaign)
    for place in (above, below, below):
        for trait in ("in_progress", "failed", "passed", "passed", "excused", "void"):
            TrainingRecordFactory(
                campaign=campaign,
                person=PersonFactory(affiliation__department=place),
                **{trait: True},
            )
    # Half of those who are open are late.
    for number, record in enumerate(TrainingRecord.objects.open().order_by("pk")):
        days = timedelta(days=-3 if number % 2 else 3)
        TrainingRecord.objects.filter(pk=record.pk).update(due_on=today + days)
    ExcuseFactory(record=TrainingRecord.objects.open().first())
    PersonFactory(left_on=today - timedelta(days=1))
    PersonFactory(joined_on=today + timedelta(days=1))
    for status in (ImportStatus.PREVIEWED, ImportStatus.PREVIEWED, ImportStatus.REFUSED):
        ImportRun.objects.create(
            importer="people",
            file=ContentFile(b"", name="roster.csv"),
            name="roster.csv",
            size=0,
            status=status,
            created_by=UserFactory(),
        )
    return campaign


@pytest.fixture
def visit(client):
    """The overview as somebody with a role sees it."""

    def visit(role):
        client.force_login(UserFactory(roles=[role]))
        response = client.get(reverse("dashboard:overview"))
        assert response.status_code == 200
        return response

    return visit


class TestEveryNumber:
    @pytest.mark.usefixtures("campaign")
    @pytest.mark.parametrize("role", VIEWERS)
    def test_is_that_of_the_list_behind_it(self, client, visit, role):
        context = visit(role).context
        numbers = {tile.url: tile.value for tile in context["tiles"]}
        numbers |= {alert.url: alert.value for alert in context["alerts"]}
        for row in context["bars"]:
            numbers[row["url"]] = row["total"]
            numbers |= {segment["url"]: segment["value"] for segment in row["segments"]}

        counted = {url: client.get(url).context["page"].total for url in numbers}

        assert counted == numbers
        if role != Role.DEPUTY_PRIVACY_MANAGER:  # who sees incidents alone
            assert len(context["tiles"]) >= 4
            assert any(numbers.values())

    @pytest.mark.parametrize("role", VIEWERS)
    def test_is_shown_while_it_is_nothing(self, client, visit, role):
        tiles = visit(role).context["tiles"]

        assert {tile.value for tile in tiles} <= {0, 1}
        assert {client.get(tile.url).context["page"].total for tile in tiles} <= {0, 1}

    @pytest.mark.usefixtures("campaign")
    def test_of_a_bar_adds_up(self, visit):
        for row in visit(Role.TRAINING_OFFICER).context["bars"]:
            assert sum(segment["value"] for segment in row["segments"]) == row["total"]
            assert sum(segment["percent"] for segment in row["segments"]) == pytest.approx(100)


class TestOverview:
    @pytest.mark.usefixtures("campaign")
    @pytest.mark.parametrize("role", VIEWERS)
    def test_costs_six_queries_however_much_there_is(self, client, visit, role):
        visit(role)
        with CaptureQueriesContext(connection) as few:
            client.get(reverse("dashboard:overview"))
        TrainingRecordFactory.create_batch(9, campaign=TrainingRecord.objects.first().campaign)
        with CaptureQueriesContext(connection) as many:
            client.get(reverse("dashboard:overview"))

        assert len(few) == len(many) <= 6

    def test_is_about_the_training_of_most_people(self, visit, campaign):
        PersonFactory(joined_on=campaign.starts_on)
        CampaignFactory(cycle=campaign.cycle, audience_joined_since=campaign.starts_on, open=True)

        assert visit(Role.PRIVACY_MANAGER).context["campaign"] == campaign

    def test_shows_only_tiles_whose_list_may_be_seen(self, visit):
        urls = [tile.url for tile in visit(Role.TOP_MANAGEMENT).context["tiles"]]

        assert not any("imports" in url or "excuses" in url for url in urls)

    def test_names_what_is_red(self, visit, campaign):
        (alert,) = visit(Role.TRAINING_OFFICER).context["alerts"]

        assert alert.text == str(campaign)
        assert alert.value == TrainingRecord.objects.overdue(timezone.localdate()).count() > 0

    def test_says_so_when_nothing_is_red(self, visit):
        response = visit(Role.TRAINING_OFFICER)

        assert response.context["alerts"] == []
        assert "note-good" in response.text

    def test_offers_the_first_step_while_no_training_runs(self, visit):
        assert reverse("training:campaign_list") in visit(Role.TRAINING_OFFICER).text

    def test_is_not_open_to_others(self, client):
        client.force_login(UserFactory(roles=[Role.DEPARTMENT_MANAGER]))

        assert client.get(reverse("dashboard:overview")).status_code == 403
