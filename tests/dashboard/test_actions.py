"""Corrective actions on the duties page, in what waits, in the calendar and in the daily run."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from pms.accounts.roles import Role
from pms.corrective_actions.choices import Grade, Status
from pms.dashboard.duties import Duties, duties_of
from pms.dashboard.feed import calendar_of
from pms.dashboard.waiting import waiting_for
from tests.accounts.factories import UserFactory
from tests.corrective_actions.factories import (
    CHECK_FROM,
    CLOSED_ON,
    RAISED_ON,
    CorrectiveActionFactory,
    ExtensionFactory,
    MeasureFactory,
    at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


class TestDuties:
    @pytest.mark.parametrize(
        ("step", "verb"),
        [
            (Status.RAISED, "Write the correction"),
            (Status.ANALYSIS, "Write the cause"),
            (Status.PLANNING, "Plan the measures"),
        ],
    )
    def test_of_the_owner_are_the_next_step(self, step, verb):
        action = CorrectiveActionFactory(at=step)

        (duty,) = duties_of(action.owner, RAISED_ON).todo

        assert (duty.verb, duty.due_on) == (verb, action.due_on)

    @pytest.mark.parametrize("step", [Status.SUBMITTED, Status.ACCEPTED, Status.WITHDRAWN])
    def test_are_none_while_others_act_or_nobody_has_to(self, step):
        action = CorrectiveActionFactory(at=step)

        assert duties_of(action.owner, RAISED_ON) == Duties([], [], [])

    def test_show_what_was_closed_lately(self):
        action = CorrectiveActionFactory(at=Status.CLOSED)

        (duty,) = duties_of(action.owner, CLOSED_ON + timedelta(days=5)).done

        assert duty.done_on == CLOSED_ON

    def test_have_measures_when_they_are_near(self):
        measure = MeasureFactory()

        assert duties_of(measure.owner, measure.due_on - timedelta(days=60)).coming
        (duty,) = duties_of(measure.owner, measure.due_on - timedelta(days=7)).todo
        assert duty.url == measure.round.action.get_absolute_url()

    def test_have_effects_to_check_once_the_waiting_time_is_over(self):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        CorrectiveActionFactory(at=Status.CHECKING)

        assert duties_of(manager.person, CHECK_FROM - timedelta(days=1)).coming
        (duty,) = duties_of(manager.person, CHECK_FROM).todo
        assert duty.verb == "Check the effect"


class TestWaiting:
    def titles(self, user):
        return [it.title for it in waiting_for(user, RAISED_ON).decisions]

    def test_shows_plans_to_the_post_that_approves_them(self):
        CorrectiveActionFactory(at=Status.SUBMITTED, title="小さい件")
        CorrectiveActionFactory(at=Status.SUBMITTED, title="重い件", grade=Grade.MAJOR)

        of_manager = self.titles(UserFactory(roles=[Role.PRIVACY_MANAGER]))
        of_top = self.titles(UserFactory(roles=[Role.TOP_MANAGEMENT]))

        assert ["小さい件" in it for it in of_manager] == [True]
        assert len(of_top) == 2

    def test_shows_requests_and_what_can_be_closed(self):
        ExtensionFactory()
        CorrectiveActionFactory(at="checked")

        assert len(self.titles(UserFactory(roles=[Role.PRIVACY_MANAGER]))) == 2

    def test_shows_nothing_of_ones_own(self):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        ExtensionFactory(action=CorrectiveActionFactory(owner=manager.person))
        CorrectiveActionFactory(at=Status.SUBMITTED, owner=manager.person)
        measure = MeasureFactory(owner=manager.person)
        ExtensionFactory(action=measure.round.action, measure=measure)

        assert self.titles(manager) == []


def test_the_calendar_has_actions_measures_and_checks():
    manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
    CorrectiveActionFactory(owner=manager.person, title="手順を改める件")
    MeasureFactory(owner=manager.person, title="手順書を改める")
    CorrectiveActionFactory(at=Status.CHECKING, title="効果を見る件")

    text = calendar_of(manager, today=RAISED_ON, now=at(RAISED_ON)).decode()

    unfolded = text.replace("\r\n ", "")
    for title in ("手順を改める件", "手順書を改める", "効果を見る件"):
        assert title in unfolded


def test_the_daily_run_opens_accepted_risks_again(capsys):
    action = CorrectiveActionFactory(at=Status.ACCEPTED)

    for said in ("1 accepted risks", "0 accepted risks"):
        call_command("run_due", "--today", "2026-10-01")
        assert said in capsys.readouterr().out

    action.refresh_from_db()
    assert action.status == Status.RAISED


def test_the_overview_counts_what_is_overdue(client):
    today = timezone.localdate()
    CorrectiveActionFactory(
        found_on=today - timedelta(days=90),
        today=today - timedelta(days=90),
        due_on=today - timedelta(days=1),
    )
    client.force_login(UserFactory(roles=[Role.PRIVACY_MANAGER]))

    tiles = client.get(reverse("dashboard:overview")).context["tiles"]

    url = f"{reverse('corrective_actions:action_list')}?state=overdue"
    (tile,) = [it for it in tiles if it.url == url]
    assert tile.value == client.get(url).context["page"].total == 1
