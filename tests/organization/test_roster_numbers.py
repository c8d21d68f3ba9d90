"""Employee numbers of a roster whose zeros a spreadsheet has removed."""

from datetime import date

import pytest

from pms.organization.importers import PeopleImporter
from tests.organization.factories import DepartmentFactory, PersonFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 1)
COLUMNS = frozenset(
    {"employee_number", "family_name", "department_code", "employment_kind", "joined_on"}
)


def errors_of(number: str) -> list[tuple[str, str]]:
    """What is wrong with a row that bears this number."""
    DepartmentFactory(code="10")
    importer = PeopleImporter({"effective_on": TODAY.isoformat()}, columns=COLUMNS, today=TODAY)
    values = {
        "employee_number": number,
        "family_name": "山田",
        "department_code": "10",
        "employment_kind": "正社員",
        "joined_on": "2020-04-01",
    }
    importer.prepare()
    importer.look_up([values])
    planned = importer.plan(2, values)
    return [error for error in planned.errors if error[0] == "employee_number"]


def test_names_the_number_that_is_meant():
    PersonFactory(employee_number="000123")

    (column, message), *others = errors_of("123")

    assert column == "employee_number"
    assert "000123" in message
    assert others == []


def test_does_not_take_an_empty_number_for_one_whose_zeros_were_removed():
    PersonFactory(employee_number="000000")

    (_column, message), *others = errors_of("")

    assert "000000" not in message
    assert others == []
