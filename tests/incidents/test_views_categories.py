"""The lists of the examining bodies: lines with their years, which no case ever loses."""

from datetime import datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from pms.accounts.roles import Role
from pms.history.models import HistoryEntry
from pms.incidents import services
from pms.incidents.models import Category
from tests.accounts.factories import UserFactory

from .factories import JAPAN, assess, category, report

pytestmark = pytest.mark.django_db

LISTS = reverse("incidents:category_list")
NEW = reverse("incidents:category_create")


@pytest.fixture
def manager(client):
    user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
    client.force_login(user)
    return user


@pytest.fixture
def theft():
    return category("class", "theft")


def line(**facts):
    usual = {"list": "class", "code": "sns", "label_ja": "SNSへの誤投稿", "first_year": 2027}
    return usual | {"form_token": "c"} | facts


def end(client, row, **facts):
    path = reverse("incidents:category_end", args=[row.pk])
    return client.post(path, {"reason": "一覧の改定", "form_token": "e"} | facts)


def withdraw(client, row):
    path = reverse("incidents:category_withdraw", args=[row.pk])
    return client.post(path, {"reason": "誤入力", "form_token": "w"})


def counted(row, year):
    """A case that was reported in a year of the lists and is counted by a line."""
    moment = datetime(year + 1, 1, 15, tzinfo=JAPAN)
    incident = report(noticed_at=moment, reported_at=moment, now=moment)
    assess(incident, event_class=row, now=moment)
    return incident


class TestList:
    def test_shows_each_line_with_its_years(self, client, manager, theft):
        Category.objects.filter(pk=theft.pk).update(last_year=2023)
        text = client.get(LISTS).text
        assert "2022 – 2023" in text
        assert "Wrong sending" in text
        assert LISTS in client.get(reverse("incidents:rule_list")).text

    def test_is_read_by_the_deputy_who_changes_none(self, client, theft):
        client.force_login(UserFactory(roles=[Role.DEPUTY_PRIVACY_MANAGER]))
        assert NEW not in client.get(LISTS).text
        assert client.get(NEW).status_code == 403
        assert end(client, theft).status_code == 403
        assert withdraw(client, theft).status_code == 403

    def test_asks_the_database_as_often_for_more_lines(
        self, client, manager, django_assert_max_num_queries
    ):
        client.get(LISTS)
        with django_assert_max_num_queries(5):
            client.get(LISTS)


class TestAdding:
    def test_begins_in_a_year(self, client, manager):
        assert client.post(NEW, line())["Location"] == LISTS
        added = Category.objects.get(code="sns")
        assert (added.first_year, added.last_year) == (2027, None)
        assert HistoryEntry.objects.get(event="incidents.category_added").actor == manager

    def test_of_a_version_ends_the_one_before(self, client, manager, theft):
        answer = client.post(f"{NEW}?from={theft.pk}", line(label_ja="盗難・強奪"))
        assert answer["Location"] == LISTS
        theft.refresh_from_db()
        added = Category.objects.get(code="theft", first_year=2027)
        assert (theft.last_year, added.label_ja, added.position) == (
            2026,
            "盗難・強奪",
            theft.position,
        )

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"code": "theft"}, "first_year"),
            ({"code": "日本語"}, "code"),
            ({"label_ja": ""}, "label_ja"),
            ({"first_year": "27"}, "first_year"),
        ],
    )
    def test_refuses_what_cannot_be(self, client, manager, facts, field):
        answer = client.post(NEW, line(**facts))
        assert field in answer.context["form"].errors

    def test_leaves_cases_their_line(self, client, manager, theft):
        counted(theft, 2026)
        answer = client.post(f"{NEW}?from={theft.pk}", line(first_year=2026))
        assert "1 case of a later year" in str(answer.context["form"].errors["first_year"])
        theft.refresh_from_db()
        assert theft.last_year is None


class TestEnding:
    def test_is_said_with_a_reason_and_can_be_taken_back(self, client, manager, theft):
        counted(theft, 2025)
        assert end(client, theft, last_year=2025)["Location"] == LISTS
        theft.refresh_from_db()
        assert theft.last_year == 2025
        entry = HistoryEntry.objects.get(event="incidents.category_ended")
        assert entry.reason == "一覧の改定"
        end(client, theft, last_year="", form_token="f")
        theft.refresh_from_db()
        assert theft.last_year is None

    @pytest.mark.parametrize("year", [2024, 2021])
    def test_refuses_a_year_before_its_cases_or_its_beginning(self, client, manager, theft, year):
        counted(theft, 2025)
        answer = end(client, theft, last_year=year)
        assert "last_year" in answer.context["form"].errors

    def test_cannot_be_taken_back_while_another_version_holds(self, client, manager, theft):
        client.post(f"{NEW}?from={theft.pk}", line(label_ja="盗難・強奪"))
        assert end(client, theft, last_year="").context["form"].errors


class TestWithdrawing:
    def test_removes_a_line_that_nothing_is_counted_by(self, client, manager):
        client.post(NEW, line())
        assert withdraw(client, Category.objects.get(code="sns"))["Location"] == LISTS
        assert not Category.objects.filter(code="sns").exists()
        entry = HistoryEntry.objects.get(event="incidents.category_withdrawn")
        assert entry.additional_data["code"] == "sns"

    def test_refuses_one_that_a_case_is_counted_by(self, client, manager, theft):
        counted(theft, 2025)
        path = reverse("incidents:category_withdraw", args=[theft.pk])
        assert path not in client.get(LISTS).text
        assert "End it instead" in withdraw(client, theft).text
        assert Category.objects.filter(pk=theft.pk).exists()


class TestDatabase:
    @pytest.mark.parametrize(
        "change", [{"code": "x"}, {"label_ja": "x"}, {"first_year": 2020}, {"list": "cause"}]
    )
    def test_refuses_to_rewrite_a_line(self, theft, change):
        with pytest.raises(DatabaseError), transaction.atomic():
            Category.objects.filter(pk=theft.pk).update(**change)

    def test_refuses_two_versions_in_a_year(self, theft):
        with pytest.raises(DatabaseError), transaction.atomic():
            Category.objects.create(list="class", code="theft", label_ja="x", first_year=2030)

    def test_takes_the_next_version_of_a_line(self, manager, theft):
        facts = {"label_ja": "盗難・強奪", "first_year": 2026}
        added = services.add_category(actor=manager, instead_of=theft.pk, **facts)
        assert list(Category.objects.of("class", 2026).filter(code="theft")) == [added]
