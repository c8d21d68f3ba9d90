"""Closing a campaign and reporting on it."""

from datetime import date

import pytest
from django.utils import translation

from pms.core.exceptions import DomainError, InvalidTransitionError
from pms.history.models import HistoryEntry
from pms.organization.models import Person
from pms.training import services
from pms.training.choices import (
    CampaignStatus,
    CourseKind,
    FollowUpKind,
    JoinerRule,
    RecordStatus,
)
from pms.training.exceptions import ClosingRefusedError
from pms.training.models import Campaign, Report
from pms.training.services import Figures, Obstacle
from tests.accounts.factories import UserFactory
from tests.organization.factories import LeaveFactory, PersonFactory

from .factories import (
    CLOSING_DAY,
    CampaignFactory,
    CourseFactory,
    ExcuseFactory,
    FollowUpFactory,
    TrainingRecordFactory,
    at,
    pass_everybody,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def campaign() -> Campaign:
    """An open campaign in which everybody has passed."""
    campaign = CampaignFactory(people=2, open=True)
    pass_everybody(campaign)
    return campaign


def close(campaign: Campaign, **changes) -> Campaign:
    """Close in the middle of October."""
    arguments = {"actor": UserFactory(), "today": CLOSING_DAY, "now": at(CLOSING_DAY)} | changes
    return services.close_campaign(campaign.pk, **arguments)


def obstacles(campaign: Campaign) -> list[Obstacle]:
    """What stands in the way in the middle of October."""
    return services.closing_obstacles(campaign, today=CLOSING_DAY)


class TestClose:
    def test_is_dated_signed_and_journalled(self, campaign):
        actor = UserFactory()

        close(campaign, actor=actor)

        campaign.refresh_from_db()
        assert (campaign.status, campaign.closed_by, campaign.closed_at) == (
            CampaignStatus.CLOSED,
            actor,
            at(CLOSING_DAY),
        )
        entry = HistoryEntry.objects.get(event="training.campaign_closed")
        assert entry.additional_data == {"population": 2, "passed": 2, "excused": 0, "open": 0}

    def test_freezes_the_figures(self, campaign):
        close(campaign)

        figures = Report.objects.get(campaign=campaign).figures
        assert figures["population"] == figures["passed_first"] == 2
        assert Figures.from_json(figures) == services.report_figures(campaign)

    def test_keeps_the_words_that_are_there(self, campaign):
        writer = UserFactory()
        services.write_report(campaign.pk, actor=writer, opinions="分かりやすかった。")

        close(campaign)

        report = Report.objects.get()
        assert (report.opinions, report.created_by) == ("分かりやすかった。", writer)
        assert report.figures["population"] == 2

    def test_applies_the_dated_rules_first(self, campaign):
        leaver, away = (TrainingRecordFactory(campaign=campaign) for _time in range(2))
        Person.objects.filter(pk=leaver.person_id).update(left_on=date(2026, 9, 20))
        LeaveFactory(person=away.person)

        close(campaign)

        assert campaign.records.filter(status=RecordStatus.EXCUSED).count() == 2

    def test_a_second_time_gives_the_first_one(self, campaign):
        first = close(campaign)

        again = close(campaign, today=date(2026, 12, 1), now=at(date(2026, 12, 1)))

        assert again.closed_at == first.closed_at
        assert HistoryEntry.objects.filter(event="training.campaign_closed").count() == 1

    def test_refuses_what_was_never_opened(self):
        with pytest.raises(InvalidTransitionError):
            close(CampaignFactory())

    def test_refuses_while_somebody_is_open_and_changes_nothing(self, campaign):
        TrainingRecordFactory(campaign=campaign, failed=True, name="遅刻 太郎")
        joiner = PersonFactory(joined_on=date(2026, 9, 20))

        with pytest.raises(ClosingRefusedError) as refusal:
            close(campaign)

        [obstacle] = refusal.value.obstacles
        assert obstacle.count == 2
        assert "遅刻 太郎" in refusal.value.messages[0]
        campaign.refresh_from_db()
        assert campaign.status == CampaignStatus.OPEN
        assert not Report.objects.exists()
        assert not campaign.records.filter(person=joiner).exists()

    def test_accepts_the_decision_to_close_without_somebody(self, campaign):
        record = TrainingRecordFactory(campaign=campaign)
        FollowUpFactory(record=record, kind=FollowUpKind.DECISION)

        close(campaign)

        figures = services.report_figures(Campaign.objects.get(pk=campaign.pk))
        assert (figures.open, figures.pass_rate) == (1, 66.7)


class TestObstacles:
    def test_are_none_when_everybody_is_through(self, campaign):
        TrainingRecordFactory(campaign=campaign, excused=True)

        assert obstacles(campaign) == []

    def test_name_who_is_open(self, campaign):
        for number in ("A02", "A01"):
            TrainingRecordFactory(campaign=campaign, employee_number=number, name=f"名前{number}")

        [obstacle] = obstacles(campaign)

        assert obstacle == Obstacle("open", 2, ["A01 名前A01", "A02 名前A02"])
        assert "A01 名前A01, A02 名前A02" in str(obstacle)

    def test_name_ten_people_and_count_the_rest(self, campaign):
        for number in range(12):
            TrainingRecordFactory(campaign=campaign, employee_number=f"N{number:02}")

        [obstacle] = obstacles(campaign)

        assert (obstacle.count, len(obstacle.people)) == (12, 10)
        assert "and 2 more" in str(obstacle)

    @pytest.mark.parametrize("kind", [it for it in FollowUpKind if it != FollowUpKind.DECISION])
    def test_are_not_removed_by_other_follow_ups(self, campaign, kind):
        FollowUpFactory(record=TrainingRecordFactory(campaign=campaign), kind=kind)

        assert [it.kind for it in obstacles(campaign)] == ["open"]

    def test_name_requests_that_wait_even_after_a_decision(self, campaign):
        excuse = ExcuseFactory(record=TrainingRecordFactory(campaign=campaign))
        FollowUpFactory(record=excuse.record, kind=FollowUpKind.DECISION)

        [obstacle] = obstacles(campaign)

        assert (obstacle.kind, obstacle.count) == ("waiting", 1)

    def test_name_joiners_who_are_in_no_training_on_joining(self):
        campaign = CampaignFactory(people=1, open=True, joiner_rule=JoinerRule.NEW_HIRE)
        pass_everybody(campaign)
        joiner = PersonFactory(joined_on=date(2026, 9, 20))

        [obstacle] = obstacles(campaign)

        assert obstacle.kind == "untrained"
        assert obstacle.people == [f"{joiner.employee_number} {joiner.full_name}"]
        assert joiner.full_name in str(obstacle)

        joining = CourseFactory(kind=CourseKind.NEW_HIRE, published=True, questions=1)
        CampaignFactory(course=joining, open=True)
        services.apply_dated_rules(today=date(2026, 9, 30))
        assert obstacles(campaign) == []

    def test_cost_the_same_for_two_people_and_twenty(self, campaign, django_assert_max_num_queries):
        for _time in range(20):
            TrainingRecordFactory(campaign=campaign)

        with django_assert_max_num_queries(8):
            obstacles(campaign)


class TestReport:
    WORDS = {
        "opinions": "短くてよい。",
        "effectiveness": "事故の報告が早くなった。",
        "improvements": "事例を増やす。",
        "reported_to": "代表取締役社長",
        "reported_on": date(2026, 10, 20),
    }

    @pytest.fixture
    def report(self, campaign) -> Report:
        """The whole report of a closed campaign."""
        close(campaign)
        return services.write_report(campaign.pk, actor=UserFactory(), **self.WORDS)

    def approve(self, report: Report, actor=None) -> Report:
        return services.approve_report(
            report.pk, actor=actor or UserFactory(), today=date(2026, 10, 25)
        )

    def test_is_written_before_or_after_the_closing(self, campaign):
        services.write_report(campaign.pk, actor=UserFactory(), opinions="前")
        close(campaign)
        services.write_report(campaign.pk, actor=UserFactory(), **self.WORDS)

        report = Report.objects.get()
        assert report.effectiveness == self.WORDS["effectiveness"]
        assert report.figures["population"] == 2

    def test_is_not_written_before_the_opening(self):
        with pytest.raises(DomainError):
            services.write_report(CampaignFactory().pk, actor=UserFactory())

    def test_is_approved_by_another(self, report):
        approver = UserFactory()

        self.approve(report, approver)

        report.refresh_from_db()
        assert (report.approved_by, report.approved_on) == (approver, date(2026, 10, 25))
        assert HistoryEntry.objects.filter(event="training.report_approved").count() == 1

    def test_is_not_approved_by_its_maker(self, report):
        with pytest.raises(DomainError):
            self.approve(report, report.created_by)

    def test_stays_as_it_was_approved(self, report):
        approver = UserFactory()
        self.approve(report, approver)

        with pytest.raises(DomainError):
            services.write_report(report.campaign_id, actor=UserFactory(), opinions="後から")
        with pytest.raises(DomainError):
            self.approve(report)
        assert self.approve(report, approver).approved_by == approver

    def test_needs_an_evaluation_and_whom_it_was_made_to(self, campaign):
        close(campaign)

        with pytest.raises(DomainError) as refusal:
            self.approve(Report.objects.get())

        assert len(refusal.value.messages) == 2

    def test_needs_a_closed_campaign(self, campaign):
        report = services.write_report(campaign.pk, actor=UserFactory(), **self.WORDS)

        with pytest.raises(DomainError):
            self.approve(report)
