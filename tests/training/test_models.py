"""What the database refuses to everybody, hand-written SQL included, and whom a campaign means."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from pms.accounts.roles import Role
from pms.organization.choices import EmploymentKind
from pms.organization.models import Affiliation
from pms.training.choices import RecordStatus
from pms.training.models import Attempt, Campaign, TrainingRecord
from tests.cycles.factories import CycleFactory
from tests.organization.factories import (
    AffiliationFactory,
    AppointmentFactory,
    DepartmentFactory,
    PersonFactory,
)

from .factories import (
    STARTS_ON,
    AttemptFactory,
    CampaignFactory,
    CourseFactory,
    CourseVersionFactory,
    ExcuseFactory,
    FollowUpFactory,
    PlanFactory,
    PlanItemFactory,
    SessionFactory,
    TrainingRecordFactory,
    close_campaign,
)

pytestmark = pytest.mark.django_db


def refused(sql: str, *values: object) -> bool:
    """Whether the database refuses a hand-written statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            assert cursor.rowcount, "the statement met no row"
    except IntegrityError:
        return True
    return False


class TestRecord:
    def test_is_one_for_each_person(self):
        record = TrainingRecordFactory()

        with pytest.raises(IntegrityError):
            TrainingRecordFactory(campaign=record.campaign, person=record.person)

    def test_may_be_void_any_number_of_times(self):
        record = TrainingRecordFactory()
        for _time in range(2):
            TrainingRecordFactory(campaign=record.campaign, person=record.person, void=True)

        assert record.campaign.records.population().get(person=record.person) == record

    @pytest.mark.parametrize("status", [it for it in RecordStatus if it != RecordStatus.VOID])
    def test_never_goes_back_from_passed(self, status):
        record = TrainingRecordFactory(passed=True)

        assert refused(
            "UPDATE training_trainingrecord SET status = %s, passed_on = NULL WHERE id = %s",
            status,
            record.pk,
        )

    @pytest.mark.parametrize(
        "change", ["score = 100", "passed_on = '2026-09-02'", "attended_on = '2026-09-02'"]
    )
    @pytest.mark.parametrize("status", ["passed", "void"])
    def test_keeps_its_facts_once_passed_even_when_it_becomes_void(self, change, status):
        record = TrainingRecordFactory(passed=True)

        assert refused(
            f"UPDATE training_trainingrecord SET {change}, status = %s, void_reason = 'x'"  # noqa: S608
            " WHERE id = %s",
            status,
            record.pk,
        )

    def test_stays_void(self):
        record = TrainingRecordFactory(void=True)

        assert refused(
            "UPDATE training_trainingrecord SET status = 'not_started' WHERE id = %s", record.pk
        )

    def test_is_never_removed(self):
        record = TrainingRecordFactory()

        assert refused("DELETE FROM training_trainingrecord WHERE id = %s", record.pk)

    @pytest.mark.parametrize(
        ("states", "change"),
        [
            ({}, {"status": "passed"}),
            ({}, {"passed_on": STARTS_ON}),
            ({}, {"status": "void"}),
            ({}, {"status": "unheard-of"}),
            ({"passed": True}, {"score": 101}),
        ],
    )
    def test_says_nothing_contradictory(self, states, change):
        with pytest.raises(IntegrityError):
            TrainingRecordFactory(**states, **change)

    def test_moves_only_along_its_table(self):
        passed = TrainingRecordFactory.build(
            status=RecordStatus.PASSED,
            campaign=None,
            person=None,
            employee_number="1",
            name="x",
            kana="",
            department=None,
            employment_kind="regular",
            due_on=STARTS_ON,
        )

        assert [it for it in RecordStatus if passed.can_move_to(it)] == [RecordStatus.VOID]


class TestClosedCampaign:
    @pytest.fixture
    def record(self):
        campaign = CampaignFactory(people=1, open=True)
        record = TrainingRecordFactory(campaign=campaign, passed=True)
        AttemptFactory(record=record, passed=True)
        ExcuseFactory(record=record, refused=True)
        FollowUpFactory(record=record)
        SessionFactory(campaign=campaign)
        campaign.records.open().update(
            status=RecordStatus.PASSED, passed_on=STARTS_ON, attended_on=STARTS_ON
        )
        close_campaign(campaign)
        return record

    @pytest.mark.parametrize(
        "change",
        [
            "training_trainingrecord SET name = 'x' WHERE campaign_id = %s",
            "training_campaign SET title = 'x' WHERE id = %s",
            "training_campaign SET status = 'open', closed_at = NULL WHERE id = %s",
            "training_session SET place = 'x' WHERE campaign_id = %s",
            "training_campaignquestion SET position = 99 WHERE campaign_id = %s",
            "training_report SET figures = '{}' WHERE campaign_id = %s",
        ],
    )
    def test_and_what_hangs_on_it_cannot_be_changed(self, record, change):
        assert refused(f"UPDATE {change}", record.campaign_id)

    @pytest.mark.parametrize(
        "change",
        [
            "training_attempt SET saved_at = submitted_at WHERE record_id = %s",
            "training_excuse SET note = 'x' WHERE record_id = %s",
            "training_followup SET result = 'x' WHERE record_id = %s",
        ],
    )
    def test_and_what_hangs_on_its_records_cannot_be_changed(self, record, change):
        assert refused(f"UPDATE {change}", record.pk)

    @pytest.mark.parametrize(
        "table", ["trainingrecord", "session", "campaignquestion", "report", "campaign"]
    )
    def test_loses_nothing(self, record, table):
        column = "id" if table == "campaign" else "campaign_id"

        assert refused(
            f"DELETE FROM training_{table} WHERE {column} = %s",  # noqa: S608
            record.campaign_id,
        )

    @pytest.mark.parametrize("table", ["attempt", "excuse", "followup"])
    def test_loses_nothing_that_hangs_on_its_records(self, record, table):
        assert refused(
            f"DELETE FROM training_{table} WHERE record_id = %s",  # noqa: S608
            record.pk,
        )

    @pytest.mark.parametrize(
        "add",
        [
            lambda record: TrainingRecordFactory(campaign=record.campaign),
            lambda record: SessionFactory(campaign=record.campaign),
            lambda record: AttemptFactory(record=record),
            lambda record: ExcuseFactory(record=record),
            lambda record: FollowUpFactory(record=record),
        ],
    )
    def test_takes_nothing_in(self, record, add):
        with pytest.raises(IntegrityError), transaction.atomic():
            add(record)

    def test_takes_no_record_of_another_campaign_in(self, record):
        other = TrainingRecordFactory(campaign=CampaignFactory(open=True))

        assert refused(
            "UPDATE training_trainingrecord SET campaign_id = %s WHERE id = %s",
            record.campaign_id,
            other.pk,
        )

    def test_refuses_bulk_updates_of_the_orm(self, record):
        with pytest.raises(IntegrityError), transaction.atomic():
            TrainingRecord.objects.filter(campaign=record.campaign).update(lecturer="x")


class TestOpenCampaign:
    @pytest.mark.parametrize(
        "change",
        [
            "training_campaign SET status = 'draft', opened_at = NULL WHERE id = %s",
            "training_campaign SET pass_mark = 10 WHERE id = %s",
            "training_campaign SET starts_on = '2026-08-01' WHERE id = %s",
            "training_campaignquestion SET topic = 'roles' WHERE campaign_id = %s",
        ],
    )
    def test_keeps_what_it_was_opened_with(self, change):
        campaign = CampaignFactory(open=True)

        assert refused(f"UPDATE {change}", campaign.pk)

    def test_keeps_its_audience(self):
        campaign = CampaignFactory(open=True)

        with pytest.raises(IntegrityError):
            campaign.audience_departments.add(DepartmentFactory())


class TestSettledThings:
    def test_a_sent_test_is_never_changed(self):
        attempt = AttemptFactory(failed=True)

        for change in ("score = 100", "is_passed = TRUE", "answers = '{\"1\": [0]}'"):
            assert refused(f"UPDATE training_attempt SET {change} WHERE id = %s", attempt.pk)  # noqa: S608

    def test_one_test_runs_at_a_time(self):
        attempt = AttemptFactory()

        with pytest.raises(IntegrityError):
            AttemptFactory(record=attempt.record)

    def test_published_material_is_never_changed(self):
        version = CourseVersionFactory(published=True)

        assert refused("UPDATE training_courseversion SET text = 'x' WHERE id = %s", version.pk)
        assert refused("DELETE FROM training_courseversion WHERE id = %s", version.pk)

    @pytest.mark.parametrize("state", ["submitted", "approved"])
    def test_a_plan_that_was_handed_in_is_never_changed(self, state):
        plan = PlanFactory(**{state: True})

        assert refused("UPDATE training_trainingplan SET purpose = 'x' WHERE id = %s", plan.pk)
        assert refused("UPDATE training_planitem SET target = 'x' WHERE plan_id = %s", plan.pk)
        assert refused("DELETE FROM training_planitem WHERE plan_id = %s", plan.pk)
        with pytest.raises(IntegrityError):
            PlanItemFactory(plan=plan)

    def test_an_approved_plan_is_never_taken_back(self):
        plan = PlanFactory(approved=True)

        assert refused(
            "UPDATE training_trainingplan SET status = 'draft', approved_on = NULL,"
            " approved_by_id = NULL WHERE id = %s",
            plan.pk,
        )

    def test_nobody_approves_their_own_plan_or_excuse(self):
        plan, excuse = PlanFactory(), ExcuseFactory()
        plan.status, plan.approved_by, plan.approved_on = "approved", plan.created_by, STARTS_ON
        excuse.status, excuse.decided_by = "approved", excuse.requested_by
        excuse.decided_at = excuse.requested_at

        for row in (plan, excuse):
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save()

    def test_one_excuse_is_in_force_at_a_time(self):
        excuse = ExcuseFactory(approved=True)

        with pytest.raises(IntegrityError):
            ExcuseFactory(record=excuse.record)


class TestCampaign:
    @pytest.mark.parametrize(
        ("field", "dates"),
        [
            ("starts_on", {"starts_on": date(2026, 3, 31), "ends_on": date(2026, 9, 30)}),
            ("ends_on", {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 4, 1)}),
        ],
    )
    def test_lies_within_its_year(self, field, dates):
        campaign = CampaignFactory.build(
            cycle=CycleFactory(), course=CourseFactory(), title="研修", **dates
        )

        with pytest.raises(ValidationError) as refusal:
            campaign.full_clean()

        assert list(refusal.value.message_dict) == [field]

    def test_does_not_end_before_it_starts(self):
        with pytest.raises(IntegrityError):
            CampaignFactory(starts_on=date(2026, 9, 30), ends_on=date(2026, 9, 1))

    def test_means_no_outsiders(self):
        campaign = CampaignFactory(audience_kinds=[EmploymentKind.EXTERNAL])

        with pytest.raises(ValidationError) as refusal:
            campaign.full_clean()

        assert list(refusal.value.message_dict) == ["audience_kinds"]


class TestAudience:
    def numbers(self, campaign: Campaign, day: date = STARTS_ON) -> list[str]:
        audience = campaign.audience_on(day)
        return sorted(audience.values_list("person__employee_number", flat=True))

    def test_is_everyone_who_works_under_the_companys_direction(self):
        for kind in EmploymentKind:
            PersonFactory(employee_number=kind, affiliation__employment_kind=kind)

        everyone = sorted(kind for kind in EmploymentKind if kind != EmploymentKind.EXTERNAL)
        assert self.numbers(CampaignFactory()) == everyone

    def test_is_of_the_day(self):
        PersonFactory(employee_number="left", left_on=date(2026, 8, 31))
        PersonFactory(employee_number="leaves today", left_on=STARTS_ON)
        PersonFactory(employee_number="comes", joined_on=date(2026, 9, 2))

        campaign = CampaignFactory()

        assert self.numbers(campaign) == ["leaves today"]
        assert self.numbers(campaign, date(2026, 9, 2)) == ["comes"]

    def test_takes_departments_with_those_below_and_concurrent_posts(self):
        top = DepartmentFactory()
        below = DepartmentFactory(parent=DepartmentFactory(parent=top))
        PersonFactory(employee_number="below", affiliation__department=below)
        PersonFactory(employee_number="other")
        AffiliationFactory(
            person=PersonFactory(employee_number="concurrent"), department=below, is_primary=False
        )
        campaign = CampaignFactory()
        campaign.audience_departments.add(top)

        assert self.numbers(campaign) == ["below", "concurrent"]

    def test_counts_who_is_twice_in_it_once(self):
        top = DepartmentFactory()
        person = PersonFactory(affiliation__department=top)
        AffiliationFactory(person=person, department=top, is_primary=False)
        campaign = CampaignFactory()
        campaign.audience_departments.add(top)

        assert campaign.audience_on(STARTS_ON).count() == 1

    def test_takes_employment_kinds(self):
        PersonFactory(employee_number="a", affiliation__employment_kind=EmploymentKind.OFFICER)
        PersonFactory(employee_number="b")

        assert self.numbers(CampaignFactory(audience_kinds=[EmploymentKind.OFFICER])) == ["a"]

    def test_takes_posts_of_the_management_system_and_titles(self):
        AppointmentFactory(person__employee_number="auditor", role=Role.AUDITOR)
        AppointmentFactory(
            person__employee_number="was auditor", role=Role.AUDITOR, ends_on=date(2026, 8, 31)
        )
        PersonFactory(employee_number="head", affiliation__post="部長")
        PersonFactory(employee_number="other")

        campaign = CampaignFactory(audience_posts=[Role.AUDITOR, "部長"])

        assert self.numbers(campaign) == ["auditor", "head"]

    def test_takes_who_joined_since_a_day(self):
        PersonFactory(employee_number="old", joined_on=date(2026, 3, 31))
        PersonFactory(employee_number="new", joined_on=date(2026, 4, 1))

        campaign = CampaignFactory(audience_joined_since=date(2026, 4, 1))

        assert self.numbers(campaign) == ["new"]

    def test_joins_its_conditions_by_and(self):
        top = DepartmentFactory()
        PersonFactory(employee_number="a", affiliation__department=top)
        PersonFactory(
            employee_number="b",
            affiliation__department=top,
            affiliation__employment_kind=EmploymentKind.PART_TIME,
        )
        campaign = CampaignFactory(audience_kinds=[EmploymentKind.PART_TIME])
        campaign.audience_departments.add(top)

        assert self.numbers(campaign) == ["b"]

    def test_gives_main_affiliations(self):
        person = PersonFactory()
        AffiliationFactory(person=person, is_primary=False)

        [found] = CampaignFactory().audience_on(STARTS_ON)

        assert found == Affiliation.objects.get(person=person, is_primary=True)


class TestAttempt:
    def test_is_marked_exactly_when_it_is_sent(self):
        attempt = AttemptFactory()

        for half in ({"score": 50}, {"is_passed": True}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Attempt.objects.filter(pk=attempt.pk).update(**half)
