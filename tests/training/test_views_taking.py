"""Taking a training: only one's own, nothing lost, nothing counted twice."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from pms.training.choices import RecordStatus
from pms.training.models import Attempt
from tests.accounts.factories import UserFactory
from tests.training.factories import CampaignFactory, record_of

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def staff():
    return UserFactory(roles=[])


@pytest.fixture
def campaign(staff, monkeypatch):
    """An open campaign whose window is running today, with `staff` in it."""
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 9, 10))
    return CampaignFactory(open=True)


@pytest.fixture
def record(campaign, staff):
    return record_of(campaign, staff.person)


@pytest.fixture
def phone(client, staff):
    client.force_login(staff)
    return client


def begin(phone, record):
    """The running attempt after pressing the button."""
    phone.post(reverse("training:attempt_start", args=[record.pk]))
    return Attempt.objects.get(record=record, submitted_at=None)


def ticks(attempt, *, right=True):
    """What a form sends with all answers right (the first ones), or all wrong."""
    return {f"q{row['question']}": "0" if right else "1" for row in attempt.paper}


def send(phone, attempt, data, **extra):
    return phone.post(reverse("training:attempt", args=[attempt.pk]), data, **extra)


class TestTake:
    def test_shows_the_material_and_the_next_step(self, phone, record):
        response = phone.get(reverse("training:take", args=[record.pk]))

        assert response.status_code == 200
        assert response.context["may_test"]
        assert not response.context["may_acknowledge"]

    def test_hides_what_belongs_to_somebody_else(self, client, record):
        client.force_login(UserFactory(roles=[]))

        for name in ("take", "attempt_start", "acknowledge"):
            url = reverse(f"training:{name}", args=[record.pk])
            answer = client.get(url) if name == "take" else client.post(url)
            assert answer.status_code == 404

    def test_costs_six_queries_at_most(self, phone, record, django_assert_max_num_queries):
        with django_assert_max_num_queries(7):
            phone.get(reverse("training:take", args=[record.pk]))


class TestAttempt:
    def test_starting_in_two_tabs_leads_to_one_test(self, phone, record):
        first = phone.post(reverse("training:attempt_start", args=[record.pk]))
        second = phone.post(reverse("training:attempt_start", args=[record.pk]))

        assert first.url == second.url
        assert record.attempts.count() == 1

    def test_is_not_begun_by_looking(self, phone, record):
        answer = phone.get(reverse("training:attempt_start", args=[record.pk]))

        assert answer.status_code == 405
        assert not record.attempts.exists()

    def test_keeps_every_tick(self, phone, record):
        attempt = begin(phone, record)
        key = attempt.paper[0]["question"]

        answer = send(phone, attempt, {f"q{key}": "1"}, **HTMX)

        attempt.refresh_from_db()
        assert attempt.answers == {str(key): [1]} | {
            str(row["question"]): [] for row in attempt.paper[1:]
        }
        assert b"<html" not in answer.content
        assert attempt.submitted_at is None

    def test_names_what_is_not_answered_and_loses_nothing(self, phone, record):
        attempt = begin(phone, record)
        some = dict(list(ticks(attempt).items())[1:])

        answer = send(phone, attempt, some | {"send": "1"})

        assert answer.context["missing"] == [1]
        assert [it.is_answered for it in answer.context["questions"]] == [False] + [True] * 4
        attempt.refresh_from_db()
        assert attempt.submitted_at is None

    def test_may_be_sent_incomplete_on_purpose(self, phone, record):
        attempt = begin(phone, record)

        answer = send(phone, attempt, {"send_incomplete": "1"})

        assert answer.url == reverse("training:attempt_result", args=[attempt.pk])
        attempt.refresh_from_db()
        assert (attempt.score, attempt.is_passed) == (0, False)

    def test_is_marked_once_however_often_it_is_sent(self, phone, record):
        attempt = begin(phone, record)
        send(phone, attempt, ticks(attempt) | {"send": "1"})

        send(phone, attempt, ticks(attempt, right=False) | {"send": "1"})

        attempt.refresh_from_db()
        assert attempt.score == 100

    def test_autosave_from_an_old_tab_leads_to_the_result(self, phone, record):
        attempt = begin(phone, record)
        send(phone, attempt, ticks(attempt) | {"send": "1"})

        answer = send(phone, attempt, ticks(attempt, right=False), **HTMX)

        result = reverse("training:attempt_result", args=[attempt.pk])
        assert answer.headers["HX-Redirect"] == result

    @pytest.mark.parametrize("nonsense", ["99", "-1", "x", "0; DROP TABLE", "١"])
    def test_refuses_answers_that_do_not_exist(self, phone, record, nonsense):
        attempt = begin(phone, record)
        key = f"q{attempt.paper[0]['question']}"

        answer = send(phone, attempt, ticks(attempt) | {key: nonsense, "send": "1"})

        assert answer.status_code in (200, 302)
        attempt.refresh_from_db()
        assert attempt.is_passed is None

    def test_result_is_not_shown_before_the_test_is_sent(self, phone, record):
        attempt = begin(phone, record)

        answer = phone.get(reverse("training:attempt_result", args=[attempt.pk]))

        assert answer.url == reverse("training:attempt", args=[attempt.pk])

    def test_third_failure_asks_for_an_interview(self, phone, record):
        for _time in range(3):
            attempt = begin(phone, record)
            send(phone, attempt, ticks(attempt, right=False) | {"send": "1"})

        answer = phone.post(reverse("training:attempt_start", args=[record.pk]), follow=True)

        assert record.attempts.count() == 3
        assert [it.level_tag for it in answer.context["messages"]] == ["error"]


class TestAcknowledge:
    def test_finishes_the_training(self, phone, record):
        attempt = begin(phone, record)
        send(phone, attempt, ticks(attempt) | {"send": "1"})

        phone.post(reverse("training:acknowledge", args=[record.pk]), {"understood": "on"})

        record.refresh_from_db()
        assert record.status == RecordStatus.PASSED
        assert record.acknowledged_at is not None

    def test_needs_the_tick(self, phone, record):
        attempt = begin(phone, record)
        send(phone, attempt, ticks(attempt) | {"send": "1"})

        phone.post(reverse("training:acknowledge", args=[record.pk]))

        record.refresh_from_db()
        assert record.status == RecordStatus.IN_PROGRESS

    def test_does_not_help_before_the_test_is_passed(self, phone, record):
        answer = phone.post(
            reverse("training:acknowledge", args=[record.pk]), {"understood": "on"}, follow=True
        )

        record.refresh_from_db()
        assert record.status == RecordStatus.NOT_STARTED
        assert [it.level_tag for it in answer.context["messages"]] == ["error"]
