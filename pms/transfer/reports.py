"""What the page of an import shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import progress
from .choices import ImportStatus, RowStatus
from .importers import Importer, importer_class
from .models import ImportRun

S = ImportStatus
STEP = {S.UPLOADED: 2, S.CHECKING: 3, S.PREVIEWED: 3, S.REFUSED: 3, S.WRITING: 4}
LAST_STEP = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that an import treats alike.

    Attributes:
        key: RowStatus, or one of the importer's own.
        label: in words.
        count: how many there are.
        samples: the first of them, as `previews` keeps them.
        is_written: whether the import writes them.
    """

    key: str
    label: str
    count: int
    samples: list[dict[str, Any]]
    is_written: bool


def groups_of(run: ImportRun) -> list[Group]:
    """The groups of a checked import that have rows, what is written first; errors left out."""
    kind = importer_class(run.importer)
    samples = run.preview.get("samples", {})
    written = run.preview.get("written_groups", [])
    return [
        Group(
            key=key,
            label=label,
            count=run.counts[key],
            samples=samples.get(key, []),
            is_written=key in written,
        )
        for key, label in _labels(kind)
        if run.counts.get(key)
    ]


def _labels(kind: type[Importer]) -> Iterator[tuple[str, str]]:
    labels = dict(RowStatus.choices)
    for status in (RowStatus.CHANGED, RowStatus.NEW):
        yield status, str(labels[status])
    for key, label in kind.groups.items():
        yield key, str(label)
    for status in (RowStatus.UNCHANGED, RowStatus.SKIPPED, RowStatus.MISSING):
        yield status, str(labels[status])


def steps() -> list[str]:
    """The steps of an import, by name."""
    return [_("Choose a file"), _("Name the columns"), _("Look at the changes"), _("Import")]


def step_of(run: ImportRun) -> int:
    """The number of the present step, from 1; past the last one when the import is over."""
    return STEP.get(S(run.status), LAST_STEP + 1)


@dataclass(frozen=True, slots=True)
class Work:
    """How far a running import is: rows done, rows in all, and both in a sentence."""

    done: int
    total: int
    text: str


def work_of(run: ImportRun) -> Work:
    """How far a run that is being checked or written is."""
    sign = progress.read(run.pk)
    if sign is None:
        return Work(0, 0, _("Waiting to start."))
    facts = {"done": f"{sign.done:,}", "total": f"{sign.total:,}"}
    text = _("%(done)s of about %(total)s rows.") % facts
    left = sign.seconds_left
    if left is not None:
        text += " " + ngettext(
            "About %(count)d second left.", "About %(count)d seconds left.", left
        ) % {"count": left}
    return Work(sign.done, sign.total, text)
