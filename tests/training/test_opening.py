"""Preparing a campaign and opening it: what it must have, what is frozen."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from pms.core.exceptions import DomainError, InvalidTransitionError
from pms.history.models import HistoryEntry
from pms.organization.choices import EmploymentKind
from pms.training import services
from pms.training.choices import (
    CampaignStatus,
    CourseKind,
    ExcuseReason,
    ExcuseStatus,
    RecordStatus,
    Topic,
)
from pms.training.exceptions import OpeningRefusedError
from pms.training.models import Campaign, TrainingRecord
from tests.accounts.factories import UserFactory
from tests.cycles.factories import CycleFactory
from tests.organization.factories import (
    AffiliationFactory,
    DepartmentFactory,
    LeaveFactory,
    PersonFactory,
)

from .factories import (
    ENDS_ON,
    STARTS_ON,
    CampaignFactory,
    CourseFactory,
    CourseVersionFactory,
    PlanFactory,
    QuestionFactory,
    SessionFactory,
    TrainingRecordFactory,
    at,
    plan_course,
    record_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def count_queries():
    """How many queries something costs."""

    def count(act) -> int:
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    return count


def ready(**fields) -> Campaign:
    """A campaign that could be opened, with somebody in its audience."""
    campaign = CampaignFactory(**{"people": 1} | fields)
    plan_course(campaign.cycle, campaign.course)
    return campaign


def open_(campaign: Campaign, today: date = STARTS_ON) -> Campaign:
    """Open with fixed arguments."""
    return services.open_campaign(campaign.pk, actor=UserFactory(), today=today, now=at(today))


class TestPrepare:
    def test_creates_a_draft_that_concerns_nobody(self):
        PersonFactory()
        department = DepartmentFactory()

        campaign = services.create_campaign(
            CycleFactory(),
            CourseFactory(),
            actor=UserFactory(),
            audience_departments=[department],
            title="研修",
            starts_on=STARTS_ON,
            ends_on=ENDS_ON,
        )

        assert campaign.status == CampaignStatus.DRAFT
        assert list(campaign.audience_departments.all()) == [department]
        assert not campaign.records.exists()
        assert HistoryEntry.objects.filter(event="training.campaign_created").count() == 1

    def test_refuses_a_window_outside_the_year(self):
        with pytest.raises(ValidationError):
            services.create_campaign(
                CycleFactory(),
                CourseFactory(),
                actor=UserFactory(),
                title="研修",
                starts_on=date(2026, 3, 1),
                ends_on=ENDS_ON,
            )

        assert not Campaign.objects.exists()

    def test_changes_a_draft(self):
        campaign, department = CampaignFactory(), DepartmentFactory()

        services.change_campaign(
            campaign.pk, actor=UserFactory(), audience_departments=[department], pass_mark=70
        )

        campaign.refresh_from_db()
        assert campaign.pass_mark == 70
        assert list(campaign.audience_departments.all()) == [department]

    def test_changes_only_titles_and_lecturer_once_it_is_open(self):
        campaign, actor = CampaignFactory(open=True), UserFactory()

        services.change_campaign(campaign.pk, actor=actor, title="新しい名前", pass_mark=80)
        for settled in ({"pass_mark": 10}, {"audience_departments": []}):
            with pytest.raises(DomainError):
                services.change_campaign(campaign.pk, actor=actor, **settled)

        campaign.refresh_from_db()
        assert (campaign.title, campaign.pass_mark) == ("新しい名前", 80)

    def test_changes_nothing_of_a_closed_one(self):
        campaign = CampaignFactory(closed=True)

        with pytest.raises(DomainError):
            services.change_campaign(campaign.pk, actor=UserFactory(), title="x")

    def test_discards_a_draft_with_its_sessions(self):
        session = SessionFactory()

        services.discard_campaign(session.campaign_id, actor=UserFactory())

        assert not Campaign.objects.exists()

    def test_never_discards_what_was_opened(self):
        with pytest.raises(InvalidTransitionError):
            services.discard_campaign(CampaignFactory(open=True).pk, actor=UserFactory())


class TestPreview:
    def test_counts_whom_it_would_reach_and_whom_not(self):
        sales, works = DepartmentFactory(), DepartmentFactory()
        PersonFactory(affiliation__department=sales, with_account=True)
        LeaveFactory(person__affiliation__department=sales)
        PersonFactory(
            affiliation__department=works, affiliation__employment_kind=EmploymentKind.DISPATCHED
        )
        PersonFactory(affiliation__employment_kind=EmploymentKind.EXTERNAL)
        homeless = PersonFactory(affiliation=None)

        preview = services.preview_audience(CampaignFactory(), today=STARTS_ON)

        assert preview.total == 3
        assert preview.by_department == [(sales, 2), (works, 1)]
        assert preview.by_kind == [("regular", 2), ("dispatched", 1)]
        assert preview.on_leave == 1
        assert preview.without_account == 2
        assert preview.not_workers == 1
        assert (preview.unplaced_count, preview.unplaced) == (1, [homeless])

    def test_writes_nothing_and_asks_little(self, django_assert_max_num_queries):
        PersonFactory.create_batch(5)
        campaign = CampaignFactory()

        with django_assert_max_num_queries(8):
            services.preview_audience(campaign, today=STARTS_ON)

        assert not TrainingRecord.objects.exists()


class TestOpen:
    def test_gives_everyone_a_record_with_the_facts_of_the_day(self):
        campaign = ready(people=0)
        person = PersonFactory(affiliation__employment_kind=EmploymentKind.PART_TIME)

        open_(campaign)

        record = record_of(campaign, person)
        affiliation = person.affiliations.get()
        assert record.status == RecordStatus.NOT_STARTED
        assert (record.employee_number, record.name, record.kana) == (
            person.employee_number,
            person.full_name,
            person.full_kana,
        )
        assert (record.department, record.employment_kind) == (
            affiliation.department,
            EmploymentKind.PART_TIME,
        )
        assert record.due_on == ENDS_ON
        assert list(TrainingRecord.objects.search(person.given_name)) == [record]

    def test_is_dated_signed_and_journalled(self):
        campaign, actor = ready(people=3), UserFactory()

        services.open_campaign(campaign.pk, actor=actor, today=STARTS_ON, now=at(STARTS_ON))

        campaign.refresh_from_db()
        assert (campaign.status, campaign.opened_by, campaign.opened_at) == (
            CampaignStatus.OPEN,
            actor,
            at(STARTS_ON),
        )
        assert campaign.population_on == STARTS_ON
        entry = HistoryEntry.objects.get(event="training.campaign_opened")
        assert entry.additional_data == {"people": 3, "excused": 0, "questions": 5}
        added = HistoryEntry.objects.filter(event="training.person_added")
        assert added.count() == 3
        assert all(it.digest == it.compute_digest() for it in added)
        assert {it.actor for it in added} == {actor}

    def test_takes_the_latest_material_published_by_then(self):
        campaign = ready()
        CourseVersionFactory(course=campaign.course, published_on=date(2026, 9, 2))
        CourseVersionFactory(course=campaign.course)

        assert open_(campaign).course_version.number == 1

    def test_freezes_the_questions_in_use(self):
        campaign = ready()
        QuestionFactory(course=campaign.course, is_active=False)

        open_(campaign)

        assert campaign.questions.count() == 5
        asked = campaign.questions.first()
        assert asked.content["text"] == asked.question.text
        assert [it["correct"] for it in asked.content["choices"]] == [True, False, False]
        assert len(asked.digest) == 64

    def test_asks_nothing_in_a_training_without_a_test(self):
        campaign = ready(pass_mark=None, course=CourseFactory(published=True))

        assert open_(campaign).questions.count() == 0

    def test_excuses_at_once_who_is_away_until_after_the_end(self):
        campaign = ready(people=0)
        away = LeaveFactory().person
        back_in_time = LeaveFactory(ends_on=date(2026, 9, 10)).person

        open_(campaign)

        assert record_of(campaign, away).status == RecordStatus.EXCUSED
        assert record_of(campaign, back_in_time).status == RecordStatus.NOT_STARTED
        excuse = record_of(campaign, away).excuses.get()
        assert (excuse.reason, excuse.status, excuse.by_rule, excuse.until) == (
            ExcuseReason.LEAVE,
            ExcuseStatus.APPROVED,
            True,
            date(2027, 3, 31),
        )

    def test_counts_somebody_with_two_main_affiliations_once_by_the_later(self):
        campaign = ready(people=0)
        person = PersonFactory(affiliation=None)
        AffiliationFactory(person=person, starts_on=date(2020, 4, 1), ends_on=date(2026, 12, 31))
        later = AffiliationFactory(person=person, starts_on=date(2026, 7, 1))

        open_(campaign)

        assert record_of(campaign, person).department == later.department

    def test_a_second_opening_gives_the_first_one(self):
        campaign = ready()
        opened = open_(campaign)

        again = open_(campaign, date(2026, 9, 5))

        assert again.opened_at == opened.opened_at
        assert HistoryEntry.objects.filter(event="training.campaign_opened").count() == 1

    def test_refuses_a_closed_one(self):
        with pytest.raises(InvalidTransitionError):
            open_(CampaignFactory(closed=True))

    def test_costs_the_same_number_of_queries_for_two_and_for_twenty(self, count_queries):
        few, many = ready(people=2), ready(people=18)

        assert count_queries(lambda: open_(few)) == count_queries(lambda: open_(many))


class TestOpeningObstacles:
    def test_are_none_when_all_is_ready(self):
        assert services.opening_obstacles(ready(), today=STARTS_ON) == []

    def refusal(self, campaign: Campaign, today: date = STARTS_ON) -> str:
        """The one obstacle, with which opening is refused and nothing is written."""
        [obstacle] = services.opening_obstacles(campaign, today=today)
        with pytest.raises(OpeningRefusedError) as refusal:
            open_(campaign, today)
        assert refusal.value.messages == [obstacle]
        campaign.refresh_from_db()
        assert campaign.status == CampaignStatus.DRAFT
        assert not campaign.records.exists()
        return obstacle

    def test_name_a_window_that_is_over(self):
        assert "last day is over" in self.refusal(ready(), date(2026, 10, 1))

    def test_name_a_missing_plan(self):
        assert "training plan" in self.refusal(CampaignFactory(people=1))

    def test_name_a_plan_that_is_not_approved(self):
        campaign = CampaignFactory(people=1)
        PlanFactory(cycle=campaign.cycle, item__course=campaign.course, submitted=True)

        assert "training plan" in self.refusal(campaign)

    def test_name_a_plan_without_the_course(self):
        campaign = CampaignFactory(people=1)
        PlanFactory(cycle=campaign.cycle, approved=True)

        assert campaign.course.title in self.refusal(campaign)

    def test_name_a_plan_approved_on_the_first_day_only(self):
        campaign = CampaignFactory(people=1)
        plan = PlanFactory(cycle=campaign.cycle, item__course=campaign.course, submitted=True)
        services.approve_plan(plan.pk, actor=UserFactory(), today=STARTS_ON)

        assert "2026-09-01" in self.refusal(campaign)

    def test_accept_a_plan_that_was_replaced_since(self):
        campaign = ready()
        plan = PlanFactory(cycle=campaign.cycle, submitted=True)
        services.approve_plan(plan.pk, actor=UserFactory(), today=date(2026, 9, 5))

        assert services.opening_obstacles(campaign, today=date(2026, 9, 6)) == []

    def test_ask_no_plan_of_what_follows_an_incident(self):
        course = CourseFactory(kind=CourseKind.AFTER_INCIDENT, published=True, questions=1)

        campaign = CampaignFactory(people=1, course=course)

        assert services.opening_obstacles(campaign, today=STARTS_ON) == []

    @pytest.mark.parametrize("version", [None, {}, {"published_on": date(2026, 9, 2)}])
    def test_name_missing_material(self, version):
        campaign = ready(course=CourseFactory(questions=1))
        if version is not None:
            CourseVersionFactory(course=campaign.course, **version)

        assert "material" in self.refusal(campaign)

    def test_name_topics_that_an_annual_training_does_not_cover(self):
        campaign = ready(course=CourseFactory(questions=1))
        CourseVersionFactory(course=campaign.course, published=True, covers_roles=False)

        assert str(Topic.ROLES.label) in self.refusal(campaign)

    def test_ask_for_one_topic_of_another_training(self):
        campaign = ready(course=CourseFactory(kind=CourseKind.ROLE, questions=1))
        CourseVersionFactory(course=campaign.course, published=True, covers_roles=False)

        assert services.opening_obstacles(campaign, today=STARTS_ON) == []

    @pytest.mark.parametrize(("there", "asked"), [(0, None), (5, 6)])
    def test_name_missing_questions(self, there, asked):
        campaign = ready(
            course=CourseFactory(published=True, questions=there), question_count=asked
        )

        assert "in use" in self.refusal(campaign)

    def test_name_a_question_that_is_not_fair(self):
        campaign = ready()
        QuestionFactory(course=campaign.course, code="Q-BAD", choices=[("a", True), ("b", True)])

        assert self.refusal(campaign).startswith("Question Q-BAD:")

    def test_name_an_empty_audience(self):
        assert "audience" in self.refusal(ready(audience_kinds=[EmploymentKind.OFFICER]))

    def test_let_the_training_on_joining_wait_for_people(self):
        course = CourseFactory(kind=CourseKind.NEW_HIRE, published=True, questions=1)
        campaign = ready(course=course, audience_joined_since=date(2026, 4, 1))

        assert open_(campaign).records.count() == 0

    def test_are_told_all_at_once(self):
        campaign = CampaignFactory(course=CourseFactory())

        assert len(services.opening_obstacles(campaign, today=STARTS_ON)) == 4


class TestTrainingOnJoining:
    def test_is_due_so_many_days_after_joining(self):
        course = CourseFactory(kind=CourseKind.NEW_HIRE, published=True, questions=1)
        campaign = ready(
            people=0,
            course=course,
            starts_on=date(2026, 4, 10),
            ends_on=date(2027, 3, 31),
            joiner_days=20,
        )
        early = PersonFactory(joined_on=date(2026, 4, 1))
        later = PersonFactory(joined_on=date(2026, 6, 1))

        open_(campaign, date(2026, 4, 10))
        services.apply_dated_rules(campaign.pk, today=date(2026, 6, 1))

        assert record_of(campaign, early).due_on == date(2026, 4, 30)
        assert record_of(campaign, later).due_on == date(2026, 6, 21)


class TestExtend:
    def test_moves_the_last_day_and_the_due_days_of_who_is_open(self):
        campaign = CampaignFactory(people=1, open=True)
        passed = TrainingRecordFactory(campaign=campaign, passed=True)
        joiner = TrainingRecordFactory(campaign=campaign, due_on=date(2026, 10, 5))

        services.extend_campaign(
            campaign.pk, ends_on=date(2026, 10, 31), actor=UserFactory(), reason="台風のため"
        )

        due = dict(campaign.records.values_list("pk", "due_on"))
        assert due.pop(passed.pk) == ENDS_ON
        assert due.pop(joiner.pk) == date(2026, 10, 5)
        assert set(due.values()) == {date(2026, 10, 31)}
        entry = HistoryEntry.objects.get(event="training.campaign_extended")
        assert entry.additional_data == {"from": "2026-09-30", "to": "2026-10-31", "people": 1}

    @pytest.mark.parametrize(
        ("ends_on", "reason"),
        [
            (ENDS_ON, "x"),
            (date(2026, 9, 29), "x"),
            (date(2027, 4, 1), "x"),
            (date(2026, 10, 1), ""),
        ],
    )
    def test_refuses_earlier_days_days_outside_the_year_and_no_reason(self, ends_on, reason):
        campaign = CampaignFactory(open=True)

        with pytest.raises(ValidationError):
            services.extend_campaign(
                campaign.pk, ends_on=ends_on, actor=UserFactory(), reason=reason
            )

    def test_refuses_what_is_not_open(self):
        with pytest.raises(DomainError):
            services.extend_campaign(
                CampaignFactory().pk, ends_on=date(2026, 10, 31), actor=UserFactory(), reason="x"
            )


class TestSessions:
    def test_are_planned_changed_and_removed(self):
        campaign, actor = CampaignFactory(open=True), UserFactory()

        session = services.add_session(
            campaign.pk, actor=actor, held_on=date(2026, 9, 10), place="会議室", is_make_up=True
        )
        services.change_session(session.pk, actor=actor, place="大会議室")

        stored = campaign.sessions.get()
        assert (stored.place, stored.is_make_up) == ("大会議室", True)
        services.remove_session(session.pk, actor=actor)
        assert not campaign.sessions.exists()

    @pytest.mark.parametrize("held_on", [date(2026, 8, 31), date(2027, 4, 1)])
    def test_lie_between_the_first_day_and_the_end_of_the_year(self, held_on):
        with pytest.raises(DomainError):
            services.add_session(CampaignFactory().pk, actor=UserFactory(), held_on=held_on)

    def test_stay_when_somebody_was_logged_for_them(self):
        session = SessionFactory(campaign=CampaignFactory(open=True))
        TrainingRecordFactory(campaign=session.campaign, passed=True, session=session)

        with pytest.raises(DomainError):
            services.remove_session(session.pk, actor=UserFactory())

    def test_of_a_closed_campaign_stay_as_they_are(self):
        campaign = CampaignFactory(closed=True)

        with pytest.raises(DomainError):
            services.add_session(campaign.pk, actor=UserFactory(), held_on=STARTS_ON)
