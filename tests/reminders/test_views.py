"""The list of who was told what: whose rows, in which words, and as a file."""

import csv
import io
from datetime import date

import pytest
from django.utils.translation import override

from pms.accounts.roles import Role
from pms.reminders.choices import ReminderState
from pms.reminders.labels import step_in_words
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory, PersonFactory

from .factories import ReminderFactory

pytestmark = pytest.mark.django_db

URL = "/reminders/"


def shown(client, **query):
    return [row.pk for row in client.get(URL, query).context["page"]]


@pytest.fixture
def office(client):
    user = UserFactory(roles=[Role.PMS_OFFICE], language="en")
    client.force_login(user)
    return user


class TestWhoseRows:
    def test_the_office_sees_all_the_latest_first(self, client, office):
        first, second = ReminderFactory(), ReminderFactory()

        assert shown(client) == [second.pk, first.pk]

    def test_a_manager_sees_the_own_people(self, client):
        department = DepartmentFactory()
        manager = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        below = PersonFactory(
            with_account=True, affiliation__department=DepartmentFactory(parent=department)
        )
        mine, theirs = ReminderFactory(person=manager.person), ReminderFactory(person=below)
        ReminderFactory()
        client.force_login(manager)

        assert shown(client) == [theirs.pk, mine.pk]

    def test_others_see_what_they_were_told_themselves(self, client):
        mine = ReminderFactory()
        ReminderFactory()
        client.force_login(mine.person.user)

        assert shown(client) == [mine.pk]


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"q": "佐藤"}, ["told"]),
            ({"state": ReminderState.UNTOLD}, ["untold"]),
            ({"rule": "training.excuse_waiting"}, ["excuse"]),
            ({"since": "2026-09-17"}, ["excuse"]),
            ({"until": "2026-09-16"}, ["told"]),
            ({"since": "2026-09-16", "until": "2026-09-16"}, ["told"]),
        ],
    )
    def test_keep_what_is_asked_for(self, client, office, query, expected):
        person = PersonFactory(with_account=True, family_name="佐藤")
        rows = {
            "told": ReminderFactory(person=person),
            "untold": ReminderFactory(untold=True),
            "excuse": ReminderFactory(rule="training.excuse_waiting", planned_on=date(2026, 9, 17)),
        }

        assert shown(client, **query) == [rows[name].pk for name in expected]


class TestWords:
    @pytest.mark.parametrize(
        ("key", "words"),
        [
            ("start", "開始時"),
            ("before:14", "14日前"),
            ("on", "期限日"),
            ("after:7", "7日後"),
            ("manager:before:1", "1日前（管理者へ）"),
            ("manager:start", "開始時（管理者へ）"),
        ],
    )
    def test_say_which_step_it_was(self, key, words):
        with override("ja"):
            assert step_in_words(key) == words

    def test_stand_on_the_page(self, client, office):
        manager = UserFactory(roles=[])
        ReminderFactory(through=True, told_through=manager.person, step="after:7")

        page = client.get(URL).text

        assert "Training to take" in page
        assert "7 days after" in page
        assert "Told through the manager" in page
        assert manager.person.full_name in page

    def test_of_a_digest_open_for_who_may_read_it(self, client, office):
        told = ReminderFactory()
        link = f"/notifications/{told.notification_id}/"

        assert link in client.get(URL).text
        client.force_login(UserFactory(roles=[Role.TRAINING_OFFICER]))
        assert link not in client.get(URL).text
        client.force_login(told.person.user)
        assert link in client.get(URL).text


def test_it_can_be_taken_out_as_evidence_in_japanese(client, office):
    told = ReminderFactory()
    ReminderFactory(untold=True)

    answer = client.get(URL, {"export": "csv"})

    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row["状態"] for row in rows] == ["通知できず", "通知済み"]
    assert rows[1]["社員番号"] == told.person.employee_number
    assert rows[1]["通知番号"] == str(told.notification_id)
