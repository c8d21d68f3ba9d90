"""Logging completions: pasted, ticked, one by one; the preview before, the undo after."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import Role
from pms.training.choices import RecordStatus
from pms.transfer.choices import ImportStatus
from pms.transfer.models import ImportRun
from tests.accounts.factories import UserFactory
from tests.organization.factories import PersonFactory
from tests.training.factories import CampaignFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(monkeypatch):
    """An open campaign with three people, in the middle of its window."""
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 9, 10))
    return CampaignFactory(people=3, open=True)


@pytest.fixture
def desk(client, campaign):
    """HR's browser; HR came after the opening and is not in the audience."""
    client.force_login(UserFactory(roles=[Role.TRAINING_OFFICER]))
    return client


@pytest.fixture
def send(desk, campaign, django_capture_on_commit_callbacks):
    """Send a form of the campaign and let the check run; gives the answer."""

    def carry_out(name="log_paste", **fields):
        data = {
            "campaign": campaign.pk,
            "attended_on": "2026-09-09",
            "method": "classroom",
            "comprehension": "questionnaire",
        }
        with django_capture_on_commit_callbacks(execute=True):
            return desk.post(reverse(f"training:{name}", args=[campaign.pk]), data | fields)

    return carry_out


def confirm(desk, run, callbacks):
    """Press the button under the preview."""
    run.refresh_from_db()
    with callbacks(execute=True):
        desk.post(reverse("transfer:run_confirm", args=[run.pk]), {"digest": run.plan_digest})
    run.refresh_from_db()


def numbers(campaign):
    return list(campaign.records.order_by("pk").values_list("employee_number", flat=True))


class TestPaste:
    def test_leads_to_a_preview_and_writes_nothing(self, send, campaign):
        answer = send(numbers="\n".join(numbers(campaign)))

        run = ImportRun.objects.get()
        assert answer.url == reverse("transfer:run_detail", args=[run.pk])
        assert (run.status, run.counts["passed"]) == (ImportStatus.PREVIEWED, 3)
        assert campaign.records.open().count() == 3

    def test_logs_after_the_confirmation(
        self, desk, send, campaign, django_capture_on_commit_callbacks
    ):
        send(numbers="\n".join(numbers(campaign)[:2]))
        run = ImportRun.objects.get()

        confirm(desk, run, django_capture_on_commit_callbacks)

        assert run.status == ImportStatus.DONE
        done = campaign.records.filter(status=RecordStatus.PASSED)
        assert set(done.values_list("employee_number", "passed_on", "method")) == {
            (number, date(2026, 9, 9), "classroom") for number in numbers(campaign)[:2]
        }

    def test_tells_who_is_unknown_outside_or_named_twice(self, send, campaign):
        known = numbers(campaign)[0]
        outsider = PersonFactory(joined_on=date(2026, 9, 2)).employee_number

        send(numbers=f"{known}\n{known}\n９９９９９９\n{outsider}")

        counts = ImportRun.objects.get().counts
        names = ("passed", "repeated", "unknown", "outside")
        assert [counts.get(name) for name in names] == [1, 1, 1, 1]

    def test_reads_a_score_after_the_number(
        self, desk, send, campaign, django_capture_on_commit_callbacks
    ):
        first, second, third = numbers(campaign)

        send(numbers=f"{first}\t９０\n{second},85点\n{third} 40", comprehension="test")
        confirm(desk, ImportRun.objects.get(), django_capture_on_commit_callbacks)

        found = campaign.records.order_by("pk").values_list("status", "score")
        assert list(found) == [("passed", 90), ("passed", 85), ("failed", 40)]

    @pytest.mark.parametrize(
        ("fields", "named"),
        [
            ({"numbers": ""}, "numbers"),
            ({"numbers": "\n \n"}, "numbers"),
            ({"numbers": "000001", "comprehension": "test"}, "numbers"),
            ({"numbers": "000001", "attended_on": "2026-02-30"}, "attended_on"),
            ({"numbers": "000001", "method": "telepathy"}, "method"),
            ({"numbers": "1\n" * 5_001}, "numbers"),
        ],
    )
    def test_shows_what_is_wrong_on_the_form(self, send, fields, named):
        answer = send(**fields)

        assert answer.status_code == 200
        assert named in answer.context["form"].errors
        assert not ImportRun.objects.exists()

    def test_refuses_an_impossible_score_with_its_row(self, send, campaign):
        send(numbers=f"{numbers(campaign)[0]} 101", comprehension="test")

        run = ImportRun.objects.get()
        assert run.status == ImportStatus.REFUSED
        assert [it[0] for it in run.preview["errors"]] == [2]

    def test_sent_twice_makes_one_import(self, send, campaign):
        fields = {"numbers": numbers(campaign)[0], "form_token": "once"}

        send(**fields)
        send(**fields)

        assert ImportRun.objects.count() == 1

    def test_needs_the_permission(self, client, campaign):
        client.force_login(UserFactory(roles=[Role.AUDIT_OFFICER]))

        answer = client.get(reverse("training:log_paste", args=[campaign.pk]))

        assert answer.status_code == 403

    def test_is_not_there_for_a_closed_campaign(self, desk):
        closed = CampaignFactory(closed=True)

        answer = desk.get(reverse("training:log_paste", args=[closed.pk]))

        assert answer.status_code == 404


class TestUndo:
    def test_replaces_the_rows_and_keeps_them_with_the_reason(
        self, desk, send, campaign, django_capture_on_commit_callbacks
    ):
        send(numbers="\n".join(numbers(campaign)))
        run = ImportRun.objects.get()
        confirm(desk, run, django_capture_on_commit_callbacks)

        desk.post(reverse("transfer:run_undo", args=[run.pk]), {"reason": "別の研修の名簿でした"})

        assert campaign.records.open().count() == 3
        void = campaign.records.filter(status=RecordStatus.VOID)
        assert void.count() == 3
        assert all("別の研修の名簿でした" in it.void_reason for it in void)


class TestGrid:
    def test_shows_those_not_yet_through(self, desk, campaign):
        answer = desk.get(reverse("training:log_grid", args=[campaign.pk]))

        assert [it.employee_number for it in answer.context["records"]] == numbers(campaign)

    def test_takes_ticks_with_their_own_day_and_score(
        self, desk, send, campaign, django_capture_on_commit_callbacks
    ):
        first, second, _third = numbers(campaign)

        send(
            "log_grid",
            **{"person": [first, second], f"day-{first}": "2026-09-05", f"score-{first}": "95"},
        )
        confirm(desk, ImportRun.objects.get(), django_capture_on_commit_callbacks)

        found = campaign.records.order_by("pk").values_list("passed_on", "score")
        assert list(found) == [(date(2026, 9, 5), 95), (date(2026, 9, 9), None), (None, None)]

    def test_keeps_the_ticks_when_something_is_wrong(self, send, campaign):
        first = numbers(campaign)[0]

        answer = send("log_grid", person=[first], comprehension="test")

        assert [it.is_ticked for it in answer.context["records"]] == [True, False, False]

    def test_costs_the_same_for_many(self, desk, campaign, django_assert_max_num_queries):
        with django_assert_max_num_queries(10):
            desk.get(reverse("training:log_grid", args=[campaign.pk]))


class TestOne:
    def test_logs_one_person_from_their_record(
        self, desk, campaign, django_capture_on_commit_callbacks
    ):
        record = campaign.records.first()
        data = {
            "campaign": campaign.pk,
            "attended_on": "2026-09-09",
            "method": "paper",
            "comprehension": "oral",
            "person": record.employee_number,
        }
        with django_capture_on_commit_callbacks(execute=True):
            desk.post(reverse("training:log_one", args=[record.pk]), data)
        confirm(desk, ImportRun.objects.get(), django_capture_on_commit_callbacks)

        record.refresh_from_db()
        assert (record.status, record.method) == (RecordStatus.PASSED, "paper")

    def test_shows_the_form(self, desk, campaign):
        record = campaign.records.first()

        answer = desk.get(reverse("training:log_one", args=[record.pk]))

        assert answer.status_code == 200


class TestAttendanceSheet:
    @pytest.mark.parametrize("form", ["pdf", "xlsx"])
    def test_holds_those_not_yet_through(self, desk, campaign, form):
        answer = desk.get(reverse("training:attendance_sheet", args=[campaign.pk, form]))

        assert answer.status_code == 200
        assert len(b"".join(answer.streaming_content)) > 1_000

    def test_is_read_back_with_its_marks(
        self, desk, campaign, tmp_path, django_capture_on_commit_callbacks
    ):
        """The table with ○ in the column of attendance, as HR hands it in again."""
        first, second, third = numbers(campaign)
        rows = ["社員番号,氏名,部署,受講,受講日,点数,署名"]
        rows += [f"{first},甲,A,○,R8.9.8,90,甲", f"{second},乙,A,,,,", f"{third},丙,A,欠席,,,"]
        path = tmp_path / "名簿.csv"
        path.write_text("\r\n".join(rows), encoding="cp932")
        data = {"campaign": campaign.pk, "method": "classroom", "comprehension": "questionnaire"}
        with path.open("rb") as file, django_capture_on_commit_callbacks(execute=True):
            desk.post(reverse("transfer:upload", args=["completions"]), data | {"file": file})
        run = ImportRun.objects.get()
        confirm(desk, run, django_capture_on_commit_callbacks)

        assert run.counts["absent"] == 2
        found = campaign.records.order_by("pk").values_list("passed_on", "score")
        assert list(found) == [(date(2026, 9, 8), 90), (None, None), (None, None)]
