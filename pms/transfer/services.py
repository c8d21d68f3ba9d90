"""What people do with an import: upload, name the columns, check, confirm, cancel, undo."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pms.core.bulk import create_rows, update_rows
from pms.core.exceptions import DomainError
from pms.core.text import listed
from pms.history.context import as_actor
from pms.history.services import record, record_created, record_updated

from . import engine, progress
from .choices import ImportStatus as S
from .exceptions import TableError
from .importers import Importer, importer_class, load_importer
from .models import HeadingMemory, ImportRun
from .readers import open_table
from .tasks import check_import, write_import

# A running import gives a sign of life several times a second.
STALE_AFTER: Final = timedelta(minutes=2)
MEGABYTE: Final = 1024 * 1024
MAX_REMEMBERED: Final = 200  # characters of a heading


@as_actor
def upload(
    file: BinaryIO,
    *,
    name: str,
    importer: str,
    options: Mapping[str, Any],
    actor: Any,
    today: date,
    now: datetime,
    in_background: bool = True,
) -> ImportRun:
    """Keep a file as a new import; it is checked at once if every heading is understood.

    Args:
        file: the bytes, from the start; can seek.
        name: how the user calls the file.
        importer: key of the importer.
        options: what its options form gave.
        actor: the account; None on the command line.
        today: the day, in the organization's time zone.
        now: the moment.
        in_background: whether to start the check; else the caller does it.

    Returns:
        The run, UPLOADED when columns still have to be named, else CHECKING.

    Raises:
        DomainError: the file is too large or no table that can be read.
    """
    size = file.seek(0, 2)
    if size > settings.IMPORT_MAX_BYTES:
        raise DomainError(
            _("“%(name)s” is larger than %(limit)d MB. Please split it into several files.")
            % {"name": name, "limit": settings.IMPORT_MAX_BYTES // MEGABYTE}
        )
    kind = importer_class(importer)
    try:
        with open_table(file, name=name, expected=engine.expected_headings(kind)) as table:
            mapping, undecided = engine.match(table.headings, kind, remembered=remembered(kind))
            encoding = table.encoding
    except TableError as error:
        raise DomainError(str(error), code=error.code) from error
    run = ImportRun(
        importer=importer,
        name=name[:255],
        size=size,
        sha256=engine.sha256_of(file),
        encoding=encoding,
        mapping=mapping | dict.fromkeys(undecided, ""),
        options=dict(options),
        created_by=actor,
    )
    run.file.save(name, File(file), save=False)
    is_clear = not undecided and not engine.missing_columns(kind, engine.columns_of(mapping))
    with transaction.atomic():
        run.save()
        if is_clear:
            _start_check(run, today=today, now=now, in_background=in_background)
    return run


@as_actor
@transaction.atomic
def map_columns(
    run_id: int,
    mapping: Mapping[str, str],
    *,
    actor: Any,
    today: date,
    now: datetime,
    in_background: bool = True,
) -> ImportRun:
    """Say what each heading of the file means, remember it, and check the file.

    Args:
        run_id: primary key.
        mapping: heading → column, "" for one to leave out; headings not named stay as they are.
        actor: who says so.
        today: the day, in the organization's time zone.
        now: the moment.
        in_background: whether to start the check; else the caller does it.

    Raises:
        DomainError: a column is named twice, or a needed one not at all.
        InvalidTransitionError: the import is past the point where this can change.
    """
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    kind = importer_class(run.importer)
    new = run.mapping | {heading: column for heading, column in mapping.items() if heading}
    label = {spec.name: spec.labels[0] for spec in kind.headings}
    named = [column for column in new.values() if column]
    for column in named:
        if named.count(column) > 1:
            raise DomainError(
                _("“%(column)s” is chosen for more than one heading. Please choose it once.")
                % {"column": label[column]}
            )
    if missing := engine.missing_columns(kind, frozenset(named)):
        raise DomainError(
            _("These columns are missing: %(columns)s.") % {"columns": listed(missing)}
        )
    _remember(kind, mapping, actor)
    run.mapping = new
    run.save(update_fields=["mapping"])
    _start_check(run, today=today, now=now, in_background=in_background)
    return run


@as_actor
@transaction.atomic
def check_again(run_id: int, *, actor: Any, today: date, now: datetime) -> ImportRun:
    """Plan the file once more, e.g. after a missing department has been added.

    Raises:
        InvalidTransitionError: the import is past the point where this makes sense.
    """
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    _start_check(run, today=today, now=now)
    return run


@as_actor
@transaction.atomic
def confirm(
    run_id: int,
    *,
    digest: str,
    actor: Any,
    today: date,
    now: datetime,
    in_background: bool = True,
) -> ImportRun:
    """Have a checked import written.

    Args:
        run_id: primary key.
        digest: `plan_digest` of the preview that the actor has seen.
        actor: who confirms.
        today: the day, in the organization's time zone.
        now: the moment.
        in_background: whether to start writing; else the caller does it.

    Raises:
        DomainError: there is nothing to write, or the preview is not the one that was seen.
        InvalidTransitionError: the import does not wait for a confirmation.
    """
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    run.move_to(S.WRITING)
    if digest != run.plan_digest:
        raise DomainError(
            _("The preview has been made anew since you opened it. Please look at it again.")
        )
    if not count_written(run):
        raise DomainError(_("Everything in this file is in the system already."))
    run.save_status(finished_by=actor, started_at=now, failure="")
    if in_background:
        _enqueue(run, today)
    return run


@as_actor
@transaction.atomic
def cancel(run_id: int, *, actor: Any) -> ImportRun:
    """Drop an import that has not been written; its file is deleted, for it may name people.

    Raises:
        InvalidTransitionError: it is being written or has been.
    """
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    run.move_to(S.CANCELLED)
    run.save_status(preview={})
    transaction.on_commit(partial(run.file.storage.delete, str(run.file.name)))
    return run


@as_actor
@transaction.atomic
def undo(run_id: int, *, actor: Any, reason: str, today: date, now: datetime) -> ImportRun:
    """Take a written import back as a whole.

    Args:
        run_id: primary key.
        actor: who takes it back.
        reason: why; kept in the journal.
        today: the day, in the organization's time zone.
        now: the moment.

    Raises:
        DomainError: something depends on what was imported; the messages say what.
        InvalidTransitionError: the import has not been written, or was taken back already.
    """
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    run.move_to(S.UNDONE)
    importer = load_importer(run, columns=frozenset(), today=today)
    engine.lock_tables(importer)
    if obstacles := importer.obstacles_to_undo(run):
        raise DomainError(obstacles)
    importer.undo(run, actor=actor, reason=reason)
    run.undone_by, run.undone_at, run.undo_reason = actor, now, reason
    run.save(update_fields=["status", "undone_by", "undone_at", "undo_reason"])
    record("transfer.undone", run, actor=actor, reason=reason, details={"file": run.name})
    return run


def remembered(kind: type[Importer]) -> dict[str, str]:
    """Heading → column, as somebody said before; "" for one to leave out."""
    known = HeadingMemory.objects.filter(importer=kind.key)
    return dict(known.values_list("heading", "column"))


def _remember(kind: type[Importer], mapping: Mapping[str, str], actor: Any) -> None:
    """Keep what somebody said about headings, where it is not what would be found anyway."""
    by_itself, _undecided = engine.match(list(mapping), kind, remembered={})
    stored = {it.heading: it for it in HeadingMemory.objects.filter(importer=kind.key)}
    new, changed = [], []
    for heading, column in mapping.items():
        memory = stored.get(heading)
        if by_itself.get(heading) == column:
            if memory:
                memory.delete()
        elif memory is None and 0 < len(heading) <= MAX_REMEMBERED:
            new.append(HeadingMemory(importer=kind.key, heading=heading, column=column))
        elif memory and memory.column != column:
            changed.append((memory, {"column": (memory.column, column)}))
            memory.column = column
    create_rows(new)
    record_created(new, actor=actor)
    update_rows([memory for memory, _values in changed], {"column"})
    record_updated(changed, actor=actor)


def is_stale(run: ImportRun, *, now: datetime) -> bool:
    """Whether a run waits or works, and has given no sign of life for STALE_AFTER."""
    if run.status not in (S.CHECKING, S.WRITING) or run.started_at is None:
        return False
    sign = progress.read(run.pk)
    seen_at = max(run.started_at.timestamp(), sign.seen_at if sign else 0)
    return now.timestamp() - seen_at > STALE_AFTER.total_seconds()


@transaction.atomic
def resume(run_id: int, *, actor: Any, today: date, now: datetime) -> bool:
    """Start the work of a run again if it has given no sign of life; nothing was half-done.

    Should the first worker live after all, the second one finds the work done.

    Returns:
        Whether it was started again.
    """
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if not is_stale(run, now=now):
        return False
    ImportRun.objects.filter(pk=run_id).update(started_at=now)
    _enqueue(run, today)
    return True


def resume_stale(*, today: date, now: datetime) -> list[ImportRun]:
    """Start every run again that a worker left lying; for the recurring command."""
    waiting = ImportRun.objects.filter(status__in=[S.CHECKING, S.WRITING])
    return [run for run in waiting if resume(run.pk, actor=None, today=today, now=now)]


def count_written(run: ImportRun) -> int:
    """How many rows confirming writes (or has written)."""
    written: int = run.preview.get("written", 0)
    return written


def _start_check(run: ImportRun, *, today: date, now: datetime, in_background: bool = True) -> None:
    run.move_to(S.CHECKING)
    run.save_status(
        started_at=now, failure="", progress=0, total=None, counts={}, preview={}, plan_digest=""
    )
    progress.forget(run.pk)
    if in_background:
        _enqueue(run, today)


def _enqueue(run: ImportRun, today: date) -> None:
    """Hand the run to a worker as soon as the transaction is through."""
    work = check_import if run.status == S.CHECKING else write_import
    language = get_language() or settings.LANGUAGE_CODE
    transaction.on_commit(partial(work.enqueue, run.pk, today.isoformat(), language))
