"""Tables as offices save them."""

import io
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile

from pms.transfer.exceptions import TableError
from pms.transfer.readers import MAX_LONG_ROWS, CellError, open_table

ROSTER = "社員番号,氏名,部門\r\n00123,髙橋　一郎,総務部\r\n00124,山﨑 花子,営業部\r\n"


def table_of(content, **kwargs):
    data = content.encode() if isinstance(content, str) else content
    return open_table(io.BytesIO(data), name="名簿.csv", **kwargs)


def rows_of(content, **kwargs):
    return list(table_of(content, **kwargs).rows())


def refusal(content, **kwargs):
    with pytest.raises(TableError) as caught:
        rows_of(content, **kwargs)
    return caught.value


def workbook(rows=(), *, sheets=("名簿",), fill=None):
    """The bytes of a workbook; `fill(book, sheet)` writes what `rows` cannot say."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    for name in sheets:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if fill:
            fill(book, sheet)
    book.close()
    return stream.getvalue()


def repacked(data, **changes):
    """The workbook with some members replaced, dropped (None) or added."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        for member in old.namelist():
            if member not in changes:
                new.writestr(member, old.read(member))
        for member, content in changes.items():
            if content is not None:
                new.writestr(member, content)
    return result.getvalue()


class TestEncodings:
    @pytest.mark.parametrize(
        ("encoding", "found"),
        [
            ("cp932", "cp932"),
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8-sig"),
            ("utf-16", "utf-16"),
        ],
    )
    def test_reads_what_offices_write(self, encoding, found):
        table = table_of(ROSTER.encode(encoding))

        assert table.encoding == found
        assert table.headings == ["社員番号", "氏名", "部門"]
        assert list(table.rows()) == [
            (2, ["00123", "髙橋　一郎", "総務部"]),
            (3, ["00124", "山﨑 花子", "営業部"]),
        ]

    def test_reads_utf_16_of_either_byte_order(self):
        data = b"\xfe\xff" + ROSTER.encode("utf-16-be")

        assert table_of(data).encoding == "utf-16"
        assert rows_of(data)[0] == (2, ["00123", "髙橋　一郎", "総務部"])

    @pytest.mark.parametrize("text", ["ﾀﾅｶ ﾀﾛｳ", "①髙㈱", "ー～－", "ソ表十予"])
    def test_is_not_confused_by_shift_jis(self, text):
        table = table_of(f"氏名,備考\n{text},x\n".encode("cp932"))

        assert table.encoding == "cp932"
        assert list(table.rows()) == [(2, [text, "x"])]

    def test_plain_ascii_is_utf_8(self):
        assert table_of("a,b\n1,2\n").encoding == "utf-8"

    def test_keeps_characters_outside_the_basic_plane(self):
        assert rows_of("氏名,部門\n𠮷田,a\n") == [(2, ["𠮷田", "a"])]

    def test_names_the_row_that_cannot_be_decoded(self):
        data = ROSTER.encode("cp932") + b"00125," + b"\x81\xff,x\r\n"
        error = refusal(data)

        assert (error.code, error.row) == ("undecodable", 4)
        assert "4" in str(error)

    def test_names_the_row_of_a_broken_byte_in_utf_8(self):
        data = ROSTER.encode("utf-8-sig") + b"00125,\xe3\x81,x\r\n"

        assert (refusal(data).code, refusal(data).row) == ("undecodable", 4)

    def test_refuses_bytes_that_no_japanese_program_writes(self):
        assert refusal(b"a,b\n\x80,\xa0\n").code == "undecodable"

    def test_counts_the_row_past_newlines_in_quotation_marks(self):
        error = refusal(b'a,b\n"1\n2\n3",x\n\x81\xff,y\n')

        assert (error.code, error.row) == ("undecodable", 3)

    def test_refuses_nul(self):
        error = refusal(b"a,b\n1,2\n3,\x004\n")

        assert (error.code, error.row) == ("nul", 3)

    def test_a_character_split_between_pieces_is_no_error(self):
        data = "番号,備考\n" + f"1,{'あ' * 120_000}\n" * 4

        assert table_of(data).encoding == "utf-8"
        assert table_of(data.encode("cp932")).encoding == "cp932"
        assert rows_of(data) == rows_of(data.encode("cp932"))


class TestSeparators:
    @pytest.mark.parametrize("separator", [",", "\t", ";"])
    def test_is_found_in_the_heading_row(self, separator):
        data = f"社員番号{separator}氏名\n1{separator}佐藤\n"

        assert rows_of(data) == [(2, ["1", "佐藤"])]

    def test_other_separators_in_texts_do_not_confuse(self):
        data = "社員番号;氏名;備考\n1;佐藤;a,b,c,d\n2;鈴木;e,f,g,h\n"

        assert table_of(data).headings == ["社員番号", "氏名", "備考"]

    def test_known_headings_decide(self):
        data = "a;b;c,社員番号,氏名\n1;2;3,00001,佐藤\n"

        assert table_of(data, expected=["社員番号", "氏名"]).headings[1:] == ["社員番号", "氏名"]

    def test_one_column_is_a_table_too(self):
        assert rows_of("社員番号\n00001\n00002\n") == [(2, ["00001"]), (3, ["00002"])]


class TestRows:
    def test_counts_rows_as_a_person_sees_them(self):
        data = 'a,b\n\n"1\nline",x\n , \n2,y\n'

        assert rows_of(data) == [(3, ["1\nline", "x"]), (5, ["2", "y"])]

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    def test_reads_every_end_of_line(self, newline):
        data = newline.join(["a,b", "1,2", "3,4"])

        assert rows_of(data) == [(2, ["1", "2"]), (3, ["3", "4"])]

    def test_fills_up_short_rows(self):
        assert rows_of("a,b,c\n1\n") == [(2, ["1", "", ""])]

    def test_empty_cells_beyond_the_headings_do_not_matter(self):
        assert rows_of("a,b,,\n1,2,,\n3,4, ,\n") == [(2, ["1", "2"]), (3, ["3", "4"])]

    def test_leaves_out_and_reports_a_row_with_cells_beyond_the_headings(self):
        table = table_of("a,b\n1,2\n3,4,,多い\n5,6\n")

        assert [number for number, cells in table.rows()] == [2, 4]
        assert [(it.code, it.row) for it in table.problems] == [("long_row", 3)]
        assert "D" in str(table.problems[0])
        assert "多い" in str(table.problems[0])

    def test_gives_up_when_too_many_rows_are_too_long(self):
        error = refusal("a,b\n" + "1,2,3\n" * (MAX_LONG_ROWS + 1))

        assert (error.code, error.row) == ("long_rows", MAX_LONG_ROWS + 2)

    def test_reads_from_the_start_each_time(self):
        table = table_of("a,b\n1,2\n3,4,5\n")

        assert list(table.rows()) == list(table.rows())
        assert len(table.problems) == 1

    def test_names_the_row_of_an_open_quotation_mark(self):
        error = refusal('a,b\n1,2\n"3,4\n5,6\n')

        assert (error.code, error.row) == ("broken_row", 3)

    def test_refuses_more_rows_than_the_limit(self):
        assert len(rows_of("a,b\n" + "1,2\n" * 5, max_rows=5)) == 5
        error = refusal("a,b\n" + "1,2\n" * 6, max_rows=5)
        assert error.code == "too_many_rows"
        assert "5" in str(error)

    def test_gives_back_a_neutralised_text(self):
        assert rows_of("a,b\n'=1+1,''=x\n") == [(2, ["=1+1", "'=x"])]

    def test_tells_about_how_many_rows_there_are(self):
        assert table_of("a,b\n" + "1,2\n" * 99).estimated_rows in range(99, 103)


class TestHeadingRow:
    def test_is_found_below_a_title(self):
        table = table_of("2026年度 受講者名簿\n\n社員番号,氏名\n1,佐藤\n")

        assert (table.heading_row, table.headings) == (3, ["社員番号", "氏名"])
        assert list(table.rows()) == [(4, ["1", "佐藤"])]

    def test_known_headings_are_found_below_rows_with_several_cells(self):
        data = "研修名,個人情報保護\n部門,総務部,作成日,2026/4/1\n\n社員番号,氏名,出席\n1,佐藤,○\n"
        table = table_of(data, expected=["社員番号", "氏名", "部門", "出席"])

        assert (table.heading_row, table.headings) == (4, ["社員番号", "氏名", "出席"])

    def test_headings_are_folded(self):
        assert table_of('"社員\n番号",Ｅ－ｍａｉｌ\n1,x\n').headings == ["社員 番号", "E-mail"]

    def test_refuses_one_heading_twice(self):
        error = refusal("氏名,番号,氏 名\nx,1,y\n")

        assert error.code == "duplicate_heading"
        assert "A" in str(error)
        assert "C" in str(error)

    def test_columns_without_a_heading_are_no_duplicates(self):
        assert table_of("a,,,b\n1,2,3,4\n").headings == ["a", "", "", "b"]

    @pytest.mark.parametrize("data", ["", "\n\n\n", " \n , ,\n", "\ufeff"])
    def test_refuses_an_empty_file(self, data):
        error = refusal(data)

        assert error.code == "empty"
        assert "名簿.csv" in str(error)

    def test_refuses_headings_far_below(self):
        assert refusal("\n" * 100 + "a,b\n1,2\n").code == "no_headings"


class TestOtherFiles:
    @pytest.mark.parametrize(
        "data",
        [
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            b"%PDF-1.7\n...",
            b"<html><table><tr><td>1</td></tr></table></html>",
            b"\xef\xbb\xbf\r\n<!DOCTYPE html>",
            b"<?xml version='1.0'?><Workbook/>",
            b"\x89PNG\r\n\x1a\n",
            b"\x1f\x8b\x08\x00",
        ],
    )
    def test_are_refused_by_their_content(self, data):
        error = refusal(data)

        assert error.code == "wrong_type"
        assert "名簿.csv" in str(error)

    def test_a_zip_that_is_no_workbook_is_refused(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("word/document.xml", "<x/>")

        assert refusal(stream.getvalue()).code == "wrong_type"


class TestSources:
    def test_a_path_is_opened_and_closed(self, tmp_path):
        path = tmp_path / "roster.csv"
        path.write_text(ROSTER, "cp932")

        with open_table(path, name=path.name) as table:
            assert len(list(table.rows())) == 2

    def test_a_path_that_is_no_table_is_closed_too(self, tmp_path):
        path = tmp_path / "empty.csv"
        path.touch()

        with pytest.raises(TableError):
            open_table(str(path), name=path.name)

    @pytest.mark.parametrize(
        "file",
        [
            SimpleUploadedFile("a.csv", ROSTER.encode()),
            ContentFile(ROSTER.encode()),
            InMemoryUploadedFile(io.BytesIO(ROSTER.encode()), "f", "a.csv", "text/csv", 9, None),
        ],
        ids=["simple", "content", "memory"],
    )
    def test_an_uploaded_file_stays_open(self, file):
        table = open_table(file, name="a.csv")

        assert len(list(table.rows())) == 2
        assert len(list(table.rows())) == 2
        assert not file.closed

    def test_an_uploaded_workbook_is_read(self):
        file = SimpleUploadedFile("a.xlsx", workbook([["a", "b"], ["1", "2"]]))

        assert list(open_table(file, name="a.xlsx").rows()) == [(2, ["1", "2"])]


class TestWorkbooks:
    def test_cells_come_as_a_person_reads_them(self):
        def fill(book, sheet):
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            wareki = book.add_format({"num_format": '[$-411]ggge"年"m"月"d"日"'})
            moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            hours = book.add_format({"num_format": "[h]:mm"})
            sheet.write_row(0, 0, [f"見出し{index}" for index in range(12)])
            sheet.write_string(1, 0, "00123")
            sheet.write_number(1, 1, 1001)
            sheet.write_number(1, 2, 12.5)
            sheet.write_number(1, 3, 0.1 + 0.2)
            sheet.write_datetime(1, 4, date(2026, 4, 1), day)
            sheet.write_datetime(1, 5, date(2026, 4, 1), wareki)
            sheet.write_datetime(1, 6, datetime(2026, 4, 1, 13, 5), moment)  # noqa: DTZ001
            sheet.write_datetime(1, 7, clock(9, 30), book.add_format({"num_format": "hh:mm"}))
            sheet.write_datetime(1, 8, timedelta(hours=30, minutes=5), hours)
            sheet.write_boolean(1, 9, True)
            sheet.write_number(1, 10, 1234567890123)

        assert rows_of(workbook(fill=fill)) == [
            (
                2,
                [
                    "00123",
                    "1001",
                    "12.5",
                    "0.3",
                    date(2026, 4, 1),
                    date(2026, 4, 1),
                    datetime(2026, 4, 1, 13, 5),  # noqa: DTZ001
                    "09:30",
                    "30:05",
                    "1",
                    "1234567890123",
                    "",
                ],
            )
        ]

    def test_rows_and_columns_are_counted_from_the_sheet_not_from_the_data(self):
        def fill(book, sheet):
            sheet.write_row("C4", ["社員番号", "氏名"])
            sheet.write_row("C6", ["1", "佐藤"])
            sheet.write_row("C7", ["2", "鈴木", "", "余分"])

        table = table_of(workbook(fill=fill))

        assert (table.heading_row, table.headings) == (4, ["社員番号", "氏名"])
        assert list(table.rows()) == [(6, ["1", "佐藤"])]
        assert (table.problems[0].row, table.column_letter(0)) == (7, "C")
        assert "F" in str(table.problems[0])

    def test_the_title_above_the_headings_is_passed_over(self):
        data = workbook([["出席簿"], [], ["社員番号", "氏名"], ["1", "佐藤"]])

        assert table_of(data).headings == ["社員番号", "氏名"]

    def test_names_its_sheets_and_reads_the_one_asked_for(self):
        data = workbook([["a", "b"], ["1", "2"]], sheets=("一", "二"))

        assert table_of(data).sheet_names == ["一", "二"]
        assert table_of(data).sheet == "一"
        assert table_of(data, sheet="二").sheet == "二"
        assert "二" in str(refusal(data, sheet="三"))
        assert refusal(data, sheet="三").code == "no_sheet"

    def test_a_hidden_sheet_is_not_read_unasked(self):
        def fill(book, sheet):
            if sheet.name == "隠し":
                sheet.hide()
            else:
                sheet.activate()
                sheet.set_first_sheet()

        data = workbook([["a", "b"], ["1", "2"]], sheets=("隠し", "名簿"), fill=fill)

        assert table_of(data).sheet_names == ["名簿"]

    def test_a_failed_formula_is_shown_as_the_sheet_shows_it(self):
        def fill(book, sheet):
            sheet.write_formula("B2", "=VLOOKUP(1,A1:A1,1)", None, "#N/A")

        ((_, cells),) = rows_of(workbook([["a", "b"], ["1", ""]], fill=fill))

        assert cells == ["1", "#N/A"]
        assert isinstance(cells[1], CellError)

    def test_an_empty_sheet_is_refused(self):
        assert refusal(workbook()).code == "empty"

    def test_a_damaged_workbook_is_refused(self):
        data = workbook([["a", "b"], ["1", "2"]])

        assert refusal(data[: len(data) // 2]).code == "damaged"
        assert refusal(repacked(data, **{"xl/worksheets/sheet1.xml": "<x"})).code == "damaged"
        assert refusal(repacked(data, **{"xl/worksheets/sheet1.xml": None})).code == "damaged"
        assert refusal(repacked(data, **{"xl/workbook.xml": "no xml"})).code == "damaged"

    def test_a_workbook_that_unpacks_to_too_much_is_refused(self):
        data = workbook([["a", "b"], ["1", "2"]])

        assert refusal(data, max_unpacked=1_000).code == "too_large"

    def test_a_workbook_that_lies_about_its_size_is_refused(self):
        data = bytearray(
            repacked(
                workbook([["a", "b"]]), **{"xl/worksheets/sheet1.xml": b"<x>" + b" " * 5_000_000}
            )
        )
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            offset = archive.start_dir
        entry = data.index(b"xl/worksheets/sheet1.xml", offset) - 46
        data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")

        assert refusal(bytes(data), max_unpacked=1_000_000).code == "damaged"

    def test_a_workbook_of_too_many_parts_is_refused(self):
        parts = {f"xl/media/{number}.png": b"" for number in range(2_000)}

        assert refusal(repacked(workbook([["a", "b"]]), **parts)).code == "too_large"

    def test_a_stray_cell_far_away_is_refused_before_it_fills_the_memory(self):
        def fill(book, sheet):
            sheet.write_string("XFD1048576", "迷子")

        assert refusal(workbook([["a", "b"]], fill=fill)).code == "too_large"

    def test_a_wide_sheet_is_read(self):
        headings = [f"見出し{number}" for number in range(200)]

        assert len(table_of(workbook([headings, ["x"] * 200])).headings) == 200
