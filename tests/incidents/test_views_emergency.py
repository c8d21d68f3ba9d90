"""Whom to call and what to do: for everybody to read, for few to write."""

import pytest
from django.urls import reverse

from pms.accounts.roles import Role
from pms.history.models import HistoryEntry
from pms.incidents.models import EmergencyContact, EmergencyProcedure
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("incidents:emergency")
LINE = {"role": "夜間・休日の第一報", "name": "佐々木 恵", "phone": "090-0000-0001", "position": 1}


def sign_in(client, *roles):
    user = UserFactory(roles=list(roles))
    client.force_login(user)
    return user


def test_begins_with_a_procedure_that_everybody_may_read(client):
    manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
    sign_in(client)
    page = client.get(PAGE).text
    assert "止める" in page
    assert str(manager.person) in page
    assert reverse("incidents:report") in page
    assert reverse("incidents:procedure") not in page


def test_asks_only_those_for_contacts_who_can_enter_them(client):
    sign_in(client)
    assert "登録してください" not in client.get(PAGE).text
    sign_in(client, Role.PRIVACY_MANAGER)
    assert "登録してください" in client.get(PAGE).text


def test_lets_those_start_a_drill_who_handle_incidents(client):
    start = f"{reverse('incidents:office_create')}?drill=1"
    sign_in(client)
    assert start not in client.get(PAGE).text
    sign_in(client, Role.PRIVACY_MANAGER)
    assert start in client.get(PAGE).text


def test_is_not_for_strangers(client):
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("name", ["procedure", "contact_create"])
def test_is_kept_by_who_handles_incidents(client, name):
    sign_in(client)
    assert client.get(reverse(f"incidents:{name}")).status_code == 403
    sign_in(client, Role.DEPUTY_PRIVACY_MANAGER)
    assert client.get(reverse(f"incidents:{name}")).status_code == 200


def test_a_contact_is_added_changed_and_removed(client):
    sign_in(client, Role.PRIVACY_MANAGER)
    client.post(reverse("incidents:contact_create"), LINE)
    contact = EmergencyContact.objects.get()
    assert "090-0000-0001" in client.get(PAGE).text
    client.post(
        reverse("incidents:contact_update", args=[contact.pk]), LINE | {"phone": "090-0000-0002"}
    )
    contact.refresh_from_db()
    assert contact.phone == "090-0000-0002"
    client.post(reverse("incidents:contact_remove", args=[contact.pk]))
    assert not EmergencyContact.objects.exists()
    events = HistoryEntry.objects.filter(event__startswith="incidents.contact").order_by("id")
    assert [it.event.rpartition("_")[2] for it in events] == ["added", "changed", "removed"]


def test_a_contact_can_be_reached(client):
    sign_in(client, Role.PRIVACY_MANAGER)
    page = client.post(reverse("incidents:contact_create"), LINE | {"phone": ""})
    assert page.status_code == 200
    assert "電話番号かメールアドレス" in page.text
    assert not EmergencyContact.objects.exists()


def test_the_procedure_is_written_with_its_day(client):
    sign_in(client, Role.PRIVACY_MANAGER)
    client.post(reverse("incidents:procedure"), {"text": "## 電話する", "text_en": ""})
    row = EmergencyProcedure.objects.get()
    assert row.text == "## 電話する"
    assert row.changed_on
    assert "電話する</h" in client.get(PAGE).text  # as a heading, whatever its level


def test_an_empty_procedure_is_refused(client):
    sign_in(client, Role.PRIVACY_MANAGER)
    assert client.post(reverse("incidents:procedure"), {"text": " "}).status_code == 200
    assert "止める" in EmergencyProcedure.objects.get().text
