"""Rosters as files, and an import of one, step by step."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from pms.transfer import engine, services
from pms.transfer.models import ImportRun
from tests.accounts.factories import UserFactory

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
HEADINGS = (
    "社員番号",
    "姓",
    "名",
    "メールアドレス",
    "部門コード",
    "雇用区分",
    "役職",
    "入社日",
    "退職日",
)


def person_row(number: str, **changes: str) -> list[str]:
    """One row: a regular employee of D1 since 2020, with `changes` by heading."""
    usual = [number, "佐藤", "花子", "", "D1", "正社員", "", "2020-04-01", ""]
    return list((dict(zip(HEADINGS, usual, strict=True)) | changes).values())


def as_csv(
    rows: Iterable[Sequence[str]],
    *,
    headings: Sequence[str] = HEADINGS,
    encoding: str = "utf-8-sig",
) -> bytes:
    """A CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Iterable[Sequence[Any]], *, headings: Sequence[str] = HEADINGS) -> bytes:
    """A workbook; dates become dates of the spreadsheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy/m/d"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([headings, *rows]):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def upload(
    content: bytes, *, name: str = "名簿.csv", actor: Any = None, **options: Any
) -> ImportRun:
    """Upload a roster; its check waits."""
    return services.upload(
        io.BytesIO(content),
        name=name,
        importer="people",
        options={"effective_on": "2026-11-21"} | options,
        actor=actor or UserFactory(),
        today=TODAY,
        now=NOW,
        in_background=False,
    )


def check(content: bytes, **options: Any) -> ImportRun:
    """Upload and check a roster."""
    run = upload(content, **options)
    engine.check(run.pk, today=TODAY)
    run.refresh_from_db()
    return run


def confirm(run: ImportRun, *, actor: Any = None) -> ImportRun:
    """Confirm a checked roster and write it."""
    services.confirm(
        run.pk,
        digest=run.plan_digest,
        actor=actor or run.created_by,
        today=TODAY,
        now=NOW,
        in_background=False,
    )
    engine.write(run.pk, today=TODAY)
    run.refresh_from_db()
    return run


def take_in(content: bytes, **options: Any) -> ImportRun:
    """Upload, check, confirm and write a roster."""
    return confirm(check(content, **options))


def undo(run: ImportRun, *, reason: str = "誤って取り込んだ") -> ImportRun:
    """Take an import back."""
    return services.undo(run.pk, actor=run.created_by, reason=reason, today=TODAY, now=NOW)


def content_of(run: ImportRun) -> bytes:
    """The file as it is kept."""
    with run.file.storage.open(run.file.name, "rb") as file:
        return file.read()


def errors(run: ImportRun) -> list[tuple[int, str]]:
    """Row and column of every error that is kept."""
    return [(row, column) for row, column, _message in run.preview["errors"]]


def message(run: ImportRun) -> str:
    """The first error's message."""
    return run.preview["errors"][0][2]
