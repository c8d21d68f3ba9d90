"""A list as a file, and the journal entry that it was taken out."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.utils.translation import override

from pms.history.services import record_export

from .writers import write_csv, write_xlsx

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHUNK = 2_000
FILE_LANGUAGE = "ja"


def export_response(
    request: HttpRequest, rows: QuerySet, columns: Sequence[Any], *, name: str, form: str
) -> FileResponse:
    """A download of `rows`, recorded in the journal.

    The headings are a file format in Japanese, so the words below them are Japanese too: a file
    reads the same whoever takes it out.

    Args:
        request: whose account takes the file out.
        rows: filtered and sorted; read in chunks.
        columns: `lists.Column` objects.
        name: file name without its ending.
        form: "csv" or "xlsx".

    Returns:
        The response; the file is made in a temporary place, so memory stays flat.
    """
    headings = [column.heading for column in columns]
    values = [column.value for column in columns]
    counted = _Counted([value(row) for value in values] for row in rows.iterator(CHUNK))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with override(FILE_LANGUAGE):
        if form == "csv":
            write_csv(file, headings, counted)
        else:
            widths = [column.width for column in columns]
            write_xlsx(file, headings, counted, sheet_name=name, widths=widths)
    file.seek(0)
    record_export(rows.model, actor=request.user, name=f"{name}.{form}", count=counted.count)
    return FileResponse(
        file, as_attachment=True, filename=f"{name}.{form}", content_type=MEDIA_TYPES[form]
    )


class _Counted:
    """Rows that count themselves while they are read."""

    def __init__(self, rows: Iterable[list[Any]]) -> None:
        self.rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.rows:
            self.count += 1
            yield row
