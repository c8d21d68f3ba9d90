"""A mail server that refuses, hangs or hangs up loses no mail, and no mail is repeated."""

import logging
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from pms.notifications import delivery
from pms.notifications.choices import MailState as S
from pms.notifications.delivery import BACKOFF, CLAIM_LASTS, GIVES_UP_AFTER
from pms.notifications.models import Notification
from pms.notifications.services import deliver, deliver_waiting, notify
from pms.notifications.tasks import deliver_mail
from tests.accounts.factories import UserFactory

from .factories import NOW, NotificationFactory

pytestmark = pytest.mark.django_db

AT_ONCE, LATER = timedelta(0), timedelta(minutes=1)


def fresh(mail):
    """The row as it is now."""
    return Notification.objects.get(pk=mail.pk)


def state_of(mail):
    """How far the mail is."""
    return fresh(mail).mail_state


class TestTaking:
    def test_brings_the_mail_once(self, mailbox):
        mail = NotificationFactory(recipient=UserFactory(email="a@example.jp"))

        result = deliver_waiting(now=NOW)
        deliver_waiting(now=NOW + timedelta(days=1))

        (taken,) = mailbox.mails
        assert taken["To"] == "a@example.jp"
        assert taken["Subject"] == mail.subject
        assert taken["Message-ID"] == mail.message_id
        assert taken["Auto-Submitted"] == "auto-generated"
        assert taken.get_content_type() == "text/plain"
        assert mail.body.strip() in taken.get_content()
        assert (result.sent, result.put_off, result.failed) == (1, [], 0)
        row = fresh(mail)
        assert row.mail_state == S.SENT
        assert row.sent_at - NOW < timedelta(minutes=1)

    def test_brings_many_over_one_connection(self, mailbox):
        NotificationFactory.create_batch(delivery.BATCH * 2 + 1)

        assert deliver_waiting(now=NOW).sent == delivery.BATCH * 2 + 1
        assert mailbox.connections == 1

    def test_brings_only_what_it_is_asked_to(self, mailbox):
        mail, other = NotificationFactory.create_batch(2)

        assert deliver([mail.pk], now=NOW).sent == 1
        assert state_of(other) == S.WAITING

    @pytest.mark.parametrize("state", [S.NOT_WANTED, S.SENDING, S.SENT, S.FAILED, S.BOUNCED])
    def test_leaves_alone_what_does_not_wait(self, mailbox, state):
        claim = {"claimed_at": timezone.now()} if state == S.SENDING else {}
        mail = NotificationFactory(mail_state=state, **claim)

        deliver([mail.pk], now=NOW)

        assert mailbox.mails == []
        assert state_of(mail) == state

    def test_leaves_alone_what_is_not_due_yet(self, mailbox):
        NotificationFactory(next_try_at=NOW + timedelta(hours=1))

        assert deliver_waiting(now=NOW).sent == 0

    @pytest.mark.parametrize(
        ("language", "is_duty", "words"),
        [
            ("en", False, "switched off here"),
            ("en", True, "something for you to do"),
            ("ja", True, "自動でお送りして"),
        ],
    )
    def test_says_below_why_it_comes(self, mailbox, language, is_duty, words):
        NotificationFactory(recipient__language=language, is_duty=is_duty)

        deliver_waiting(now=NOW)

        assert words in mailbox.mails[0].get_content()


class TestTrouble:
    @pytest.mark.parametrize(
        ("behaviour", "state", "reason"),
        [
            ("550", S.FAILED, "550 about"),
            ("551", S.FAILED, "551 about"),
            ("data 554", S.FAILED, "554 not this one"),
            ("451", S.WAITING, "451 about"),
            ("421", S.WAITING, "421 about"),
            ("data 452", S.WAITING, "452 not this one"),
            ("hang", S.WAITING, "SMTPServerDisconnected"),
            ("drop", S.WAITING, "SMTPServerDisconnected"),
        ],
    )
    def test_is_noted_with_its_reason_and_stops_no_other_mail(
        self, mailbox, behaviour, state, reason
    ):
        before, troubled, after = NotificationFactory.create_batch(3)
        mailbox.behaviour = ["take", behaviour]

        result = deliver_waiting(now=NOW)

        row = fresh(troubled)
        assert row.mail_state == state
        assert reason in row.last_error
        assert [state_of(before), state_of(after)] == [S.SENT, S.SENT]
        assert result.sent == 2
        assert result.put_off == ([troubled.pk] if state == S.WAITING else [])
        assert set(mailbox.copies) == {before.message_id, after.message_id}

    @pytest.mark.parametrize("behaviour", ["451", "hang", "drop", "421", "data 452"])
    def test_that_passes_brings_the_mail_after_all_and_once(self, mailbox, behaviour):
        mail = NotificationFactory()
        mailbox.behaviour = [behaviour]

        deliver_waiting(now=NOW)
        deliver_waiting(now=NOW)  # too early
        deliver_waiting(now=NOW + 2 * BACKOFF[0])

        assert mailbox.copies == {mail.message_id: 1}
        row = fresh(mail)
        assert (row.mail_state, row.attempts, row.last_error) == (S.SENT, 2, "")

    def test_after_the_server_took_the_mail_repeats_it_under_the_same_number(self, mailbox):
        mail = NotificationFactory()
        mailbox.behaviour = ["take and drop"]

        deliver_waiting(now=NOW)
        deliver_waiting(now=NOW + 2 * BACKOFF[0])

        assert set(mailbox.copies) == {mail.message_id}

    @pytest.mark.parametrize("behaviour", ["hang", "drop"])
    def test_that_does_not_end_stops_the_delivery_and_loses_nothing(self, mailbox, behaviour):
        mails = NotificationFactory.create_batch(30)
        mailbox.behaviour = [behaviour] * 30

        result = deliver_waiting(now=NOW)

        assert mailbox.connections == delivery.MAX_FAILURES_IN_A_ROW
        assert result.sent == 0
        assert set(Notification.objects.values_list("mail_state", flat=True)) == {S.WAITING}
        mailbox.behaviour = []
        deliver_waiting(now=NOW + timedelta(hours=1))
        assert mailbox.copies == dict.fromkeys((it.message_id for it in mails), 1)

    def test_of_a_server_that_is_not_there_loses_nothing(self, mailbox, settings):
        mail = NotificationFactory()
        there = settings.MAILERS
        nowhere = there["default"]["OPTIONS"] | {"port": 1}
        settings.MAILERS = {"default": there["default"] | {"OPTIONS": nowhere}}

        deliver_waiting(now=NOW)
        assert state_of(mail) == S.WAITING
        settings.MAILERS = there
        deliver_waiting(now=NOW + 2 * BACKOFF[0])

        assert state_of(mail) == S.SENT

    def test_of_an_address_that_cannot_be_is_final(self, mailbox):
        mail = NotificationFactory(recipient__email="a@example.jp, b@example.jp")

        deliver_waiting(now=NOW)

        assert state_of(mail) == S.FAILED

    def test_of_our_own_making_holds_up_no_other_mail(self, mailbox, monkeypatch):
        broken, after = NotificationFactory.create_batch(2)
        write = delivery._message

        def write_all_but_one(mail):
            return write(mail) if mail.pk != broken.pk else None + 1

        monkeypatch.setattr(delivery, "_message", write_all_but_one)
        deliver_waiting(now=NOW)

        assert (state_of(broken), fresh(broken).last_error) == (S.WAITING, "TypeError")
        assert state_of(after) == S.SENT

    def test_names_nobody_in_the_log(self, mailbox, caplog):
        NotificationFactory.create_batch(3, recipient__language="en")
        mailbox.behaviour = ["550", "451", "hang"]

        with caplog.at_level(logging.DEBUG):
            deliver_waiting(now=NOW)

        told = [it.getMessage() for it in caplog.records if it.name.startswith("pms.")]
        assert "A mail was not taken: SMTPRecipientsRefused 550." in told
        assert "Mails: 0 sent, 2 put off, 1 failed." in told
        assert "example.jp" not in "".join(told)


class TestPatience:
    def test_grows_with_every_attempt(self, mailbox):
        mail, now = NotificationFactory(), NOW
        mailbox.behaviour = ["451"] * 8
        waits = []

        for _attempt in range(8):
            deliver_waiting(now=now)
            waits.append(fresh(mail).next_try_at - now)
            now = fresh(mail).next_try_at

        rounded = [timedelta(minutes=round(wait / timedelta(minutes=1))) for wait in waits]
        assert rounded == [*BACKOFF, BACKOFF[-1], BACKOFF[-1]]

    def test_ends_three_days_after_the_first_attempt(self, mailbox):
        mail, now = NotificationFactory(created_at=NOW - timedelta(days=9)), NOW
        mailbox.behaviour = ["451"] * 99

        while state_of(mail) == S.WAITING:
            assert now < NOW + GIVES_UP_AFTER
            deliver_waiting(now=now)
            now = fresh(mail).next_try_at or now

        assert now > NOW + timedelta(days=2)
        assert state_of(mail) == S.FAILED
        assert fresh(mail).last_error.startswith("451")


class TestClaim:
    def test_of_a_killed_worker_ends_and_the_mail_goes_out_under_its_number(self, mailbox):
        long_ago = timezone.now() - CLAIM_LASTS
        killed = NotificationFactory(mail_state=S.SENDING, claimed_at=long_ago)
        at_work = NotificationFactory(
            mail_state=S.SENDING, claimed_at=long_ago + timedelta(minutes=2)
        )

        deliver_waiting(now=NOW)

        assert mailbox.copies == {killed.message_id: 1}
        assert fresh(killed).attempts == 2
        assert state_of(at_work) == S.SENDING

    @pytest.mark.parametrize("days", [-90, 90])
    def test_does_not_end_because_somebody_tries_out_another_day(self, mailbox, days):
        mail = NotificationFactory(mail_state=S.SENDING, claimed_at=timezone.now())

        deliver_waiting(now=NOW + timedelta(days=days))

        assert mailbox.mails == []
        assert state_of(mail) == S.SENDING

    def test_that_was_lost_meanwhile_is_not_put_down(self, mailbox, monkeypatch):
        """Who comes back after CLAIM_LASTS does not touch what another one has taken up."""
        mail = NotificationFactory()
        send = delivery._Server.send

        def send_slowly(server, row):
            send(server, row)
            Notification.objects.filter(pk=mail.pk).update(attempts=2)

        monkeypatch.setattr(delivery._Server, "send", send_slowly)
        deliver_waiting(now=NOW)

        assert state_of(mail) == S.SENDING


class TestTask:
    def test_comes_back_when_a_mail_that_was_put_off_is_due(self, mailbox, settings, monkeypatch):
        settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
        from django_tasks_db.models import DBTaskResult

        mail = NotificationFactory()
        other = NotificationFactory()
        mailbox.behaviour = ["451"]

        deliver_mail.call([mail.pk, other.pk])

        (task,) = DBTaskResult.objects.all()
        assert task.args_kwargs["args"] == [[mail.pk]]
        assert task.run_after == fresh(mail).next_try_at

    def test_carries_a_hundred_mails_at_most(self, django_capture_on_commit_callbacks):
        users = UserFactory.create_batch(101)

        with django_capture_on_commit_callbacks() as callbacks:
            notify(users, kind="tests.news", key="a", url="/", now=NOW, facts={"title": "A"})

        assert len(callbacks) == 2


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_send_every_mail_once(self, mailbox):
        mails = NotificationFactory.create_batch(60)
        start = threading.Barrier(2)
        results, errors = [], []

        def work():
            try:
                start.wait()
                results.append(deliver_waiting(now=NOW))
            except BaseException as error:  # noqa: BLE001 - shown by the test
                errors.append(error)
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _number in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

        assert errors == []
        assert mailbox.copies == dict.fromkeys((it.message_id for it in mails), 1)
        assert sum(it.sent for it in results) == 60
        assert set(Notification.objects.values_list("mail_state", flat=True)) == {S.SENT}
