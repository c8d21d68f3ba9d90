"""Pages of an import: each step, who may see it, and how large it gets."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import Role
from pms.organization.models import Person
from pms.transfer import engine, services
from pms.transfer.choices import ImportStatus
from pms.transfer.models import ImportRun
from pms.transfer.readers import open_table
from tests.accounts.factories import UserFactory
from tests.organization.factories import AppointmentFactory, DepartmentFactory, PersonFactory

from .rosters import HEADINGS, as_csv, check, person_row, take_in, undo, upload

pytestmark = pytest.mark.django_db

LIST = reverse("transfer:run_list")
UPLOAD = reverse("transfer:upload", args=["people"])
ONE_ROW = as_csv([person_row("E00001")])
MAX_PAGE = 300_000


@pytest.fixture
def officer(client):
    """A training officer, signed in and reading English."""
    user = UserFactory(roles=[Role.TRAINING_OFFICER], language="en")
    client.force_login(user)
    return user


@pytest.fixture
def department():
    return DepartmentFactory(code="D1", name="総務部")


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """Let tasks run, as after a real commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def page_of(name, run):
    return reverse(f"transfer:{name}", args=[run.pk])


def told(response):
    return [str(message) for message in response.context["messages"]]


def send(client, content=ONE_ROW, **answers):
    file = SimpleUploadedFile("名簿.csv", content)
    data = {"file": file, "effective_on": "2026-11-21"} | answers
    return client.post(UPLOAD, data)


class TestList:
    def test_shows_where_each_import_stands(self, client, officer, department):
        take_in(ONE_ROW, name="四月.csv")
        upload(as_csv([["1"]], headings=["番号"]), name="五月.csv")

        page = client.get(LIST).content.decode()

        assert page.index("五月.csv") < page.index("四月.csv")
        assert "Imported" in page
        assert reverse("transfer:upload", args=["people"]) in page

    def test_is_narrowed_by_kind_and_status(self, client, officer, department):
        run = take_in(ONE_ROW)
        check(ONE_ROW)

        response = client.get(LIST, {"status": "done", "importer": "people"})

        assert response.context["page"].rows == [run]

    def test_says_what_comes_from_the_command_line(self, client, officer, department):
        ImportRun.objects.filter(pk=take_in(ONE_ROW).pk).update(created_by=None)

        assert "Command line of the server" in client.get(LIST).content.decode()

    def test_does_not_load_the_previews(self, client, officer, department):
        take_in(ONE_ROW)

        run = client.get(LIST).context["page"].rows[0]

        assert "preview" in run.get_deferred_fields()


class TestUpload:
    def test_names_the_columns_that_a_file_may_have(self, client, officer):
        page = client.get(UPLOAD).content.decode()

        assert all(heading in page for heading in HEADINGS)

    def test_leads_through_the_check_to_the_preview(self, client, officer, department, committing):
        with committing():
            response = send(client)

        run = ImportRun.objects.get()
        assert response.url == run.get_absolute_url()
        assert (run.status, run.created_by) == (ImportStatus.PREVIEWED, officer)

    def test_leads_to_the_columns_when_a_heading_is_unknown(self, client, officer, department):
        content = as_csv([[*person_row("E1"), "A"]], headings=[*HEADINGS, "血液型"])

        response = client.get(send(client, content).url)

        assert response.url == page_of("run_columns", ImportRun.objects.get())

    def test_shows_on_the_form_what_is_no_table(self, client, officer):
        response = send(client, b"%PDF-1.7 ...")

        assert "is not a table" in response.content.decode()
        assert not ImportRun.objects.exists()

    def test_sent_twice_makes_one_import(self, client, officer, department, committing):
        for _ in range(2):
            with committing():
                response = send(client, form_token="abc")

        assert ImportRun.objects.count() == 1
        assert response.url == LIST

    def test_takes_the_answers_of_an_earlier_file(self, client, officer, department):
        run = check(ONE_ROW, effective_on="2026-04-01", accounts=True)

        page = client.get(UPLOAD, {"again": run.pk}).content.decode()

        assert 'value="2026-04-01"' in page

    def test_answers_404_for_a_kind_that_there_is_not(self, client, officer):
        assert client.get(reverse("transfer:upload", args=["planets"])).status_code == 404

    def test_gives_an_empty_table_that_it_understands(self, client, officer):
        response = client.get(reverse("transfer:table", args=["people"]))

        with open_table(io.BytesIO(b"".join(response)), name="empty.xlsx") as table:
            assert set(HEADINGS) <= set(table.headings)


class TestColumns:
    @pytest.fixture
    def run(self, officer, department):
        return upload(
            as_csv([[*person_row("E1"), "A"]], headings=["番号", *HEADINGS[1:], "血液型"]),
            actor=officer,
        )

    def test_says_what_is_still_missing(self, client, run):
        page = client.get(page_of("run_columns", run)).content.decode()

        assert "血液型" in page
        assert "still lacks: 社員番号" in page

    def test_checks_the_file_once_they_are_named(self, client, run, committing):
        form = client.get(page_of("run_columns", run)).context["form"]
        fields = {heading: name for name, heading in form.headings.items()}
        answers = {name: run.mapping[heading] for heading, name in fields.items()}

        with committing():
            response = client.post(
                page_of("run_columns", run), answers | {fields["番号"]: "employee_number"}
            )

        assert response.url == run.get_absolute_url()
        run.refresh_from_db()
        assert run.counts == {"new": 1, "missing": 1}

    def test_keeps_the_answers_when_something_is_missing(self, client, run):
        response = client.post(page_of("run_columns", run), {})

        assert "These columns are missing" in response.content.decode()
        run.refresh_from_db()
        assert run.status == ImportStatus.UPLOADED


class TestDetail:
    def test_shows_old_and_new_and_offers_to_import(self, client, officer, department):
        person = PersonFactory(employee_number="E00009", affiliation__department=department)
        row = person_row("E00009", 姓=person.family_name, 名=person.given_name, 役職="課長")
        run = check(as_csv([row]))

        page = client.get(run.get_absolute_url()).content.decode()

        assert "役職: – → <strong>課長</strong>" in page
        assert "Import 1 row" in page
        assert run.plan_digest in page

    def test_offers_nothing_where_nothing_would_change(self, client, officer, department):
        take_in(ONE_ROW)
        run = check(ONE_ROW)

        page = client.get(run.get_absolute_url()).content.decode()

        assert "Nothing would change" in page
        assert page_of("run_confirm", run) not in page

    def test_tells_that_the_very_file_was_imported_before(self, client, officer, department):
        earlier = take_in(ONE_ROW)
        Person.objects.filter(employee_number="E00001").update(given_name="華子")
        run = check(ONE_ROW)

        assert client.get(run.get_absolute_url()).context["earlier"] == earlier

    def test_shows_errors_with_row_column_and_cure(self, client, officer, department):
        run = check(as_csv([person_row("E1", 入社日="2026/2/30")]))

        page = client.get(run.get_absolute_url()).content.decode()

        assert "入社日" in page
        assert "“2026/2/30” is a day that does not exist." in page
        assert "Nothing has been registered yet" in page

    def test_asks_again_by_itself_while_work_goes_on(self, client, officer, department):
        run = upload(ONE_ROW)

        page = client.get(run.get_absolute_url())

        assert 'hx-trigger="load delay:1s"' in page.content.decode()
        assert "<noscript>" in page.content.decode()
        part = client.get(run.get_absolute_url(), headers={"HX-Request": "true"})
        assert "<html" not in part.content.decode()

    def test_offers_to_start_again_what_lies_still(self, client, officer, department):
        run = upload(ONE_ROW)
        long_ago = timezone.now() - timedelta(minutes=5)
        ImportRun.objects.filter(pk=run.pk).update(started_at=long_ago)

        assert page_of("run_resume", run) in client.get(run.get_absolute_url()).content.decode()

    def test_links_a_finished_import_to_its_journal_and_its_undoing(
        self, client, officer, department
    ):
        run = take_in(ONE_ROW)

        page = client.get(run.get_absolute_url()).content.decode()

        assert f"operation={run.operation}" in page
        assert page_of("run_undo", run) in page

    @pytest.mark.parametrize(
        "change", [{}, {"入社日": "?" * 5_000}, {"役職": "長" * 5_000}, {"社員番号": "9" * 5_000}]
    )
    def test_stays_small_whatever_the_file(self, client, officer, department, change):
        headings = [*HEADINGS, *(f"{'列' * 300}{n}" for n in range(400))]
        rows = [[*person_row(f"E{n}", **change), *("値" * 20,) * 400] for n in range(1, 1001)]
        run = upload(as_csv(rows, headings=headings), actor=officer)
        columns = client.get(page_of("run_columns", run))
        services.map_columns(
            run.pk,
            {},
            actor=officer,
            today=timezone.localdate(),
            now=timezone.now(),
            in_background=False,
        )
        engine.check(run.pk, today=timezone.localdate())

        page = client.get(run.get_absolute_url())

        assert len(page.content) < MAX_PAGE
        assert len(columns.content) < MAX_PAGE


class TestConfirm:
    def test_writes_and_shows_the_result(self, client, officer, department, committing):
        run = check(ONE_ROW)

        with committing():
            client.post(page_of("run_confirm", run), {"digest": run.plan_digest})

        page = client.get(run.get_absolute_url()).content.decode()
        assert "1 row has been imported" in page
        assert Person.objects.filter(employee_number="E00001").exists()
        run.refresh_from_db()
        assert run.finished_by == officer

    def test_tells_on_the_page_why_it_refuses(self, client, officer, department):
        run = check(ONE_ROW)

        response = client.post(page_of("run_confirm", run), {"digest": "0" * 64}, follow=True)

        assert "made anew" in told(response)[0]
        assert not Person.objects.filter(employee_number="E00001").exists()

    def test_is_not_a_page(self, client, officer, department):
        assert client.get(page_of("run_confirm", check(ONE_ROW))).status_code == 405


class TestCheckAgain:
    def test_reads_the_same_file_after_the_department_was_added(self, client, officer, committing):
        run = check(ONE_ROW)
        assert run.status == ImportStatus.REFUSED
        DepartmentFactory(code="D1")

        with committing():
            client.post(page_of("run_check", run))

        run.refresh_from_db()
        assert run.status == ImportStatus.PREVIEWED


class TestCancel:
    def test_drops_the_import(self, client, officer, department):
        run = check(ONE_ROW)

        response = client.post(page_of("run_cancel", run))

        run.refresh_from_db()
        assert (response.url, run.status) == (LIST, ImportStatus.CANCELLED)


class TestUndo:
    def test_takes_the_import_back(self, client, officer, department):
        run = take_in(ONE_ROW)

        response = client.post(
            page_of("run_undo", run), {"reason": "前年の名簿だった"}, follow=True
        )

        page = response.content.decode()
        assert "taken back" in told(response)[0]
        assert "前年の名簿だった" in page
        assert not Person.objects.filter(employee_number="E00001").exists()

    def test_asks_for_a_reason(self, client, officer, department):
        run = take_in(ONE_ROW)

        client.post(page_of("run_undo", run), {"reason": ""})

        assert Person.objects.filter(employee_number="E00001").exists()

    def test_says_what_depends_on_it(self, client, officer, department):
        run = take_in(ONE_ROW)
        AppointmentFactory(person=Person.objects.get(employee_number="E00001"))

        response = client.post(page_of("run_undo", run), {"reason": "誤り"})

        assert "refers to what this import added" in response.content.decode()


class TestErrors:
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_gives_all_of_them_as_a_file(self, client, officer, department, form):
        rows = [person_row(f"E{n}", 入社日="2026/2/30") for n in range(1, 301)]
        run = check(as_csv([*rows, person_row("E1", 入社日="2026/2/30")]))

        response = client.get(page_of("run_errors", run), {"export": form})

        with open_table(io.BytesIO(b"".join(response)), name="errors") as table:
            errors = [cells for _number, cells in table.rows()]
        assert len(errors) == 303
        assert errors[0][:2] == ["2", "入社日"]
        assert ["302", "社員番号"] in [cells[:2] for cells in errors]

    def test_is_for_files_with_errors(self, client, officer, department):
        assert client.get(page_of("run_errors", check(ONE_ROW))).status_code == 404

    def test_may_be_opened_in_a_spreadsheet(self, client, officer, department):
        run = check(as_csv([person_row("E1", 入社日="=1+1")]))

        response = client.get(page_of("run_errors", run), {"export": "csv"})

        rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
        assert not rows[1][2].startswith("=")


class TestWhoMaySeeIt:
    @pytest.mark.parametrize("roles", [[], [Role.AUDITOR], [Role.DEPARTMENT_MANAGER]])
    def test_others_see_no_imports(self, client, department, roles):
        client.force_login(UserFactory(roles=roles, department=department))
        run = check(ONE_ROW)

        assert client.get(LIST).status_code == 403
        assert client.get(UPLOAD).status_code == 403
        assert client.get(run.get_absolute_url()).status_code in (403, 404)
        assert client.post(page_of("run_confirm", run)).status_code in (403, 404)

    def test_somebody_elses_import_is_not_there_for_who_sees_only_the_own(self, department):
        own, other = UserFactory(roles=[]), UserFactory(roles=[])
        run = check(ONE_ROW, actor=own)

        assert ImportRun.objects.visible_to(own).get() == run
        assert not ImportRun.objects.visible_to(other).exists()


def test_the_result_of_an_undone_import_stays_readable(client, officer, department):
    run = undo(take_in(ONE_ROW))

    assert "has been taken back" in client.get(run.get_absolute_url()).content.decode()
