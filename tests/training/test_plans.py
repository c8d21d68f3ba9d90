"""The plan of a year: made by one, approved by another, revised as a new version."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from pms.core.exceptions import DomainError, InvalidTransitionError
from pms.history.models import HistoryEntry
from pms.training import services
from pms.training.choices import Method, PlanStatus
from pms.training.models import TrainingPlan
from pms.training.services.plans import same_month
from tests.accounts.factories import UserFactory
from tests.cycles.factories import CycleFactory

from .factories import CourseFactory, PlanFactory, PlanItemFactory

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)


def events(name: str) -> int:
    """How often the journal tells of `name`."""
    return HistoryEntry.objects.filter(event=name).count()


class TestCreate:
    def test_starts_a_draft_by_its_maker(self):
        maker = UserFactory()

        plan = services.create_plan(CycleFactory(), actor=maker, today=APRIL, purpose="全員の理解")

        assert (plan.status, plan.version, plan.created_on) == (PlanStatus.DRAFT, 1, APRIL)
        assert plan.created_by == maker
        assert events("training.plan_created") == 1

    def test_moves_the_lines_of_another_year_into_this_one(self):
        item = PlanItemFactory(
            plan__cycle=CycleFactory(year=2025),
            planned_month=date(2026, 2, 1),
            method=Method.VIDEO,
            pass_mark=70,
        )

        plan = services.create_plan(
            CycleFactory(),
            actor=UserFactory(),
            today=APRIL,
            copy_from=item.plan,
            responsible="佐藤",
        )

        copied = plan.items.get()
        assert (copied.planned_month, copied.method, copied.pass_mark) == (
            date(2027, 2, 1),
            Method.VIDEO,
            70,
        )
        assert copied.course == item.course
        assert (plan.purpose, plan.responsible) == (item.plan.purpose, "佐藤")

    @pytest.mark.parametrize("state", [{}, {"submitted": True}])
    def test_refuses_a_second_unfinished_version(self, state):
        plan = PlanFactory(**state)

        with pytest.raises(DomainError):
            services.create_plan(plan.cycle, actor=UserFactory(), today=APRIL, purpose="x")

        assert TrainingPlan.objects.count() == 1

    def test_refuses_an_empty_purpose(self):
        with pytest.raises(ValidationError) as refusal:
            services.create_plan(CycleFactory(), actor=UserFactory(), today=APRIL)

        assert list(refusal.value.message_dict) == ["purpose"]


class TestChange:
    def test_changes_a_draft_and_its_lines(self):
        actor, plan = UserFactory(), PlanFactory(item=None)

        services.change_plan(plan.pk, actor=actor, purpose="新しい目的")
        item = services.add_item(
            plan.pk,
            actor=actor,
            course=CourseFactory(),
            target="新入社員",
            planned_month=date(2026, 4, 15),
        )
        services.change_item(item.pk, actor=actor, target="全従業者")

        plan.refresh_from_db()
        kept = plan.items.get()
        assert plan.purpose == "新しい目的"
        assert (kept.target, kept.planned_month) == ("全従業者", APRIL)
        services.remove_item(item.pk, actor=actor)
        assert not plan.items.exists()

    @pytest.mark.parametrize("month", [date(2026, 3, 1), date(2027, 4, 1)])
    def test_refuses_a_month_outside_the_year(self, month):
        item = PlanItemFactory()

        with pytest.raises(ValidationError) as refusal:
            services.change_item(item.pk, actor=UserFactory(), planned_month=month)

        assert list(refusal.value.message_dict) == ["planned_month"]

    @pytest.mark.parametrize("state", ["submitted", "approved"])
    def test_refuses_what_is_no_draft(self, state):
        plan = PlanFactory(**{state: True})
        actor, item = UserFactory(), plan.items.get()

        for change in (
            lambda: services.change_plan(plan.pk, actor=actor, purpose="x"),
            lambda: services.add_item(
                plan.pk, actor=actor, course=item.course, target="x", planned_month=APRIL
            ),
            lambda: services.change_item(item.pk, actor=actor, target="x"),
            lambda: services.remove_item(item.pk, actor=actor),
        ):
            with pytest.raises(DomainError):
                change()


class TestSubmit:
    def test_waits_for_approval_and_can_be_asked_twice(self):
        plan = PlanFactory()

        for _time in range(2):
            services.submit_plan(plan.pk, actor=plan.created_by)

        plan.refresh_from_db()
        assert plan.status == PlanStatus.SUBMITTED
        assert events("training.plan_submitted") == 1

    def test_refuses_a_plan_without_a_line(self):
        plan = PlanFactory(item=None)

        with pytest.raises(DomainError):
            services.submit_plan(plan.pk, actor=plan.created_by)


class TestReturn:
    def test_gives_the_draft_back_with_the_reason(self):
        plan = PlanFactory(submitted=True)

        services.return_plan(plan.pk, actor=UserFactory(), reason="対象が足りない。")

        plan.refresh_from_db()
        assert plan.status == PlanStatus.DRAFT
        entry = HistoryEntry.objects.get(event="training.plan_returned")
        assert entry.reason == "対象が足りない。"

    def test_needs_a_reason(self):
        plan = PlanFactory(submitted=True)

        with pytest.raises(DomainError):
            services.return_plan(plan.pk, actor=UserFactory(), reason=" ")

    def test_refuses_what_does_not_wait(self):
        with pytest.raises(InvalidTransitionError):
            services.return_plan(PlanFactory(approved=True).pk, actor=UserFactory(), reason="x")


class TestApprove:
    def test_is_dated_and_signed(self):
        plan, approver = PlanFactory(submitted=True), UserFactory()

        services.approve_plan(plan.pk, actor=approver, today=APRIL)

        plan.refresh_from_db()
        assert (plan.status, plan.approved_by, plan.approved_on) == (
            PlanStatus.APPROVED,
            approver,
            APRIL,
        )

    def test_replaces_the_version_in_force(self):
        former = PlanFactory(approved=True)
        plan = PlanFactory(cycle=former.cycle, submitted=True)

        services.approve_plan(plan.pk, actor=UserFactory(), today=APRIL)

        former.refresh_from_db()
        assert former.status == PlanStatus.SUPERSEDED
        assert TrainingPlan.objects.in_force(plan.cycle).get() == plan

    def test_may_be_pressed_twice(self):
        plan, approver = PlanFactory(submitted=True), UserFactory()

        for _time in range(2):
            services.approve_plan(plan.pk, actor=approver, today=APRIL)

        assert events("training.plan_approved") == 1

    def test_refuses_its_maker(self):
        plan = PlanFactory(submitted=True)

        with pytest.raises(DomainError):
            services.approve_plan(plan.pk, actor=plan.created_by, today=APRIL)

    def test_refuses_a_draft(self):
        with pytest.raises(InvalidTransitionError):
            services.approve_plan(PlanFactory().pk, actor=UserFactory(), today=APRIL)


class TestRevise:
    def test_copies_the_version_in_force_into_a_draft(self):
        plan, reviser = PlanFactory(approved=True), UserFactory()

        draft = services.revise_plan(plan.pk, actor=reviser, today=date(2026, 7, 1))

        assert (draft.version, draft.status, draft.created_by) == (2, PlanStatus.DRAFT, reviser)
        assert draft.items.get().course == plan.items.get().course
        plan.refresh_from_db()
        assert plan.status == PlanStatus.APPROVED

    def test_goes_on_with_a_draft_that_is_there(self):
        plan = PlanFactory(approved=True)
        draft = services.revise_plan(plan.pk, actor=UserFactory(), today=APRIL)

        assert services.revise_plan(plan.pk, actor=UserFactory(), today=APRIL) == draft

    def test_refuses_while_a_version_waits(self):
        plan = PlanFactory(approved=True)
        PlanFactory(cycle=plan.cycle, submitted=True)

        with pytest.raises(DomainError):
            services.revise_plan(plan.pk, actor=UserFactory(), today=APRIL)

    def test_refuses_a_replaced_version(self):
        plan = PlanFactory(approved=True)
        PlanFactory(cycle=plan.cycle, approved=True)

        with pytest.raises(InvalidTransitionError):
            services.revise_plan(plan.pk, actor=UserFactory(), today=APRIL)


class TestSameMonth:
    @pytest.mark.parametrize(
        ("month", "expected"),
        [
            (date(2025, 4, 1), date(2026, 4, 1)),
            (date(2025, 12, 1), date(2026, 12, 1)),
            (date(2026, 3, 1), date(2027, 3, 1)),
        ],
    )
    def test_is_the_calendar_month_of_the_year(self, month, expected):
        assert same_month(month, CycleFactory()) == expected
