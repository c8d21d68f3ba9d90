"""Bulk writes store exactly what single writes would."""

from datetime import date

import pytest

from pms.core.bulk import update_rows
from pms.organization.models import Person
from tests.organization.factories import PersonFactory

pytestmark = pytest.mark.django_db


class TestUpdateRows:
    def test_gives_every_row_its_own_values(self):
        first, second = PersonFactory.create_batch(2, affiliation=None)
        first.family_name, first.left_on = "髙橋", date(2026, 9, 30)
        second.family_name = "鈴木"

        update_rows([first, second], ["family_name", "left_on", "search_key"])

        stored = list(Person.objects.order_by("pk").values_list("family_name", "left_on"))
        assert stored == [("髙橋", date(2026, 9, 30)), ("鈴木", None)]
        assert list(Person.objects.search("高橋")) == [first]

    def test_leaves_other_fields_as_the_database_has_them(self):
        person = PersonFactory(affiliation=None, given_name="花子")
        Person.objects.update(given_name="華子")
        person.family_name = "鈴木"

        update_rows([person], ["family_name"])

        person.refresh_from_db()
        assert person.full_name == "鈴木 華子"

    @pytest.mark.parametrize("fields", [[], ["family_name"]])
    def test_does_nothing_without_rows(self, fields):
        update_rows([], fields)

        assert not Person.objects.exists()
