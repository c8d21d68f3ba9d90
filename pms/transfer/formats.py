"""The two file formats of the admin's import and export, on the readers and writers of all others.

The library's own formats lose leading zeros, cannot read Shift_JIS and let formulas through.
"""

from io import BytesIO
from typing import Any

import tablib
from import_export.formats.base_formats import Format

from .exports import MEDIA_TYPES
from .readers import open_table
from .writers import write_csv, write_xlsx


class TableFormat(Format):
    """A table as bytes; what reads it finds out by itself whether it is CSV or a workbook."""

    extension = ""

    def __init__(self, encoding: str | None = None) -> None:
        """The library proposes an encoding; the reader finds the right one itself."""

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> tablib.Dataset:
        """Read a file: every cell as text, as a person would read it.

        Raises:
            TableError: the file is no table; the form shows the message.
        """
        table = open_table(BytesIO(in_stream), name=self.get_title())
        data = tablib.Dataset(headers=table.headings)
        for _number, cells in table.rows():
            data.append([str(cell) for cell in cells])
        if table.problems:
            raise table.problems[0]
        return data

    def get_title(self) -> str:
        """The ending of the file's name, by which the forms offer the format."""
        return self.extension

    def get_extension(self) -> str:
        """The ending of the file's name."""
        return self.extension

    def get_content_type(self) -> str:
        """The media type of a download."""
        return MEDIA_TYPES[self.extension]

    def can_import(self) -> bool:
        """Yes."""
        return True

    def can_export(self) -> bool:
        """Yes."""
        return True


class JapaneseCSV(TableFormat):
    """CSV that opens without harm in a Japanese office; reads UTF-8, UTF-16 and Shift_JIS."""

    extension = "csv"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """The file."""
        stream = BytesIO()
        write_csv(stream, dataset.headers, dataset)
        return stream.getvalue()


class SafeXLSX(TableFormat):
    """An Excel workbook in which every value is a value, never a formula."""

    extension = "xlsx"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """The file."""
        stream = BytesIO()
        write_xlsx(stream, dataset.headers, dataset, sheet_name=dataset.title or "data")
        return stream.getvalue()


FORMATS = [JapaneseCSV, SafeXLSX]
