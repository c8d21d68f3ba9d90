"""Pages of the training plan."""

from datetime import date

import pytest
from django.urls import reverse

from pms.accounts.roles import Role
from pms.training.choices import CourseKind, PlanStatus
from pms.training.models import TrainingPlan
from tests.cycles.factories import CycleFactory
from tests.training.factories import (
    CampaignFactory,
    CourseFactory,
    PlanFactory,
    PlanItemFactory,
)

pytestmark = pytest.mark.django_db


def page_of(name, *args):
    return reverse(f"training:{name}", args=args)


def sent(plan, rows, **facts):
    """What the form of a plan sends: `rows` are dicts of one line each."""
    stored = sum("id" in row for row in rows)
    data = {
        "purpose": plan.purpose,
        "items-TOTAL_FORMS": str(len(rows)),
        "items-INITIAL_FORMS": str(stored),
    }
    for place, row in enumerate(rows):
        data |= {f"items-{place}-{name}": value for name, value in row.items()}
    return data | facts


def line(of, **facts):
    return {
        "course": of.pk,
        "target": "全従業者",
        "planned_month": "2026-09",
        "method": "e_learning",
    } | facts


class TestList:
    def test_shows_the_latest_first_and_can_be_narrowed(self, client, officer):
        old = PlanFactory(cycle=CycleFactory(year=2025), approved=True)
        new = PlanFactory()

        everything = client.get(page_of("plan_list"))
        approved = client.get(page_of("plan_list"), {"status": "approved"})

        assert list(everything.context["page"]) == [new, old]
        assert list(approved.context["page"]) == [old]


class TestDetail:
    @pytest.mark.parametrize(
        ("facts", "offered"),
        [
            ({}, {"plan_submit", "plan_edit"}),
            ({"item": None}, {"plan_edit"}),
            ({"submitted": True}, set()),
            ({"approved": True}, {"plan_revise"}),
        ],
    )
    def test_offers_its_maker_only_what_can_be_done_now(self, client, officer, facts, offered):
        plan = PlanFactory(created_by=officer, **facts)

        page = client.get(plan.get_absolute_url()).text

        names = {"plan_submit", "plan_edit", "plan_approve", "plan_return", "plan_revise"}
        assert {name for name in names if f'"{page_of(name, plan.pk)}"' in page} == offered

    def test_offers_the_decision_to_somebody_else(self, client, sign_in):
        approver = sign_in(Role.PRIVACY_MANAGER)
        others, own = (
            PlanFactory(submitted=True),
            PlanFactory(cycle=CycleFactory(year=2027), created_by=approver, submitted=True),
        )

        assert page_of("plan_approve", others.pk) in client.get(others.get_absolute_url()).text
        assert "somebody else has to approve it" in client.get(own.get_absolute_url()).text

    def test_says_nothing_while_all_is_well(self, client, officer):
        campaign = CampaignFactory(open=True)

        plan = campaign.cycle.training_plans.get()

        assert client.get(plan.get_absolute_url()).context["warnings"] == []

    def test_warns_of_an_approval_that_came_after_the_first_training(self, client, officer):
        # Training after an incident could not be planned, so it may come before the plan.
        campaign = CampaignFactory(
            course__kind=CourseKind.AFTER_INCIDENT, starts_on=date(2026, 4, 1), open=True
        )

        plan = campaign.cycle.training_plans.get()
        (warning,) = client.get(plan.get_absolute_url()).context["warnings"]

        assert "not before the first training" in warning

    def test_warns_of_a_year_that_began_without_an_approval(self, client, officer):
        (warning,) = client.get(PlanFactory().get_absolute_url()).context["warnings"]

        assert "The year has begun" in warning


class TestCreate:
    def test_starts_from_the_plan_of_the_year_before(self, client, officer, mid_september):
        former = PlanFactory(cycle=CycleFactory(year=2025), approved=True)
        cycle = CycleFactory(year=2026)

        answer = client.post(page_of("plan_create"), {"cycle": cycle.pk, "source": "last"})

        plan = TrainingPlan.objects.get(cycle=cycle)
        assert answer.url == plan.get_absolute_url()
        assert (plan.purpose, plan.created_on) == (former.purpose, mid_september)
        assert [it.planned_month for it in plan.items.all()] == [date(2026, 9, 1)]

    def test_starts_empty_with_a_purpose(self, client, officer):
        cycle = CycleFactory()
        facts = {"cycle": cycle.pk, "source": "empty"}

        refused = client.post(page_of("plan_create"), facts)
        client.post(page_of("plan_create"), facts | {"purpose": "理解する。"})

        assert "purpose" in refused.context["form"].errors
        plan = TrainingPlan.objects.get()
        assert (plan.purpose, plan.responsible) == ("理解する。", officer.person.full_name)

    def test_says_that_there_is_no_plan_of_the_year_before(self, client, officer):
        answer = client.post(page_of("plan_create"), {"cycle": CycleFactory().pk, "source": "last"})

        assert "source" in answer.context["form"].errors

    def test_offers_only_years_without_a_plan(self, client, officer):
        PlanFactory()
        free = CycleFactory(year=2027)

        form = client.get(page_of("plan_create")).context["form"]

        assert list(form.fields["cycle"].queryset) == [free]


class TestEdit:
    def test_adds_changes_and_removes_lines(self, client, officer):
        plan = PlanFactory(item=None)
        kept, gone = PlanItemFactory(plan=plan), PlanItemFactory(plan=plan)
        course = CourseFactory()

        answer = client.post(
            page_of("plan_edit", plan.pk),
            sent(
                plan,
                [
                    line(kept.course, id=kept.pk, target="管理者", planned_month="2026-10"),
                    line(gone.course, id=gone.pk, DELETE="on"),
                    line(course, pass_mark="70"),
                    line(course, course="", target="", planned_month=""),
                ],
                purpose="新しい目的",
            ),
        )

        assert answer.url == plan.get_absolute_url()
        plan.refresh_from_db()
        assert plan.purpose == "新しい目的"
        assert list(plan.items.values_list("course", "target", "planned_month", "pass_mark")) == [
            (course.pk, "全従業者", date(2026, 9, 1), 70),
            (kept.course_id, "管理者", date(2026, 10, 1), None),
        ]

    def test_saves_nothing_when_one_line_is_refused(self, client, officer):
        plan = PlanFactory(item=None)

        answer = client.post(
            page_of("plan_edit", plan.pk),
            sent(
                plan,
                [line(CourseFactory()), line(CourseFactory(), planned_month="2030-01")],
                purpose="新しい目的",
            ),
        )

        plan.refresh_from_db()
        assert answer.status_code == 200
        assert (plan.purpose != "新しい目的", plan.items.count()) == (True, 0)

    def test_keeps_a_course_that_is_no_longer_in_use(self, client, officer):
        plan = PlanFactory(item__course__is_active=False)
        item = plan.items.get()

        client.post(
            page_of("plan_edit", plan.pk),
            sent(plan, [line(item.course, id=item.pk, target="全員")]),
        )

        item.refresh_from_db()
        assert item.target == "全員"

    def test_leads_back_once_it_is_no_longer_a_draft(self, client, officer):
        plan = PlanFactory(submitted=True)

        answer = client.get(page_of("plan_edit", plan.pk), follow=True)

        assert answer.redirect_chain == [(plan.get_absolute_url(), 302)]
        assert "Waiting for approval" in answer.text


class TestMoves:
    def test_goes_from_draft_over_approval_to_the_next_version(
        self, client, officer, sign_in, mid_september
    ):
        plan = PlanFactory(created_by=officer)
        client.post(page_of("plan_submit", plan.pk))
        sign_in(Role.TOP_MANAGEMENT)
        client.post(page_of("plan_approve", plan.pk))
        plan.refresh_from_db()
        client.force_login(officer)

        answer = client.post(page_of("plan_revise", plan.pk))

        assert (plan.status, plan.approved_on) == (PlanStatus.APPROVED, mid_september)
        draft = TrainingPlan.objects.get(status=PlanStatus.DRAFT)
        assert answer.url == draft.get_absolute_url()
        assert (draft.version, draft.items.count()) == (2, 1)

    def test_goes_back_to_its_maker_with_a_reason(self, client, sign_in):
        sign_in(Role.TOP_MANAGEMENT)
        plan = PlanFactory(submitted=True)

        without = client.post(page_of("plan_return", plan.pk))
        client.post(page_of("plan_return", plan.pk), {"reason": "対象が足りない。"})

        plan.refresh_from_db()
        assert "reason" in without.context["form"].errors
        assert plan.status == PlanStatus.DRAFT

    def test_is_not_approved_by_its_maker(self, client, sign_in):
        approver = sign_in(Role.PRIVACY_MANAGER)
        plan = PlanFactory(created_by=approver, submitted=True)

        answer = client.post(page_of("plan_approve", plan.pk))

        plan.refresh_from_db()
        assert answer.context["form"].non_field_errors()
        assert plan.status == PlanStatus.SUBMITTED

    @pytest.mark.parametrize(
        ("name", "facts"),
        [
            ("plan_submit", {"approved": True}),
            ("plan_revise", {}),
        ],
    )
    def test_is_not_offered_in_another_state(self, client, officer, name, facts):
        plan = PlanFactory(**facts)

        answer = client.post(page_of(name, plan.pk))

        assert answer.url == plan.get_absolute_url()
        assert TrainingPlan.objects.count() == 1
