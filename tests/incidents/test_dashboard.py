"""Incidents on the pages of everybody: duties, decisions, calendar, overview; to who may know."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from pms.accounts.roles import Role
from pms.dashboard.duties import duties_of
from pms.dashboard.feed import calendar_of
from pms.dashboard.waiting import waiting_for
from pms.incidents import services
from pms.incidents.choices import Item, Kind, Publication
from pms.incidents.services import Words
from tests.accounts.factories import UserFactory

from .factories import assess, report

pytestmark = pytest.mark.django_db
ALL = {item: Words("分かったこと", is_known=True) for item in Item.values}
KNOWING = (Role.PRIVACY_MANAGER, Role.DEPUTY_PRIVACY_MANAGER, Role.TOP_MANAGEMENT)
MAY_NOT = [role for role in Role if role not in KNOWING]


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRIVACY_MANAGER])


@pytest.fixture
def president():
    return UserFactory(roles=[Role.TOP_MANAGEMENT])


@pytest.fixture
def incident(manager, now):
    incident = report(now=now, noticed_at=now - timedelta(minutes=5))
    incident.title = "健診結果の紛失"
    incident.save()
    assess(incident, "sensitive", actor=manager, now=now)
    return incident


def submit(incident, actor, now):
    services.write_items(incident.pk, items=ALL, actor=actor)
    duty = incident.obligations.get(kind=Kind.PPC_PRELIMINARY)
    return services.submit_report(duty.pk, actor=actor, now=now)


def titles(user, today):
    return [it.title for it in duties_of(user.person, today).todo]


class TestDuties:
    def test_of_who_handles_are_judging_and_the_obligations(self, incident, manager, now, today):
        other = report(now=now, noticed_at=now)
        found = {it.title: it for it in duties_of(manager.person, today).todo}
        assert found[other.number].due_on == today + timedelta(days=1)
        report_duty = found[f"{incident.number}: Preliminary report to the PPC"]
        assert report_duty.due_on == today + timedelta(days=4)

    @pytest.mark.parametrize("role", MAY_NOT)
    def test_of_others_name_none(self, incident, role, today):
        user = UserFactory(roles=[role])
        assert not [it for it in titles(user, today) if incident.number in it]

    def test_name_nothing_of_the_case(self, incident, manager, today):
        assert not [it for it in titles(manager, today) if "健診" in it]


class TestDecisions:
    def test_are_the_report_and_the_publication(self, incident, manager, president, now, today):
        duty = submit(incident, manager, now)
        found = {it.title: it.url for it in waiting_for(president, today).decisions}
        assert found == {
            f"{incident.number}: Preliminary report to the PPC": reverse(
                "incidents:approve", args=[duty.pk]
            ),
            f"{incident.number}: publication": reverse("incidents:publication", args=[incident.pk]),
        }

    def test_are_gone_once_they_are_taken(self, incident, manager, president, now, today):
        duty = submit(incident, manager, now)
        services.approve_report(duty.pk, actor=president, today=today)
        services.decide_publication(
            incident.pk,
            publication=Publication.NOT_PUBLISHED,
            reason="1名のみ",
            actor=president,
            today=today,
            now=now,
        )
        assert waiting_for(president, today).decisions == []

    def test_are_not_on_the_own_report(self, incident, now, today):
        both = UserFactory(roles=[Role.TOP_MANAGEMENT, Role.DEPUTY_PRIVACY_MANAGER])
        submit(incident, both, now)
        assert [it.title for it in waiting_for(both, today).decisions] == [
            f"{incident.number}: publication"
        ]

    def test_are_not_asked_of_a_case_that_is_not_reportable(self, president, manager, now, today):
        assess(report(now=now, noticed_at=now), actor=manager, now=now)
        assert waiting_for(president, today).decisions == []

    @pytest.mark.parametrize("role", MAY_NOT)
    def test_of_others_name_none(self, incident, manager, role, now, today):
        submit(incident, manager, now)
        user = UserFactory(roles=[role])
        assert not [it for it in waiting_for(user, today).decisions if incident.number in it.title]


class TestCalendar:
    def feed(self, user, today, now):
        # Long lines are folded; unfold them.
        return calendar_of(user, today=today, now=now).decode().replace("\r\n ", "")

    @pytest.mark.parametrize("role", [Role.DEPUTY_PRIVACY_MANAGER, Role.TOP_MANAGEMENT])
    def test_names_number_and_kind_of_each_legal_day(self, incident, role, today, now):
        text = self.feed(UserFactory(roles=[role], language="en"), today, now)
        assert f"SUMMARY:{incident.number}: Preliminary report to the PPC" in text
        assert f"SUMMARY:{incident.number}: Final report to the PPC" in text
        assert "健診" not in text

    def test_rings_for_who_handles_alone(self, incident, manager, president, today, now):
        assert "BEGIN:VALARM" in self.feed(manager, today, now)
        assert "BEGIN:VALARM" not in self.feed(president, today, now)

    @pytest.mark.parametrize("role", MAY_NOT)
    def test_of_others_names_none(self, incident, role, today, now):
        assert incident.number not in self.feed(UserFactory(roles=[role]), today, now)

    def test_of_who_was_let_in_names_none(self, incident, manager, today, now):
        helper = UserFactory(roles=[Role.COMPLAINT_OFFICER])
        services.let_in(incident.pk, user=helper, reason="本人対応", actor=manager, now=now)
        assert incident.number not in self.feed(helper, today, now)


class TestOverview:
    def tile(self, client, user):
        client.force_login(user)
        tiles = client.get(reverse("dashboard:overview")).context["tiles"]
        return next((it for it in tiles if it.url.startswith("/incidents/")), None)

    def test_counts_the_rows_of_the_list_behind_it(self, client, incident, manager, now):
        submit(incident, manager, now)
        report(now=now, noticed_at=now)  # not judged: no obligation yet
        drill = report(now=now, noticed_at=now, is_drill=True)
        assess(drill, "sensitive", actor=manager, now=now)
        tile = self.tile(client, manager)
        assert tile.value == 1
        assert client.get(tile.url).context["page"].total == tile.value

    def test_is_red_once_a_day_is_over(self, client, manager, now):
        earlier = now - timedelta(days=9)
        incident = report(now=earlier, noticed_at=earlier)
        assess(incident, "sensitive", actor=manager, now=earlier)
        tile = self.tile(client, manager)
        assert (tile.tone, tile.note) == ("alert", "1 overdue")

    def test_is_not_for_who_may_not_know(self, client, incident):
        for role in (Role.TRAINING_OFFICER, Role.PMS_OFFICE, Role.AUDIT_OFFICER):
            assert self.tile(client, UserFactory(roles=[role])) is None
