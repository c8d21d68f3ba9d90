"""Whether the kept files are still those that came in."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from .models import FOLDER, EvidenceFile, storage


@dataclass(frozen=True, slots=True)
class Deviation:
    """A file that is not as it was kept: missing, or with another content."""

    evidence: EvidenceFile
    is_missing: bool


def deviations(files: Iterable[EvidenceFile]) -> Iterator[Deviation]:
    """Read each of `files` from the storage, and give those that are not as they were kept."""
    for evidence in files:
        try:
            with evidence.file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256")
        except FileNotFoundError:
            yield Deviation(evidence, is_missing=True)
        else:
            if digest.hexdigest() != evidence.sha256:
                yield Deviation(evidence, is_missing=False)


def leftovers(*, before: datetime) -> Iterator[str]:
    """Names in the storage that no row knows and that were written before a moment.

    A process that is killed between writing a file and committing its row leaves one behind.
    """
    for name in _names(FOLDER):
        is_old = storage().get_modified_time(name) < before
        if is_old and not EvidenceFile.objects.filter(file=name).exists():
            yield name


def _names(folder: str) -> Iterator[str]:
    if not storage().exists(folder):
        return
    folders, files = storage().listdir(folder)
    for name in sorted(files):
        yield f"{folder}/{name}"
    for name in sorted(folders):
        yield from _names(f"{folder}/{name}")
