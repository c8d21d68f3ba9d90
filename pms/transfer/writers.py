"""Tables written as files that a spreadsheet opens without harm and an import reads back.

What a cell becomes: text stays text (leading zeros kept), numbers are numbers, dates are dates
(2026-04-01 in CSV), moments are the local time without a zone, true and false are 1 and 0,
None is empty. Reading the file gives the same texts again, and numbers as a person reads them.
The only characters lost are NUL, which no database keeps, and the two that XML forbids.

A formula is neutralised by an apostrophe in CSV. In a workbook a cell has a type: there it is
text, marked as such in the way of Excel itself, and needs no sign that a reader would see.
"""

import csv
import io
import re
import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice, zip_longest
from math import isfinite
from typing import Any, BinaryIO, Final
from unicodedata import east_asian_width

import xlsxwriter
import xlsxwriter.worksheet
from django.utils import timezone
from django.utils.translation import gettext as _

from .archives import column_letters
from .escaping import FORMULA_STARTS, neutralise, restore
from .exceptions import TableError

MAX_XLSX_ROWS: Final = 1_048_575  # a sheet has one row more, for the headings
_EXACT_DIGITS: Final = 15  # of a number in a spreadsheet
# Programs disagree on the days before: the 1900 of the first spreadsheet had a 29 February.
_FIRST_XLSX_DAY: Final = date(1900, 3, 1)
_ROWS_AT_ONCE: Final = 500
_UNWRITABLE: Final = re.compile("[\0\ufffe\uffff]")
_ESCAPE_LIKE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f]")
_NOT_IN_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\\0-\x1f]")
_SHEET_NAME_UNITS: Final = 31  # of UTF-16, in which 𠮷 takes two
_SUSPECT_STARTS: Final = FORMULA_STARTS | {"'"}
_WIDTHS: Final = range(10, 41)  # characters

_TEXT: Final = {"num_format": 49, "valign": "top"}  # 49 is "@", text
_WORKBOOK_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_csv(stream: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a CSV file: UTF-8 with its mark, lines ended by CR LF, formulas neutralised.

    Args:
        stream: where to; stays open.
        headings: the first row.
        rows: read once, never held as a whole.

    Returns:
        The number of rows below the headings.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    records = chain([headings], rows)
    count = -1
    stream.write(BOM_UTF8)
    while some := list(islice(records, _ROWS_AT_ONCE)):
        writer.writerows([_csv_text(value) for value in row] for row in some)
        stream.write(buffer.getvalue().encode())
        buffer.seek(0)
        buffer.truncate()
        count += len(some)
    return count


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; the headings are bold, frozen and can be filtered.

    Attributes:
        name: shortened and cleaned to what Excel allows.
        headings: the first row.
        rows: read once, never held as a whole.
        widths: of the columns, in characters; None takes the width of the heading.
    """

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[float | None] = ()


def write_xlsx(
    stream: BinaryIO,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sheet_name: str,
    widths: Sequence[float | None] | None = None,
) -> int:
    """Write an Excel workbook of one sheet, as `write_workbook` does.

    Returns:
        The number of rows below the headings.
    """
    (count,) = write_workbook(stream, [Sheet(sheet_name, headings, rows, widths or ())])
    return count


def write_workbook(stream: BinaryIO, sheets: Iterable[Sheet]) -> list[int]:
    """Write an Excel workbook, one sheet after the other.

    Args:
        stream: where to; stays open. Nothing is written to it if an error is raised.
        sheets: with names that differ.

    Returns:
        The number of rows below the headings of each sheet.

    Raises:
        TableError: more rows than a sheet has ("too_many_rows"), or a text longer than a cell
            holds ("long_cell").
    """
    with tempfile.TemporaryDirectory() as folder:
        workbook = xlsxwriter.Workbook(stream, {**_WORKBOOK_OPTIONS, "tmpdir": folder})
        counts = [_add_sheet(workbook, sheet) for sheet in sheets]
        workbook.close()
    return counts


def _add_sheet(workbook: xlsxwriter.Workbook, sheet: Sheet) -> int:
    worksheet = workbook.add_worksheet(_sheet_name(sheet.name), worksheet_class=_Worksheet)
    try:
        count = worksheet.fill(workbook, sheet.headings, sheet.rows)
    except BaseException:
        for opened in workbook.worksheets():
            opened.row_data_fh.close()
        raise
    text = workbook.add_format(_TEXT)
    for index, (heading, width) in enumerate(zip_longest(sheet.headings, sheet.widths)):
        worksheet.set_column(index, index, width or _heading_width(heading or ""), text)
    worksheet.freeze_panes(1, 0)
    if sheet.headings:
        worksheet.autofilter(0, 0, count, len(sheet.headings) - 1)
    return count


class _Worksheet(xlsxwriter.worksheet.Worksheet):
    """A sheet that writes each value as what it is."""

    def fill(
        self,
        workbook: xlsxwriter.Workbook,
        headings: Sequence[str],
        rows: Iterable[Sequence[Any]],
    ) -> int:
        """Write headings and rows in order; the number of rows is returned."""
        self._text = workbook.add_format(_TEXT)
        self._quoted = workbook.add_format({**_TEXT, "quote_prefix": True})
        self._number = workbook.add_format({"valign": "top"})
        self._day = workbook.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        self._moment = workbook.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"})
        bold = workbook.add_format({**_TEXT, "bold": True, "text_wrap": True})
        for column, heading in enumerate(headings):
            self.write_string(0, column, _xlsx_text(str(heading)), bold)
        row = 0
        for row, values in enumerate(rows, 1):
            if row > MAX_XLSX_ROWS:
                raise _too_many_rows()
            for column, value in enumerate(values):
                if value.__class__ is str:
                    self._write_text(row, column, value)
                else:
                    self._write_other(row, column, value)
        return row

    def _write_text(self, row: int, column: int, text: str) -> None:
        layout = self._text
        if not text.isprintable() or text[:1] in _SUSPECT_STARTS:
            text = _xlsx_text(text)
            if text[:1] in FORMULA_STARTS:
                layout = self._quoted
        if text and self.write_string(row, column, text, layout):
            raise _long_cell(row + 1, column + 1)

    def _write_other(self, row: int, column: int, value: Any) -> None:
        if isinstance(value, datetime):
            value = _local(value)
            if value.date() >= _FIRST_XLSX_DAY:
                self.write_datetime(row, column, value, self._moment)
                return
        elif isinstance(value, date):
            if value >= _FIRST_XLSX_DAY:
                self.write_datetime(row, column, value, self._day)
                return
        elif _is_exact(value):
            self.write_number(row, column, value, self._number)
            return
        self._write_text(row, column, _plain(value))

    def _xml_rich_inline_string(self, string: str, attributes: Any = ()) -> None:
        # The library takes a text <r>…</r> for markup of its own and would write it as such.
        self._xml_inline_string(string, True, attributes)

    @staticmethod
    def _escape_control_characters(data: str) -> str:
        # The library's own misses an escape that shares its underscore with the one before.
        if data.isprintable() and "_x" not in data:
            return data
        data = _ESCAPE_LIKE.sub("_x005F_", data)
        return _CONTROLS.sub(lambda found: f"_x{ord(found[0]):04X}_", data)


def _csv_text(value: Any) -> str:
    if value.__class__ is not str:
        if value is not None and isinstance(value, int | float | Decimal | date):
            return _plain(value)  # a number below zero is no formula
        value = _plain(value)
    return neutralise(_UNWRITABLE.sub("", value) if not value.isprintable() else value)


def _xlsx_text(text: str) -> str:
    """The text without what XML forbids, and so that reading it takes no apostrophe away."""
    text = _UNWRITABLE.sub("", text)
    return text if restore(text) == text else neutralise(text)


def _plain(value: Any) -> str:
    """A value as text, the same in both formats."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case Decimal():
            return f"{value:f}"
        case float():
            return str(int(value)) if value.is_integer() else f"{value:.{_EXACT_DIGITS}g}"
        case datetime():
            return _local(value).isoformat(" ")
        case time():
            return value.isoformat("auto" if value.second else "minutes")
        case _:
            return str(value)


def _local(moment: datetime) -> datetime:
    """The moment as clocks here show it, to the second."""
    if timezone.is_aware(moment):
        moment = timezone.make_naive(moment)
    return moment.replace(microsecond=0)


def _is_exact(value: Any) -> bool:
    """Whether a spreadsheet's numbers hold the value without loss."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) < 10**_EXACT_DIGITS
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.as_tuple().digits) <= _EXACT_DIGITS
    return isinstance(value, float) and isfinite(value)


def _sheet_name(name: str) -> str:
    in_utf16 = _NOT_IN_SHEET_NAME.sub(" ", name).encode("utf-16-le")[: _SHEET_NAME_UNITS * 2]
    return in_utf16.decode("utf-16-le", "ignore").strip(" '")


def _heading_width(heading: str) -> int:
    width = sum(2 if east_asian_width(character) in "FWA" else 1 for character in heading) + 4
    return min(max(width, _WIDTHS[0]), _WIDTHS[-1])


def _too_many_rows() -> TableError:
    return TableError(
        _(
            "An Excel sheet holds at most %(limit)d rows below the headings. Please narrow the "
            "list with a filter or take it out as CSV."
        )
        % {"limit": MAX_XLSX_ROWS},
        code="too_many_rows",
        row=MAX_XLSX_ROWS + 2,
    )


def _long_cell(row: int, column: int) -> TableError:
    return TableError(
        _(
            "The text in cell %(cell)s is longer than an Excel cell may be. Please take the list "
            "out as CSV."
        )
        % {"cell": f"{column_letters(column)}{row}"},
        code="long_cell",
        row=row,
    )
