"""What the page of a case says first: the next thing to do, by its right name."""

from datetime import date

import pytest
from django.utils.translation import override

from pms.accounts.roles import Role
from pms.incidents import services
from pms.incidents.choices import Event, FactCode
from pms.incidents.models import Incident, Obligation
from pms.incidents.reports import clocks_of, next_step
from pms.incidents.wording import events_in_words
from tests.accounts.factories import UserFactory
from tests.incidents.factories import NOW, assess, report


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.mark.django_db
class TestNextStep:
    """The persons are told promptly: only our own target is a day, no law names one."""

    def step(self, only, today):
        handler = UserFactory(roles=[Role.PRIVACY_MANAGER])
        incident = report()
        assess(incident, FactCode.SENSITIVE, actor=handler)
        services.contain(
            incident.pk, contained_at=NOW, containment="回収した", actor=handler, now=NOW
        )
        incident.obligations.exclude(kind=only).update(status="not_needed")
        incident = Incident.objects.get(pk=incident.pk)
        clocks, _idle = clocks_of(incident, today)
        found = next_step(incident, clocks, handler, services.closing_obstacles(incident))
        assert found
        return found.text

    def test_calls_a_target_day_no_last_day(self):
        text = self.step("persons", NOW.date())

        assert "promptly; target day 2026-11-24" in text
        assert "has passed" not in text

    @pytest.mark.parametrize(
        ("only", "today"),
        [("persons", date(2026, 11, 25)), ("ppc_final", date(2026, 12, 22))],
    )
    def test_says_that_the_day_has_passed(self, only, today):
        assert "That day has passed." in self.step(only, today)

    def test_a_last_day_has_not_passed_on_itself(self):
        text = self.step("ppc_final", date(2026, 12, 21))

        assert "is to be done by 2026-12-21" in text
        assert "has passed" not in text


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([], ""),
        ([Event.LOST, Event.LEAK], "Leak, Missing"),
        ([Event.FEARED, Event.LEAK], "Leak (feared)"),
        ([Event.FEARED], "Feared, nothing is sure"),
    ],
)
def test_what_is_feared_is_said_of_the_events(events, words):
    assert events_in_words(events) == words


@pytest.mark.django_db
class TestClosedCase:
    """What is over asks nobody for anything."""

    @pytest.fixture
    def closed(self):
        handler = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
        incident = report()
        assess(incident, FactCode.SENSITIVE, actor=handler)
        services.dismiss(incident.pk, reason="空の封筒だった。", actor=handler, now=NOW)
        return handler, incident

    def test_counts_no_days(self, client, closed):
        handler, incident = closed
        client.force_login(handler)

        text = client.get(incident.get_absolute_url()).text

        assert "Preliminary report to the PPC" in text
        assert "due-late" not in text
        assert "is day 1</small>" not in text

    def test_does_not_call_undone_what_nobody_will_do(self, client, closed):
        handler, incident = closed
        client.force_login(handler)

        text = client.get(incident.get_absolute_url()).text

        assert "yet." not in text.partition('id="persons"')[2].partition('id="first-report"')[0]


@pytest.mark.parametrize(("kind", "words"), [("persons", "Told"), ("ppc_final", "Filed")])
def test_persons_are_told_and_reports_are_filed(kind, words):
    assert Obligation(kind=kind, status="filed").status_label == words
