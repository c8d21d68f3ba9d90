"""What an import of one kind of table has to know; the machinery around it is always the same."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from . import undoing
from .choices import WRITTEN
from .headings import HeadingSpec
from .models import ImportRun
from .readers import Cell

__all__ = [
    "Cell",
    "HeadingSpec",
    "Importer",
    "OptionsForm",
    "PlannedRow",
    "importer_class",
    "importers_for",
    "load_importer",
]


@dataclass(slots=True)
class PlannedRow:
    """What an import would do with one row; nothing is written yet.

    Attributes:
        number: the row as a person counts it in the file; 0 for a record that is not in the file.
        status: one of RowStatus.
        key: what the row is about, as the user knows it, e.g. the employee number.
        label: its name, for the preview.
        changes: column → (old, new) as a person reads them; of a new record only what is filled.
        errors: (column, message); the message says what is wrong and how to mend it.
        note: a remark for the preview, e.g. why the row is left out.
        group: a finer group than the status, one of `Importer.groups`; empty for the status.
        payload: plain data that `apply` needs; part of the digest that confirming compares.
    """

    number: int
    status: str
    key: str = ""
    label: str = ""
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""
    group: str = ""
    payload: Any = None

    @property
    def is_written(self) -> bool:
        """Whether confirming writes something for this row."""
        return self.status in WRITTEN


class OptionsForm(forms.Form):
    """What an import asks beside the file; a subclass adds fields and overrides `options`."""

    def __init__(self, *args: Any, actor: Any, today: date, **kwargs: Any) -> None:
        self.actor = actor
        self.today = today
        super().__init__(*args, **kwargs)

    def options(self) -> dict[str, Any]:
        """The answers as plain JSON data, as `Importer.__init__` receives them."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
        }


class Importer(ABC):
    """One kind of import.

    The machinery creates an importer for each pass over the file and calls `prepare` once, then
    for each block of rows `look_up`, `plan` for each row in order, and, when the import is
    confirmed, `apply`; after the last row `finish`. Only `apply` writes. The same file against
    the same records must give the same plan.

    Attributes:
        key: name in `settings.IMPORTERS` and in addresses.
        title: what the import is for, in the user's words.
        explanation: one or two sentences for the upload page.
        permission: who may do it.
        headings: the columns it knows.
        alternatives: groups of columns of which at least one must be there.
        groups: labels of finer groups than RowStatus, by their key.
        locks: tables that nobody else may write while the import is being written.
        options_form: what the upload page asks beside the file.
    """

    do_not_call_in_templates = True  # a page shows the class, not what it makes

    key: ClassVar[str]
    title: ClassVar[Any]
    explanation: ClassVar[Any] = ""
    permission: ClassVar[str]
    headings: ClassVar[tuple[HeadingSpec, ...]]
    alternatives: ClassVar[tuple[tuple[str, ...], ...]] = ()
    groups: ClassVar[Mapping[str, Any]] = {}
    locks: ClassVar[tuple[type[models.Model], ...]] = ()
    options_form: ClassVar[type[OptionsForm]] = OptionsForm

    def __init__(self, options: Mapping[str, Any], *, columns: frozenset[str], today: date) -> None:
        """Make an importer for one pass.

        Args:
            options: what `OptionsForm.options` gave.
            columns: names of the columns that the file has.
            today: the day of the check or of the confirmation.
        """
        self.options = options
        self.columns = columns
        self.today = today

    def prepare(self) -> None:  # noqa: B027 - may be left out
        """Load small tables that every row needs."""

    def look_up(self, rows: Sequence[Mapping[str, Cell]]) -> None:  # noqa: B027 - may be left out
        """Load what the next rows need, in few queries; memory stays flat this way."""

    @abstractmethod
    def plan(self, number: int, values: Mapping[str, Cell]) -> PlannedRow:
        """Say what would happen with one row.

        Args:
            number: the row as a person counts it in the file.
            values: column → cell, for the columns that the file has. An empty cell is "".
        """

    def finish(self) -> Iterable[PlannedRow]:
        """Tell what is known only at the end.

        A row with status ERROR and a number replaces what was planned for that row; a row with
        status MISSING is a record that the file does not name.
        """
        return ()

    @abstractmethod
    def apply(self, rows: Sequence[PlannedRow], *, actor: Any, run: ImportRun) -> None:
        """Write the rows of one block that are new or changed, with their journal entries.

        Everything runs in one transaction under the operation number of `run`, which is how
        `undo` finds it again: a bulk write calls `history.services.record_created` and so on.
        """

    def obstacles_to_undo(self, run: ImportRun) -> list[str]:
        """What stands in the way of taking `run` back, in sentences; empty if nothing does."""
        return undoing.obstacles(run)

    def undo(self, run: ImportRun, *, actor: Any, reason: str) -> None:
        """Take back what `run` wrote; called in a transaction, and only without obstacles."""
        undoing.take_back(run, actor=actor, reason=reason)


def importer_class(key: str) -> type[Importer]:
    """The importer that `settings.IMPORTERS` names `key`; KeyError if there is none."""
    found: type[Importer] = import_string(settings.IMPORTERS[key])
    return found


def importers_for(user: Any) -> list[type[Importer]]:
    """The importers that this account may use."""
    found = map(importer_class, settings.IMPORTERS)
    return [it for it in found if user.has_perm(it.permission)]


def load_importer(run: ImportRun, *, columns: frozenset[str], today: date) -> Importer:
    """A fresh importer for one pass of `run`."""
    return importer_class(run.importer)(run.options, columns=columns, today=today)
