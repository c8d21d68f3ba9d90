"""The report desk: nine items written once, approved, filed, and kept as they were filed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from pms.core.exceptions import DomainError, refuse
from pms.history.context import as_actor
from pms.history.services import record
from pms.incidents.choices import (
    FINAL,
    REPORTS,
    Entry,
    Item,
    Kind,
    ObligationStatus,
)
from pms.incidents.deadlines import day_in_japan
from pms.incidents.models import (
    FiledReport,
    Incident,
    IncidentSettings,
    Obligation,
    ReportItem,
)

from .assessing import assess, draft_of_facts, set_next_due
from .lines import add_line
from .locking import lock_incident, lock_obligation, require_open, require_text
from .telling import tell_approvers

OS = ObligationStatus
NOT_BEGUN = (OS.NEEDED, OS.TO_CLARIFY, OS.OPTIONAL)


class Words(NamedTuple):
    """One item as it is written: what is done, what is still planned, and whether it is known."""

    text: str
    planned: str = ""
    is_known: bool = False


@transaction.atomic
@as_actor
def write_items(
    incident_id: int, *, items: Mapping[str, Words], actor: Any, seen: str = ""
) -> None:
    """Write items of the report; each is the same in all reports of the case.

    Reports that wait for approval, or have it and are not filed yet, are drafts again: what is
    filed is what was approved.

    Args:
        incident_id: the case.
        items: what is written, by `Item`; items that are not named stay.
        actor: who writes.
        seen: `mark_of` the items as they were read; they must not have changed since.

    Raises:
        DomainError: an item is marked as known and says nothing, or somebody else has written.
    """
    incident = lock_incident(incident_id)
    require_open(incident)
    if seen and seen != mark_of(content_of(incident)):
        raise DomainError(
            _("Somebody else has changed this meanwhile. Look at it and write yours again.")
        )
    faults = {
        item: _("What is known is written down.")
        for item, words in items.items()
        if words.is_known and not words.text.strip()
    }
    if faults:
        raise DomainError(faults)
    there = {it.item: it for it in incident.items.all()}
    changed = []
    for item, words in items.items():
        row = there.get(item) or ReportItem(incident=incident, item=item)
        new = Words(words.text.strip(), words.planned.strip(), words.is_known)
        if row.pk is None or new != (row.text, row.planned, row.is_known):
            row.text, row.planned, row.is_known = new
            row.full_clean()
            row.save()
            changed.append(item)
    if changed:
        record("incidents.items_written", incident, actor=actor, details={"items": changed})
        _void_approvals(incident, actor)


def _void_approvals(incident: Incident, actor: Any) -> None:
    for obligation in incident.obligations.select_for_update():
        if not (obligation.waits_for_approval or obligation.is_approved):
            continue
        obligation.send_back()
        obligation.save()
        record(
            "incidents.report_returned",
            incident,
            actor=actor,
            reason=_("An item was changed after approval was asked for."),
            details=_what(obligation),
        )


def needs_approval(obligation: Obligation) -> bool:
    """Whether top management approves this report before it is filed."""
    if obligation.kind == Kind.CONSIGNOR:
        return False
    return IncidentSettings.current().top_management_approves


def filing_obstacles(obligation: Obligation) -> list[str]:
    """Which items are missing; a first report may have gaps, a final one may not."""
    items = {it.item: it for it in obligation.incident.items.all()}
    known = {name for name, it in items.items() if it.is_known}
    if obligation.kind in FINAL:
        return [
            _("“%(item)s” is not marked as known.") % {"item": label}
            for item, label in Item.choices
            if item not in known
        ]
    return [] if known else [_("No item is written yet.")]


@transaction.atomic
@as_actor
def submit_report(obligation_id: int, *, actor: Any, now: datetime) -> Obligation:
    """Ask top management to approve a report, or a supplement to what was filed.

    Raises:
        DomainError: an item is missing, nothing changed since the filing, or the report needs no
            approval.
    """
    obligation = lock_obligation(obligation_id)
    require_open(obligation.incident)
    if obligation.waits_for_approval:
        return obligation
    if not needs_approval(obligation):
        raise DomainError(_("This report needs no approval. File it."))
    if obligation.status == OS.FILED:
        _require_news(obligation)
    _begin(obligation)
    refuse(filing_obstacles(obligation))
    obligation.ask_for_approval(by=actor, on=day_in_japan(now))
    obligation.save()
    record(
        "incidents.report_submitted", obligation.incident, actor=actor, details=_what(obligation)
    )
    tell_approvers(
        obligation, permission="incidents.approve_report", now=now, but=actor and actor.pk
    )
    return obligation


@transaction.atomic
@as_actor
def approve_report(obligation_id: int, *, actor: Any, today: date) -> Obligation:
    """Approve a report, as top management.

    Raises:
        DomainError: the actor submitted it.
    """
    obligation = lock_obligation(obligation_id)
    if obligation.is_approved and obligation.approved_by_id == actor.pk:
        return obligation
    if obligation.waits_for_approval and obligation.submitted_by_id == actor.pk:
        raise DomainError(_("Nobody approves a report that they submitted."))
    obligation.approve(by=actor, on=today)
    obligation.save()
    record("incidents.report_approved", obligation.incident, actor=actor, details=_what(obligation))
    return obligation


@transaction.atomic
@as_actor
def return_report(obligation_id: int, *, reason: str, actor: Any) -> Obligation:
    """Send a report back to be changed; also one that was approved and not yet filed.

    Raises:
        DomainError: no reason is given.
    """
    obligation = lock_obligation(obligation_id)
    reason = require_text(reason, "reason", _("Say what shall be changed."))
    obligation.send_back()
    obligation.save()
    record(
        "incidents.report_returned",
        obligation.incident,
        actor=actor,
        reason=reason,
        details=_what(obligation),
    )
    return obligation


@transaction.atomic
@as_actor
def file_report(
    obligation_id: int,
    *,
    receiver: str,
    filed_on: date,
    receipt_number: str = "",
    note: str = "",
    actor: Any,
    today: date,
    now: datetime,
) -> FiledReport:
    """Note that a report was filed, and keep it as it was.

    A final report that is filed while the first one is still open settles both: one report is
    enough where everything is known (guideline 3-5-3-4, note 1).

    Args:
        obligation_id: what it settles.
        receiver: to whom it went.
        filed_on: when it went; a day that is over is entered late and shows it.
        receipt_number: what the receiver called it.
        note: on the difference to the version before.
        actor: who filed it.
        today: the day in Japan.
        now: the moment.

    Raises:
        DomainError: it is not approved, an item is missing, or the day is wrong.
    """
    obligation = lock_obligation(obligation_id)
    incident = obligation.incident
    require_open(incident)
    receiver = require_text(receiver, "receiver", _("Say to whom it went."))
    _check_day(incident, filed_on, today)
    _require_approval(obligation)
    if not needs_approval(obligation):
        _begin(obligation)
    refuse(filing_obstacles(obligation))
    facts = {
        "receiver": receiver,
        "receipt_number": receipt_number.strip(),
        "note": note.strip(),
        "filed_on": filed_on,
    }
    first = _open_first_report(obligation)
    for settled in filter(None, (first, obligation)):
        filed = _keep_version(settled, approved=obligation, actor=actor, now=now, **facts)
        _settle(settled, filed_on)
    _after_filing(incident, obligation, filed, actor, now)
    if obligation.kind == Kind.CONSIGNOR:
        _judge_as_told(incident, filed_on, actor, today, now)
    return filed


def _judge_as_told(
    incident: Incident, told_on: date, actor: Any, today: date, now: datetime
) -> None:
    """Judge anew now that the client was told: it may free us (APPI art. 26(1), proviso)."""
    known = draft_of_facts(incident)
    if known.consignor_told_on is None:
        with override("ja"):  # an assessment is a record, and those are Japanese
            note = _("The client was told on %(day)s.") % {"day": told_on.isoformat()}
        known = replace(known, consignor_told_on=told_on, note=note)
        assess(incident.pk, known=known, actor=actor, today=today, now=now)


@transaction.atomic
@as_actor
def supplement(
    obligation_id: int,
    *,
    receiver: str,
    filed_on: date,
    receipt_number: str = "",
    note: str = "",
    actor: Any,
    today: date,
    now: datetime,
) -> FiledReport:
    """Note that what was filed was supplemented (追完); every version stays.

    Raises:
        DomainError: nothing was filed yet, nothing changed, an item is missing, it is not approved,
            or the day is wrong.
    """
    obligation = lock_obligation(obligation_id)
    if obligation.status != OS.FILED:
        raise DomainError(_("Nothing was filed yet that could be supplemented."))
    receiver = require_text(receiver, "receiver", _("Say to whom it went."))
    _check_day(obligation.incident, filed_on, today)
    _require_news(obligation)
    _require_approval(obligation)
    refuse(filing_obstacles(obligation))
    filed = _keep_version(
        obligation,
        approved=obligation,
        actor=actor,
        now=now,
        receiver=receiver,
        filed_on=filed_on,
        receipt_number=receipt_number.strip(),
        note=note.strip(),
        is_supplement=True,
    )
    obligation.supplement_asked_on = None
    obligation.needs_difference_note = False
    obligation.save()
    _after_filing(obligation.incident, obligation, filed, actor, now)
    return filed


def _require_news(obligation: Obligation) -> None:
    latest = obligation.filed_reports.order_by("number").last()
    if latest and latest.content == content_of(obligation.incident):
        raise DomainError(_("No item has changed since the last version. Write the items first."))


def _require_approval(obligation: Obligation) -> None:
    if needs_approval(obligation) and not obligation.is_approved:
        raise DomainError(_("Top management has not approved this report yet."))


@transaction.atomic
@as_actor
def note_difference(obligation_id: int, *, note: str, actor: Any, now: datetime) -> Obligation:
    """Say what the change of facts means for what was filed, where no supplement is needed."""
    obligation = lock_obligation(obligation_id)
    note = require_text(note, "note", _("Say what changed, and why what was filed stays right."))
    obligation.needs_difference_note = False
    obligation.save()
    words = partial(_labelled, obligation, note)
    _tell(obligation.incident, words, actor, now, is_reserved=True)
    record("incidents.difference_noted", obligation.incident, actor=actor, reason=note)
    return obligation


@transaction.atomic
@as_actor
def waive(
    obligation_id: int, *, rule: str, reason: str, actor: Any, today: date, now: datetime
) -> Obligation:
    """Settle an obligation without doing it: by which rule it is not needed, and who says so.

    Raises:
        DomainError: no rule or no reason is named, or the actor judged the case, be it once.
    """
    obligation = lock_obligation(obligation_id)
    require_open(obligation.incident)
    rule = require_text(rule, "rule", _("Name the article or rule by which it is not needed."))
    reason = require_text(reason, "reason", _("Say why that rule holds here."))
    if obligation.incident.assessments.filter(made_by=actor).exists():
        raise DomainError(_("Whoever assessed the case cannot waive what it asks for."))
    obligation.move_to(OS.WAIVED)
    obligation.waived_rule = rule
    obligation.waived_reason, obligation.waived_by, obligation.waived_on = reason, actor, today
    obligation.save()
    incident = obligation.incident
    set_next_due(incident, incident.obligations.all())
    incident.save()
    words = partial(_labelled, obligation, f"{rule}\n{reason}")
    _tell(incident, words, actor, now, Entry.DECIDED, is_reserved=True)
    record(
        "incidents.obligation_waived",
        incident,
        actor=actor,
        reason=reason,
        details=_what(obligation),
    )
    return obligation


def content_of(incident: Incident) -> dict[str, dict[str, Any]]:
    """The nine items as they stand now, in their order."""
    there = {it.item: it for it in incident.items.all()}
    return {
        item: {
            "text": there[item].text if item in there else "",
            "planned": there[item].planned if item in there else "",
            "is_known": item in there and there[item].is_known,
        }
        for item in Item.values
    }


def mark_of(content: Mapping[str, Any]) -> str:
    """What tells one state of the nine items from another."""
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _begin(obligation: Obligation) -> None:
    if obligation.status in NOT_BEGUN:
        obligation.move_to(OS.DRAFTING)


def _settle(obligation: Obligation, filed_on: date) -> None:
    """Move to FILED; a first report that the final one settles may be at any step before."""
    _begin(obligation)
    if obligation.status == OS.SUBMITTED:
        obligation.move_to(OS.DRAFTING)
    obligation.move_to(OS.FILED)
    obligation.filed_on = filed_on
    obligation.save()


def _check_day(incident: Incident, filed_on: date, today: date) -> None:
    if filed_on > today:
        raise DomainError({"filed_on": _("This day is in the future.")})
    if filed_on < day_in_japan(incident.noticed_at):
        raise DomainError({"filed_on": _("This lies before the case was noticed.")})


def _open_first_report(obligation: Obligation) -> Obligation | None:
    """The first report to the same body, where the final one settles it, too."""
    for first, *final in REPORTS.values():
        if obligation.kind in final:
            return (
                obligation.incident.obligations.select_for_update()
                .filter(kind=first, status__in=(*NOT_BEGUN, OS.DRAFTING, OS.SUBMITTED, OS.APPROVED))
                .exclude(status=OS.OPTIONAL)
                .first()
            )
    return None


def _keep_version(
    obligation: Obligation, *, approved: Obligation, actor: Any, now: datetime, **facts: Any
) -> FiledReport:
    """The nine items as they stand; `approved` is the report with which they were approved."""
    # Where no approval is needed, an older one says nothing of this version.
    is_approved = approved.is_approved
    content = content_of(obligation.incident)
    body = next(kinds for kinds in REPORTS.values() if obligation.kind in kinds)
    before = (
        FiledReport.objects.filter(
            obligation__incident=obligation.incident, obligation__kind__in=body
        )
        .order_by("-id")
        .first()
    )
    changed = [item for item in content if before and before.content.get(item) != content[item]]
    filed = FiledReport(
        obligation=obligation,
        number=obligation.filed_reports.count() + 1,
        content=content,
        difference=changed,
        approved_by=approved.approved_by if is_approved else None,
        approved_on=approved.approved_on if is_approved else None,
        filed_by=actor,
        created_at=now,
        **facts,
    )
    filed.full_clean()
    filed.save()
    return filed


def _after_filing(
    incident: Incident, obligation: Obligation, filed: FiledReport, actor: Any, now: datetime
) -> None:
    set_next_due(incident, incident.obligations.all())
    incident.save()

    def words() -> str:
        return _("Filed: %(report)s, version %(number)s, to %(receiver)s on %(day)s.") % {
            "report": obligation.get_kind_display(),
            "number": filed.number,
            "receiver": filed.receiver,
            "day": filed.filed_on,
        }

    _tell(incident, words, actor, now)
    details = _what(obligation) | {"number": filed.number, "day": filed.filed_on.isoformat()}
    record("incidents.report_filed", incident, actor=actor, details=details)


def _labelled(obligation: Obligation, value: str) -> str:
    return _("%(label)s: %(value)s") % {"label": obligation.get_kind_display(), "value": value}


def _tell(
    incident: Incident,
    words: Callable[[], str],
    actor: Any,
    now: datetime,
    kind: str = Entry.DONE,
    is_reserved: bool = False,
) -> None:
    facts = {"kind": kind, "happened_at": now, "actor": actor, "now": now}
    add_line(incident, words, **facts, is_reserved=is_reserved)


def _what(obligation: Obligation) -> dict[str, Any]:
    return {"kind": obligation.kind}
