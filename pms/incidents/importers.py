"""Lists of addressees from files as offices have them.

They do not go through the imports that keep their file for taking it back: the file of a list that
is erased by rule would stay. It is read once, all of it or nothing, and only its rows are kept.
"""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.core.text import fold, listed
from pms.transfer.exceptions import TableError
from pms.transfer.headings import HeadingSpec, match_headings
from pms.transfer.readers import CellError, Table, open_table

from .models import Addressee

HEADINGS: Final = (
    HeadingSpec("name", ("氏名", "名前", "お名前", "宛名", "name"), required=True),
    HeadingSpec("postal_code", ("郵便番号", "〒", "postal code", "zip")),
    HeadingSpec("address", ("住所", "宛先住所", "address")),
    HeadingSpec("email", ("メールアドレス", "電子メール", "メール", "email", "e-mail")),
)
# So many faults are shown at once; who mends them sends the file again anyway.
MOST_FAULTS: Final = 20
MOST_ROWS: Final = 100_000


def read_addressees(file: BinaryIO, *, name: str) -> list[Addressee]:
    """The rows of a list, not stored yet; a row that stands in it twice is taken once.

    Args:
        file: the bytes.
        name: how the user calls the file.

    Raises:
        DomainError: it is no table that can be read, a column is missing, or rows are wrong; each
            fault names its row.
    """
    expected = [label for spec in HEADINGS for label in (*spec.labels, spec.name)]
    try:
        with open_table(file, name=name, expected=expected, max_rows=MOST_ROWS) as table:
            return _read(table)
    except TableError as error:
        raise DomainError({"file": str(error)}) from error


def _read(table: Table) -> list[Addressee]:
    found = match_headings(table.headings, HEADINGS)
    if found.missing:
        labels = listed(spec.labels[0] for spec in found.missing)
        raise DomainError(
            {"file": _("These columns are missing: %(columns)s.") % {"columns": labels}}
        )
    rows: dict[tuple[str, ...], Addressee] = {}
    faults: list[str] = []
    for number, cells in table.rows():
        row = Addressee(**{column: _text(cells[at]) for column, at in found.columns.items()})
        faults += _faults(number, row, [cells[at] for at in found.columns.values()])
        rows[(row.name, row.postal_code, row.address, row.email)] = row
    faults += [str(it) for it in table.problems]
    if not rows and not faults:
        faults = [_("There is no row below the headings.")]
    if faults:
        raise DomainError({"file": _shown(faults)})
    return list(rows.values())


def _text(cell: Any) -> str:
    return fold(str(cell))


def _faults(number: int, row: Addressee, cells: Sequence[Any]) -> Iterator[str]:
    if any(isinstance(it, CellError) for it in cells):
        yield _("Row %(row)s: a formula has failed. Enter the value itself.") % {"row": number}
        return
    try:
        row.clean_fields(exclude=["notice"])
    except ValidationError as refusal:
        labels = {spec.name: spec.labels[0] for spec in HEADINGS}
        for field, messages in refusal.message_dict.items():
            yield _("Row %(row)s, “%(column)s”: %(faults)s") % {
                "row": number,
                "column": labels.get(field, field),
                "faults": " ".join(messages),
            }


def _shown(faults: list[str]) -> list[str]:
    shown = faults[:MOST_FAULTS]
    if len(faults) > MOST_FAULTS:
        rest = len(faults) - MOST_FAULTS
        shown.append(_("%(number)s more rows are wrong.") % {"number": rest})
    return [*shown, _("Nothing was imported. Correct the file and send it again.")]
