"""What the page of a case says first: the next thing to do, by its right name."""

from datetime import date

import pytest
from django.utils.translation import override

from pms.accounts.roles import Role
from pms.incidents import services
from pms.incidents.choices import Event, FactCode
from pms.incidents.models import Incident
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
