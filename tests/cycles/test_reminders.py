"""Who is reminded of milestones, plans and requests, and from when on."""

from datetime import UTC, date, datetime

import pytest

from pms.accounts.roles import Role
from pms.cycles import reminders, services
from pms.notifications.models import Notification
from pms.reminders.services import remind
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory, PersonFactory

from .factories import ExtensionFactory, MilestoneFactory, YearPlanFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 15, 3, tzinfo=UTC)


def told(today, person):
    """The digest that somebody got on a day, or None."""
    now = datetime(today.year, today.month, today.day, 3, tzinfo=UTC)
    remind(reminders.RULES, today=today, now=now)
    return Notification.objects.filter(
        kind="reminders.digest", recipient=person.user, created_at=now
    ).first()


@pytest.fixture
def milestone():
    """Due on 30 September 2026, a Wednesday, for somebody with an account."""
    return MilestoneFactory(
        cycle=YearPlanFactory(approved=True).cycle,
        owner=PersonFactory(with_account=True),
        title="緊急事態の訓練",
    )


class TestMilestones:
    @pytest.mark.parametrize(
        ("day", "is_told"),
        [
            (date(2026, 9, 15), False),
            (date(2026, 9, 16), True),  # 14 days before
            (date(2026, 9, 29), True),  # 1 day before
            (date(2026, 9, 30), True),  # the day itself
            (date(2026, 10, 7), True),  # a week after
        ],
    )
    def test_are_told_on_the_steps(self, milestone, day, is_told):
        if day > date(2026, 9, 16):
            told(date(2026, 9, 28), milestone.owner)  # everything before is told
        digest = told(day, milestone.owner)
        assert (digest is not None) == is_told
        assert digest is None or "緊急事態の訓練" in digest.body

    def test_are_no_duty_before_the_plan_is_approved(self):
        milestone = MilestoneFactory(
            cycle=YearPlanFactory(submitted=True).cycle, owner=PersonFactory(with_account=True)
        )
        assert told(date(2026, 9, 30), milestone.owner) is None

    def test_stop_when_they_are_done(self, milestone):
        services.complete_milestone(
            milestone.pk,
            done_on=date(2026, 9, 10),
            result="実施した。",
            today=date(2026, 9, 10),
            actor=UserFactory(),
        )
        assert told(date(2026, 9, 30), milestone.owner) is None

    def test_a_later_date_plans_every_step_anew(self, milestone):
        assert told(date(2026, 9, 29), milestone.owner)
        extension = services.request_extension(
            milestone.pk,
            new_due_on=date(2026, 10, 30),
            reason="講師が入院した。",
            actor=UserFactory(),
            now=NOW,
        )
        services.decide_extension(
            extension.pk,
            grants=True,
            answer="",
            actor=UserFactory(),
            today=date(2026, 9, 29),
            now=NOW,
        )
        assert told(date(2026, 9, 30), milestone.owner) is None
        assert "緊急事態の訓練" in told(date(2026, 10, 16), milestone.owner).body

    def test_go_to_the_manager_a_week_after(self):
        department = DepartmentFactory()
        manager = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        owner = PersonFactory(with_account=True, affiliation__department=department)
        MilestoneFactory(cycle=YearPlanFactory(approved=True).cycle, owner=owner, title="訓練")
        assert told(date(2026, 10, 6), manager.person) is None
        assert "訓練" in told(date(2026, 10, 7), manager.person).body


class TestDecisions:
    def test_that_wait_are_told_after_three_working_days(self):
        president = UserFactory(roles=[Role.TOP_MANAGEMENT])
        extension = ExtensionFactory(asked_at=datetime(2026, 9, 1, 3, tzinfo=UTC))
        assert told(date(2026, 9, 4), president.person) is None
        assert extension.milestone.title in told(date(2026, 9, 7), president.person).body

    def test_are_nothing_for_who_asked(self):
        president = UserFactory(roles=[Role.TOP_MANAGEMENT])
        ExtensionFactory(asked_by=president, asked_at=datetime(2026, 9, 1, 3, tzinfo=UTC))
        assert told(date(2026, 9, 30), president.person) is None


class TestTelling:
    def test_top_management_hears_of_a_plan_and_its_maker_of_the_answer(self):
        president = UserFactory(roles=[Role.TOP_MANAGEMENT])
        plan = YearPlanFactory()
        MilestoneFactory(cycle=plan.cycle)
        services.submit_plan(plan.pk, actor=plan.created_by, now=NOW)
        asked = Notification.objects.get(kind="cycles.plan_submitted")
        assert asked.recipient == president
        assert asked.is_duty
        services.approve_plan(plan.pk, actor=president, today=date(2026, 3, 20), now=NOW)
        answer = Notification.objects.get(kind="cycles.plan_approved")
        assert answer.recipient == plan.created_by

    def test_deciders_hear_of_a_request_and_the_owner_of_the_decision(self, milestone):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        extension = services.request_extension(
            milestone.pk,
            new_due_on=date(2026, 10, 30),
            reason="講師が入院した。",
            actor=milestone.owner.user,
            now=NOW,
        )
        assert Notification.objects.get(kind="cycles.extension_requested").recipient == manager
        services.decide_extension(
            extension.pk,
            grants=False,
            answer="予定どおり行う。",
            actor=manager,
            today=date(2026, 9, 16),
            now=NOW,
        )
        decided = Notification.objects.get(kind="cycles.extension_decided")
        assert decided.recipient == milestone.owner.user
        assert "予定どおり行う。" in decided.body
