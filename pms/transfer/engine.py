"""The two passes over an import's file: one that plans, and one that plans again and writes."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import batched
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pms.core.text import listed
from pms.history.context import acting
from pms.history.services import record

from . import progress
from .choices import ImportStatus as S
from .choices import RowStatus
from .exceptions import TableError
from .headings import match_headings
from .importers import Importer, PlannedRow, importer_class, load_importer
from .models import ImportRun
from .previews import Error, Preview
from .readers import CellError, Table, open_table

BLOCK: Final = 1_000


class PlanChangedError(Exception):
    """Between check and confirmation somebody changed what the plan was made from."""


# --- The file -----------------------------------------------------------------------------------


def expected_headings(importer: type[Importer]) -> list[str]:
    """Every heading that the importer knows."""
    return [it for spec in importer.headings for it in (*spec.labels, spec.name)]


def match(
    headings: Sequence[str], importer: type[Importer], *, remembered: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Find what each heading of a file means.

    Args:
        headings: of the file.
        importer: the kind of import.
        remembered: heading → column, as somebody said before; "" for one to leave out.

    Returns:
        heading → column, "" for one that is left out on purpose; and the headings that nobody
        has decided about.
    """
    found = match_headings(headings, importer.headings, remembered=remembered)
    named = {headings[index]: column for column, index in found.columns.items()}
    mapping = {it: named.get(it, "") for it in headings if it and it not in found.unknown}
    return mapping, found.unknown


def missing_columns(importer: type[Importer], columns: frozenset[str]) -> list[str]:
    """What the file still lacks, as its columns are usually called."""
    label = {spec.name: spec.labels[0] for spec in importer.headings}
    missing = [it.labels[0] for it in importer.headings if it.required and it.name not in columns]
    missing += [
        " / ".join(label[name] for name in names)
        for names in importer.alternatives
        if columns.isdisjoint(names)
    ]
    return missing


def sha256_of(file: Any) -> str:
    """The SHA-256 of a binary file, from its start."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(run: ImportRun) -> Iterator[Table]:
    """The table of a run, once it is sure that the file still is the one that was uploaded."""
    with run.file.storage.open(str(run.file.name), "rb") as file:
        stream: Any = file.file
        if sha256_of(stream) != run.sha256:
            raise TableError(
                _("The stored file is not the one that was uploaded. Please upload it again."),
                code="altered",
            )
        yield open_table(
            stream, name=run.name, expected=expected_headings(importer_class(run.importer))
        )


# --- Planning -----------------------------------------------------------------------------------


class Pass:
    """One pass over a table, row by row in blocks.

    Attributes:
        importer: made for this pass.
        preview: what has been planned so far.
    """

    def __init__(self, table: Table, mapping: Mapping[str, str], importer: Importer) -> None:
        self.table = table
        self.importer = importer
        named = {mapping.get(heading, ""): i for i, heading in enumerate(table.headings)}
        named.pop("", None)
        self._columns = list(named)
        self._places = list(named.values())
        labels = {spec.name: spec.labels[0] for spec in importer.headings}
        in_file = {name: table.headings[index] for name, index in named.items()}
        self.preview = Preview(labels | in_file)

    def blocks(self, tell: Callable[[int], None]) -> Iterator[list[PlannedRow]]:
        """Plan the rows of the file, in blocks; `tell` hears how many are done."""
        self.importer.prepare()
        for block in batched(self.table.rows(), BLOCK):
            rows = [(number, self._values(cells)) for number, cells in block]
            self.importer.look_up([values for _, values in rows])
            planned = [self._plan(number, values) for number, values in rows]
            self.preview.add(planned)
            yield planned
            tell(self.preview.total)
        for problem in self.table.problems:
            self.preview.refuse(problem.row or 0, str(problem))
        self.preview.finish(self.importer.finish())

    def _values(self, cells: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(self._columns, [cells[place] for place in self._places], strict=True))

    def _plan(self, number: int, values: dict[str, Any]) -> PlannedRow:
        if self.table.encoding == "xlsx":
            broken = [it for it, value in values.items() if isinstance(value, CellError)]
            if broken:
                return _refused(number, values, broken)
        return self.importer.plan(number, values)


def _refused(number: int, values: Mapping[str, Any], broken: list[str]) -> PlannedRow:
    message = _(
        "“%(value)s” is the sign of a formula that failed. Please correct the formula or type the "
        "value."
    )
    errors = [(name, message % {"value": values[name]}) for name in broken]
    return PlannedRow(number, RowStatus.ERROR, errors=errors)


def columns_of(mapping: Mapping[str, str]) -> frozenset[str]:
    """The columns that a mapping names."""
    return frozenset(mapping.values()) - {""}


def pass_over(run: ImportRun, table: Table, *, today: date) -> Pass:
    """A fresh pass over the table of `run`."""
    importer = load_importer(run, columns=columns_of(run.mapping), today=today)
    return Pass(table, run.mapping, importer)


def plan_file(
    path: Path,
    importer: type[Importer],
    *,
    options: Mapping[str, Any],
    remembered: Mapping[str, str],
    today: date,
) -> Preview:
    """Plan a file that nobody has uploaded, and leave nothing behind.

    Raises:
        TableError: the file is no table, or columns are missing.
    """
    with open_table(path, name=path.name, expected=expected_headings(importer)) as table:
        mapping, _unknown = match(table.headings, importer, remembered=remembered)
        columns = columns_of(mapping)
        if missing := missing_columns(importer, columns):
            raise TableError(
                _("These columns are missing: %(columns)s.") % {"columns": listed(missing)},
                code="missing_columns",
            )
        run = Pass(table, mapping, importer(options, columns=columns, today=today))
        for _block in run.blocks(lambda done: None):
            pass
        return run.preview


def every_error(run: ImportRun, *, today: date) -> list[Error]:
    """All errors of a run's file, in the order of its rows; made anew from the file."""
    errors: list[Error] = []
    try:
        with opened(run) as table:
            one = pass_over(run, table, today=today)
            headings = one.preview.headings
            for block in one.blocks(lambda done: None):
                errors += _errors_of(block, headings)
            errors += _errors_of(one.importer.finish(), headings)
            errors += [(it.row or 0, "", str(it)) for it in table.problems]
    except TableError as error:
        errors.append((error.row or 0, "", str(error)))
    return sorted(errors)


def _errors_of(rows: Any, headings: Mapping[str, str]) -> Iterator[Error]:
    return (
        (row.number, headings.get(column, column), message)
        for row in rows
        for column, message in row.errors
    )


# --- Checking -----------------------------------------------------------------------------------


def check(run_id: int, *, today: date) -> None:
    """Plan the whole file and keep the preview; nothing else is written.

    Does nothing unless the run waits for it, so doing it twice does no harm.

    Args:
        run_id: primary key.
        today: the day, in the organization's time zone.
    """
    run = ImportRun.objects.get(pk=run_id)
    if run.status != S.CHECKING:
        return
    try:
        with opened(run) as table:
            reporter = progress.Reporter(run.pk, table.estimated_rows - table.heading_row)
            one = pass_over(run, table, today=today)
            for _block in one.blocks(reporter.report):
                pass
            preview = one.preview
    except TableError as error:
        preview = Preview({})
        preview.refuse(error.row or 0, str(error))
    except BaseException:
        _fail(run_id, S.CHECKING, _unexpected())
        raise
    _keep(run_id, preview)


def _keep(run_id: int, preview: Preview) -> None:
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.status != S.CHECKING:  # cancelled meanwhile, or checked by another worker
            return
        run.move_to(S.REFUSED if preview.error_count else S.PREVIEWED)
        with acting(actor=run.created_by):
            run.save_status(
                counts=dict(preview.counts),
                preview=preview.as_data(),
                plan_digest=preview.digest(),
                progress=preview.total,
                total=preview.total,
            )
    progress.forget(run_id)


def _unexpected() -> str:
    return _(
        "The system met an error that it did not expect. Nothing has been imported. Please try "
        "again; if it happens again, tell the system administrator the time."
    )


def _fail(run_id: int, expected: str, message: str) -> None:
    """Note why the run came to nothing."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.status == expected:
            run.move_to(S.FAILED)
            with acting(actor=run.created_by):
                run.save_status(finished_by=None, failure=message)
    progress.forget(run_id)


# --- Writing ------------------------------------------------------------------------------------


def write(run_id: int, *, today: date) -> None:
    """Plan the file again and write it, all or nothing, if the plan is the one that was confirmed.

    Does nothing unless the run waits for it. If the plan has changed meanwhile, nothing is
    written and the new plan is shown for another confirmation.

    Args:
        run_id: primary key.
        today: the day, in the organization's time zone.
    """
    run = ImportRun.objects.get(pk=run_id)
    if run.status != S.WRITING:
        return
    try:
        with opened(run) as table, transaction.atomic():
            _write(run_id, table, today=today)
    except PlanChangedError:
        _show_again(run_id)
        check(run_id, today=today)
    except TableError as error:
        _fail(run_id, S.WRITING, str(error))
    except BaseException:
        _fail(run_id, S.WRITING, _unexpected())
        raise
    progress.forget(run_id)


def _write(run_id: int, table: Table, *, today: date) -> None:
    # The lock makes a second worker wait; it then finds the run done.
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.status != S.WRITING:
        return
    reporter = progress.Reporter(run.pk, run.total or 0)
    actor = run.finished_by
    one = pass_over(run, table, today=today)
    lock_tables(one.importer)
    with acting(actor=actor, operation=run.operation):
        for block in one.blocks(reporter.report):
            if one.preview.error_count:
                raise PlanChangedError
            if written := [row for row in block if row.is_written]:
                one.importer.apply(written, actor=actor, run=run)
        if one.preview.error_count or one.preview.digest() != run.plan_digest:
            raise PlanChangedError
        run.move_to(S.DONE)
        run.save_status(finished_at=timezone.now())
        details = {"file": run.name, "sha256": run.sha256, "rows": run.counts}
        record("transfer.imported", run, actor=actor, details=details)


def lock_tables(importer: Importer) -> None:
    """Let nobody else write what the import is about; readers go on. Ends with the transaction."""
    if importer.locks and connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(it._meta.db_table) for it in importer.locks)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")


def _show_again(run_id: int) -> None:
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        run.move_to(S.PREVIEWED)
        run.move_to(S.CHECKING)
        message = _(
            "The data has been changed since this file was checked, so nothing has been imported. "
            "It has been checked again: please look at the new figures and confirm them."
        )
        with acting(actor=run.created_by):
            run.save_status(finished_by=None, failure=message)
