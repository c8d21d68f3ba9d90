"""The bell and its pages, the office's list, and who sees which words."""

import csv
import io

import pytest
from django.urls import reverse

from pms.accounts.roles import Role
from pms.history.models import HistoryEntry
from pms.notifications.choices import MailState as S
from pms.notifications.models import Notification, Preference
from tests.accounts.factories import UserFactory

from .factories import NOW, NotificationFactory

pytestmark = pytest.mark.django_db

LIST = reverse("notifications:notification_list")
OUTBOX = reverse("notifications:outbox")


def page_of(name, told):
    """The address of a page about one notification."""
    return reverse(f"notifications:{name}", args=[told.pk])


def sign_in(client, *roles):
    """Somebody who holds these posts, signed in and reading English."""
    user = UserFactory(roles=list(roles), language="en")
    client.force_login(user)
    return user


class TestBell:
    @pytest.mark.parametrize(
        ("count", "shown"), [(0, None), (1, ">1</span>"), (100, ">99+</span>")]
    )
    def test_shows_on_every_page_how_much_is_unread(self, client, count, shown):
        user = sign_in(client)
        NotificationFactory.create_batch(count, recipient=user)
        NotificationFactory(recipient=user, read_at=NOW)

        page = client.get(reverse("dashboard:settings")).text

        assert ('class="bell-count"' in page) == bool(count)
        if shown:
            assert shown in page
            assert f"{count} unread" in page

    def test_costs_no_query(self, client, django_assert_num_queries):
        user = sign_in(client)
        page = reverse("dashboard:settings")
        client.get(page)
        NotificationFactory.create_batch(3, recipient=user)

        with django_assert_num_queries(3):  # session, account with person and bell, posts
            client.get(page)


class TestOwnList:
    def test_shows_ones_own_only_even_to_the_office(self, client):
        user = sign_in(client, Role.PRIVACY_MANAGER)
        mine, other = NotificationFactory(recipient=user), NotificationFactory()

        page = client.get(LIST)

        assert list(page.context["page"]) == [mine]
        assert other.subject not in page.text

    def test_is_narrowed_to_unread_and_to_words_however_spelled(self, client):
        user = sign_in(client)
        unread = NotificationFactory(recipient=user, subject="教育 ＡＢＣ のお知らせ")
        NotificationFactory(recipient=user, subject="教育 abc", read_at=NOW)
        NotificationFactory(recipient=user, subject="別の件")

        assert len(client.get(LIST, {"q": "abc 教育"}).context["page"]) == 2
        assert list(client.get(LIST, {"q": "abc", "unread": "on"}).context["page"]) == [unread]

    def test_says_what_it_is_for_while_it_is_empty(self, client):
        sign_in(client)

        assert "Reminders and news appear here" in client.get(LIST).text

    def test_opening_marks_as_read_and_leads_to_the_page(self, client):
        told = NotificationFactory(recipient=sign_in(client), url="/search/?q=a")

        response = client.get(page_of("notification_open", told))

        assert response.url == "/search/?q=a"
        assert Notification.objects.get().is_read

    def test_one_is_marked_as_read_by_its_button(self, client):
        user = sign_in(client)
        told, other = NotificationFactory.create_batch(2, recipient=user)

        response = client.post(page_of("notification_read", told))

        assert response.url == LIST
        assert list(Notification.objects.unread()) == [other]

    def test_all_are_marked_as_read_by_one_button(self, client):
        NotificationFactory.create_batch(2, recipient=sign_in(client))

        page = client.post(reverse("notifications:notification_read_all"), follow=True)

        assert "2 notifications are marked as read." in page.text
        assert not Notification.objects.unread().exists()

    @pytest.mark.parametrize("name", ["notification_read", "notification_read_all"])
    def test_nothing_is_marked_by_a_mere_look(self, client, name):
        told = NotificationFactory(recipient=sign_in(client))
        args = [told.pk] if name == "notification_read" else []

        assert client.get(reverse(f"notifications:{name}", args=args)).status_code == 405

    @pytest.mark.parametrize("name", ["notification_open", "notification_read"])
    def test_what_others_were_told_is_not_there(self, client, name):
        sign_in(client, Role.PRIVACY_MANAGER)
        url = page_of(name, NotificationFactory())
        response = client.post(url) if name == "notification_read" else client.get(url)

        assert response.status_code == 404
        assert not Notification.objects.get().is_read


class TestDetail:
    def test_shows_the_words_to_the_recipient_who_has_read_them_then(self, client):
        user = sign_in(client)
        told = NotificationFactory(recipient=user, body="See http://pms.example/a/\n\n<b>Two</b>\n")

        page = client.get(told.get_absolute_url()).text

        assert "&lt;b&gt;Two&lt;/b&gt;" in page
        assert 'href="http://pms.example/a/"' in page
        assert "bell-count" not in page
        assert Notification.objects.get().is_read

    @pytest.mark.parametrize(
        ("role", "sees_words"),
        [
            (Role.PRIVACY_MANAGER, True),
            (Role.PMS_OFFICE, False),
            (Role.SYSTEM_ADMINISTRATOR, False),
        ],
    )
    def test_shows_the_proof_to_the_office_and_the_words_to_the_privacy_manager(
        self, client, role, sees_words
    ):
        sign_in(client, role)
        told = NotificationFactory(mail_state=S.FAILED, body="Secret words\n")

        page = client.get(told.get_absolute_url()).text

        assert told.subject in page
        assert "550 No such mailbox" in page
        assert ("Secret words" in page) == sees_words
        assert not Notification.objects.get().is_read

    def test_hides_our_trouble_from_the_recipient(self, client):
        told = NotificationFactory(recipient=sign_in(client), mail_state=S.FAILED)

        assert "No such mailbox" not in client.get(told.get_absolute_url()).text


class TestOutbox:
    def test_shows_who_was_told_what(self, client):
        sign_in(client, Role.PMS_OFFICE)
        told = NotificationFactory(recipient=UserFactory(roles=[]), mail_state=S.SENT)

        page = client.get(OUTBOX).text

        assert told.recipient.person.full_name in page
        assert told.subject in page
        assert "Sent" in page

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"mail_state": "failed"}, 1),
            ({"recipient": "first@"}, 1),
            ({"recipient": "nobody"}, 0),
            ({"q": "first"}, 1),
            ({"since": "2026-11-21", "until": "2026-11-21"}, 2),
            ({"since": "2026-11-22"}, 0),
            ({"until": "2026-11-20"}, 0),
        ],
    )
    def test_is_narrowed(self, client, query, count):
        sign_in(client, Role.PMS_OFFICE)
        NotificationFactory(recipient__email="first@example.jp", subject="The first")
        NotificationFactory(mail_state=S.FAILED)

        assert len(client.get(OUTBOX, query).context["page"]) == count

    def test_finds_people_by_name(self, client):
        sign_in(client, Role.PMS_OFFICE)
        told = NotificationFactory(recipient=UserFactory(roles=[]))
        NotificationFactory(recipient=UserFactory(roles=[]))
        name = told.recipient.person.employee_number

        assert list(client.get(OUTBOX, {"recipient": name}).context["page"]) == [told]

    def test_is_taken_out_without_the_words_and_journalled(self, client):
        user = sign_in(client, Role.SYSTEM_ADMINISTRATOR)
        told = NotificationFactory(body="Secret words\n", mail_state=S.SENT)

        answer = b"".join(client.get(OUTBOX, {"export": "csv"}).streaming_content)

        heading, line = csv.reader(io.StringIO(answer.decode("utf-8-sig")))
        assert heading[:3] == ["通知日時", "宛先", "メールアドレス"]
        assert told.subject in line
        assert "Secret words" not in answer.decode()
        entry = HistoryEntry.objects.get(event="history.exported")
        assert entry.actor == user

    def test_offers_to_send_again_what_failed_to_who_may(self, client):
        told = NotificationFactory(mail_state=S.FAILED)
        url = page_of("notification_retry", told)
        sign_in(client, Role.PMS_OFFICE)
        assert url not in client.get(OUTBOX).text

        sign_in(client, Role.SYSTEM_ADMINISTRATOR)
        assert url in client.get(OUTBOX).text
        page = client.post(url, follow=True)

        assert "The mail is on its way." in page.text
        assert Notification.objects.get().mail_state == S.WAITING

    def test_says_why_it_does_not_send_again_what_did_not_fail(self, client):
        sign_in(client, Role.SYSTEM_ADMINISTRATOR)
        told = NotificationFactory(mail_state=S.SENT)

        page = client.post(page_of("notification_retry", told))

        assert "cannot become" in page.text
        assert Notification.objects.get().mail_state == S.SENT


class TestPreference:
    def test_is_found_from_the_settings_and_switches_news_off(self, client):
        user = sign_in(client)
        url = reverse("notifications:preference")
        assert url in client.get(reverse("dashboard:settings")).text
        assert client.get(url).context["form"]["mails_news"].value() is True

        client.post(url, {})

        assert Preference.objects.get(user=user).mails_news is False
        assert client.get(url).context["form"]["mails_news"].value() is False
