"""Pages by key: every row once, in order, in both directions, whatever the size and the sort."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pms.core import pagination
from pms.core.pagination import Page, paginate
from pms.cycles.models import Cycle
from pms.organization.models import Site
from tests.organization.factories import AffiliationFactory, PersonFactory, SiteFactory

ORDERINGS = [("name", "id"), ("-name", "-id"), ("name", "-id"), ("-name", "id"), ("id",)]


def walk(rows, ordering, size, *, start="", step="next"):
    """The pages from `start` to the end in the direction of `step`."""
    pages = [paginate(rows, ordering, start, size)]
    while cursor := getattr(pages[-1], step):
        pages.append(paginate(rows, ordering, cursor, size))
        assert len(pages) < 100, "the pages go round in a circle"
    return pages


def ids(pages):
    """Keys of the rows, page by page."""
    return [row.pk for page in pages for row in page]


class TestAnyTable(TestCase):
    """Few names, so that many rows are equal but for their key."""

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(
        names=st.lists(st.sampled_from(["あ", "い", "A", "a", ""]), max_size=13),
        ordering=st.sampled_from(ORDERINGS),
        size=st.integers(1, 5),
    )
    def test_shows_every_row_once_in_order_both_ways(self, names, ordering, size):
        Site.objects.bulk_create(
            Site(code=f"{number}", name=name) for number, name in enumerate(names)
        )
        rows = Site.objects.all()
        wanted = [row.pk for row in rows.order_by(*ordering)]

        forwards = walk(rows, ordering, size)
        backwards = walk(rows, ordering, size, start="last", step="previous")

        assert ids(forwards) == wanted
        assert ids(reversed(backwards)) == wanted
        assert [len(page) for page in forwards] == [len(page) for page in reversed(backwards)]
        assert {page.total for page in forwards + backwards} == {len(names)}

    @settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
    @given(count=st.integers(0, 9), size=st.integers(1, 4), ordering=st.sampled_from(ORDERINGS))
    def test_going_on_and_back_shows_the_same_page(self, count, size, ordering):
        SiteFactory.create_batch(count)
        rows = Site.objects.all()

        for page in walk(rows, ordering, size):
            if page.next:
                following = paginate(rows, ordering, page.next, size)
                assert ids([paginate(rows, ordering, following.previous, size)]) == ids([page])


@pytest.mark.django_db
class TestPage:
    def test_of_an_empty_table_is_empty(self):
        page = paginate(Site.objects.all(), ("id",), "", 10)

        assert (page.rows, page.next, page.previous, page.total) == ([], "", "", 0)
        assert not page.has_other_pages

    def test_has_no_neighbours_when_everything_fits(self):
        SiteFactory.create_batch(3)

        assert not paginate(Site.objects.all(), ("id",), "", 3).has_other_pages
        assert not paginate(Site.objects.all(), ("id",), "last", 3).has_other_pages

    def test_costs_two_queries_wherever_it_is(self):
        SiteFactory.create_batch(7)
        rows = Site.objects.all()
        for cursor in ("", "last", paginate(rows, ("name", "id"), "", 2).next):
            with CaptureQueriesContext(connection) as queries:
                paginate(rows, ("name", "id"), cursor, 2)

            assert len(queries) == 2

    def test_sorts_by_dates_and_through_relations(self):
        for number in range(5):
            person = PersonFactory(
                joined_on=date(2020, 4, 1) + timedelta(days=number // 2), affiliation=None
            )
            AffiliationFactory(person=person)
        rows = PersonFactory._meta.model.objects.select_related("user")
        affiliations = AffiliationFactory._meta.model.objects.select_related("person")

        by_day = walk(rows, ("-joined_on", "id"), 2)
        by_person = walk(affiliations, ("-person__joined_on", "id"), 2)

        assert ids(by_day) == [it.pk for it in rows.order_by("-joined_on", "id")]
        assert ids(by_person) == [it.pk for it in affiliations.order_by("-person__joined_on", "id")]

    def test_stays_in_place_while_rows_come_and_go(self):
        for code in "ACEG":
            SiteFactory(code=code)
        rows = Site.objects.all()
        first = paginate(rows, ("code",), "", 2)
        SiteFactory(code="B")
        Site.objects.get(code="C").delete()

        second = paginate(rows, ("code",), first.next, 2)

        assert [row.code for row in second] == ["E", "G"]

    @pytest.mark.parametrize(
        "cursor",
        [
            "nonsense",
            "%%%",
            "é",
            "W10",  # []
            "bnVsbA",  # null
            "WyJmIl0",  # ["f"]: too short
            "WyJ4IiwxXQ",  # ["x",1]: no direction
            "WyJmIixbMV1d",  # ["f",[1]]: a list where a value belongs
            "WyJmIixudWxsXQ",  # ["f",null]
            "MQ",  # 1
            "WyJmIiwiYWJjIl0",  # ["f","abc"]: no number
            "WyJmIiw5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTldXQ",
            "WyJmIixOYU5d",  # ["f",NaN]
            "WyJmIixJbmZpbml0eV0",  # ["f",Infinity]
            "WyJmIiwiXHUwMDAwIl0",  # a zero byte
        ],
    )
    def test_an_unreadable_cursor_leads_to_the_first(self, cursor):
        SiteFactory.create_batch(3)
        first = paginate(Site.objects.all(), ("id",), "", 2)

        assert ids([paginate(Site.objects.all(), ("id",), cursor, 2)]) == ids([first])

    def test_a_cursor_that_is_no_day_leads_to_the_first(self):
        Cycle.objects.create(name="2026", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
        page = paginate(Cycle.objects.all(), ("starts_on",), "WyJmIiwiYWJjIl0", 2)

        assert page.total == len(page) == 1

    def test_a_zero_byte_in_a_text_leads_to_the_first(self):
        SiteFactory.create_batch(2)
        page = paginate(Site.objects.all(), ("name",), "WyJmIiwiXHUwMDAwIl0", 2)

        assert len(page) == 2


@pytest.mark.django_db
class TestCount:
    @pytest.fixture(autouse=True)
    def _small_limit(self, monkeypatch):
        monkeypatch.setattr(pagination, "COUNT_LIMIT", 5)

    @pytest.mark.parametrize(("count", "total", "is_capped"), [(5, 5, False), (6, 5, True)])
    def test_is_exact_up_to_the_limit(self, count, total, is_capped):
        SiteFactory.create_batch(count)

        page = paginate(Site.objects.all(), ("id",), "", 2)

        assert (page.total, page.is_capped) == (total, is_capped)

    def test_beyond_the_limit_the_last_page_is_full(self):
        SiteFactory.create_batch(7)

        last = paginate(Site.objects.all(), ("id",), "last", 2)

        assert ids([last]) == list(Site.objects.order_by("id").values_list("pk", flat=True))[-2:]
        assert last.previous
        assert not last.next


def test_page_is_read_like_a_list():
    page = Page(rows=[1, 2])

    assert (list(page), len(page)) == ([1, 2], 2)
