"""What an import would do, in numbers and samples; small whatever the file."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final

from .choices import RowStatus
from .importers import PlannedRow

MAX_SAMPLES: Final = 50  # a group
MAX_ERRORS: Final = 200
MAX_CHANGES: Final = 12  # of one sample
MAX_CHARACTERS: Final = 80  # of one value

type Error = tuple[int, str, str]
"""Row as a person counts it (0: the file as a whole), heading or "", message."""


def clip(value: Any, limit: int = MAX_CHARACTERS) -> str:
    """`value` as a person reads it, no longer than `limit`."""
    text = "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


class Preview:
    """Counts, samples, errors and the digest of a plan, gathered row by row.

    Attributes:
        counts: group → rows.
        samples: group → the first rows of it, as JSON data.
        total: rows of the file.
        written: rows that confirming writes; `written_groups` are theirs.
        error_count: errors, more than are kept.
    """

    def __init__(self, headings: Mapping[str, str]) -> None:
        """Start; `headings` is column → how the file calls it."""
        self.headings = headings
        self.counts: Counter[str] = Counter()
        self.samples: dict[str, list[dict[str, Any]]] = {}
        self.total = 0
        self.written = 0
        self.written_groups: set[str] = set()
        self.error_count = 0
        self._errors: list[Error] = []
        self._groups: list[str] = []
        self._group_of = bytearray()  # row → its group's place in `_groups`, plus 1
        self._digest = hashlib.sha256()

    def add(self, rows: Sequence[PlannedRow]) -> None:
        """Count the next rows of the file."""
        self.total += len(rows)
        for row in rows:
            self._count(row)
            if row.is_written:
                self.written += 1
                self.written_groups.add(row.group or row.status)
        self._digest.update(
            repr([(r.number, r.status, r.key, r.changes, r.payload) for r in rows]).encode()
        )

    def finish(self, rows: Iterable[PlannedRow]) -> None:
        """Count what was known only at the end; see `Importer.finish`."""
        for row in rows:
            if row.number:
                self._uncount(row.number)
            self._count(row)

    def refuse(self, number: int, message: str) -> None:
        """Note an error of the file itself, which is of no column."""
        self._note(number, "", message)

    def digest(self) -> str:
        """The digest of the plan; the same plan in the same blocks gives the same one."""
        return self._digest.hexdigest()

    def errors(self) -> list[Error]:
        """The first errors of the file."""
        return sorted(self._errors)[:MAX_ERRORS]

    def as_data(self) -> dict[str, Any]:
        """What the run keeps of it."""
        return {
            "written": self.written,
            "written_groups": sorted(self.written_groups),
            "samples": self.samples,
            "errors": self.errors(),
            "error_count": self.error_count,
            "headings": {name: clip(heading) for name, heading in self.headings.items()},
        }

    def _count(self, row: PlannedRow) -> None:
        group = row.group or row.status
        self.counts[group] += 1
        if row.number:
            self._remember(row.number, group)
        for column, message in row.errors:
            self._note(row.number, clip(self.headings.get(column, column)), message)
        if row.status != RowStatus.ERROR:
            samples = self.samples.setdefault(group, [])
            if len(samples) < MAX_SAMPLES:
                samples.append(self._sample(row))

    def _remember(self, number: int, group: str) -> None:
        if group not in self._groups:
            self._groups.append(group)
        if number >= len(self._group_of):
            self._group_of.extend(bytes(number + 1000))
        self._group_of[number] = self._groups.index(group) + 1

    def _uncount(self, number: int) -> None:
        place = self._group_of[number]
        if place:
            group = self._groups[place - 1]
            self.counts[group] -= 1
            kept = [it for it in self.samples.get(group, []) if it["number"] != number]
            self.samples[group] = kept

    def _note(self, number: int, heading: str, message: str) -> None:
        self.error_count += 1
        if len(self._errors) < 2 * MAX_ERRORS:
            self._errors.append((number, heading, clip(message, 400)))

    def _sample(self, row: PlannedRow) -> dict[str, Any]:
        return {
            "number": row.number,
            "key": clip(row.key),
            "label": clip(row.label),
            "note": clip(row.note, 200),
            "changes": [
                (clip(self.headings.get(name, name)), clip(old), clip(new))
                for name, (old, new) in islice(row.changes.items(), MAX_CHANGES)
            ],
        }
