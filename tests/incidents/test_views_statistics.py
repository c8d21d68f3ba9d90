"""The statistics of a year: what is counted, and that every number opens what it counts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pms.accounts.roles import Role
from pms.incidents import services
from pms.incidents.choices import RecordKind
from tests.accounts.factories import UserFactory
from tests.incidents.factories import NOW, assess, category, report
from tests.organization.factories import DepartmentFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("incidents:statistics")
YEAR = {"year": "2026"}


@pytest.fixture
def handler(client):
    user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
    client.force_login(user)
    return user


@pytest.fixture
def cases(handler):
    """Three incidents of which two are classed; a near miss, a drill, and one that was none."""
    place = DepartmentFactory()
    early = {"noticed_at": NOW - timedelta(days=40), "reported_at": NOW - timedelta(days=40)}
    sent = report(department=place)
    assess(sent, event_class=category("class", "mis_sending"))
    lost = report(department=place, **early)
    assess(lost, event_class=category("class", "loss_damage"))
    services.record_cause(
        lost.pk,
        cause_category=category("cause", "slip"),
        cause="",
        why_not_earlier="",
        elsewhere="",
        actor=handler,
    )
    report()
    report(kind=RecordKind.NEAR_MISS, department=place)
    report(is_drill=True)
    services.dismiss(report().pk, reason="x", actor=handler, now=NOW)


def lines(statistics):
    return [
        *statistics.classes,
        *statistics.causes,
        *statistics.departments,
        *statistics.months,
        *statistics.near_miss_departments,
    ]


class TestNumbers:
    def test_count_real_incidents_only(self, client, cases):
        found = client.get(PAGE, YEAR).context["statistics"]

        assert (found.total, found.near_misses) == (3, 1)

    @pytest.mark.parametrize("part", ["classes", "causes", "departments", "months"])
    def test_of_each_part_add_up_to_the_total(self, client, cases, part):
        found = client.get(PAGE, YEAR).context["statistics"]

        assert sum(it.count for it in getattr(found, part)) == found.total

    def test_open_the_list_that_they_count(self, client, cases):
        found = client.get(PAGE, YEAR).context["statistics"]
        counted = [(it.url, it.count) for it in lines(found)]
        counted += [(found.total_url, found.total), (found.near_misses_url, found.near_misses)]

        for url, count in counted:
            assert client.get(url).context["page"].total == count, url

    def test_stand_beside_the_published_mix_with_its_source(self, client, cases):
        answer = client.get(PAGE, YEAR)

        line = next(it for it in answer.context["statistics"].classes if it.count)
        assert line.published is not None
        assert "JIPDEC" in answer.text

    def test_are_those_of_the_year_asked_for(self, client, cases):
        report(noticed_at=NOW - timedelta(days=400), reported_at=NOW - timedelta(days=400))

        assert client.get(PAGE, {"year": "2025"}).context["statistics"].total == 1
        assert client.get(PAGE, {"year": "nonsense"}).context["statistics"].year.number == 2026

    def test_are_zero_in_a_quiet_year(self, client, handler):
        assert client.get(PAGE).context["statistics"].total == 0


class TestAccess:
    @pytest.mark.parametrize("role", [Role.AUDIT_OFFICER, Role.PMS_OFFICE, Role.DEPARTMENT_MANAGER])
    def test_is_refused_to_others(self, client, role):
        client.force_login(UserFactory(roles=[role]))

        assert client.get(PAGE).status_code == 403

    def test_asks_the_same_however_many_there_are(self, client, cases):
        def asked():
            with CaptureQueriesContext(connection) as captured:
                client.get(PAGE, YEAR)
            return len(captured.captured_queries)

        asked()
        few = asked()
        for _time in range(5):
            report(department=DepartmentFactory())

        assert asked() == few
