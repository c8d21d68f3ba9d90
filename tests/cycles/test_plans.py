"""The plan of a year: made, approved by top management, kept."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError, InvalidTransitionError
from pms.cycles import services
from pms.cycles.calendar import TEMPLATE
from pms.cycles.choices import Fulfilment, MilestoneStatus, PlanStatus, Verdict
from pms.cycles.models import Clause, Milestone, YearPlan
from pms.history.models import HistoryEntry
from tests.accounts.factories import UserFactory
from tests.organization.factories import AppointmentFactory, PersonFactory

from .factories import CycleFactory, MilestoneFactory, ObjectiveFactory, YearPlanFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guideline")]


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 3, tzinfo=UTC)


def make(cycle=None, **options):
    """A plan of the year, made today."""
    cycle = cycle or CycleFactory()
    return services.make_plan(cycle.pk, actor=UserFactory(), today=TODAY, **options)


class TestTemplate:
    def test_names_clauses_of_the_guideline_only(self):
        known = set(Clause.objects.values_list("code", flat=True))
        assert {planned.clause for planned in TEMPLATE} <= known

    def test_has_all_phases_and_every_month(self):
        assert {planned.phase for planned in TEMPLATE} == {"plan", "do", "check", "act"}
        assert {planned.month for planned in TEMPLATE} == set(range(12))

    @pytest.mark.parametrize("first", [date(2026, 4, 1), date(2026, 1, 1), date(2026, 3, 21)])
    def test_lies_within_a_year_that_begins_on_any_day(self, first):
        cycle = CycleFactory(starts_on=first, name="Y")
        make(cycle)
        assert cycle.milestones.count() == len(TEMPLATE)
        assert all(it.due_on in cycle for it in cycle.milestones.all())

    def test_names_whoever_holds_the_post(self):
        post = AppointmentFactory(role=Role.PRIVACY_MANAGER, starts_on=date(2020, 4, 1))
        plan = make()
        owners = plan.cycle.milestones.filter(role=Role.PRIVACY_MANAGER).values_list("owner")
        assert {owner for (owner,) in owners} == {post.person_id}
        assert plan.cycle.milestones.filter(role=Role.TRAINING_OFFICER, owner=None).exists()

    def test_points_to_the_edition_in_force(self):
        plan = make()
        assert not plan.cycle.milestones.filter(clause=None).exists()

    def test_is_told_in_the_journal(self):
        plan = make()
        entry = HistoryEntry.objects.get(event="cycles.plan_made")
        assert entry.additional_data["milestones"] == len(TEMPLATE)
        assert entry.object_id == plan.pk


class TestLastYears:
    @pytest.fixture
    def former(self):
        return YearPlanFactory(cycle=CycleFactory(year=2025)).cycle

    def test_comes_on_the_days_first_planned(self, former):
        MilestoneFactory(
            cycle=former, first_due_on=date(2025, 9, 30), due_on=date(2025, 12, 20), title="教育"
        )
        plan = make(copy_from=former)
        (milestone,) = plan.cycle.milestones.all()
        assert milestone.title == "教育"
        assert milestone.due_on == milestone.first_due_on == date(2026, 9, 30)
        assert milestone.status == MilestoneStatus.PLANNED

    def test_leaves_behind_what_was_not_needed(self, former):
        MilestoneFactory(cycle=former, status=MilestoneStatus.DROPPED, due_on=date(2025, 9, 30))
        assert not make(copy_from=former).cycle.milestones.exists()

    def test_names_the_new_holder_of_the_post(self, former):
        old = MilestoneFactory(cycle=former, role=Role.AUDIT_OFFICER, due_on=date(2025, 9, 30))
        post = AppointmentFactory(role=Role.AUDIT_OFFICER, starts_on=date(2026, 1, 1))
        assert post.person_id != old.owner_id
        assert make(copy_from=former).cycle.milestones.get().owner == post.person

    @pytest.mark.parametrize(("left_on", "is_kept"), [(None, True), (date(2026, 3, 31), False)])
    def test_keeps_last_years_person_where_nobody_holds_the_post(self, former, left_on, is_kept):
        old = MilestoneFactory(
            cycle=former,
            role=Role.SYSTEM_OFFICER,
            owner=PersonFactory(left_on=left_on),
            due_on=date(2025, 9, 30),
        )
        milestone = make(copy_from=former).cycle.milestones.get()
        assert milestone.owner == (old.owner if is_kept else None)

    def test_brings_objectives_without_results(self, former):
        ObjectiveFactory(
            cycle=former, result="1件", verdict=Verdict.NOT_MET, measured_on=date(2026, 2, 1)
        )
        (objective,) = make(copy_from=former).cycle.objectives.all()
        assert (objective.result, objective.verdict, objective.measured_on) == ("", "", None)

    def test_refuses_a_year_without_a_plan(self):
        with pytest.raises(DomainError, match="no plan"):
            make(copy_from=CycleFactory(year=2025))
        assert not YearPlan.objects.exists()

    def test_refuses_a_second_plan(self, former):
        with pytest.raises(DomainError, match="already"):
            make(cycle=former)


class TestSubmit:
    def test_waits_for_top_management(self):
        plan = MilestoneFactory(cycle=YearPlanFactory().cycle).cycle.plan
        services.submit_plan(plan.pk, actor=plan.created_by, now=NOW)
        plan.refresh_from_db()
        assert plan.status == PlanStatus.SUBMITTED

    def test_needs_a_milestone(self):
        plan = YearPlanFactory()
        with pytest.raises(DomainError, match="no milestone"):
            services.submit_plan(plan.pk, actor=plan.created_by, now=NOW)

    def test_needs_somebody_for_each(self):
        plan = YearPlanFactory()
        MilestoneFactory(cycle=plan.cycle, owner=None, title="監査")
        with pytest.raises(DomainError, match="監査"):
            services.submit_plan(plan.pk, actor=plan.created_by, now=NOW)

    def test_is_sent_back_with_a_reason(self):
        plan = YearPlanFactory(submitted=True)
        with pytest.raises(DomainError):
            services.return_plan(plan.pk, reason=" ", actor=UserFactory(), now=NOW)
        services.return_plan(plan.pk, reason="目標を足す。", actor=UserFactory(), now=NOW)
        plan.refresh_from_db()
        assert plan.status == PlanStatus.DRAFT
        assert HistoryEntry.objects.get(event="cycles.plan_returned").reason == "目標を足す。"


def approve(plan, *, today=date(2026, 3, 25), actor=None, **options):
    return services.approve_plan(
        plan.pk,
        actor=actor or UserFactory(),
        today=today,
        now=NOW,
        **options,
    )


class TestApprove:
    def test_puts_it_into_force_and_fulfils_its_own_milestone(self):
        plan = YearPlanFactory(submitted=True)
        own = MilestoneFactory(cycle=plan.cycle, fulfilment=Fulfilment.YEAR_PLAN)
        approve(plan)
        plan.refresh_from_db()
        own.refresh_from_db()
        assert plan.is_in_force
        assert plan.approved_on == date(2026, 3, 25)
        assert own.status == MilestoneStatus.DONE
        assert own.fulfilled_by == plan

    @pytest.mark.parametrize("who", ["created_by", "submitted_by"])
    def test_is_nothing_for_who_made_it(self, who):
        plan = YearPlanFactory(submitted=True, submitted_by=UserFactory())
        with pytest.raises(DomainError, match="themselves"):
            approve(plan, actor=getattr(plan, who))
        plan.refresh_from_db()
        assert plan.status == PlanStatus.SUBMITTED

    def test_the_database_knows_that_too(self):
        plan = YearPlanFactory(submitted=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            YearPlan.objects.filter(pk=plan.pk).update(
                status=PlanStatus.APPROVED, approved_on=TODAY, approved_by=plan.created_by
            )

    def test_after_the_first_activity_needs_a_reason(self):
        plan = YearPlanFactory(submitted=True)
        MilestoneFactory(cycle=plan.cycle, done=True)  # on 2026-09-20
        late = {"today": date(2026, 9, 21)}
        with pytest.raises(DomainError, match="2026-09-20"):
            approve(plan, **late)
        approve(plan, **late, late_reason="代表者の交代のため。")
        plan.refresh_from_db()
        assert plan.late_reason == "代表者の交代のため。"

    def test_on_the_day_of_the_first_activity_is_in_time(self):
        plan = YearPlanFactory(submitted=True)
        MilestoneFactory(cycle=plan.cycle, done=True)
        approve(plan, today=date(2026, 9, 20), late_reason="x")
        plan.refresh_from_db()
        assert plan.is_in_force
        assert plan.late_reason == ""

    def test_a_draft_cannot_be_approved(self):
        with pytest.raises(InvalidTransitionError):
            approve(YearPlanFactory())

    def test_the_first_activity_is_the_earliest_known(self, settings):
        cycle = MilestoneFactory(done=True).cycle
        assert services.first_activity(cycle) == date(2026, 9, 20)
        settings.FIRST_ACTIVITIES = f"{__name__}.OTHERS"
        assert services.first_activity(cycle) == date(2026, 5, 1)

    def test_a_year_in_which_nothing_was_done_has_none(self):
        assert services.first_activity(CycleFactory(year=2030)) is None


OTHERS = (lambda cycle: None, lambda cycle: date(2026, 5, 1), lambda cycle: date(2026, 10, 1))


class TestMilestonesOfADraft:
    def fields(self, **changes):
        return {
            "phase": "do",
            "title": "台帳の見直し",
            "due_on": date(2026, 5, 31),
            "owner": PersonFactory(),
        } | changes

    def add(self, plan, **changes):
        options = {"actor": UserFactory(), "today": date(2026, 6, 1)}
        return services.add_milestone(plan.cycle_id, **options, **self.fields(**changes))

    def test_are_added(self):
        milestone = self.add(YearPlanFactory())
        assert milestone.first_due_on == date(2026, 5, 31)
        assert milestone.added_later_on is None

    @pytest.mark.parametrize("day", [date(2026, 3, 31), date(2027, 4, 1)])
    def test_lie_within_the_year(self, day):
        with pytest.raises(ValidationError, match="2026-04-01") as refusal:
            self.add(YearPlanFactory(), due_on=day)
        assert "due_on" in refusal.value.message_dict

    def test_are_moved_freely(self):
        plan = YearPlanFactory()
        milestone = MilestoneFactory(cycle=plan.cycle)
        services.change_milestone(milestone.pk, actor=UserFactory(), due_on=date(2026, 7, 31))
        milestone.refresh_from_db()
        assert milestone.due_on == milestone.first_due_on == date(2026, 7, 31)

    def test_are_taken_out(self):
        milestone = MilestoneFactory(cycle=YearPlanFactory().cycle)
        services.remove_milestone(milestone.pk, actor=UserFactory())
        assert not Milestone.objects.exists()

    def test_stay_as_they_are_while_the_plan_waits(self):
        plan = YearPlanFactory(submitted=True)
        with pytest.raises(DomainError, match="waits"):
            self.add(plan)

    def test_keep_who_answers_while_the_plan_waits(self):
        milestone = MilestoneFactory(cycle=YearPlanFactory(submitted=True).cycle)
        with pytest.raises(DomainError, match="waits"):
            services.change_milestone(milestone.pk, actor=UserFactory(), owner=PersonFactory())

    @pytest.mark.parametrize("state", [{}, {"submitted": True}])
    def test_are_not_dropped_before_the_approval(self, state):
        milestone = MilestoneFactory(cycle=YearPlanFactory(**state).cycle)
        with pytest.raises(DomainError, match="not approved"):
            services.drop_milestone(milestone.pk, reason="x", actor=UserFactory())

    def test_after_the_approval_come_with_a_reason_and_are_marked(self):
        plan = YearPlanFactory(approved=True)
        with pytest.raises(DomainError, match="Say why"):
            self.add(plan)
        milestone = self.add(plan, reason="法改正のため。")
        assert milestone.added_later_on == date(2026, 6, 1)


class TestMilestonesOfAnApprovedPlan:
    @pytest.fixture
    def milestone(self):
        return MilestoneFactory(cycle=YearPlanFactory(approved=True).cycle)

    def test_keep_what_was_planned(self, milestone):
        with pytest.raises(DomainError, match="no longer a draft"):
            services.change_milestone(milestone.pk, actor=UserFactory(), due_on=date(2026, 12, 1))

    def test_may_get_another_person(self, milestone):
        somebody = PersonFactory()
        services.change_milestone(milestone.pk, actor=UserFactory(), owner=somebody)
        milestone.refresh_from_db()
        assert milestone.owner == somebody

    def test_are_dropped_with_a_reason_not_removed(self, milestone):
        with pytest.raises(DomainError):
            services.remove_milestone(milestone.pk, actor=UserFactory())
        with pytest.raises(DomainError):
            services.drop_milestone(milestone.pk, reason=" ", actor=UserFactory())
        services.drop_milestone(milestone.pk, reason="委託をやめた。", actor=UserFactory())
        milestone.refresh_from_db()
        assert (milestone.status, milestone.result) == (MilestoneStatus.DROPPED, "委託をやめた。")

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE cycles_milestone SET first_due_on = '2026-09-01'",
            "UPDATE cycles_milestone SET title = 'x'",
            "DELETE FROM cycles_milestone",
            "UPDATE cycles_yearplan SET policy = 'x'",
            "DELETE FROM cycles_yearplan",
        ],
    )
    def test_are_kept_by_the_database(self, milestone, statement):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


class TestObjectives:
    def test_keep_what_was_approved(self):
        cycle = YearPlanFactory(approved=True).cycle
        objective = ObjectiveFactory(cycle=cycle)
        options = {"objective_id": objective.pk, "actor": UserFactory()}
        with pytest.raises(DomainError, match="approved"):
            services.save_objective(cycle.pk, **options, target="10件以下")
        services.save_objective(cycle.pk, **options, due_on=date(2027, 2, 28))
        objective.refresh_from_db()
        assert (objective.target, objective.due_on) == ("0件", date(2027, 2, 28))

    def test_stay_as_they_are_while_the_plan_waits(self):
        cycle = YearPlanFactory(submitted=True).cycle
        objective = ObjectiveFactory(cycle=cycle)
        with pytest.raises(DomainError, match="waits"):
            services.save_objective(
                cycle.pk, objective_id=objective.pk, actor=UserFactory(), target="1件"
            )

    def test_are_set_and_changed_until_they_are_measured(self):
        plan = YearPlanFactory()
        fields = {"title": "事故0件", "measure": "件数", "target": "0"}
        objective = services.save_objective(plan.cycle_id, actor=UserFactory(), **fields)
        services.save_objective(
            plan.cycle_id, objective_id=objective.pk, actor=UserFactory(), target="1件以下"
        )
        self.measure(objective)
        with pytest.raises(DomainError, match="measured"):
            services.save_objective(
                plan.cycle_id, objective_id=objective.pk, actor=UserFactory(), target="2"
            )

    def measure(self, objective, **changes):
        facts = {"result": "0件", "verdict": Verdict.MET, "measured_on": date(2027, 1, 20)}
        return services.measure_objective(
            objective.pk, actor=UserFactory(), today=date(2027, 1, 25), **facts | changes
        )

    def test_are_measured_with_result_and_verdict(self):
        objective = self.measure(ObjectiveFactory())
        assert objective.get_verdict_display() == "Reached"

    @pytest.mark.parametrize(
        "change", [{"result": " "}, {"verdict": ""}, {"measured_on": date(2027, 2, 1)}]
    )
    def test_are_not_measured_by_half_or_in_the_future(self, change):
        objective = ObjectiveFactory()
        with pytest.raises(ValidationError):
            self.measure(objective, **change)
        objective.refresh_from_db()
        assert objective.measured_on is None
