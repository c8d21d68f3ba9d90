"""Answers that are files."""

import io

from django.http import FileResponse

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, media_type: str) -> FileResponse:
    """`content` as a file to keep, under a name in any script."""
    return FileResponse(
        io.BytesIO(content), as_attachment=True, filename=name, content_type=media_type
    )
