"""What is told is written once, in the words of the recipient's language."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.template import TemplateDoesNotExist
from django.test.utils import CaptureQueriesContext

from pms.history.models import HistoryEntry
from pms.notifications.choices import MailState
from pms.notifications.models import Notification, Preference
from pms.notifications.services import Notice, notify, notify_many
from tests.accounts.factories import UserFactory

from .factories import FACTS, NOW, NotificationFactory

pytestmark = pytest.mark.django_db


def tell(*recipients, key="campaign:1", kind="tests.news", title="情報 <保護>", **facts):
    """Tell something."""
    return notify(
        recipients,
        kind=kind,
        key=key,
        url="/training/1/",
        now=NOW,
        facts={"title": title},
        **facts,
    )


class TestWords:
    @pytest.mark.parametrize(
        ("language", "word"), [("en", "Training"), ("ja", "教育"), ("", "教育")]
    )
    def test_are_in_the_language_of_the_recipient(self, language, word):
        (told,) = tell(UserFactory(language=language))

        assert told.subject == f"{word}: 情報 <保護>"

    def test_are_plain_text_with_the_full_address_of_the_page(self, settings):
        settings.BASE_URL = "https://pms.example/"
        (told,) = tell(UserFactory(email="a@example.jp"))

        assert told.body == "情報 <保護> & <a@example.jp>\nhttps://pms.example/training/1/\n"

    def test_never_bring_a_line_break_into_the_subject(self):
        (told,) = tell(UserFactory(language="en"), title="Bcc:\n\tall@example.jp")

        assert "\n" not in told.subject

    def test_are_cut_where_a_subject_ends(self):
        (told,) = tell(UserFactory(), title="長" * 300)

        assert len(told.subject) == 200
        assert told.subject.endswith("…")

    def test_need_a_template(self):
        with pytest.raises(TemplateDoesNotExist):
            tell(UserFactory(), kind="tests.unwritten")

    def test_need_an_empty_line_below_the_subject(self):
        with pytest.raises(ValueError, match=r"tests\.crooked needs a line of subject"):
            tell(UserFactory(), kind="tests.crooked")

    @pytest.mark.parametrize(
        "change",
        [
            {"subject": "Other words"},
            {"body": "Other words"},
            {"url": "/elsewhere/"},
            {"kind": "tests.other"},
            {"message_id": "<other@pms.example>"},
        ],
    )
    def test_are_never_changed(self, change):
        told = NotificationFactory()

        with pytest.raises(IntegrityError, match="never reworded"), transaction.atomic():
            Notification.objects.filter(pk=told.pk).update(**change)

    def test_stay_with_their_recipient(self):
        told, other = NotificationFactory(), UserFactory()

        with pytest.raises(IntegrityError, match="never reworded"), transaction.atomic():
            Notification.objects.filter(pk=told.pk).update(recipient=other)
        with pytest.raises(IntegrityError, match="never removed"), transaction.atomic():
            told.delete()
        with pytest.raises(ProtectedError):
            told.recipient.delete()


class TestTelling:
    def test_tells_each_once(self):
        first, second = UserFactory(), UserFactory()
        tell(first)

        told = tell(first, second, second)

        assert [it.recipient for it in told] == [second]
        assert Notification.objects.count() == 2

    def test_tells_another_key_again(self):
        user = UserFactory()
        tell(user)

        assert tell(user, key="campaign:2")

    def test_tells_nothing_to_an_account_that_is_switched_off(self):
        assert tell(UserFactory(is_active=False)) == []

    def test_gives_back_what_was_written_in_order(self):
        users = UserFactory.create_batch(3)
        notices = [
            Notice(user, "tests.news", f"digest:{user.pk}", "/", {"title": user.email})
            for user in reversed(users)
        ]

        told = notify_many(notices, now=NOW)

        assert [it.recipient for it in told] == users[::-1]
        assert [it.pk for it in told] == sorted(Notification.objects.values_list("pk", flat=True))
        assert len({it.message_id for it in told}) == 3

    def test_asks_the_database_as_often_for_many_as_for_one(self):
        def queries(count):
            users = UserFactory.create_batch(count)
            with CaptureQueriesContext(connection) as captured:
                tell(*users, key=f"for {count}")
            return [it for it in captured if not it["sql"].startswith(("SAVEPOINT", "RELEASE"))]

        assert len(queries(30)) == len(queries(1))

    def test_is_its_own_proof_and_leaves_no_entry_in_the_journal(self):
        before = HistoryEntry.objects.count()
        user = UserFactory()
        entries = HistoryEntry.objects.count() - before
        tell(user)

        assert HistoryEntry.objects.count() == before + entries

    def test_is_undone_with_what_has_happened(self, django_capture_on_commit_callbacks):
        @transaction.atomic
        def happen():
            tell(UserFactory())
            raise RuntimeError

        with django_capture_on_commit_callbacks() as callbacks, pytest.raises(RuntimeError):
            happen()

        assert callbacks == []

        assert not Notification.objects.exists()

    def test_is_mailed_after_the_transaction(self, django_capture_on_commit_callbacks, mailoutbox):
        user = UserFactory(language="en")
        with django_capture_on_commit_callbacks(execute=True):
            (told,) = tell(user)
            assert mailoutbox == []

        (mail,) = mailoutbox
        assert mail.to == [user.email]
        assert mail.subject == told.subject
        assert told.body in mail.body
        assert "/notifications/preference/" in mail.body
        assert mail.extra_headers["Message-ID"] == told.message_id
        assert mail.extra_headers["Auto-Submitted"] == "auto-generated"

    @pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "a/"])
    def test_leads_to_a_page_of_ours(self, url):
        with pytest.raises(ValueError, match="no path of ours"):
            notify([UserFactory()], kind="tests.news", key="a", url=url, now=NOW)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_tell_each_once(self):
        users = UserFactory.create_batch(20)
        start = threading.Barrier(2)
        told, errors = [], []

        def work(order):
            try:
                start.wait()
                told.extend(tell(*users[::order]))
            except BaseException as error:  # noqa: BLE001 - shown by the test
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=[order]) for order in (1, -1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert errors == []
        assert len(told) == 20
        assert Notification.objects.count() == 20


class TestWish:
    @pytest.mark.parametrize(
        ("mails_news", "is_duty", "state"),
        [
            (True, False, MailState.WAITING),
            (False, False, MailState.NOT_WANTED),
            (False, True, MailState.WAITING),
        ],
    )
    def test_holds_for_news_and_never_for_duties(self, mails_news, is_duty, state):
        user = UserFactory()
        Preference.objects.create(user=user, mails_news=mails_news)

        (told,) = tell(user, is_duty=is_duty)

        assert told.mail_state == state

    def test_cannot_be_written_into_a_duty(self):
        with pytest.raises(IntegrityError, match="notification_duty_is_mailed"):
            NotificationFactory(is_duty=True, mail_state=MailState.NOT_WANTED)


class TestStates:
    @pytest.mark.parametrize("state", MailState.values)
    def test_each_has_its_facts(self, state):
        assert NotificationFactory(mail_state=state).mail_state == state

    @pytest.mark.parametrize(
        ("state", "fact"), [(state, fact) for state, facts in FACTS.items() for fact in facts]
    )
    def test_none_lacks_one(self, state, fact):
        if fact in ("attempts", "gives_up_at"):
            return
        nothing = "" if fact == "last_error" else None

        with pytest.raises(IntegrityError):
            NotificationFactory(mail_state=state, **{fact: nothing})

    def test_none_is_invented(self):
        told = NotificationFactory()
        told.mail_state = "lost"

        with pytest.raises(ValidationError):
            told.full_clean()
