"""The calendar of one's own duties: its address, who reads it, and what stands in it."""

import logging
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import vobject
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import Role
from pms.core.logs import SecretAddressFilter
from pms.cycles.models import Milestone
from pms.dashboard import calendar_views
from pms.dashboard.feed import calendar_of
from pms.dashboard.models import CalendarKey, digest_of
from pms.dashboard.services import make_calendar_key, reader_of, revoke_calendar_key
from pms.history.models import HistoryEntry
from pms.training.models import Campaign, TrainingRecord
from tests.accounts.factories import UserFactory
from tests.cycles.factories import CycleFactory, MilestoneFactory, YearPlanFactory
from tests.organization.factories import PersonFactory
from tests.training.factories import CampaignFactory, TrainingRecordFactory, record_of

from .factories import CalendarKeyFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
PAGE = reverse("dashboard:calendar")
REVOKE = reverse("dashboard:calendar_revoke")
# Everything that has a meaning in the format, and more than one line of it.
NASTY = 'A, B; C: \\n "D" — 個人情報保護、マネジメントシステムの見直し；😀' * 3


@pytest.fixture
def user():
    return UserFactory(roles=[], language="en")


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")


@pytest.fixture
def planned():
    """The approved plan of 2026."""
    return YearPlanFactory(approved=True)


def address(token):
    return reverse("dashboard:calendar_feed", args=[token])


def events_of(user, today=TODAY):
    """What a library that did not write the calendar reads in it."""
    text = calendar_of(user, today=today, now=NOW).decode()
    return list(vobject.readOne(text).contents.get("vevent", []))


def titles_of(user, today=TODAY):
    return [it.summary.value for it in events_of(user, today)]


class TestKey:
    def test_is_kept_as_a_digest_only(self, user):
        token = make_calendar_key(actor=user, now=NOW)

        key = CalendarKey.objects.get(user=user)
        assert len(token) == 43
        assert (key.token_digest, key.created_at) == (digest_of(token), NOW)
        assert key.last_read_at is None

    def test_replaces_the_one_before(self, user):
        old = make_calendar_key(actor=user, now=NOW)
        reader_of(old, now=NOW)
        new = make_calendar_key(actor=user, now=NOW + timedelta(days=1))

        assert reader_of(old, now=NOW) is None
        assert CalendarKey.objects.get(user=user).last_read_at is None
        assert reader_of(new, now=NOW) == user

    def test_opens_nothing_once_it_is_revoked(self, user):
        token = make_calendar_key(actor=user, now=NOW)

        revoke_calendar_key(actor=user)

        assert reader_of(token, now=NOW) is None
        assert not CalendarKey.objects.exists()

    def test_is_revoked_by_its_owner_for_nobody_else(self, user):
        other = CalendarKeyFactory()

        revoke_calendar_key(actor=user)

        assert CalendarKey.objects.get() == other

    def test_leaves_its_making_and_its_end_in_the_journal_but_no_secret(self, user):
        token = make_calendar_key(actor=user, now=NOW)
        revoke_calendar_key(actor=user)

        entries = HistoryEntry.objects.filter(actor=user)
        events = {it.event for it in entries}
        assert events >= {"dashboard.calendar_address_made", "dashboard.calendar_address_revoked"}
        everything = str([(it.changes, it.additional_data, it.object_repr) for it in entries])
        assert token not in everything
        assert digest_of(token) not in everything

    def test_notes_when_it_was_read_without_filling_the_journal(self, user):
        token = make_calendar_key(actor=user, now=NOW)
        before = HistoryEntry.objects.count()

        reader_of(token, now=NOW + timedelta(hours=6))

        assert CalendarKey.objects.get().last_read_at == NOW + timedelta(hours=6)
        assert HistoryEntry.objects.count() == before


class TestPage:
    @pytest.fixture(autouse=True)
    def _signed_in(self, client, user):
        client.force_login(user)

    def make(self, client, token="", **options):
        return client.post(PAGE, {"form_token": token or uuid4().hex}, **options)

    def test_is_found_from_the_settings(self, client):
        assert PAGE in client.get(reverse("dashboard:settings")).text

    def test_shows_a_new_address_once_in_both_forms(self, client, settings):
        settings.BASE_URL = "https://pms.example"

        answer = self.make(client)

        shown = answer.context["address"]
        token = shown.rpartition("/")[2].removesuffix(".ics")
        assert CalendarKey.objects.get().token_digest == digest_of(token)
        assert shown.startswith("https://pms.example/calendar/")
        assert f'value="{shown}" readonly' in answer.text
        assert f"webcal://pms.example/calendar/{token}.ics" in answer.text
        assert token not in client.get(PAGE).text

    def test_is_kept_by_no_cache(self, client):
        assert "no-store" in self.make(client).headers["Cache-Control"]

    def test_sent_twice_makes_one_address(self, client):
        self.make(client, "the-same-form")
        made = CalendarKey.objects.get().token_digest

        again = self.make(client, "the-same-form")

        assert again.url == PAGE
        assert CalendarKey.objects.get().token_digest == made

    def test_says_when_a_program_has_read_it(self, client, user):
        CalendarKeyFactory(user=user)
        assert "Not read yet" in client.get(PAGE).text

        moment = datetime(2026, 9, 1, 23, 15, tzinfo=UTC)
        CalendarKey.objects.update(last_read_at=moment)

        assert timezone.localtime(moment).strftime("%H:%M") in client.get(PAGE).text

    def test_revokes_after_a_question(self, client, user):
        CalendarKeyFactory(user=user)
        assert "cannot be undone" in client.get(REVOKE).text
        assert CalendarKey.objects.exists()

        answer = client.post(REVOKE, {"form_token": uuid4().hex}, follow=True)

        assert not CalendarKey.objects.exists()
        assert "The address has been revoked." in answer.text

    def test_has_nothing_to_revoke_without_an_address(self, client):
        CalendarKeyFactory()

        assert client.get(REVOKE).status_code == 404
        assert client.post(REVOKE).url == PAGE
        assert CalendarKey.objects.count() == 1


class TestAddress:
    @pytest.fixture
    def token(self, user):
        return make_calendar_key(actor=user, now=NOW)

    def test_answers_without_a_sign_in_with_a_calendar_that_nobody_keeps(self, client, token):
        answer = client.get(address(token))

        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
        assert answer.headers["Content-Language"] == "en"
        assert vobject.readOne(answer.content.decode()).name == "VCALENDAR"

    def test_sets_no_cookie_whatever_it_answers(self, client, token, monkeypatch):
        answers = [client.get(address(token)), client.get(address("unknown"))]
        monkeypatch.setattr(calendar_views, "MOST_READS", 0)
        answers.append(client.get(address(token)))

        assert [it.status_code for it in answers] == [200, 404, 429]
        assert [dict(it.cookies) for it in answers] == [{}, {}, {}]

    def test_opens_nothing_for_an_unknown_token(self, client, token):
        answer = client.get(address(token[:-1] + ("A" if token[-1] != "A" else "B")))

        assert answer.status_code == 404
        assert answer.headers["Content-Type"].startswith("text/plain")

    def test_does_not_open_with_what_the_database_holds(self, client, token):
        assert client.get(address(digest_of(token))).status_code == 404

    def test_opens_nothing_for_who_has_left(self, client, user, token):
        user.person.left_on = timezone.localdate()
        user.person.save()

        assert client.get(address(token)).status_code == 404
        assert CalendarKey.objects.get().last_read_at is None

    def test_opens_nothing_for_an_account_that_is_switched_off(self, client, user, token):
        user.is_active = False
        user.save()

        assert client.get(address(token)).status_code == 404

    def test_is_read_only(self, client, token):
        assert client.post(address(token)).status_code == 405
        assert client.head(address(token)).status_code == 200

    def test_is_refused_to_who_asks_too_often_and_to_nobody_else(self, client, token, monkeypatch):
        monkeypatch.setattr(calendar_views, "MOST_READS", 2)
        cache.clear()

        moment = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: moment)
        codes = [client.get(address(name)).status_code for name in ("unknown", token, token)]
        elsewhere = Client(REMOTE_ADDR="192.0.2.7").get(address(token))
        moment += timedelta(minutes=1)
        later = client.get(address(token))

        assert codes == [404, 200, 429]
        assert (elsewhere.status_code, later.status_code) == (200, 200)

    def test_says_when_to_come_back(self, client, token, monkeypatch):
        monkeypatch.setattr(calendar_views, "MOST_READS", 0)

        assert client.get(address(token)).headers["Retry-After"] == "60"

    def test_is_not_logged(self, client, user, token, caplog):
        revoke_calendar_key(actor=user)
        with caplog.at_level(logging.WARNING):
            client.get(address(token))

        (line,) = [it for it in caplog.records if it.name == "django.request"]
        SecretAddressFilter().filter(line)
        assert token not in line.getMessage()

    def test_costs_the_same_however_much_is_due(self, client, planned):
        holder = UserFactory(roles=[Role.PRIVACY_MANAGER])
        token = make_calendar_key(actor=holder, now=NOW)
        counts = []
        for number in (2, 20):
            MilestoneFactory.create_batch(number, due_on=date(2026, 12, 1))
            MilestoneFactory.create_batch(number, owner=holder.person)
            client.get(address(token))
            with CaptureQueriesContext(connection) as queries:
                client.get(address(token))
            counts.append(len(queries))

        assert counts[0] == counts[1] <= 8


class TestTraining:
    @pytest.fixture
    def campaign(self):
        return CampaignFactory(open=True, title="2026年度 教育")

    def test_that_is_open_stands_on_its_last_day(self, campaign, user):
        record = TrainingRecordFactory(campaign=campaign, person=user.person)

        (event,) = events_of(user)

        assert event.summary.value == "Training: 2026年度 教育"
        assert event.dtstart.value == record.due_on
        assert event.dtend.value == record.due_on + timedelta(days=1)
        assert event.transp.value == "TRANSPARENT"
        assert event.uid.value == f"training.trainingrecord.{record.pk}@127.0.0.1"
        assert event.url.value.endswith(reverse("training:take", args=[record.pk]))
        assert event.dtstamp.value == NOW

    def test_is_reminded_of_on_the_morning_before(self, campaign, user):
        TrainingRecordFactory(campaign=campaign, person=user.person)

        (event,) = events_of(user)

        assert event.valarm.trigger.value == timedelta(hours=-15)
        assert event.valarm.action.value == "DISPLAY"

    def test_stays_the_same_entry_when_its_day_moves(self, campaign, user):
        TrainingRecordFactory(campaign=campaign, person=user.person)
        (before,) = events_of(user)
        TrainingRecord.objects.update(due_on=date(2026, 10, 9))

        (after,) = events_of(user)

        assert after.uid.value == before.uid.value
        assert (before.dtstart.value, after.dtstart.value) == (date(2026, 9, 30), date(2026, 10, 9))

    @pytest.mark.parametrize("trait", ["passed", "excused", "void"])
    def test_that_need_not_be_taken_any_more_is_gone(self, campaign, user, trait):
        TrainingRecordFactory(campaign=campaign, person=user.person, **{trait: True})

        assert titles_of(user) == []

    def test_of_a_campaign_that_is_over_is_gone(self, user):
        CampaignFactory(closed=True)

        assert titles_of(user) == []

    @pytest.mark.parametrize("roles", [[], [Role.DEPARTMENT_MANAGER], [Role.PRIVACY_MANAGER]])
    def test_of_others_is_nobodys_business(self, campaign, roles):
        TrainingRecordFactory.create_batch(2, campaign=campaign)

        assert titles_of(UserFactory(roles=roles)) == []

    def test_of_people_without_accounts_are_not_those_of_an_account_without_a_person(
        self, campaign
    ):
        TrainingRecordFactory(campaign=campaign, person=PersonFactory())

        assert titles_of(UserFactory()) == []


class TestMilestones:
    def test_of_ones_own_stand_with_their_title_and_an_alarm(self, planned, user):
        milestone = MilestoneFactory(title_en="Review the rules", owner=user.person)

        (event,) = events_of(user)

        assert event.summary.value == "Review the rules"
        assert event.dtstart.value == milestone.due_on
        assert event.url.value.endswith(milestone.get_absolute_url())
        assert event.uid.value == f"cycles.milestone.{milestone.pk}@127.0.0.1"
        assert "valarm" in event.contents

    def test_of_others_are_not_for_staff(self, planned, user):
        MilestoneFactory()

        assert titles_of(user) == []

    def test_of_others_name_their_owner_for_who_sees_the_plan_and_ring_for_nobody(
        self, planned, manager
    ):
        owner = PersonFactory(family_name="佐藤", given_name="花子")
        MilestoneFactory(title="内部監査", owner=owner)

        (event,) = events_of(manager)

        assert event.summary.value == f"{owner}: 内部監査"
        assert "valarm" not in event.contents

    def test_that_nobody_answers_for_say_so(self, planned, manager):
        MilestoneFactory(title="内部監査", owner=None)

        assert titles_of(manager) == ["Nobody named yet: 内部監査"]

    def test_of_ones_own_stand_once_for_who_sees_all(self, planned, manager):
        MilestoneFactory(title="内部監査", owner=manager.person)

        assert titles_of(manager) == ["内部監査"]

    def test_that_were_missed_stay_until_they_are_done(self, planned, user):
        MilestoneFactory(missed=True, title="遅れ", owner=user.person)
        MilestoneFactory(done=True, owner=user.person)

        assert titles_of(user, date(2026, 11, 1)) == ["遅れ"]

    def test_of_a_plan_that_is_not_approved_bind_nobody(self, user, manager):
        YearPlanFactory()
        MilestoneFactory(owner=user.person)

        assert titles_of(user) == titles_of(manager) == []

    def test_of_others_are_those_of_the_running_and_the_coming_year(self, user, manager):
        for year in (2025, 2026, 2027, 2028):
            cycle = CycleFactory(year=year)
            YearPlanFactory(cycle=cycle, approved=True)
            MilestoneFactory(
                cycle=cycle, owner=user.person, title=f"{year}", due_on=cycle.starts_on
            )

        names = [f"{user.person}: {year}" for year in (2026, 2027)]
        assert titles_of(manager) == names
        assert titles_of(user) == ["2025", "2026", "2027", "2028"]


class TestFile:
    @pytest.mark.parametrize(
        ("language", "name"),
        [
            ("ja", "個人情報保護の期限"),
            ("", "個人情報保護の期限"),
            ("en", "Personal information protection: what is due"),
        ],
    )
    def test_is_named_in_the_language_of_the_account(self, user, language, name):
        user.language = language

        calendar = vobject.readOne(calendar_of(user, today=TODAY, now=NOW).decode())

        assert calendar.contents["x-wr-calname"][0].value == name
        assert calendar.contents["x-wr-timezone"][0].value == "Asia/Tokyo"
        assert calendar.version.value == "2.0"
        assert calendar.prodid.value.startswith("-//pms//")

    def test_asks_to_be_read_every_six_hours(self, user):
        text = calendar_of(user, today=TODAY, now=NOW).decode()

        assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in text
        assert "X-PUBLISHED-TTL:PT6H\r\n" in text

    @pytest.mark.parametrize(
        "title", [NASTY[:200], "あ" * 200, "x" * 200, "one\ntwo", "BEGIN:VEVENT"]
    )
    def test_gives_back_every_title_as_it_was(self, planned, user, title):
        milestone = MilestoneFactory(owner=user.person)
        Milestone.objects.filter(pk=milestone.pk).update(title_en=title)

        assert titles_of(user) == [title.replace("\r\n", "\n")]

    def test_names_the_year_of_a_training_with_its_commas(self, user):
        campaign = CampaignFactory(open=True)
        Campaign.objects.filter(pk=campaign.pk).update(title=NASTY[:100], title_en="")
        record_of(campaign, user.person)

        assert titles_of(user) == [f"Training: {NASTY[:100]}"]

    def test_has_short_lines_that_end_as_the_format_asks(self, planned, user):
        milestone = MilestoneFactory(owner=user.person)
        Milestone.objects.filter(pk=milestone.pk).update(title_en=NASTY[:200])

        content = calendar_of(user, today=TODAY, now=NOW)

        lines = content.split(b"\r\n")
        assert lines.pop() == b""
        assert max(map(len, lines)) <= 75
        assert not any(b"\n" in line or b"\r" in line for line in lines)
        assert any(line.startswith(b" ") for line in lines)
        for line in lines:
            line.decode()  # no character is cut in two
