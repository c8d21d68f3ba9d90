"""The formats of the admin's import and export: what goes out comes back as it was."""

import pytest
import tablib
from hypothesis import given
from hypothesis import strategies as st

from pms.transfer.exceptions import TableError
from pms.transfer.formats import FORMATS, JapaneseCSV

ROWS = [["0012", "髙橋 𠮷郎", "=SUM(A1)"], ["１３", "'quoted", "-5"], ["", "a\tb", "@x"]]


def there_and_back(form, rows):
    data = tablib.Dataset(*rows, headers=["社員番号", "氏名", "備考"])
    return form.create_dataset(form.export_data(data))


@pytest.mark.parametrize("kind", FORMATS)
class TestFormats:
    def test_every_text_comes_back_as_it_was(self, kind):
        found = there_and_back(kind(), ROWS)

        assert found.headers == ["社員番号", "氏名", "備考"]
        assert [list(row) for row in found] == ROWS

    def test_can_be_offered_by_the_forms(self, kind):
        form = kind()

        assert form.is_binary()
        assert form.can_import()
        assert form.can_export()
        assert form.get_title() == form.get_extension()
        assert form.get_content_type()

    def test_says_what_is_wrong_with_another_file(self, kind):
        with pytest.raises(TableError):
            kind().create_dataset(b"%PDF-1.7")

    def test_refuses_a_row_with_cells_beyond_the_headings(self, kind):
        with pytest.raises(TableError):
            kind().create_dataset("番号,氏名\r\n1,山田,余り\r\n".encode())


texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)


@given(st.lists(st.lists(texts, min_size=3, max_size=3), min_size=1, max_size=5))
def test_csv_loses_nothing_whatever_the_cells_hold(rows):
    found = there_and_back(JapaneseCSV(), rows)

    assert [list(row) for row in found] == rows
