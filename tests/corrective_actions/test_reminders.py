"""Who is reminded of measures, actions, checks, answers and decisions, and from when on."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pms.accounts.roles import Role
from pms.corrective_actions import reminders
from pms.corrective_actions.choices import Status
from pms.notifications.models import Notification
from pms.reminders.services import remind
from tests.accounts.factories import UserFactory

from .factories import (
    CHECK_FROM,
    DUE_ON,
    RAISED_ON,
    CorrectiveActionFactory,
    ExaminerFindingFactory,
    ExtensionFactory,
    MeasureFactory,
)

pytestmark = pytest.mark.django_db


def told(today, user, *rules):
    """What the digest of a day says to an account; empty without one."""
    now = datetime(today.year, today.month, today.day, 3, tzinfo=UTC)
    remind(rules or reminders.RULES, today=today, now=now)
    rows = Notification.objects.filter(
        kind="reminders.digest", recipient=user, created_at=now
    ).values_list("body", flat=True)
    return "".join(rows)


def subjects(source, today):
    """Whom a source names: object and person."""
    return {(it.object_id, it.person_id) for it in source(today)}


class TestMeasures:
    # Due on 31 May 2026, a Sunday.
    @pytest.mark.parametrize(
        ("day", "is_told"),
        [
            (date(2026, 5, 21), False),
            (date(2026, 5, 22), True),  # seven days before, moved to the Friday
            (date(2026, 5, 29), True),  # one day before, moved to the Friday
            (date(2026, 6, 8), True),  # a week after, moved to the Monday
            (date(2026, 6, 15), True),  # and every week
        ],
    )
    def test_are_told_on_the_steps(self, day, is_told):
        measure = MeasureFactory(title="手順書を改める")
        if day > date(2026, 5, 22):
            told(day - timedelta(days=4), measure.owner.user)

        assert ("手順書を改める" in told(day, measure.owner.user)) == is_told

    def test_are_no_duty_before_the_approval_and_after_they_are_done(self):
        CorrectiveActionFactory(at=Status.SUBMITTED)
        CorrectiveActionFactory(at=Status.CHECKING)

        assert subjects(reminders.measures_to_carry_out, date(2026, 5, 20)) == set()


class TestActions:
    def test_are_told_to_their_owner_until_they_are_carried_out(self):
        action = CorrectiveActionFactory()
        CorrectiveActionFactory(at=Status.CHECKING)

        assert subjects(reminders.actions_to_work_on, RAISED_ON) == {(action.pk, action.owner_id)}


class TestEffectChecks:
    def test_begin_when_the_waiting_time_is_over(self):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        action = CorrectiveActionFactory(at=Status.CHECKING)

        assert subjects(reminders.effects_to_check, CHECK_FROM - timedelta(days=1)) == set()
        assert subjects(reminders.effects_to_check, CHECK_FROM) == {(action.pk, manager.person.pk)}
        assert action.title in told(date(2026, 8, 31), manager)

    def test_are_over_once_somebody_has_seen_the_effect(self):
        UserFactory(roles=[Role.PRIVACY_MANAGER])
        CorrectiveActionFactory(at="checked")

        assert subjects(reminders.effects_to_check, date(2026, 12, 1)) == set()


class TestLateness:
    def test_is_told_weekly_to_the_privacy_manager_and_after_thirty_days_to_the_top(self):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        top = UserFactory(roles=[Role.TOP_MANAGEMENT])
        action = CorrectiveActionFactory()  # due on 30 June, a Tuesday

        assert action.title not in told(date(2026, 7, 6), manager)
        assert action.title in told(date(2026, 7, 7), manager)
        assert action.title in told(date(2026, 7, 14), manager)
        assert action.title not in told(date(2026, 7, 29), top)
        assert action.title in told(date(2026, 7, 30), top)
        assert action.title in told(date(2026, 8, 6), top)

    def test_counts_a_measure_that_was_missed_before_the_action_is(self):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        measure = MeasureFactory()
        day = measure.due_on + timedelta(days=1)

        assert day < DUE_ON
        assert subjects(reminders.lateness_for_manager, day) == {
            (measure.round.action_id, manager.person.pk)
        }

    def test_counts_a_check_that_nobody_made(self):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        action = CorrectiveActionFactory(at=Status.CHECKING)

        assert subjects(reminders.lateness_for_manager, date(2026, 9, 28)) == set()
        assert subjects(reminders.lateness_for_manager, date(2026, 9, 29)) == {
            (action.pk, manager.person.pk)
        }

    @pytest.mark.parametrize("step", [Status.ACCEPTED, Status.WITHDRAWN, Status.CLOSED])
    def test_is_none_of_what_rests_or_is_over(self, step):
        UserFactory(roles=[Role.PRIVACY_MANAGER])
        CorrectiveActionFactory(at=step)

        assert subjects(reminders.lateness_for_manager, date(2027, 4, 1)) == set()


class TestExaminersClock:
    def test_is_told_to_the_owner_and_to_the_privacy_manager(self):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        finding = ExaminerFindingFactory(number="指摘7")

        assert subjects(reminders.findings_to_answer, date(2026, 6, 1)) == {
            (finding.pk, manager.person.pk),
            (finding.pk, finding.action.owner_id),
        }
        assert "指摘7" in told(date(2026, 6, 10), manager)  # thirty days before 10 July


class TestDecisions:
    def test_on_plans_wait_for_the_post_that_approves_them(self):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        top = UserFactory(roles=[Role.TOP_MANAGEMENT])
        minor = CorrectiveActionFactory(at=Status.SUBMITTED)
        major = CorrectiveActionFactory(at=Status.SUBMITTED, grade="major")

        assert subjects(reminders.plans_to_approve, date(2026, 4, 20)) == {
            (minor.pk, manager.person.pk),
            (minor.pk, top.person.pk),
            (major.pk, top.person.pk),
        }

    def test_on_later_dates_wait_for_somebody_else(self):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        ExtensionFactory(asked_by=manager)
        extension = ExtensionFactory()

        assert subjects(reminders.extensions_to_decide, date(2026, 6, 8)) == {
            (extension.pk, manager.person.pk)
        }
