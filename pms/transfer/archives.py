"""A workbook is a zip archive: looked through before anything unpacks it into memory."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from .exceptions import TableError

MAX_UNPACKED_BYTES: Final = 500_000_000
MAX_MEMBERS: Final = 2_000
# The reader lays a sheet out as a full rectangle, so one stray cell far away costs as much memory
# (some 24 bytes a cell) as if everything between were filled. 100,000 rows may have 200 columns.
MAX_CELLS: Final = 20_000_000

type ErrorCells = dict[tuple[int, int], str]
"""(row, column), both from 1 → what the cell shows instead of a value, like "#N/A"."""

_CHUNK: Final = 1 << 20
# Up to column S no number of rows that a sheet can have is too many.
_FAR_COLUMN = re.compile(rb'<c r="(?:[T-Z]|[A-Z]{2,3})\d')
_FILLED_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>/]*>')
_ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f.*?</f>)?<v>([^<]*)</v>',
    re.DOTALL,
)


def inspect_workbook(
    stream: BinaryIO, *, name: str, max_unpacked: int = MAX_UNPACKED_BYTES
) -> dict[str, ErrorCells]:
    """Refuse an archive that is no workbook or would fill the memory.

    Sizes are not believed but counted: every part is unpacked once, in pieces, and thrown away.

    Args:
        stream: the file, at any position.
        name: of the file, for messages.
        max_unpacked: bytes that all parts together may have.

    Returns:
        Sheet name → its cells whose formula failed; the reader would take them for empty.

    Raises:
        TableError: not a workbook ("wrong_type"), damaged ("damaged") or too large ("too_large").
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = _checked_parts(archive, name, max_unpacked)
            sheets = _sheets(archive)
            found = {}
            for part in parts:
                errors = _read_through(archive, part, name)
                if part in sheets:
                    found[sheets[part]] = errors
            return found
    except TableError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        ElementTree.ParseError,
        EOFError,
        LookupError,  # a part that is named and not there, an encoding that nobody knows
        NotImplementedError,  # a compression that no spreadsheet program uses
        RuntimeError,  # an encrypted part
        ValueError,  # offsets outside the file, names that are no text
    ) as error:
        raise damaged(name) from error


def damaged(name: str) -> TableError:
    """The error for a workbook that cannot be read."""
    return TableError(
        _(
            "“%(name)s” is damaged and cannot be read. Please open it in your spreadsheet "
            "program, save it as .xlsx again and upload that file."
        )
        % {"name": name},
        code="damaged",
    )


def _checked_parts(archive: zipfile.ZipFile, name: str, max_unpacked: int) -> list[str]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > max_unpacked:
        raise _too_large(name)
    parts = [member.filename for member in members]
    if "xl/workbook.xml" not in parts:
        raise TableError(
            _(
                "“%(name)s” is not a table. Please save it as an Excel workbook (.xlsx) or as "
                "CSV and upload that file."
            )
            % {"name": name},
            code="wrong_type",
        )
    return [part for part in parts if part.endswith((".xml", ".rels"))]


def _too_large(name: str) -> TableError:
    return TableError(
        _(
            "“%(name)s” is too large to be read. Please delete what is not needed (pictures, "
            "other sheets, stray cells far to the right or below) or save the sheet as CSV."
        )
        % {"name": name},
        code="too_large",
    )


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The file of each sheet → the name of the sheet."""
    # The parser of the standard library refuses to expand entities without end, and the parts
    # are within the limits above.
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    target_of = {it.get("Id"): it.get("Target", "") for it in relations}
    sheets = {}
    for element in workbook.iter():
        if element.tag.endswith("}sheet"):
            key = next((value for at, value in element.items() if at.endswith("}id")), None)
            target = target_of.get(key, "")
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            sheets[part] = element.get("name", "")
    return sheets


def _read_through(archive: zipfile.ZipFile, part: str, name: str) -> ErrorCells:
    errors: ErrorCells = {}
    is_wide = False
    for piece in _pieces(archive, part):
        is_wide = is_wide or _FAR_COLUMN.search(piece) is not None
        if b' t="e"' in piece:
            for letters, row, shown in _ERROR_CELL.findall(piece):
                errors[int(row), column_number(letters.decode())] = shown.decode()
    if is_wide:
        _measure(archive, part, name)
    return errors


def _measure(archive: zipfile.ZipFile, part: str, name: str) -> None:
    width = height = 0
    for piece in _pieces(archive, part):
        cells = _FILLED_CELL.findall(piece)
        width = max([width, *(column_number(it.decode()) for it in {cell[0] for cell in cells})])
        height = max([height, *map(int, {cell[1] for cell in cells})])
    if width * height > MAX_CELLS:
        raise _too_large(name)


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The unpacked part in pieces that end where a cell begins."""
    rest = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            rest += chunk
            cut = rest.rfind(b"<c ")
            if cut <= 0:
                cut = len(rest)
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → A, 26 → Z, 27 → AA: how a spreadsheet names its columns."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
