"""Filters of lists that somebody keeps under a name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pms.accounts.roles import Role
from pms.history.models import HistoryEntry
from pms.transfer.models import SavedFilter
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("organization:person_list")
NEW = reverse("transfer:filter_create")


@pytest.fixture
def manager(client):
    user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
    client.force_login(user)
    return user


def new(path=LIST, query="q=高橋&page=x&sort=-number"):
    return reverse("transfer:filter_create", query={"path": path, "query": query})


def saved_by(user, name="高橋さん", query="q=高橋"):
    return SavedFilter.objects.create(owner=user, path=LIST, name=name, query=query)


class TestSaving:
    def test_is_offered_where_a_filter_is_set(self, client, manager):
        assert "Save this filter" in client.get(LIST, {"q": "高橋"}).text
        assert "Save this filter" not in client.get(LIST).text

    def test_leads_from_the_list_and_back_to_it(self, client, manager):
        answer = client.post(new(), {"name": "高橋さん"}, follow=True)

        assert answer.request["PATH_INFO"] == LIST
        assert "The filter has been saved" in answer.text
        kept = SavedFilter.objects.get()
        assert (kept.owner, kept.path) == (manager, LIST)
        assert "page" not in kept.query
        assert f'href="{LIST}?q=%E9%AB%98%E6%A9%8B&amp;sort=-number"' in answer.text

    def test_takes_a_name_once_a_list(self, client, manager):
        saved_by(manager)

        answer = client.post(new(), {"name": "高橋さん"})

        assert "of this name for this list already" in answer.text
        assert SavedFilter.objects.count() == 1

    def test_takes_a_name_that_somebody_else_has(self, client, manager):
        saved_by(UserFactory())

        client.post(new(), {"name": "高橋さん"})

        assert SavedFilter.objects.count() == 2

    def test_asks_for_a_name(self, client, manager):
        assert client.post(new(), {"name": ""}).context["form"].errors

    @pytest.mark.parametrize(
        "path", ["", "https://example.com/", "//example.com/", "/", "/nothing/", "/admin/"]
    )
    def test_keeps_addresses_of_lists_only(self, client, manager, path):
        assert client.get(new(path=path)).status_code == 404

    def test_leaves_no_trace_of_what_somebody_looks_for(self, client, manager):
        last = HistoryEntry.objects.first().pk
        client.post(new(), {"name": "高橋さん"})

        assert not HistoryEntry.objects.filter(pk__gt=last).exists()


class TestList:
    def test_shows_ones_own_of_this_list(self, client, manager):
        mine = saved_by(manager)
        saved_by(UserFactory(), name="ほかの人")
        SavedFilter.objects.create(owner=manager, path="/cycles/", name="年度", query="q=x")

        assert client.get(LIST).context["filter"].saved == [mine]

    def test_asks_only_who_has_saved_one(self, client, manager):
        def asked():
            client.get(LIST)
            with CaptureQueriesContext(connection) as captured:
                client.get(LIST)
            return len(captured.captured_queries)

        before = asked()
        saved_by(manager)

        assert asked() == before + 1


class TestRemoving:
    def test_removes_ones_own(self, client, manager):
        url = reverse("transfer:filter_delete", args=[saved_by(manager).pk])
        token = client.get(url).context["form_token"]

        for _time in range(2):
            answer = client.post(url, {"form_token": token})

        assert answer.status_code == 302
        assert not SavedFilter.objects.exists()

    def test_hides_those_of_others(self, client, manager):
        url = reverse("transfer:filter_delete", args=[saved_by(UserFactory()).pk])

        assert client.get(url).status_code == 404
