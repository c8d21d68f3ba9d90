"""An import from upload to taking back, tried on the roster."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from pms.core.exceptions import InvalidTransitionError
from pms.history.models import HistoryEntry
from pms.organization.importers import PeopleImporter
from pms.organization.models import Affiliation, Person
from pms.transfer import engine, progress, services
from pms.transfer.choices import ImportStatus
from pms.transfer.models import HeadingMemory, ImportRun
from tests.accounts.factories import UserFactory
from tests.organization.factories import AppointmentFactory, DepartmentFactory, PersonFactory

from .rosters import (
    HEADINGS,
    NOW,
    TODAY,
    as_csv,
    check,
    confirm,
    content_of,
    errors,
    message,
    person_row,
    take_in,
    undo,
    upload,
)

pytestmark = pytest.mark.django_db

ANYTHING = as_csv([person_row("000001")])


@pytest.fixture
def department():
    return DepartmentFactory(code="D1", name="総務部")


def refusal(error):
    return " ".join(error.value.messages)


class TestUpload:
    def test_keeps_the_file_under_a_name_that_tells_nothing(self):
        run = upload(ANYTHING, name="秘密の名簿.csv")

        assert run.name == "秘密の名簿.csv"
        assert "名簿" not in run.file.name
        assert content_of(run) == ANYTHING
        assert (run.size, run.encoding) == (len(ANYTHING), "utf-8-sig")

    def test_goes_on_to_the_check_when_every_heading_is_understood(self):
        assert upload(ANYTHING).status == ImportStatus.CHECKING

    def test_asks_about_a_heading_that_nobody_knows(self):
        content = as_csv([[*person_row("1"), "A"]], headings=[*HEADINGS, "血液型"])

        run = upload(content)

        assert run.status == ImportStatus.UPLOADED
        assert run.mapping["血液型"] == ""

    def test_asks_when_a_column_is_missing(self):
        run = upload(as_csv([["1", "佐藤"]], headings=["社員番号", "姓"]))

        assert run.status == ImportStatus.UPLOADED

    def test_refuses_a_file_that_is_too_large(self, settings):
        settings.IMPORT_MAX_BYTES = 100

        with pytest.raises(ValidationError, match="larger"):
            upload(ANYTHING * 10)

        assert not ImportRun.objects.exists()

    def test_refuses_what_is_no_table(self):
        with pytest.raises(ValidationError, match="not a table"):
            upload(b"%PDF-1.7 ...")

        assert not ImportRun.objects.exists()


class TestMapColumns:
    def map(self, run, **mapping):
        services.map_columns(
            run.pk, mapping, actor=run.created_by, today=TODAY, now=NOW, in_background=False
        )

    @pytest.fixture
    def run(self):
        headings = ["番号", *HEADINGS[1:], "血液型"]
        return upload(as_csv([[*person_row("1"), "A"]], headings=headings))

    def test_starts_the_check(self, run):
        self.map(run, 番号="employee_number", 血液型="")

        run.refresh_from_db()
        assert run.status == ImportStatus.CHECKING
        assert run.mapping["番号"] == "employee_number"

    def test_remembers_for_the_next_file(self, run):
        self.map(run, 番号="employee_number", 血液型="")

        again = upload(
            as_csv([["A", *person_row("2")]], headings=["血液型", "番号", *HEADINGS[1:]])
        )

        assert again.status == ImportStatus.CHECKING
        assert again.mapping["番号"] == "employee_number"

    def test_does_not_remember_what_is_understood_anyway(self, run):
        self.map(run, 番号="employee_number", 血液型="", 姓="family_name")

        assert set(HeadingMemory.objects.values_list("heading", flat=True)) == {"番号", "血液型"}

    def test_refuses_a_column_that_is_named_twice(self, run):
        with pytest.raises(ValidationError, match="more than one"):
            self.map(run, 番号="employee_number", 血液型="employee_number")

    def test_refuses_to_leave_out_what_is_needed(self, run):
        with pytest.raises(ValidationError) as error:
            self.map(run, 血液型="")

        assert "社員番号" in refusal(error)


class TestCheck:
    def test_counts_and_shows_what_would_change_and_writes_nothing(self, department):
        stays = PersonFactory(employee_number="000001", affiliation__department=department)
        moves = PersonFactory(employee_number="000002", affiliation__department=department)
        PersonFactory(employee_number="000003")
        before = HistoryEntry.objects.filter(object_id=moves.pk).count()

        run = check(
            as_csv(
                [
                    person_row("000001", 姓=stays.family_name, 名=stays.given_name),
                    person_row("000002", 姓=moves.family_name, 名=moves.given_name, 役職="課長"),
                    person_row("000004"),
                ]
            )
        )

        assert run.status == ImportStatus.PREVIEWED
        assert run.counts == {"unchanged": 1, "changed": 1, "new": 1, "missing": 1}
        sample = run.preview["samples"]["changed"][0]
        assert (sample["number"], sample["key"]) == (3, "000002")
        assert ["役職", "", "課長"] in sample["changes"]
        assert run.preview["samples"]["missing"][0]["key"] == "000003"
        assert Person.objects.count() == 3
        assert HistoryEntry.objects.filter(object_id=moves.pk).count() == before

    def test_finds_twelve_planted_errors_among_ten_thousand_rows(self, department):
        faults = {
            10: {"入社日": "2026/2/30"},
            200: {"入社日": "昨年の春"},
            1000: {"部門コード": "Z9"},
            2000: {"雇用区分": "社長"},
            3000: {"姓": ""},
            4000: {"社員番号": ""},
            5000: {"メールアドレス": "あいう"},
            6000: {"退職日": "2019-03-31"},
            7000: {"入社日": ""},
            8000: {"姓": "あ" * 51},
            9000: {"社員番号": "000042"},  # a second time: both rows are named
        }
        rows = [person_row(f"{n:06}", **faults.get(n, {})) for n in range(2, 10_002)]

        run = check(as_csv(rows, encoding="cp932"))

        assert run.status == ImportStatus.REFUSED
        assert run.encoding == "cp932"
        assert run.preview["error_count"] == 12
        assert errors(run) == [
            (10, "入社日"),
            (42, "社員番号"),
            (200, "入社日"),
            (1000, "部門コード"),
            (2000, "雇用区分"),
            (3000, "姓"),
            (4000, "社員番号"),
            (5000, "メールアドレス"),
            (6000, "退職日"),
            (7000, "入社日"),
            (8000, "姓"),
            (9000, "社員番号"),
        ]
        assert "2026/2/30" in message(run)
        assert run.counts["error"] == 12
        assert run.counts["new"] == 9_988
        assert not Person.objects.exists()

    def test_names_the_column_as_the_file_does(self, department):
        content = as_csv(
            [["1", "佐藤", "D1", "正社員", "2026/2/30"]],
            headings=["社員No.", "氏名", "部署コード", "雇用形態", "採用日"],
        )

        assert errors(check(content)) == [(2, "採用日")]

    def test_reports_rows_that_the_file_itself_breaks(self, department):
        rows = [person_row(f"{n}") for n in range(2, 50)]

        run = check(as_csv(rows) + b'50,"never closed')

        assert run.status == ImportStatus.REFUSED
        assert errors(run) == [(50, "")]
        assert "quotation mark" in message(run)

    def test_keeps_no_more_errors_than_a_page_can_show(self, department):
        rows = [person_row(f"{n}", 入社日="?") for n in range(1, 1001)]

        run = check(as_csv(rows))

        assert run.preview["error_count"] == 1000
        assert len(run.preview["errors"]) == 200

    def test_refuses_a_file_that_was_altered_in_the_store(self, department):
        run = upload(ANYTHING)
        with run.file.storage.open(run.file.name, "wb") as file:
            file.write(ANYTHING.replace("佐藤".encode(), "加藤".encode()))

        engine.check(run.pk, today=TODAY)

        run.refresh_from_db()
        assert run.status == ImportStatus.REFUSED

    def test_does_nothing_the_second_time(self, department):
        run = check(ANYTHING)

        engine.check(run.pk, today=TODAY)

        run.refresh_from_db()
        assert run.status == ImportStatus.PREVIEWED

    def test_leaves_a_cancelled_import_alone(self, department):
        run = upload(ANYTHING)
        services.cancel(run.pk, actor=run.created_by)

        engine.check(run.pk, today=TODAY)

        run.refresh_from_db()
        assert run.status == ImportStatus.CANCELLED

    def test_says_so_when_the_machine_fails(self, department, monkeypatch):
        def fail(importer):
            raise RuntimeError("a bug")

        monkeypatch.setattr(PeopleImporter, "prepare", fail)
        run = upload(ANYTHING)

        with pytest.raises(RuntimeError):
            engine.check(run.pk, today=TODAY)

        run.refresh_from_db()
        assert run.status == ImportStatus.FAILED
        assert "Nothing has been imported" in run.failure


class TestConfirm:
    def test_writes_people_affiliations_and_their_journal(self, department):
        run = take_in(as_csv([person_row("000001", 役職="課長"), person_row("000002")]))

        assert run.status == ImportStatus.DONE
        assert run.finished_at is not None
        affiliation = Affiliation.objects.get(person__employee_number="000001")
        assert (affiliation.department, affiliation.post) == (department, "課長")
        assert affiliation.starts_on == date(2020, 4, 1)
        entries = HistoryEntry.objects.filter(cid=run.operation).filter(changes__isnull=False)
        assert entries.filter(content_type__model="person").count() == 2
        assert entries.filter(content_type__model="affiliation").count() == 2
        assert all(entry.digest == entry.compute_digest() for entry in entries)

    def test_leaves_one_event_with_the_figures(self, department):
        run = take_in(ANYTHING)

        event = HistoryEntry.objects.get(event="transfer.imported")
        assert event.object_id == run.pk
        assert event.actor == run.created_by
        assert event.additional_data["rows"] == {"new": 1}
        assert event.additional_data["sha256"] == run.sha256

    def test_the_same_file_twice_changes_nothing(self, department):
        take_in(ANYTHING)

        again = check(ANYTHING)

        assert again.counts == {"unchanged": 1}
        with pytest.raises(ValidationError, match="already"):
            confirm(again)

    def test_refuses_a_preview_that_was_not_seen(self, department):
        run = check(ANYTHING)
        run.plan_digest = "0" * 64

        with pytest.raises(ValidationError, match="anew"):
            confirm(run)

    def test_refuses_a_file_with_errors(self, department):
        run = check(as_csv([person_row("1", 入社日="?")]))

        with pytest.raises(InvalidTransitionError):
            confirm(run)

    def test_shows_the_plan_again_when_the_data_changed_meanwhile(self, department):
        run = check(as_csv([person_row("000001"), person_row("000002")]))
        PersonFactory(employee_number="000001")

        confirm(run)

        assert run.status == ImportStatus.PREVIEWED
        assert run.counts == {"changed": 1, "new": 1}
        assert "checked again" in run.failure
        assert Person.objects.count() == 1
        assert not HistoryEntry.objects.filter(event="transfer.imported").exists()
        assert confirm(run).status == ImportStatus.DONE

    def test_leaves_nothing_half_done_when_the_machine_fails(self, department, monkeypatch):
        apply = PeopleImporter.apply

        def apply_and_fail(importer, rows, **kwargs):
            apply(importer, rows, **kwargs)
            raise RuntimeError("a bug")

        monkeypatch.setattr(PeopleImporter, "apply", apply_and_fail)
        run = check(ANYTHING)

        with pytest.raises(RuntimeError):
            confirm(run)

        run.refresh_from_db()
        assert run.status == ImportStatus.FAILED
        assert not Person.objects.exists()
        assert not HistoryEntry.objects.filter(cid=run.operation).exists()

    def test_writes_once_however_often_a_worker_tries(self, department):
        run = take_in(ANYTHING)

        engine.write(run.pk, today=TODAY)

        assert Person.objects.count() == 1
        assert HistoryEntry.objects.filter(event="transfer.imported").count() == 1


class TestCancel:
    def test_deletes_the_file(self, department, django_capture_on_commit_callbacks):
        run = check(ANYTHING)

        with django_capture_on_commit_callbacks(execute=True):
            services.cancel(run.pk, actor=run.created_by)

        run.refresh_from_db()
        assert run.status == ImportStatus.CANCELLED
        assert run.preview == {}
        assert not run.file.storage.exists(run.file.name)

    def test_refuses_what_is_done(self, department):
        run = take_in(ANYTHING)

        with pytest.raises(InvalidTransitionError):
            services.cancel(run.pk, actor=run.created_by)


class TestUndo:
    def test_deletes_what_was_added_and_restores_what_was_changed(self, department):
        known = PersonFactory(employee_number="000001", affiliation__department=department)
        old = known.affiliations.get()
        DepartmentFactory(code="D2")
        run = take_in(
            as_csv(
                [
                    person_row("000001", 姓="髙橋", 部門コード="D2"),
                    person_row("000002"),
                ]
            )
        )

        undo(run)

        known.refresh_from_db()
        assert list(Person.objects.all()) == [known]
        assert known.family_name == "山田"
        assert "やま" not in known.search_key
        assert Person.objects.search("山田").exists()
        affiliation = known.affiliations.get()
        assert (affiliation, affiliation.ends_on) == (old, None)

    def test_leaves_its_reason_in_the_journal(self, department):
        run = undo(take_in(ANYTHING), reason="前年の名簿だった")

        event = HistoryEntry.objects.get(event="transfer.undone")
        assert (event.object_id, event.reason) == (run.pk, "前年の名簿だった")
        gone = HistoryEntry.objects.filter(action=HistoryEntry.Action.DELETE)
        assert {it.reason for it in gone} == {"前年の名簿だった"}
        assert gone.count() == 2

    def test_refuses_while_something_refers_to_what_was_added(self, department):
        run = take_in(ANYTHING)
        AppointmentFactory(person=Person.objects.get())

        with pytest.raises(ValidationError) as error:
            undo(run)

        assert "1 record of the kind “appointment” refers to what this import added" in refusal(
            error
        )
        run.refresh_from_db()
        assert run.status == ImportStatus.DONE

    def test_refuses_when_somebody_has_changed_it_since(self, department):
        run = take_in(as_csv([person_row("1"), person_row("2")]))
        Person.objects.filter(employee_number="2").update(given_name="華子")

        with pytest.raises(ValidationError, match="changed or deleted since: 佐藤 花子"):
            undo(run)

        assert Person.objects.count() == 2

    def test_does_not_mind_changes_of_what_it_did_not_touch(self, department):
        person = PersonFactory(employee_number="000001", affiliation__department=department)
        row = person_row("000001", 姓=person.family_name, 名=person.given_name, 役職="課長")
        run = take_in(as_csv([row]))
        Person.objects.update(email="new@example.jp")

        assert undo(run).status == ImportStatus.UNDONE

    def test_a_later_import_is_taken_back_first(self, department):
        first = take_in(ANYTHING)
        second = take_in(as_csv([person_row("000001", 姓="髙橋")]))

        with pytest.raises(ValidationError, match="changed"):
            undo(first)
        undo(second)

        assert undo(first).status == ImportStatus.UNDONE
        assert not Person.objects.exists()

    def test_works_once(self, department):
        run = undo(take_in(ANYTHING))

        with pytest.raises(InvalidTransitionError):
            undo(run)

    def test_takes_accounts_back_until_somebody_has_signed_in(self, department):
        run = take_in(
            as_csv([person_row("000001", メールアドレス="hanako@example.jp")]), accounts=True
        )
        account = Person.objects.get().user
        account.last_login = NOW
        account.save()

        with pytest.raises(ValidationError, match="hanako@"):
            undo(run)
        account.last_login = None
        account.save()

        assert undo(run).status == ImportStatus.UNDONE


class TestResume:
    @pytest.fixture
    def waiting(self, department):
        """Confirmed; the worker that should write it is gone."""
        run = check(ANYTHING)
        services.confirm(
            run.pk,
            digest=run.plan_digest,
            actor=run.created_by,
            today=TODAY,
            now=NOW,
            in_background=False,
        )
        return run

    def resume(self, run, now, capture):
        with capture(execute=True):
            return services.resume(run.pk, actor=run.created_by, today=TODAY, now=now)

    def test_takes_up_what_lies_still(self, waiting, django_capture_on_commit_callbacks):
        later = NOW + timedelta(minutes=3)

        assert self.resume(waiting, later, django_capture_on_commit_callbacks)

        waiting.refresh_from_db()
        assert waiting.status == ImportStatus.DONE
        assert Person.objects.count() == 1

    def test_leaves_alone_what_gives_signs_of_life(
        self, waiting, django_capture_on_commit_callbacks
    ):
        soon = NOW + timedelta(minutes=1)

        assert not self.resume(waiting, soon, django_capture_on_commit_callbacks)

        waiting.refresh_from_db()
        assert waiting.status == ImportStatus.WRITING

    def test_the_recurring_command_finds_all_of_them(
        self, waiting, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            resumed = services.resume_stale(today=TODAY, now=NOW + timedelta(hours=1))

        waiting.refresh_from_db()
        assert resumed == [waiting]
        assert waiting.status == ImportStatus.DONE


def test_progress_is_seen_while_a_transaction_is_open(department):
    seen = []
    run = upload(as_csv([person_row(f"{n}") for n in range(1, 2_001)]))
    monkey = pytest.MonkeyPatch()
    monkey.setattr(progress, "_SECONDS_BETWEEN", 0)
    report = progress.Reporter.report

    def report_and_look(reporter, done):
        report(reporter, done)
        sign = progress.read(run.pk)
        seen.append((sign.done, sign.total))

    monkey.setattr(progress.Reporter, "report", report_and_look)
    with monkey.context():
        engine.check(run.pk, today=TODAY)
    monkey.undo()

    assert seen == [(0, 2001), (1000, 2001), (2000, 2001)]
    assert progress.read(run.pk) is None


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def confirm_together(self, runs):
        barrier = Barrier(len(runs))

        def work(run):
            try:
                barrier.wait()
                confirm(run)
            finally:
                connection.close()

        threads = [Thread(target=work, args=(run,)) for run in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def test_one_is_written_and_the_other_is_shown_again(self):
        DepartmentFactory(code="D1")
        DepartmentFactory(code="D2")
        actor = UserFactory()
        numbers = [f"{n:06}" for n in range(1, 301)]
        runs = [
            check(as_csv([person_row(n, 部門コード=code) for n in numbers]), actor=actor)
            for code in ("D1", "D2")
        ]

        self.confirm_together(runs)

        for run in runs:
            run.refresh_from_db()
        assert sorted(run.status for run in runs) == [ImportStatus.DONE, ImportStatus.PREVIEWED]
        waiting = next(run for run in runs if run.status == ImportStatus.PREVIEWED)
        assert waiting.counts == {"changed": 300}
        assert Person.objects.count() == 300
        assert Affiliation.objects.values("department").distinct().count() == 1

    def test_one_confirmed_twice_is_written_once(self):
        DepartmentFactory(code="D1")
        run = check(as_csv([person_row(f"{n}") for n in range(1, 301)]), actor=UserFactory())
        services.confirm(
            run.pk,
            digest=run.plan_digest,
            actor=run.created_by,
            today=TODAY,
            now=NOW,
            in_background=False,
        )

        threads = [Thread(target=self.write, args=(run,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        run.refresh_from_db()
        assert run.status == ImportStatus.DONE
        assert Person.objects.count() == 300
        assert HistoryEntry.objects.filter(event="transfer.imported").count() == 1

    def write(self, run):
        try:
            engine.write(run.pk, today=TODAY)
        finally:
            connection.close()


def test_two_files_at_once_cannot_be_uploaded_as_one():
    first, second = upload(ANYTHING), upload(ANYTHING)

    assert first.file.name != second.file.name
    assert first.sha256 == second.sha256
    assert content_of(second) == ANYTHING
