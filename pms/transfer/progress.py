"""How far a running import is.

It is kept in files, not in the database: while an import is being written, nobody but its own
transaction would see it there, and SQLite lets nobody else write.
"""

import time
from dataclasses import dataclass
from typing import Final

from django.core.cache import caches

_SECONDS_KEPT: Final = 24 * 3600
_SECONDS_BETWEEN: Final = 0.3


@dataclass(frozen=True, slots=True)
class Progress:
    """A sign of life.

    Attributes:
        done, total: rows; `total` is an estimate until the file has been read.
        began_at, seen_at: seconds since 1970.
    """

    done: int
    total: int
    began_at: float
    seen_at: float

    @property
    def seconds_left(self) -> int | None:
        """How much longer it takes at this speed; None while that cannot be said."""
        if not self.done or self.seen_at - self.began_at < 1:
            return None
        rows_left = max(self.total - self.done, 0)
        return round((self.seen_at - self.began_at) / self.done * rows_left)


def read(run_id: int) -> Progress | None:
    """The last sign of life of a run; None if there is none."""
    found: Progress | None = caches["progress"].get(str(run_id))
    return found


def forget(run_id: int) -> None:
    """The run has ended."""
    caches["progress"].delete(str(run_id))


class Reporter:
    """Tells how far one run is, a few times a second at most."""

    def __init__(self, run_id: int, total: int) -> None:
        self._run_id = run_id
        self._total = total
        self._began_at = time.time()
        self._told_at = 0.0
        self.report(0)

    def report(self, done: int) -> None:
        """Tell that `done` rows are done."""
        now = time.time()
        if now - self._told_at < _SECONDS_BETWEEN:
            return
        self._told_at = now
        sign = Progress(done, max(self._total, done), self._began_at, now)
        caches["progress"].set(str(self._run_id), sign, _SECONDS_KEPT)
