"""Files that a spreadsheet opens without harm and an import reads back."""

import csv
import io
import os
import tempfile
import zipfile
from datetime import UTC, date, datetime
from datetime import time as clock
from decimal import Decimal

import pytest
import xlsxwriter
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import example, given
from hypothesis import strategies as st

from pms.transfer import writers
from pms.transfer.exceptions import TableError
from pms.transfer.readers import open_table
from pms.transfer.writers import write_csv, write_xlsx

HEADINGS = ["社員番号", "氏名", "備考"]

# All that a database can hold, with the characters that trouble a file more often than chance.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("'=+-@\t\r\n,;\"＝０髙﨑𠮷\ufeff_x<>&\x01"),
        st.characters(exclude_characters="\0\ufffe\uffff", exclude_categories=["Cs"]),
    ),
    max_size=12,
)
RECORDS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS).map(list), max_size=5).map(
    lambda rows: [row for row in rows if "".join(row).strip()]
)


def csv_bytes(rows, headings=HEADINGS):
    stream = io.BytesIO()
    write_csv(stream, headings, rows)
    return stream.getvalue()


def xlsx_bytes(rows, headings=HEADINGS, **kwargs):
    stream = io.BytesIO()
    write_xlsx(stream, headings, rows, **{"sheet_name": "名簿"} | kwargs)
    return stream.getvalue()


def read(data):
    return open_table(io.BytesIO(data), name="export")


def cells_of(data):
    return [cells for number, cells in read(data).rows()]


def raw_cells(data):
    """What a spreadsheet finds in a CSV file."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


class TestRoundTrip:
    @given(RECORDS)
    @example([["'", "''", "'=1"], ["=1", "-", "+81"], ["\t", "x\r\ny", "\rz"]])
    def test_csv_gives_back_every_text(self, rows):
        assert cells_of(csv_bytes(rows)) == rows

    @given(RECORDS)
    @example([["<r>", "<r>x</r>", "<r/></r>"], ["_x0041_", "_x000D_", "_x005F_x0041_"]])
    @example([["'", "''", "'=1"], ["=1", "-", "+81"], ["\t", "x\r\ny", "\rz"]])
    def test_xlsx_gives_back_every_text(self, rows):
        assert cells_of(xlsx_bytes(rows)) == rows

    @given(RECORDS)
    def test_a_csv_that_a_spreadsheet_saved_as_workbook_gives_back_every_text(self, rows):
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream)
        sheet = book.add_worksheet()
        for number, cells in enumerate(raw_cells(csv_bytes(rows))):
            for index, cell in enumerate(cells):
                sheet.write_string(number, index, cell)
        book.close()

        assert cells_of(stream.getvalue()) == rows

    @pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
    @pytest.mark.parametrize(
        ("value", "read_back"),
        [
            (None, ""),
            ("00123", "00123"),
            (1001, "1001"),
            (-5, "-5"),
            (10**17 + 1, "100000000000000001"),
            (Decimal("12.5"), "12.5"),
            (Decimal("-0.1"), "-0.1"),
            (Decimal("1234567890.12345678901"), "1234567890.12345678901"),
            (0.1 + 0.2, "0.3"),
            (85.0, "85"),
            (True, "1"),
            (False, "0"),
            (clock(9, 30), "09:30"),
            (mark_safe("=1+1"), "=1+1"),
            (gettext_lazy("xyz"), "xyz"),
        ],
    )
    def test_gives_back_other_values_as_text(self, write, value, read_back):
        assert cells_of(write([["a", value, "b"]])) == [["a", read_back, "b"]]

    @pytest.mark.parametrize("day", [date(2026, 4, 1), date(1926, 12, 25), date(1900, 3, 1)])
    def test_gives_back_dates(self, day):
        assert cells_of(xlsx_bytes([["a", day]])) == [["a", day, ""]]
        assert cells_of(csv_bytes([["a", day]])) == [["a", day.isoformat(), ""]]

    def test_a_day_that_spreadsheets_count_wrongly_is_text(self):
        assert cells_of(xlsx_bytes([["a", date(1868, 1, 25)]])) == [["a", "1868-01-25", ""]]

    def test_gives_back_moments_as_local_time(self, settings):
        settings.TIME_ZONE = "Asia/Tokyo"
        moment = datetime(2026, 4, 1, 4, 5, 6, 789, tzinfo=UTC)

        local = datetime(2026, 4, 1, 13, 5, 6)  # noqa: DTZ001 - as a sheet holds it
        assert cells_of(xlsx_bytes([["a", moment]])) == [["a", local, ""]]
        assert cells_of(csv_bytes([["a", moment]])) == [["a", "2026-04-01 13:05:06", ""]]

    @pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
    def test_leaves_out_only_what_no_file_holds(self, write):
        assert cells_of(write([["a\0b", "\0=1", "\ufffex\uffff"]])) == [["ab", "=1", "x"]]

    @pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
    def test_gives_back_headings(self, write):
        headings = ["社員番号", "=氏名", "<r>備考</r>"]

        assert read(write([["1", "2", "3"]], headings)).headings == headings


class TestCsv:
    def test_is_utf_8_with_mark_and_windows_line_ends(self):
        assert csv_bytes([["00123", "髙橋", None]]) == (
            "\ufeff社員番号,氏名,備考\r\n00123,髙橋,\r\n".encode()
        )

    @pytest.mark.parametrize("text", ["=1+1", "+81", "-", "@x", "\tx", "\rx", "＝1"])
    def test_no_cell_begins_like_a_formula(self, text):
        assert raw_cells(csv_bytes([[text]], ["a"])) == [["a"], [f"'{text}"]]

    def test_negative_numbers_stay_numbers(self):
        assert csv_bytes([[-5, Decimal("-1.50")]], ["a", "b"]).endswith(b"-5,-1.50\r\n")

    def test_reads_its_rows_once_and_counts_them(self):
        stream = io.BytesIO()

        assert write_csv(stream, HEADINGS, ([str(n)] for n in range(1_234))) == 1_234
        assert len(cells_of(stream.getvalue())) == 1_234
        assert write_csv(io.BytesIO(), HEADINGS, []) == 0


class TestXlsx:
    def test_headings_are_bold_frozen_and_filtered(self):
        data = xlsx_bytes([["1", "2", "3"]] * 3)
        sheet = part(data, "xl/worksheets/sheet1.xml")

        assert '<pane ySplit="1"' in sheet
        assert '<autoFilter ref="A1:C4"/>' in sheet
        assert "<b/>" in part(data, "xl/styles.xml")

    def test_texts_are_cells_of_the_kind_text(self):
        data = xlsx_bytes([["00123", "=1+1", "https://example.jp"]])
        sheet = part(data, "xl/worksheets/sheet1.xml")

        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert sheet.count('t="inlineStr"') == 6
        assert 'numFmtId="49"' in part(data, "xl/styles.xml")  # the format "@"
        assert 'quotePrefix="1"' in part(data, "xl/styles.xml")

    def test_a_text_like_markup_is_text(self):
        sheet = part(xlsx_bytes([["<r><t>x</t></r>"]]), "xl/worksheets/sheet1.xml")

        assert "&lt;r&gt;" in sheet

    @pytest.mark.parametrize(
        ("name", "written"),
        [
            ("名簿", "名簿"),
            ("教育/実施:[2026]*?", "教育 実施  2026"),
            ("x" * 40, "x" * 31),
            ("𠮷" * 40, "𠮷" * 15),
            ("'a'", "a"),
            ("", "Sheet1"),
        ],
    )
    def test_the_name_of_the_sheet_is_cleaned(self, name, written):
        assert read(xlsx_bytes([["1", "2", "3"]], sheet_name=name)).sheet == written

    def test_widths_are_taken_or_follow_the_headings(self):
        sheet = part(xlsx_bytes([], widths=[30, None]), "xl/worksheets/sheet1.xml")

        assert 'width="30.7109375"' in sheet
        assert 'width="10.7109375"' in sheet

    def test_refuses_more_rows_than_a_sheet_has(self, monkeypatch):
        monkeypatch.setattr(writers, "MAX_XLSX_ROWS", 3)
        assert len(cells_of(xlsx_bytes([["1"]] * 3))) == 3

        with pytest.raises(TableError) as caught:
            xlsx_bytes([["1"]] * 4)

        assert caught.value.code == "too_many_rows"

    def test_refuses_a_text_that_no_cell_holds_and_names_the_cell(self):
        assert cells_of(xlsx_bytes([["x" * 32_767]])) == [["x" * 32_767, "", ""]]

        with pytest.raises(TableError, match="B3") as caught:
            xlsx_bytes([["1"], ["1", "x" * 32_768]])

        assert caught.value.code == "long_cell"

    def test_an_error_while_rows_are_read_leaves_nothing_behind(self, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        stream = io.BytesIO()

        with pytest.raises(ZeroDivisionError):
            write_xlsx(stream, HEADINGS, ([1 / n] for n in (1, 0)), sheet_name="名簿")

        assert stream.getvalue() == b""
        assert os.listdir(tmp_path) == []

    def test_reads_its_rows_once_and_counts_them(self):
        rows = ([str(n)] for n in range(1_234))

        assert write_xlsx(io.BytesIO(), HEADINGS, rows, sheet_name="名簿") == 1_234
        assert write_xlsx(io.BytesIO(), HEADINGS, [], sheet_name="名簿") == 0
