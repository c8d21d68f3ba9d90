"""Progress, the figures of the report and the rows of the summary."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from pms.accounts.roles import Role
from pms.organization.choices import EmploymentKind
from pms.training import services
from pms.training.choices import CourseKind, FollowUpKind, Method
from pms.training.models import Campaign
from pms.training.reports import (
    ProgressRow,
    Tally,
    progress,
    report_figures,
    summary,
    target_in_words,
)
from pms.training.services import Figures
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory

from .factories import (
    STARTS_ON,
    AttemptFactory,
    CampaignFactory,
    CourseFactory,
    FollowUpFactory,
    QuestionFactory,
    SessionFactory,
    TrainingRecordFactory,
    at,
    pass_everybody,
    plan_course,
)

pytestmark = pytest.mark.django_db

STATES = [{"passed": True}, {"excused": True}, {}, {"in_progress": True}, {"failed": True}]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def campaign() -> Campaign:
    """An open campaign with nobody but whom a test adds."""
    course = CourseFactory(kind=CourseKind.NEW_HIRE, published=True, questions=5)
    campaign = CampaignFactory(course=course)
    plan_course(campaign.cycle, course)
    services.open_campaign(campaign.pk, actor=UserFactory(), today=STARTS_ON, now=at(STARTS_ON))
    campaign.refresh_from_db()
    return campaign


class TestTally:
    def test_adds_up(self):
        tally = Tally(passed=6, excused=1, not_started=1, in_progress=1, failed=1)

        assert (tally.open, tally.population, tally.targeted) == (3, 10, 9)
        assert tally.rate == pytest.approx(66.7, abs=0.1)

    def test_knows_no_rate_of_nobody(self):
        assert Tally(excused=3).rate is None


class TestProgress:
    def test_counts_every_status_and_no_void_row(self, campaign):
        for state in [*STATES, {"void": True}]:
            TrainingRecordFactory(campaign=campaign, **state)

        found = progress(campaign)

        assert found.total == Tally(passed=1, excused=1, not_started=1, in_progress=1, failed=1)
        assert found.total.population == campaign.records.population().count()

    def test_counts_by_department_and_employment_kind_of_the_snapshot(self, campaign):
        second, first = DepartmentFactory(code="D2"), DepartmentFactory(code="D1")
        for department, kind, state in [
            (second, EmploymentKind.OFFICER, {"passed": True}),
            (second, EmploymentKind.REGULAR, {}),
            (first, EmploymentKind.REGULAR, {"failed": True}),
        ]:
            TrainingRecordFactory(
                campaign=campaign, department=department, employment_kind=kind, **state
            )

        found = progress(campaign)

        assert found.departments == [
            ProgressRow(first.pk, str(first), Tally(failed=1)),
            ProgressRow(second.pk, str(second), Tally(passed=1, not_started=1)),
        ]
        assert found.kinds == [
            ProgressRow("regular", "Regular employee", Tally(not_started=1, failed=1)),
            ProgressRow("officer", "Officer", Tally(passed=1)),
        ]
        assert found.cells[second.pk, "officer"] == Tally(passed=1)

    def test_draws_the_curve_of_who_had_passed_by_each_day(self, campaign):
        for day in (date(2026, 9, 3), date(2026, 9, 1), date(2026, 9, 3)):
            TrainingRecordFactory(campaign=campaign, passed=True, passed_on=day)

        assert progress(campaign).curve == [(date(2026, 9, 1), 1), (date(2026, 9, 3), 3)]

    def test_is_empty_before_the_opening(self):
        found = progress(CampaignFactory())

        assert (found.total, found.departments, found.kinds, found.curve) == (Tally(), [], [], [])

    def test_can_be_of_the_rows_that_somebody_may_see(self, campaign):
        department = DepartmentFactory()
        manager = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        TrainingRecordFactory(campaign=campaign, person__affiliation__department=department)
        TrainingRecordFactory(campaign=campaign, passed=True)

        found = progress(campaign, records=campaign.records.visible_to(manager))

        assert found.total == Tally(not_started=1)

    def test_asks_once_whatever_there_is(self, campaign, django_assert_num_queries):
        for _time in range(3):
            for state in STATES:
                TrainingRecordFactory(campaign=campaign, **state)

        with django_assert_num_queries(1):
            progress(campaign)

    @pytest.mark.engine("sqlite")
    def test_reads_the_covering_index_alone(self, campaign):
        with CaptureQueriesContext(connection) as queries:
            progress(campaign)
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
            plan = " ".join(str(row) for row in cursor.fetchall())

        assert "COVERING INDEX trainingrecord_progress" in plan


class TestFigures:
    def test_of_nobody_are_unknown_and_not_zero(self, campaign):
        figures = report_figures(campaign)

        assert (figures.population, figures.targeted, figures.attended) == (0, 0, 0)
        assert figures.attendance_rate is figures.pass_rate is figures.average is None
        assert figures.last_year is figures.unchanged is figures.unchanged_share is None

    def test_count_attendance_and_passing_of_those_targeted(self, campaign):
        TrainingRecordFactory(campaign=campaign, passed=True, score=90)
        TrainingRecordFactory(campaign=campaign, passed=True, score=81, failures=2)
        for state in ({"failed": True}, {}, {"excused": True}):
            TrainingRecordFactory(campaign=campaign, **state)

        figures = report_figures(campaign)

        assert (figures.population, figures.excused, figures.targeted) == (5, 1, 4)
        assert (figures.attended, figures.not_attended, figures.open) == (3, 1, 2)
        assert (figures.passed_first, figures.passed_later, figures.passed) == (1, 1, 2)
        assert (figures.attendance_rate, figures.pass_rate, figures.average) == (75.0, 50.0, 85.5)

    def test_average_only_scores_that_are_known(self, campaign):
        TrainingRecordFactory(campaign=campaign, passed=True, score=None, method=Method.PAPER)
        assert report_figures(campaign).average is None

        TrainingRecordFactory(campaign=campaign, passed=True, score=90)
        assert report_figures(campaign).average == 90.0

    def test_tell_methods_follow_ups_and_make_up_sessions(self, campaign):
        for method in (Method.PAPER, Method.E_LEARNING, Method.PAPER):
            TrainingRecordFactory(campaign=campaign, passed=True, method=method)
        late = TrainingRecordFactory(campaign=campaign)
        FollowUpFactory.create_batch(2, record=late)
        FollowUpFactory(record=late, kind=FollowUpKind.INTERVIEW)
        SessionFactory(campaign=campaign)
        SessionFactory(campaign=campaign, is_make_up=True)

        figures = report_figures(campaign)

        assert figures.methods == {"paper": 2, "e_learning": 1}
        assert figures.follow_ups == {"interview": 1, "reminder": 1}
        assert figures.make_up_sessions == 1

    def test_are_told_by_department_and_kind(self, campaign):
        department = DepartmentFactory(name="営業部", name_en="Sales")
        for state in ({"passed": True}, {"excused": True}):
            TrainingRecordFactory(
                campaign=campaign, department=department, employment_kind="officer", **state
            )

        [group], [kind] = report_figures(campaign).departments, report_figures(campaign).kinds

        assert (group.name, group.name_en, group.population, group.targeted, group.pass_rate) == (
            "営業部",
            "Sales",
            2,
            1,
            100.0,
        )
        assert (kind.key, kind.passed) == ("officer", 1)

    def test_find_the_most_missed_questions(self, campaign):
        first, second = campaign.questions.order_by("position")[:2]
        wrong = {str(it.pk): [0] for it in campaign.questions.all()}
        AttemptFactory(record__campaign=campaign, passed=True)
        AttemptFactory(record__campaign=campaign, failed=True, answers=wrong | {str(first.pk): [1]})
        AttemptFactory(
            record__campaign=campaign,
            failed=True,
            answers=wrong | {str(first.pk): [2], str(second.pk): []},
        )
        AttemptFactory(record__campaign=campaign)
        AttemptFactory(
            record=TrainingRecordFactory(campaign=campaign, void=True), failed=True, answers={}
        )

        missed = report_figures(campaign).missed

        assert [(it.text, it.asked, it.wrong, it.share) for it in missed] == [
            (first.content["text"], 3, 2, 66.7),
            (second.content["text"], 3, 1, 33.3),
        ]

    def test_survive_the_way_through_json(self, campaign):
        for state in STATES:
            TrainingRecordFactory(campaign=campaign, **state)
        AttemptFactory(record__campaign=campaign, failed=True)
        figures = report_figures(campaign)

        assert Figures.from_json(json.loads(json.dumps(figures.as_json()))) == figures

    def test_of_a_closed_campaign_are_those_of_its_closing(self):
        campaign = CampaignFactory(people=2, closed=True)
        department = campaign.records.first().department
        department.name = "改称後の部"
        department.save()

        assert "改称後の部" not in {it.name for it in report_figures(campaign).departments}


class TestLastYear:
    def test_is_compared_with_its_numbers(self):
        former = CampaignFactory(cycle__year=2025, people=2, closed=True)
        campaign = CampaignFactory(course=former.course, open=True)

        last_year = report_figures(campaign).last_year

        assert (last_year.campaign, last_year.population, last_year.passed) == (former.pk, 2, 2)
        assert (last_year.pass_rate, last_year.average) == (100.0, 100.0)

    def test_counts_questions_that_are_word_for_word_the_same(self):
        former = CampaignFactory(cycle__year=2025, closed=True)
        question = former.course.questions.first()
        question.text = "新しい問い"
        question.save()
        QuestionFactory(course=former.course)

        figures = report_figures(CampaignFactory(course=former.course, open=True))

        assert (figures.questions, figures.unchanged) == (6, 4)
        assert figures.unchanged_share == 66.7

    def test_of_another_course_of_the_kind_compares_no_questions(self):
        former = CampaignFactory(cycle__year=2025, closed=True)

        figures = report_figures(CampaignFactory(open=True))

        assert figures.last_year.campaign == former.pk
        assert figures.unchanged is figures.unchanged_share is None

    def test_prefers_the_same_course(self):
        former = CampaignFactory(cycle__year=2025, closed=True)
        CampaignFactory(cycle__year=2025, closed=True)

        figures = report_figures(CampaignFactory(course=former.course, open=True))

        assert figures.last_year.campaign == former.pk

    @pytest.mark.parametrize(
        "former", [{"cycle__year": 2024, "closed": True}, {"cycle__year": 2025}]
    )
    def test_is_the_year_before_and_was_held(self, former):
        CampaignFactory(cycle__year=2025)
        CampaignFactory(**former)

        assert report_figures(CampaignFactory(open=True)).last_year is None

    def test_is_of_the_same_kind_of_course(self):
        CampaignFactory(
            cycle__year=2025,
            closed=True,
            course=CourseFactory(kind=CourseKind.ROLE, published=True, questions=1),
        )

        assert report_figures(CampaignFactory(open=True)).last_year is None


class TestSummary:
    def test_has_a_row_for_each_training_that_was_held(self):
        former = CampaignFactory(cycle__year=2025, closed=True)
        campaign = CampaignFactory(course=former.course, open=True)
        CampaignFactory()

        rows = summary([campaign.cycle, former.cycle])

        assert [row.campaign for row in rows] == [former, campaign]
        assert (rows[0].methods, rows[0].figures.passed) == ("Paper 1", 1)
        assert (rows[1].methods, rows[1].figures.passed) == ("", 0)

    def test_tells_how_absentees_were_followed_up(self):
        campaign = CampaignFactory(open=True)
        FollowUpFactory(record=campaign.records.get())
        SessionFactory(campaign=campaign, is_make_up=True)

        [row] = summary([campaign.cycle])

        assert row.follow_up == "Reminder 1, make-up sessions: 1"

    def test_leaves_other_years_out(self):
        campaign = CampaignFactory(cycle__year=2025, closed=True)

        assert summary([]) == []
        assert len(summary([campaign.cycle])) == 1

    def test_names_the_target_in_words(self):
        campaign = CampaignFactory(
            audience_kinds=["officer", "dispatched"],
            audience_posts=[Role.AUDITOR, "部長"],
            audience_joined_since=date(2026, 4, 1),
        )
        campaign.audience_departments.add(DepartmentFactory(name="営業部"))

        assert target_in_words(campaign) == (
            "営業部 / Officer, Dispatched worker / Auditor, 部長 / joined on or after 2026-04-01"
        )
        assert target_in_words(CampaignFactory()).startswith("Everyone")


def test_figures_cost_the_same_for_two_people_and_twenty(campaign):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            report_figures(Campaign.objects.select_related("cycle", "course").get(pk=campaign.pk))
        return len(queries)

    TrainingRecordFactory(campaign=campaign, passed=True)
    few = cost()
    for _time in range(10):
        AttemptFactory(record__campaign=campaign, failed=True)
    pass_everybody(campaign)

    assert cost() == few
    assert services.report_figures(campaign).population == 11
