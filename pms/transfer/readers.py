"""Tables from files as offices save them: CSV in four encodings, and Excel workbooks."""

import codecs
import csv
import io
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, suppress
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Protocol, Self

import python_calamine
from django.utils.translation import gettext as _

from pms.core.text import fold, listed

from .archives import (
    MAX_UNPACKED_BYTES,
    ErrorCells,
    column_letters,
    damaged,
    inspect_workbook,
)
from .escaping import restore
from .exceptions import TableError
from .headings import count_known, heading_key

type Cell = str | date
"""What a cell holds: text (numbers too, as a person reads them), a date, or a naive datetime."""

MAX_ROWS: Final = 200_000
MAX_LONG_ROWS: Final = 100
# Title, course, department, notes: sheets to fill in have some rows above the headings.
ROWS_BEFORE_DATA: Final = 30

_CHUNK: Final = 1 << 20
_SEPARATORS: Final = ",\t;"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_MARKUP: Final = (b"<!doctype", b"<html", b"<head", b"<body", b"<table", b"<?xml", b"<meta")
_OTHER_FILES: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf")
# What the decoder of Shift_JIS lets through although no Japanese program writes it.
_NOT_SHIFT_JIS: Final = "\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3"


class CellError(str):
    """What a spreadsheet shows where a formula failed, like "#N/A"; not a value to import."""

    __slots__ = ()


class _Source(Protocol):
    """Where records come from: all of them, from the first row of the file, blank ones too."""

    encoding: str
    sheet_names: list[str]
    sheet: str
    first_column: int
    estimated_rows: int

    def records(self) -> Generator[list[Cell]]: ...


class Table:
    """The rows of one sheet or CSV file, with their headings.

    Attributes:
        name: of the file.
        encoding: "utf-16", "utf-8-sig", "utf-8", "cp932" or "xlsx".
        sheet_names: of a workbook; empty for CSV.
        sheet: the one that is read.
        heading_row: where the headings stand, as a person counts rows.
        headings: folded; a column without one has an empty text.
        estimated_rows: about how many rows there are, for a progress bar.
        problems: rows that the last run of `rows` had to leave out; complete once it has ended.
    """

    def __init__(
        self,
        source: _Source,
        *,
        name: str,
        stream: BinaryIO | None,
        expected: Collection[str],
        max_rows: int,
    ) -> None:
        self.name = name
        self.encoding = source.encoding
        self.sheet_names = source.sheet_names
        self.sheet = source.sheet
        self.estimated_rows = source.estimated_rows
        self.problems: list[TableError] = []
        self._source = source
        self._owned_stream = stream
        self._max_rows = max_rows
        self.heading_row, self.headings = _find_headings(source, name, expected)
        self._refuse_duplicate_headings()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if self._owned_stream is not None:
            self._owned_stream.close()

    def column_letter(self, index: int) -> str:
        """The letter of the column of `headings[index]` in a spreadsheet."""
        return column_letters(self._source.first_column + index)

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Read the rows below the headings, from the start each time; one reader at a time.

        Yields:
            The row as a person counts it in the file, and one cell for each heading. Blank rows
            are passed over; short rows are filled up with empty texts.

        Raises:
            TableError: a row cannot be read ("broken_row"), there are more than the limit
                ("too_many_rows"), or too many have cells beyond the headings ("long_rows").
                Single rows of that kind are left out and found in `problems`.
        """
        self.problems = []
        width = len(self.headings)
        count = 0
        for number, cells in enumerate(self._source.records(), 1):
            if number <= self.heading_row or _is_blank(cells):
                continue
            count += 1
            if count > self._max_rows:
                raise self._too_many_rows(number)
            if len(cells) != width:
                if len(cells) > width and not _is_blank(cells[width:]):
                    self._note_long_row(number, cells)
                    continue
                cells = [*cells[:width], *[""] * (width - len(cells))]
            yield number, cells

    def _note_long_row(self, number: int, cells: Sequence[Cell]) -> None:
        if len(self.problems) == MAX_LONG_ROWS:
            raise TableError(
                _(
                    "More than %(count)d rows have more cells than there are headings, the last "
                    "one is row %(row)d. Please check that every column has a heading and that "
                    "texts with a comma stand in quotation marks."
                )
                % {"count": MAX_LONG_ROWS, "row": number},
                code="long_rows",
                row=number,
            )
        width = len(self.headings)
        index = next(i for i in range(width, len(cells)) if not _is_blank(cells[i : i + 1]))
        self.problems.append(
            TableError(
                _(
                    "Row %(row)d has “%(value)s” in column %(column)s, where there is no heading. "
                    "Please give the column a heading or delete the cell; a text with a comma in "
                    "a CSV file stands in quotation marks."
                )
                % {
                    "row": number,
                    "value": str(cells[index])[:40],
                    "column": self.column_letter(index),
                },
                code="long_row",
                row=number,
            )
        )

    def _too_many_rows(self, number: int) -> TableError:
        return TableError(
            _(
                "“%(name)s” has more than %(limit)d rows. Please split it into several files and "
                "upload them one after the other."
            )
            % {"name": self.name, "limit": self._max_rows},
            code="too_many_rows",
            row=number,
        )

    def _refuse_duplicate_headings(self) -> None:
        first: dict[str, int] = {}
        for index, heading in enumerate(self.headings):
            key = heading_key(heading)
            if key and first.setdefault(key, index) != index:
                raise TableError(
                    _(
                        "The heading “%(heading)s” stands in columns %(first)s and %(second)s of "
                        "row %(row)d. Please rename or delete one of them."
                    )
                    % {
                        "heading": heading,
                        "first": self.column_letter(first[key]),
                        "second": self.column_letter(index),
                        "row": self.heading_row,
                    },
                    code="duplicate_heading",
                    row=self.heading_row,
                )


def open_table(
    source: str | Path | BinaryIO,
    *,
    name: str,
    sheet: str | None = None,
    expected: Collection[str] = (),
    max_rows: int = MAX_ROWS,
    max_unpacked: int = MAX_UNPACKED_BYTES,
) -> Table:
    """Open a file that somebody uploaded as a table; its content decides what it is.

    Args:
        source: a path, or a binary file that can seek; the latter stays open.
        name: of the file, for messages.
        sheet: of a workbook; the first visible one if None.
        expected: headings that the import knows. The row with most of them is the heading row;
            if no row has two, it is the first with two filled cells, or the first filled row.
        max_rows: rows below the headings that are read at most.
        max_unpacked: bytes that a workbook may unpack to.

    Returns:
        The table; to be used in a `with` statement if `source` is a path.

    Raises:
        TableError: the file is no table that can be read; see the codes.
    """
    stream = open(source, "rb") if isinstance(source, str | Path) else source  # noqa: SIM115
    owned = stream if stream is not source else None
    try:
        kind = _kind(stream, name)
        found: _Source
        if kind == "xlsx":
            found = _WorkbookSource(stream, name, sheet, max_unpacked)
        else:
            found = _TextSource(stream, name, expected)
        return Table(found, name=name, stream=owned, expected=expected, max_rows=max_rows)
    except BaseException:
        if owned is not None:
            owned.close()
        raise


def _kind(stream: BinaryIO, name: str) -> str:
    """Tell "xlsx" from "csv" by the first bytes, and refuse what is neither."""
    stream.seek(0)
    head = stream.read(2048)
    if head.startswith(_ZIP):
        return "xlsx"
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if not start:
        raise TableError(
            _("“%(name)s” is empty. Please choose a file with headings and rows.") % {"name": name},
            code="empty",
        )
    if head.startswith(_OLD_EXCEL):
        message = _(
            "“%(name)s” is in the old Excel format (.xls) or protected by a password. Please "
            "save it as an Excel workbook (.xlsx) without a password and upload that file."
        )
    elif start.startswith(_MARKUP):
        message = _(
            "“%(name)s” is a web page, whatever its name ends in. Please open it in your "
            "spreadsheet program, save it as an Excel workbook (.xlsx) and upload that file."
        )
    elif head.startswith(_OTHER_FILES):
        message = _(
            "“%(name)s” is not a table. Please save it as an Excel workbook (.xlsx) or as CSV "
            "and upload that file."
        )
    else:
        return "csv"
    raise TableError(message % {"name": name}, code="wrong_type")


def _is_blank(cells: Sequence[Cell]) -> bool:
    return not any(cells) or "".join(map(str, cells)).isspace()


def _find_headings(source: _Source, name: str, expected: Collection[str]) -> tuple[int, list[str]]:
    with closing(source.records()) as records:
        first_rows = [
            [fold(str(cell)) for cell in cells] for cells in islice(records, ROWS_BEFORE_DATA)
        ]
    index = _heading_index(first_rows, expected)
    if index is None:
        if not any(map(any, first_rows)) and source.estimated_rows <= ROWS_BEFORE_DATA:
            raise TableError(
                _("“%(name)s” is empty. Please choose a file with headings and rows.")
                % {"name": name},
                code="empty",
            )
        raise TableError(
            _(
                "No headings were found in the first %(count)d rows of “%(name)s”. Please put the "
                "headings into one row, directly above the data."
            )
            % {"count": ROWS_BEFORE_DATA, "name": name},
            code="no_headings",
        )
    headings = first_rows[index]
    while headings and not headings[-1]:
        headings.pop()
    return index + 1, headings


def _heading_index(rows: Sequence[Sequence[str]], expected: Collection[str]) -> int | None:
    known = [count_known(cells, expected) for cells in rows]
    if known and max(known) >= min(2, len(expected)) > 0:
        return known.index(max(known))
    filled = [sum(map(bool, cells)) for cells in rows]
    for least in (2, 1):
        index = next((i for i, count in enumerate(filled) if count >= least), None)
        if index is not None:
            return index
    return None


class _TextSource:
    """CSV, or text separated by tabs or semicolons."""

    sheet = ""
    first_column = 1

    def __init__(self, stream: BinaryIO, name: str, expected: Collection[str]) -> None:
        self._stream = stream
        self._name = name
        self.sheet_names: list[str] = []
        self.encoding, self.estimated_rows = self._decode()
        self._separator = self._sniff(expected)

    def records(self) -> Generator[list[Cell]]:
        number = 0
        with closing(self._raw_records(self.encoding)) as reader:
            try:
                for cells in reader:
                    number += 1
                    yield [restore(cell) if cell[:1] == "'" else cell for cell in cells]
            except csv.Error as error:
                raise TableError(
                    _(
                        'Row %(row)d cannot be read: a quotation mark (") is opened and not '
                        "closed, or text follows behind the closing one. Please correct the row or "
                        "save the file again from your spreadsheet program."
                    )
                    % {"row": number + 1},
                    code="broken_row",
                    row=number + 1,
                ) from error

    def _raw_records(
        self, encoding: str, *, errors: str = "strict", separator: str = "", strict: bool = True
    ) -> Generator[list[str]]:
        self._stream.seek(0)
        text = io.TextIOWrapper(self._stream, encoding, errors, newline="")
        try:
            yield from csv.reader(text, delimiter=separator or self._separator, strict=strict)
        finally:
            text.detach()

    def _decode(self) -> tuple[str, int]:
        """Find the encoding by decoding the whole file, in pieces; count its lines on the way."""
        self._stream.seek(0)
        head = self._stream.read(4)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            candidates: tuple[str, ...] = ("utf-16",)
        elif head.startswith(codecs.BOM_UTF8):
            candidates = ("utf-8-sig",)
        else:
            candidates = ("utf-8", "cp932")
        trials = [_Trial(encoding) for encoding in candidates]
        self._stream.seek(0)
        lines = 1
        chunk = b"-"
        while chunk:
            chunk = self._stream.read(_CHUNK)
            for trial in trials:
                trial.feed(chunk)
            lines += chunk.count(b"\n")
        best = max(trials, key=lambda trial: trial.good)
        if best.failed:
            raise self._unreadable(best.encoding, "\ufffd")
        if best.has_nul:
            raise self._unreadable(best.encoding, "\0")
        return best.encoding, lines

    def _unreadable(self, encoding: str, sign: str) -> TableError:
        """Name the first cell that holds `sign`."""
        number = 0
        with (
            closing(
                self._raw_records(encoding, errors="replace", separator=",", strict=False)
            ) as reader,
            suppress(csv.Error),
        ):
            for cells in reader:
                number += 1
                if any(sign in cell for cell in cells):
                    break
        if sign == "\0":
            return TableError(
                _(
                    "“%(name)s” is not a CSV file or is damaged: row %(row)d holds a character "
                    "that stands in no text. Please save it again from your spreadsheet program."
                )
                % {"name": self._name, "row": number},
                code="nul",
                row=number,
            )
        return TableError(
            _(
                "Row %(row)d of “%(name)s” holds characters that are neither UTF-8 nor Shift_JIS. "
                "Please open the file in your spreadsheet program and save it as “CSV UTF-8”."
            )
            % {"name": self._name, "row": number},
            code="undecodable",
            row=number,
        )

    def _sniff(self, expected: Collection[str]) -> str:
        """The separator that gives the best heading row: most known, most regular, most cells."""

        def quality(separator: str) -> tuple[int, int, int]:
            try:
                with closing(
                    self._raw_records(self.encoding, separator=separator, strict=False)
                ) as reader:
                    rows = list(islice(reader, ROWS_BEFORE_DATA))
            except csv.Error:
                return 0, 0, 0
            index = _heading_index(rows, expected)
            if index is None or len(rows[index]) < 2:
                return 0, 0, 0
            width = len(rows[index])
            regular = sum(len(cells) == width for cells in rows[index:])
            return count_known(rows[index], expected), regular, width

        return max(_SEPARATORS, key=quality)


class _Trial:
    """One encoding, tried on a file piece by piece."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.good = 0
        self.failed = False
        self.has_nul = False
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def feed(self, chunk: bytes) -> None:
        """Decode the next piece; the empty one ends the file."""
        if self.failed:
            return
        try:
            text = self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            self.good += error.start
            self.failed = True
            return
        self.has_nul = self.has_nul or "\0" in text
        if self.encoding == "cp932" and any(sign in text for sign in _NOT_SHIFT_JIS):
            self.failed = True
            return
        self.good += len(chunk) or 1


class _WorkbookSource:
    """One sheet of an Excel workbook (.xlsx)."""

    encoding = "xlsx"

    def __init__(self, stream: BinaryIO, name: str, sheet: str | None, max_unpacked: int) -> None:
        errors = inspect_workbook(stream, name=name, max_unpacked=max_unpacked)
        stream.seek(0)
        try:
            with python_calamine.CalamineWorkbook.from_filelike(stream) as workbook:
                visible = [
                    it.name
                    for it in workbook.sheets_metadata
                    if it.visible == python_calamine.SheetVisibleEnum.Visible
                    and it.typ == python_calamine.SheetTypeEnum.WorkSheet
                ]
                self.sheet_names = visible
                self.sheet = self._choose(sheet, name)
                self._sheet = workbook.get_sheet_by_name(self.sheet)
        except python_calamine.CalamineError as error:
            raise damaged(name) from error
        self._errors: ErrorCells = errors.get(self.sheet, {})
        self.first_column = self._sheet.start[1] + 1 if self._sheet.start else 1
        self.estimated_rows = self._sheet.total_height

    def _choose(self, wanted: str | None, name: str) -> str:
        if wanted is None and self.sheet_names:
            return self.sheet_names[0]
        if wanted in self.sheet_names:
            return str(wanted)
        raise TableError(
            _("“%(name)s” has no sheet “%(sheet)s” (or it is hidden). Its sheets are: %(sheets)s.")
            % {"name": name, "sheet": wanted or "", "sheets": listed(self.sheet_names)},
            code="no_sheet",
        )

    def records(self) -> Generator[list[Cell]]:
        for number, values in enumerate(self._sheet.iter_rows(), 1):
            cells: list[Cell] = [
                (restore(it) if it[:1] == "'" else it) if it.__class__ is str else _cell(it)
                for it in values
            ]
            if self._errors:
                for index in range(len(cells)):
                    shown = self._errors.get((number, self.first_column + index))
                    if shown is not None:
                        cells[index] = CellError(shown)
            yield cells


def _cell(value: Any) -> Cell:
    """A cell as a person reads it: 1001 for 1001.0, 1 or 0 for true or false, 30:00 for hours."""
    match value:
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return f"{value:.15g}"  # as many digits as a spreadsheet knows
        case datetime() if value.time() == time.min:
            return value.date()
        case date():
            return value
        case time():
            return value.isoformat("auto" if value.second else "minutes")
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            hours, minutes = divmod(minutes, 60)
            return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
        case _:
            return str(value)
