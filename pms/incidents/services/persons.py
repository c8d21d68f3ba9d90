"""Telling the persons concerned, and erasing their addresses afterwards."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.history.context import as_actor
from pms.history.services import record
from pms.incidents.choices import Entry, Kind, NoticeMethod, ObligationStatus, Status
from pms.incidents.letters import fill
from pms.incidents.models import (
    Addressee,
    Incident,
    IncidentSettings,
    PersonsNotice,
)
from pms.organization.models import Company

from .assessing import set_next_due
from .desk import content_of
from .lines import add_line
from .locking import lock_incident, require_open, require_text

OS = ObligationStatus
# What tells one addressee from another.
ADDRESS: Final = ("name", "postal_code", "address", "email")


@transaction.atomic
@as_actor
def tell_persons(
    incident_id: int, *, actor: Any, today: date, now: datetime, **facts: Any
) -> PersonsNotice:
    """Note how one group of persons is told, or was.

    Args:
        incident_id: the case.
        actor: who enters it.
        today: the day in Japan.
        now: the moment.
        facts: group, method, text, reason, told_on, sent, returned, reached.

    Raises:
        DomainError: a substitute without a reason, or numbers or days that cannot be.
    """
    incident = lock_incident(incident_id)
    require_open(incident)
    notice = PersonsNotice(incident=incident, created_by=actor, created_at=now, **facts)
    _store(notice, today)
    if notice.told_on:
        _settle(incident, notice, actor, now)
    record("incidents.persons_told", incident, actor=actor, details={"group": notice.group})
    return notice


@transaction.atomic
@as_actor
def update_notice(
    notice_id: int, *, actor: Any, today: date, now: datetime, **facts: Any
) -> PersonsNotice:
    """Bring a notice up to date: when it went out, what came back, who was reached."""
    incident_id = PersonsNotice.objects.values_list("incident_id", flat=True).get(pk=notice_id)
    incident = lock_incident(incident_id)
    require_open(incident)
    notice = PersonsNotice.objects.select_for_update().get(pk=notice_id)
    was_told = notice.told_on
    if was_told and facts.get("text", notice.text) != notice.text:
        raise DomainError({"text": _("The notice went out; its text stays as it was said.")})
    for name, value in facts.items():
        setattr(notice, name, value)
    _store(notice, today)
    if notice.told_on and not was_told:
        _settle(incident, notice, actor, now)
    record("incidents.notice_updated", incident, actor=actor, details={"group": notice.group})
    return notice


@transaction.atomic
@as_actor
def drop_notice(notice_id: int, *, reason: str, actor: Any) -> Incident:
    """Take back a notice that did not go out; its list of addressees goes with it.

    Raises:
        DomainError: it went out, or no reason is given.
    """
    incident_id = PersonsNotice.objects.values_list("incident_id", flat=True).get(pk=notice_id)
    incident = lock_incident(incident_id)
    require_open(incident)
    notice = PersonsNotice.objects.select_for_update().get(pk=notice_id)
    if notice.told_on:
        raise DomainError(_("The notice went out; it stays."))
    reason = require_text(reason, "reason", _("Say why it does not go out."))
    erased, _kinds = notice.addressees.all().delete()
    record(
        "incidents.notice_dropped",
        incident,
        actor=actor,
        reason=reason,
        details={"group": notice.group, "erased": erased},
    )
    notice.delete()
    _settle_duty(incident)
    return incident


def _store(notice: PersonsNotice, today: date) -> None:
    if notice.told_on and notice.told_on > today:
        raise DomainError({"told_on": _("This day is in the future.")})
    if notice.method == NoticeMethod.SUBSTITUTE:
        notice.reason = require_text(
            notice.reason, "reason", _("Say why the persons cannot be told themselves.")
        )
    if notice.reached is not None and notice.reached > notice.sent - notice.returned:
        raise DomainError({"reached": _("More were reached than were sent and not returned.")})
    if notice.told_on:
        # From now on it says what was said, whatever the items of the report say later.
        company = str(Company.objects.current())
        notice.text = fill(notice.text, content_of(notice.incident), company=company)
    notice.full_clean()
    notice.save()


def _settle(incident: Incident, notice: PersonsNotice, actor: Any, now: datetime) -> None:
    # Where the facts changed after the telling, telling another group is what that meant.
    for told in incident.obligations.filter(kind=Kind.PERSONS, needs_difference_note=True):
        told.needs_difference_note = False
        told.save()
    _settle_duty(incident)

    def words() -> str:
        return _("Told: %(group)s, %(method)s, %(sent)s persons.") % {
            "group": notice.group,
            "method": notice.get_method_display(),
            "sent": notice.sent,
        }

    add_line(incident, words, kind=Entry.DONE, happened_at=now, actor=actor, now=now)


def _settle_duty(incident: Incident) -> None:
    """The duty to tell the persons is begun with the first group that was told, done with the last.

    Every person concerned has to be told (APPI art. 26(2)). Which groups there are, the notices
    say: one that is only planned still waits.
    """
    duty = incident.obligations.select_for_update().filter(kind=Kind.PERSONS).first()
    last = incident.notices.aggregate(last=Max("told_on"))["last"]
    if last is None or duty is None or duty.status not in {OS.NEEDED, OS.TO_CLARIFY, OS.DRAFTING}:
        return
    if duty.status != OS.DRAFTING:
        duty.move_to(OS.DRAFTING)
    if not incident.notices.filter(told_on=None).exists():
        duty.move_to(OS.FILED)
        duty.filed_on = last
    duty.save()
    set_next_due(incident, incident.obligations.all())
    incident.save()


@transaction.atomic
@as_actor
def explain_not_telling(incident_id: int, *, reason: str, actor: Any) -> Incident:
    """Say why the persons are not told."""
    incident = lock_incident(incident_id)
    require_open(incident)
    incident.not_told_reason = require_text(
        reason, "reason", _("Say why the persons are not told.")
    )
    incident.save()
    record("incidents.not_told", incident, actor=actor, reason=incident.not_told_reason)
    return incident


@transaction.atomic
@as_actor
def add_addressees(notice_id: int, *, rows: Sequence[Addressee], actor: Any) -> int:
    """Keep the list of those to whom a notice goes; who is on it already is not added again.

    Returns:
        How many were added.

    Raises:
        DomainError: the list of this notice was erased already.
    """
    notice = PersonsNotice.objects.select_for_update().get(pk=notice_id)
    require_open(notice.incident)
    if notice.list_erased_on:
        raise DomainError(_("The list of this notice was erased."))
    there = set(notice.addressees.values_list(*ADDRESS))
    rows = [row for row in rows if tuple(getattr(row, name) for name in ADDRESS) not in there]
    for row in rows:
        row.notice = notice
        row.clean_fields(exclude=["notice"])
    Addressee.objects.bulk_create(rows, batch_size=1_000)
    record(
        "incidents.addressees_added",
        notice.incident,
        actor=actor,
        details={"group": notice.group, "count": len(rows)},
    )
    return len(rows)


@transaction.atomic
def erase_due_lists(*, today: date) -> list[PersonsNotice]:
    """Erase the addressees of notices that are long done; that they were erased is kept.

    The days are counted from the notice. Where none went out they are counted from the day on which
    the case was closed or found to be no incident; as long as it is open, the list is needed.

    Returns:
        The notices whose lists were erased.
    """
    days = IncidentSettings.current().keeps_addresses_days
    has_list = Exists(Addressee.objects.filter(notice=OuterRef("pk")))
    last = today - timedelta(days=days)
    never_told = Q(told_on=None) & (
        Q(incident__status=Status.CLOSED, incident__closed_on__lt=last)
        | Q(incident__status=Status.DISMISSED, incident__dismissed_on__lt=last)
    )
    due = PersonsNotice.objects.select_for_update(of=("self",)).filter(
        has_list, Q(told_on__lt=last) | never_told
    )
    erased = []
    for notice in due.select_related("incident"):
        notice.erased_count, _kinds = notice.addressees.all().delete()
        notice.list_erased_on = today
        notice.save()
        record(
            "incidents.list_erased",
            notice.incident,
            actor=None,
            details={"group": notice.group, "count": notice.erased_count},
        )
        erased.append(notice)
    return erased
