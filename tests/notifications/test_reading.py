"""Bounces, retries, reading, and what somebody chose about their mails."""

import io
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from pms.core.exceptions import InvalidTransitionError
from pms.history.models import HistoryEntry
from pms.notifications.choices import MailState as S
from pms.notifications.models import Notification, Preference, with_unread_count
from pms.notifications.services import change_preference, mark_all_read, mark_read, retry
from tests.accounts.factories import UserFactory

from .factories import NOW, NotificationFactory

pytestmark = pytest.mark.django_db

# As Postfix writes it; `{returned}` is the part that holds what came back.
REPORT = """From: MAILER-DAEMON@mail.example.jp
To: pms@example.jp
Subject: Undelivered Mail Returned to Sender
{headers}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

このメールは配信できませんでした。

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.jp
Arrival-Date: Sat, 21 Nov 2026 12:00:00 +0900

Final-Recipient: rfc822; taro@example.jp
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such
    mailbox

--b
{returned}
--b--
"""
WHOLE = "Content-Type: message/rfc822\n\nMessage-ID: {number}\nSubject: News\n\nText\n"
HEADERS = "Content-Type: text/rfc822-headers\n\nMessage-ID: {number}\nSubject: News\n"
NOTHING = "Content-Type: text/plain\n\nNothing was returned.\n"


def report(number="", *, returned=WHOLE, action="failed", headers=""):
    """A notification that the mail of that number came back."""
    part = returned.format(number=number)
    return REPORT.format(
        returned=part, action=action, headers=headers.format(number=number)
    ).encode()


def take(tmp_path, mail):
    """Hand `mail` to the command; gives what it says."""
    file = tmp_path / "mail"
    file.write_bytes(mail)
    said = io.StringIO()
    call_command("take_bounce", str(file), stdout=said)
    return said.getvalue()


def bounced_events():
    return HistoryEntry.objects.filter(event="notifications.bounced")


class TestBounce:
    @pytest.mark.parametrize(
        ("returned", "headers"),
        [
            (WHOLE, ""),
            (HEADERS, ""),
            (NOTHING, "In-Reply-To: {number}\n"),
            (NOTHING, "References: <older@elsewhere.example> {number}\n"),
        ],
    )
    def test_is_noted_with_its_reason(self, tmp_path, returned, headers):
        told = NotificationFactory(mail_state=S.SENT)

        said = take(tmp_path, report(told.message_id, returned=returned, headers=headers))

        told.refresh_from_db()
        assert told.mail_state == S.BOUNCED
        assert told.last_error == "5.1.1 550 5.1.1 No such mailbox"
        assert told.sent_at == NOW
        assert said == f"Notification {told.pk}: the mail came back.\n"
        assert bounced_events().get().object_pk == str(told.pk)

    def test_twice_changes_nothing_the_second_time(self, tmp_path):
        told = NotificationFactory(mail_state=S.SENT)
        take(tmp_path, report(told.message_id))

        take(tmp_path, report(told.message_id))

        assert bounced_events().count() == 1

    @pytest.mark.parametrize("state", [S.SENDING, S.WAITING, S.FAILED])
    def test_of_a_mail_that_we_never_knew_was_taken_shows_that_it_was(self, tmp_path, state):
        told = NotificationFactory(mail_state=state)

        take(tmp_path, report(told.message_id))

        told.refresh_from_db()
        assert (told.mail_state, told.claimed_at, told.next_try_at) == (S.BOUNCED, None, None)
        assert told.sent_at is not None

    @pytest.mark.parametrize(
        ("mail", "said"),
        [
            (b"", "not a delivery status notification"),
            (b"\xff\xfe\x00 nonsense \x80" * 99, "not a delivery status notification"),
            (b"Subject: Hello\n\nHow are you?\n", "not a delivery status notification"),
            (report(returned=NOTHING), "does not name the mail"),
            (report("<unknown@elsewhere.example>"), "No mail of this system"),
            (report("<a@b.example>", action="delayed"), "does not say that the mail failed"),
        ],
    )
    def test_that_is_none_is_refused_in_words(self, tmp_path, settings, mail, said):
        settings.LANGUAGE_CODE = "en"
        with pytest.raises(CommandError, match=said):
            take(tmp_path, mail)

    def test_from_a_file_that_is_not_there_says_so(self, tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("take_bounce", str(tmp_path / "nowhere"))

    def test_that_is_nonsense_ends_with_1_in_the_pipe_of_a_mail_server(self, tmp_path):
        result = subprocess.run(
            [sys.executable, project.ROOT / "manage.py", "take_bounce"],
            input=b"nonsense",
            env={"DJANGO_SETTINGS_MODULE": "pms.settings.test", "PATH": "/usr/bin:/bin"},
            cwd=project.ROOT,
            capture_output=True,
            check=False,
        )

        assert result.returncode == 1
        assert b"RFC 3464" in result.stderr
        assert b"Traceback" not in result.stderr


class TestRetry:
    def test_lets_the_mail_wait_again_and_is_journalled(self, django_capture_on_commit_callbacks):
        told, officer = NotificationFactory(mail_state=S.FAILED), UserFactory()

        with django_capture_on_commit_callbacks() as callbacks:
            told = retry(told.pk, actor=officer, now=NOW)

        assert (told.mail_state, told.next_try_at) == (S.WAITING, NOW)
        assert len(callbacks) == 1
        entry = HistoryEntry.objects.get(event="notifications.retried")
        assert entry.actor == officer
        assert entry.additional_data == {"reason": "550 No such mailbox"}

    @pytest.mark.parametrize("state", [it for it in S if it != S.FAILED])
    def test_is_for_mails_that_failed(self, state):
        told = NotificationFactory(mail_state=state)

        with pytest.raises(InvalidTransitionError):
            retry(told.pk, actor=UserFactory(), now=NOW)


class TestReading:
    def test_counts_the_first_time(self):
        told = NotificationFactory()
        mark_read(told.pk, actor=told.recipient, now=NOW)

        again = mark_read(told.pk, actor=told.recipient, now=NOW + timedelta(days=1))

        assert again.read_at == NOW

    def test_is_for_the_recipient(self):
        told = NotificationFactory()

        with pytest.raises(Notification.DoesNotExist):
            mark_read(told.pk, actor=UserFactory(), now=NOW)

    def test_all_leaves_what_others_were_told(self):
        told, other = NotificationFactory(), NotificationFactory()
        NotificationFactory(recipient=told.recipient)

        assert mark_all_read(actor=told.recipient, now=NOW) == 2
        assert not Notification.objects.get(pk=other.pk).is_read

    @pytest.mark.parametrize(("unread", "read"), [(0, 0), (0, 1), (2, 1)])
    def test_is_counted_with_the_account(self, unread, read):
        user = UserFactory()
        NotificationFactory.create_batch(unread, recipient=user)
        NotificationFactory.create_batch(read, recipient=user, read_at=NOW)
        NotificationFactory()

        account = with_unread_count(type(user).objects.all()).get(pk=user.pk)

        assert account.unread_notifications == unread


class TestPreference:
    def test_is_one_row_for_each_account_and_journalled(self):
        user = UserFactory()

        change_preference(actor=user, mails_news=False)
        change_preference(actor=user, mails_news=True)

        assert Preference.objects.get(user=user).mails_news is True
        entries = HistoryEntry.objects.filter(content_type__model="preference")
        assert {it.actor for it in entries} == {user}
        assert entries.count() == 2
