"""How an incident comes in: by the form, without a name, or entered by the office."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.evidence.services import atomic_with_files, attach
from pms.history.context import acting, as_actor
from pms.history.services import Action, record
from pms.incidents.choices import Answer, Channel, Entry, RecordKind
from pms.incidents.models import FirstReport, Incident, IncidentSettings, TimelineEntry
from pms.incidents.photos import without_traces
from pms.organization.models import Department
from pms.organization.services import next_number

from .lines import line_of
from .locking import lock_incident, require_text
from .telling import alert, tell_of_words

PREFIXES: Final = {RecordKind.INCIDENT: "INC", RecordKind.NEAR_MISS: "NM"}
DRILL: Final = "DR"
# Without 0, O, 1, I: the code is written down by hand. 16 of them are 79 bits.
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class FirstWords:
    """What somebody who reports says, in their own words; "not known" is an answer.

    Attributes:
        what: what happened.
        noticed_at: when the first department noticed it.
        noticed_by: who noticed it.
        data: what data.
        how_many: roughly how many people.
        is_going_on: whether it is still going on, of `Answer`.
        occurred_at: when it happened, where that is known.
    """

    what: str
    noticed_at: datetime
    noticed_by: str = ""
    data: str = ""
    how_many: str = ""
    is_going_on: str = Answer.UNKNOWN
    occurred_at: datetime | None = None


def report(
    words: FirstWords,
    *,
    actor: Any,
    now: datetime,
    kind: str = RecordKind.INCIDENT,
    department: Department | None = None,
    channel: str = Channel.FORM,
    told_by: str = "",
    third_party: str = "",
    reported_at: datetime | None = None,
    files: tuple[UploadedFile, ...] = (),
    is_drill: bool = False,
) -> Incident:
    """Take a first report, and tell at once who handles incidents.

    Args:
        words: what is said.
        actor: who enters it; also who reports, unless somebody told the office.
        now: the moment of entering.
        kind: an incident or a near miss, by the reporter's word.
        department: where it happened.
        channel: how it came.
        told_by: who told the office, where that is not the actor.
        third_party: the contractor, client or service concerned.
        reported_at: when it was told, where it is entered later.
        files: photos and papers.
        is_drill: whether it only exercises the procedure.

    Raises:
        DomainError: nothing is said, or a time lies in the future or in the wrong order.
    """
    return _take(
        words,
        actor=actor,
        now=now,
        kind=kind,
        department=department,
        channel=channel,
        told_by=told_by.strip(),
        third_party=third_party.strip(),
        reported_at=reported_at or now,
        files=files,
        is_drill=is_drill,
        reporter=actor if channel == Channel.FORM else None,
    )


def report_anonymously(
    words: FirstWords,
    *,
    now: datetime,
    kind: str = RecordKind.INCIDENT,
    department: Department | None = None,
    files: tuple[UploadedFile, ...] = (),
) -> tuple[Incident, str]:
    """Take a first report without a name; nothing that is stored leads to who sent it.

    No account, no address of the network, no name of a file, nothing inside a photo. Who reported
    comes back with the code; only its digest is kept.

    Returns:
        The incident, and the code.

    Raises:
        DomainError: the company does not take such reports; or see `report`.
    """
    if not IncidentSettings.current().allows_anonymous:
        raise DomainError(_("Reports without a name are not taken here."))
    code = "".join(secrets.choice(LETTERS) for _letter in range(CODE_LENGTH))
    with acting(actor=None, remote_addr=None):
        incident = _take(
            words,
            actor=None,
            now=now,
            kind=kind,
            department=department,
            channel=Channel.ANONYMOUS,
            reported_at=now,
            files=tuple(without_traces(file) for file in files),
            code_digest=digest_of(code),
        )
    return incident, code


def digest_of(code: str) -> str:
    """What is kept of a follow-up code; blanks, hyphens and small letters do not matter."""
    plain = "".join(sign for sign in code.upper() if sign in LETTERS)
    return hmac.new(settings.SECRET_KEY.encode(), plain.encode(), hashlib.sha256).hexdigest()


def by_code(code: str) -> Incident | None:
    """The incident that was reported without a name under `code`."""
    return Incident.objects.filter(code_digest=digest_of(code)).first()


@as_actor
def _take(
    words: FirstWords,
    *,
    actor: Any,
    now: datetime,
    kind: str,
    department: Department | None,
    channel: str,
    reported_at: datetime,
    files: tuple[UploadedFile, ...],
    told_by: str = "",
    third_party: str = "",
    is_drill: bool = False,
    reporter: Any = None,
    code_digest: str = "",
) -> Incident:
    what = require_text(words.what, "what", _("Write what happened, in your own words."))
    _check_times(words, reported_at, now)
    with atomic_with_files():
        prefix = DRILL if is_drill else PREFIXES[RecordKind(kind)]
        incident = Incident(
            number=next_number(prefix, day=timezone.localdate(now)),
            kind=kind,
            is_drill=is_drill,
            department=department,
            third_party=third_party,
            occurred_at=words.occurred_at,
            noticed_at=words.noticed_at,
            reported_at=reported_at,
            created_at=now,
            channel=channel,
            reporter=reporter,
            told_by=told_by,
            code_digest=code_digest,
        )
        incident.full_clean()
        incident.save()
        FirstReport.objects.create(
            incident=incident,
            what=what,
            noticed_by=words.noticed_by.strip(),
            data=words.data.strip(),
            how_many=words.how_many.strip(),
            is_going_on=words.is_going_on or Answer.UNKNOWN,
            written_by=actor,
            created_at=now,
        )
        for file in files:
            attach(incident, file, actor=actor)
        _begin_timeline(incident, actor, now)
        record("incidents.reported", incident, actor=actor, action=Action.CREATE)
        alert(incident, now=now)
    return incident


def _check_times(words: FirstWords, reported_at: datetime, now: datetime) -> None:
    times = [
        ("occurred_at", words.occurred_at),
        ("noticed_at", words.noticed_at),
        ("reported_at", reported_at),
    ]
    for field, moment in times:
        if moment and moment > now:
            raise DomainError({field: _("This time is in the future.")})
    if words.occurred_at and words.occurred_at > words.noticed_at:
        raise DomainError({"noticed_at": _("It was noticed before it occurred.")})
    if reported_at < words.noticed_at:
        raise DomainError({"noticed_at": _("It was reported before it was noticed.")})


def _begin_timeline(incident: Incident, actor: Any, now: datetime) -> None:
    """The times that are known from the start."""
    lines = [
        (incident.occurred_at, Entry.HAPPENED, lambda: _("It occurred.")),
        (incident.noticed_at, Entry.KNOWN, lambda: _("The first department noticed it.")),
        (incident.reported_at, Entry.DONE, lambda: _("It was reported internally.")),
    ]
    TimelineEntry.objects.bulk_create(
        line_of(incident, words, kind=kind, happened_at=moment, actor=actor, now=now)
        for moment, kind, words in lines
        if moment
    )


def add_words(
    incident_id: int,
    *,
    what: str,
    actor: Any,
    now: datetime,
    files: tuple[UploadedFile, ...] = (),
) -> FirstReport:
    """Add to a report, as who reported it; the words before stay.

    Args:
        incident_id: the incident.
        what: what is added.
        actor: who reported; None for who came with the code.
        now: the moment.
        files: further photos and papers.

    Raises:
        DomainError: nothing is said.
    """
    what = require_text(what, "what", _("Write what you want to add."))
    if actor is None:
        files = tuple(without_traces(file) for file in files)
    with acting(**({} if actor else {"actor": None, "remote_addr": None})):
        return _add_words(incident_id, what=what, actor=actor, now=now, files=files)


@as_actor
def _add_words(
    incident_id: int, *, what: str, actor: Any, now: datetime, files: tuple[UploadedFile, ...]
) -> FirstReport:
    with atomic_with_files():
        incident = lock_incident(incident_id)
        added = FirstReport.objects.create(
            incident=incident, what=what, is_addition=True, written_by=actor, created_at=now
        )
        for file in files:
            attach(incident, file, actor=actor)
        record("incidents.words_added", incident, actor=actor)
        tell_of_words(incident, str(added.pk), now=now, but=actor and actor.pk)
    return added
