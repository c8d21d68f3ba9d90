"""How a file becomes evidence, and how it is looked at again."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import IO, Any, Final

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext as _

from pms.history.services import Action
from pms.history.services import record as journal

from .checks import Accepted, check
from .choices import ScanState
from .exceptions import InfectedFileError, UnacceptableFileError
from .models import EvidenceFile, random_name, storage
from .scan import Scan, scan

PIECE: Final = 1 << 20

logger = logging.getLogger(__name__)
_stored_names: ContextVar[list[str] | None] = ContextVar("stored_names", default=None)


@contextmanager
def atomic_with_files() -> Iterator[None]:
    """A transaction whose failure also removes the files that were stored in it.

    A service that attaches files among other writes opens this one instead of
    `transaction.atomic`; blocks may lie inside each other. A found virus is journalled after the
    outermost block has failed, since the journal would go down with it.
    """
    outer = _stored_names.get()
    names: list[str] = []
    token = _stored_names.set(names)
    try:
        with transaction.atomic():
            yield
    except BaseException as error:
        for name in names:
            storage().delete(name)
        if isinstance(error, InfectedFileError) and outer is None:
            journal(**error.entry)
        raise
    else:
        if outer is not None:
            outer += names
    finally:
        _stored_names.reset(token)


def attach(
    record: models.Model,
    file: UploadedFile,
    *,
    actor: Any,
    note: str = "",
    stated_on: date | None = None,
    supersedes: EvidenceFile | None = None,
) -> EvidenceFile:
    """Keep an uploaded file as evidence of `record`.

    Args:
        record: what the file proves something about; already stored.
        file: as it was uploaded.
        actor: who brought it.
        note: what it is, in the actor's words.
        stated_on: the date that the document itself bears.
        supersedes: the present file of the same record whose place this one takes.

    Returns:
        The file as kept; size and SHA-256 are those of the kept bytes.

    Raises:
        UnacceptableFileError: the kind or content is not accepted; names the file and the cure.
        InfectedFileError: a virus was found; this is journalled.
    """
    accepted, finding = _look_through(file)
    with atomic_with_files():
        if supersedes is not None:
            _check_supersedable(supersedes, record)
        return _keep(
            record,
            accepted,
            finding,
            uploaded_by=actor,
            note=note,
            stated_on=stated_on,
            supersedes=supersedes,
        )


def attach_all(
    record: models.Model,
    files: Iterable[UploadedFile],
    *,
    actor: Any,
    note: str = "",
    stated_on: date | None = None,
) -> list[EvidenceFile]:
    """Keep several files, or none of them if one is refused; see `attach`."""
    seen = [_look_through(file) for file in files]
    with atomic_with_files():
        return [
            _keep(record, accepted, finding, uploaded_by=actor, note=note, stated_on=stated_on)
            for accepted, finding in seen
        ]


def supersede(
    evidence_id: int,
    file: UploadedFile,
    *,
    actor: Any,
    note: str = "",
    stated_on: date | None = None,
) -> EvidenceFile:
    """Put a better file in the place of a present one; both are kept; see `attach`.

    Raises:
        EvidenceFile.DoesNotExist: no file has this key.
        UnacceptableFileError: also when another file has taken its place already.
    """
    former = EvidenceFile.objects.get(pk=evidence_id)
    return attach(
        former.record, file, actor=actor, note=note, stated_on=stated_on, supersedes=former
    )


@transaction.atomic
def rescan(evidence_id: int) -> EvidenceFile:
    """Search a kept file for viruses and note what was found; without a scanner nothing changes.

    Args:
        evidence_id: primary key; the row stays locked until the transaction ends.

    Returns:
        The file as stored.

    Raises:
        EvidenceFile.DoesNotExist: no file has this key.
        FileNotFoundError: the storage has lost the file.
    """
    evidence = EvidenceFile.objects.select_for_update().get(pk=evidence_id)
    with evidence.file.open("rb") as content:
        finding = scan(content)
    if finding.state == ScanState.NOT_SCANNED:
        return evidence
    evidence.scan_state = finding.state
    evidence.save(update_fields=["scan_state"])
    if evidence.is_infected:
        details = {"file": evidence.name, "virus": finding.signature}
        journal("evidence.found_infected", evidence.record, actor=None, details=details)
    return evidence


def record_download(evidence: EvidenceFile, *, actor: Any) -> None:
    """Write into the journal of the file's record that `actor` took the file."""
    details = {"file": evidence.name, "sha256": evidence.sha256}
    journal(
        "evidence.downloaded", evidence.record, actor=actor, details=details, action=Action.ACCESS
    )


def _look_through(file: UploadedFile) -> tuple[Accepted, Scan]:
    """Judge and scan an upload; both take their time, so it is done before any lock is held."""
    size = file.size or 0
    accepted = check(file, file.name or "", size=size, max_bytes=settings.EVIDENCE_MAX_BYTES)
    return accepted, scan(file)


def _check_supersedable(former: EvidenceFile, record: models.Model) -> None:
    former = EvidenceFile.objects.select_for_update().get(pk=former.pk)
    content_type = ContentType.objects.get_for_model(record)
    if (former.content_type_id, former.object_id) != (content_type.pk, record.pk):
        raise UnacceptableFileError(
            _("“%(name)s” belongs to another record. Please choose a file of this one.")
            % {"name": former}
        )
    if successor := EvidenceFile.objects.filter(supersedes=former).first():
        raise UnacceptableFileError(
            _(
                "“%(successor)s” has taken the place of “%(name)s” already. Please reload the "
                "page and replace that file instead."
            )
            % {"successor": successor, "name": former}
        )


def _keep(record: models.Model, accepted: Accepted, finding: Scan, **facts: Any) -> EvidenceFile:
    if finding.state == ScanState.INFECTED:
        raise _infected(record, accepted.name, finding.signature, facts["uploaded_by"])
    content = _Hashed(accepted.content)
    stored = storage().save(random_name(), content)
    names = _stored_names.get()
    if names is not None:
        names.append(stored)
    evidence = EvidenceFile(
        record=record,
        file=stored,
        name=accepted.name,
        media_type=accepted.media_type,
        size=content.written,
        sha256=content.digest.hexdigest(),
        scan_state=finding.state,
        **facts,
    )
    evidence.full_clean()
    evidence.save()
    event = "evidence.attached"
    details = {"file": evidence.name, "size": evidence.size, "sha256": evidence.sha256}
    if evidence.supersedes:
        event = "evidence.superseded"
        details["supersedes"] = evidence.supersedes.name
    journal(event, record, actor=evidence.uploaded_by, details=details)
    return evidence


def _infected(record: models.Model, name: str, virus: str, actor: Any) -> InfectedFileError:
    logger.warning("The virus scan found %s in an uploaded file.", virus)
    return InfectedFileError(
        _(
            "The virus scan found “%(virus)s” in “%(name)s”, so the file was not kept. Please do "
            "not open the file, and tell your system administrator."
        )
        % {"virus": virus, "name": name},
        entry={
            "event": "evidence.refused_infected",
            "target": record,
            "actor": actor,
            "details": {"file": name, "virus": virus},
        },
    )


class _Hashed(File):
    """A file that counts and digests what a storage takes out of it."""

    def __init__(self, content: IO[bytes]) -> None:
        super().__init__(content, name="")
        self.content = content
        self.digest = hashlib.sha256()
        self.written = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The content from its beginning, in pieces."""
        self.content.seek(0)
        while piece := self.content.read(chunk_size or PIECE):
            self.digest.update(piece)
            self.written += len(piece)
            yield piece
