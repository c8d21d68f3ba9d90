"""Working days: weekends, public holidays, and the company's own closed days."""

from datetime import date, timedelta

import pytest

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError
from pms.history.models import HistoryEntry
from pms.organization import services
from pms.organization.calendar import WorkingDays
from pms.organization.models import ClosedDay
from tests.accounts.factories import UserFactory

# 夏季休業 around 山の日 (August 11th), 年末年始 around 元日.
SUMMER = [date(2026, 8, day) for day in range(10, 15)]
YEAR_END = [date(2026, 12, day) for day in (29, 30, 31)] + [date(2027, 1, day) for day in (2, 3, 4)]


@pytest.fixture
def calendar():
    return WorkingDays([*SUMMER, *YEAR_END])


@pytest.mark.parametrize(
    ("day", "is_working_day"),
    [
        pytest.param(date(2026, 9, 1), True, id="an ordinary Tuesday"),
        pytest.param(date(2026, 9, 5), False, id="a Saturday"),
        pytest.param(date(2026, 5, 6), False, id="a day in the place of a holiday on Sunday"),
        pytest.param(date(2026, 9, 22), False, id="a day between two holidays"),
        pytest.param(date(2026, 8, 10), False, id="a closed day"),
        pytest.param(date(2028, 2, 29), True, id="a leap day on a Tuesday"),
        pytest.param(date(2026, 1, 2), True, id="the second of January is no public holiday"),
    ],
)
def test_tells_working_days(calendar, day, is_working_day):
    assert calendar.is_working_day(day) is is_working_day


@pytest.mark.parametrize(
    ("day", "previous", "following"),
    [
        pytest.param(date(2026, 9, 1), date(2026, 9, 1), date(2026, 9, 1), id="a working day"),
        pytest.param(date(2026, 9, 6), date(2026, 9, 4), date(2026, 9, 7), id="a weekend"),
        pytest.param(date(2026, 5, 4), date(2026, 5, 1), date(2026, 5, 7), id="golden week"),
        pytest.param(date(2026, 9, 21), date(2026, 9, 18), date(2026, 9, 24), id="silver week"),
        pytest.param(
            date(2026, 8, 12), date(2026, 8, 7), date(2026, 8, 17), id="closed over a holiday"
        ),
        pytest.param(date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 5), id="year end"),
        pytest.param(date(2027, 2, 28), date(2027, 2, 26), date(2027, 3, 1), id="month end"),
        pytest.param(date(2032, 2, 29), date(2032, 2, 27), date(2032, 3, 1), id="leap Sunday"),
    ],
)
def test_finds_the_working_day_before_and_after(calendar, day, previous, following):
    assert calendar.previous_working_day(day) == previous
    assert calendar.next_working_day(day) == following


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 9, 1), 3, date(2026, 9, 4)),
        (date(2026, 9, 4), 1, date(2026, 9, 7)),
        (date(2026, 5, 1), 1, date(2026, 5, 7)),
        (date(2026, 5, 7), -1, date(2026, 5, 1)),
        (date(2026, 12, 28), 2, date(2027, 1, 6)),
        (date(2028, 2, 28), 2, date(2028, 3, 1)),
        (date(2026, 9, 5), 0, date(2026, 9, 5)),
    ],
)
def test_counts_working_days(calendar, day, count, expected):
    assert calendar.add(day, count) == expected


def test_looks_a_year_up_once(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "pms.organization.calendar._look_up", lambda year: asked.append(year) or frozenset()
    )

    for _calendar in range(2):
        WorkingDays().add(date(2026, 12, 1), 40)

    assert asked == [2026, 2027]


def test_says_what_is_wrong_where_no_day_is_a_working_day():
    first = date(2026, 1, 1)
    calendar = WorkingDays([first + timedelta(days=number) for number in range(400)])

    with pytest.raises(ValueError, match="closed days"):
        calendar.next_working_day(first)


@pytest.mark.django_db
class TestClosedDays:
    def test_are_loaded_in_one_query(self, django_assert_num_queries):
        for day in SUMMER:
            ClosedDay.objects.create(day=day, name="夏季休業")

        with django_assert_num_queries(1):
            calendar = WorkingDays.load()

            assert calendar.next_working_day(SUMMER[0]) == date(2026, 8, 17)

    def test_are_added_in_a_row_and_journalled(self):
        actor = UserFactory()

        added = services.add_closed_days(
            first=SUMMER[0], last=SUMMER[-1], name="夏季休業", name_en="Summer", actor=actor
        )

        assert [it.day for it in added] == SUMMER
        assert {it.actor for it in HistoryEntry.objects.of(added[0])} == {actor}

    def test_keep_their_name_when_a_row_is_laid_over_them(self):
        ClosedDay.objects.create(day=SUMMER[1], name="創立記念日")

        added = services.add_closed_days(
            first=SUMMER[0], last=SUMMER[2], name="夏季休業", actor=UserFactory()
        )

        assert [it.day for it in added] == [SUMMER[0], SUMMER[2]]
        assert ClosedDay.objects.get(day=SUMMER[1]).name == "創立記念日"

    @pytest.mark.parametrize(
        ("first", "last", "field"),
        [
            (SUMMER[1], SUMMER[0], "last"),
            (date(2026, 8, 1), date(2026, 9, 1), "last"),
            (date(2026, 7, 1), None, "first"),
        ],
        ids=["backwards", "more than a month", "closed already"],
    )
    def test_refuse_what_cannot_be(self, first, last, field):
        ClosedDay.objects.create(day=date(2026, 7, 1), name="創立記念日")

        with pytest.raises(DomainError) as refusal:
            services.add_closed_days(first=first, last=last, name="夏季休業", actor=UserFactory())

        assert list(refusal.value.error_dict) == [field]
        assert ClosedDay.objects.count() == 1

    def test_are_taken_back(self):
        closed_day = ClosedDay.objects.create(day=SUMMER[0], name="夏季休業")

        services.remove_closed_day(closed_day.pk, actor=UserFactory())

        assert not ClosedDay.objects.exists()


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def office(self, client):
        user = UserFactory(roles=[Role.PMS_OFFICE])
        client.force_login(user)
        return user

    def test_closes_the_company_for_a_while(self, client, office):
        answer = client.post(
            "/organization/closed-days/new/",
            {"first": "2026-08-10", "last": "2026-08-14", "name": "夏季休業", "name_en": ""},
            follow=True,
        )

        assert ClosedDay.objects.count() == 5
        assert "夏季休業" in answer.text

    def test_shows_what_is_refused_on_the_field(self, client, office):
        answer = client.post(
            "/organization/closed-days/new/",
            {"first": "2026-08-14", "last": "2026-08-10", "name": "夏季休業"},
        )

        assert "last" in answer.context["form"].errors

    def test_narrows_to_a_year(self, client, office):
        ClosedDay.objects.create(day=date(2026, 8, 10), name="夏季休業")
        ClosedDay.objects.create(day=date(2027, 8, 10), name="夏季休業")

        page = client.get("/organization/closed-days/", {"year": "2027"}).context["page"]

        assert [it.day for it in page] == [date(2027, 8, 10)]

    def test_takes_a_day_back(self, client, office):
        closed_day = ClosedDay.objects.create(day=date(2026, 8, 10), name="夏季休業")

        client.post(f"/organization/closed-days/{closed_day.pk}/remove/")

        assert not ClosedDay.objects.exists()
