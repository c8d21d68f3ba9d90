"""`manage.py import_people`: the roster without a browser."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from pms.history.models import HistoryEntry
from pms.organization.models import Person
from pms.transfer.models import ImportRun
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory, PersonFactory
from tests.transfer.rosters import HEADINGS, as_csv, person_row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def department():
    return DepartmentFactory(code="D1", name="総務部")


@pytest.fixture
def run(tmp_path):
    """Run the command on a roster; gives what it printed."""

    def call(content, *arguments):
        path = tmp_path / "roster.csv"
        path.write_bytes(content)
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("import_people", path, *arguments, stdout=out, stderr=err)
        finally:
            call.errors = err.getvalue()
        return out.getvalue()

    return call


def test_imports(department, run):
    printed = run(as_csv([person_row("000001")]))

    assert "New: 1" in printed
    assert "1 rows have been imported." in printed
    assert Person.objects.get().employee_number == "000001"
    imported = ImportRun.objects.get()
    assert imported.created_by is None
    assert HistoryEntry.objects.get(event="transfer.imported").actor is None


def test_imports_as_an_account(department, run):
    account = UserFactory(email="hr@example.jp")

    run(as_csv([person_row("1")]), "--as", "HR@example.jp")

    assert HistoryEntry.objects.get(event="transfer.imported").actor == account


def test_a_dry_run_leaves_nothing_behind(department, run):
    person = PersonFactory(employee_number="000001", affiliation__department=department)
    row = person_row("000001", 姓=person.family_name, 名=person.given_name, 役職="課長")
    before = HistoryEntry.objects.count()

    printed = run(as_csv([row]), "--dry-run")

    assert "役職:  → 課長" in printed
    assert "dry run" in printed
    assert not ImportRun.objects.exists()
    assert HistoryEntry.objects.count() == before


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_errors_name_row_and_column_and_end_with_code_1(department, run, arguments):
    content = as_csv([person_row("1"), person_row("2", 入社日="2026/2/30")])

    with pytest.raises(CommandError, match="Nothing has been registered") as error:
        run(content, *arguments)

    assert error.value.returncode == 1
    assert "Row 3, “入社日”: “2026/2/30” is a day that does not exist" in run.errors
    assert not Person.objects.exists()


def test_moves_hold_from_the_day_that_is_given(department, run):
    person = PersonFactory(employee_number="000001", affiliation__department=department)
    row = person_row("000001", 姓=person.family_name, 名=person.given_name, 役職="課長")

    run(as_csv([row]), "--effective-on", "R8.10.1")

    assert str(person.affiliations.get(post="課長").starts_on) == "2026-10-01"


def test_leaves_unknown_headings_out(department, run):
    content = as_csv([[*person_row("1"), "A"]], headings=[*HEADINGS, "血液型"])

    run(content)

    assert Person.objects.count() == 1


def test_says_when_everything_is_there_already(department, run):
    run(as_csv([person_row("1")]))

    assert "is in the system already" in run(as_csv([person_row("1")]))


@pytest.mark.parametrize(
    ("content", "arguments", "text"),
    [
        (b"%PDF-1.7", [], "not a table"),
        (as_csv([["1"]], headings=["社員番号"]), ["--dry-run"], "columns are missing"),
        (as_csv([["1"]], headings=["社員番号"]), [], "columns are missing"),
        (as_csv([person_row("1")]), ["--effective-on", "tomorrow"], "cannot be read as a date"),
        (as_csv([person_row("1")]), ["--as", "nobody@example.jp"], "There is no account"),
    ],
)
def test_says_what_is_wrong_with_the_call(department, run, content, arguments, text):
    with pytest.raises(CommandError, match=text):
        run(content, *arguments)

    assert not Person.objects.exists()


def test_a_file_that_is_not_there(department):
    with pytest.raises(CommandError, match=r"nowhere\.csv"):
        call_command("import_people", "nowhere.csv")
