"""The statistics of a year: what is counted, and that every number opens what it counts."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pms.accounts.roles import Role
from pms.incidents import services
from pms.incidents.choices import CategoryList, RecordKind
from pms.incidents.deadlines import list_year
from pms.incidents.models import Category
from tests.accounts.factories import UserFactory
from tests.incidents.factories import JAPAN, NOW, assess, category, report
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


class TestLists:
    """The lists of the examining bodies have years, from April to March."""

    def labels(self, client):
        found = client.get(PAGE, YEAR).context["statistics"]
        return {it.label: it.count for it in found.classes}

    def new(self, **facts):
        usual = {"list": "class", "code": "new", "label_ja": "新分類", "first_year": 2027}
        return Category.objects.create(**usual | facts)

    def test_show_what_is_counted_by_a_line_that_does_not_hold(self, client, handler):
        assess(report(), event_class=self.new())

        assert self.labels(client)["新分類"] == 1

    def test_show_a_line_that_has_ended_only_with_what_is_counted_by_it(self, client, handler):
        for code in ("theft", "insider"):
            Category.objects.filter(code=code).update(last_year=2025)
        assess(report(), event_class=category("class", "theft"))

        labels = self.labels(client)

        assert labels["Theft"] == 1
        assert "Act of an insider" not in labels
        assert sum(labels.values()) == 1

    def test_show_the_version_of_a_line_that_holds(self, client, handler):
        Category.objects.filter(code="theft").update(last_year=2025)
        self.new(code="theft", label_ja="盗難・強奪", first_year=2026)

        labels = self.labels(client)

        assert "盗難・強奪" in labels
        assert "Theft" not in labels

    @pytest.mark.parametrize(
        ("day", "year"),
        [((2026, 4, 1), 2026), ((2027, 3, 31), 2026), ((2027, 1, 4), 2026), ((2027, 4, 1), 2027)],
    )
    def test_belong_to_a_fiscal_year(self, day, year):
        assert list_year(date(*day)) == year

    @pytest.mark.parametrize(
        ("name", "field"), [("assess", "event_class"), ("cause", "cause_category")]
    )
    def test_are_offered_for_the_year_in_which_the_case_was_reported(
        self, client, handler, name, field
    ):
        kind = CategoryList.CLASS if name == "assess" else CategoryList.CAUSE
        later, ended = self.new(list=kind), self.new(list=kind, code="x", first_year=2022)
        Category.objects.filter(pk=ended.pk).update(last_year=2025)
        moment = datetime(2027, 2, 1, 9, tzinfo=JAPAN)
        incident = report(noticed_at=moment, reported_at=moment, now=moment)

        form = client.get(reverse(f"incidents:{name}", args=[incident.pk])).context["form"]

        offered = form.fields[field].queryset
        assert offered.exists()
        assert not offered.filter(pk__in=[later.pk, ended.pk]).exists()


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
