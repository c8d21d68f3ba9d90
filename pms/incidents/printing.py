"""The papers of incidents: reports to the authorities, and the certificate that a list is erased.

They go to Japanese offices, so they are in Japanese whatever the reader's language.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from pms.core.pdf import APPROVED, CHECKED, PREPARED, Approval, Pair, render_pdf
from pms.organization.mastheads import in_words, masthead, person_of, stamped
from pms.organization.models import Company

from .choices import REPORTS, HandlingRole, Item, Medium, ObligationStatus
from .desks import RECEIVERS
from .models import Assessment, FiledReport, Incident, Obligation, PersonsNotice
from .reports import count_in_words
from .services import content_of
from .wording import events_in_words

OS = ObligationStatus


@dataclass(frozen=True)
class ItemRow:
    """One of the nine items, as it stands or stood.

    Attributes:
        item: of `Item`.
        text, planned, is_known: what it says.
        before: what the version before said; None where nothing was changed.
    """

    item: Item
    text: str
    planned: str
    is_known: bool
    before: Mapping[str, Any] | None = None

    @property
    def label(self) -> str:
        """Its number and name."""
        return str(self.item.label)


def items_of(
    content: Mapping[str, Mapping[str, Any]],
    before: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[ItemRow]:
    """The nine items in their order.

    Args:
        content: as `services.content_of` has them.
        before: of the version before, to show what has changed.
    """
    rows = []
    for item in Item:
        now = content.get(item) or {"text": "", "planned": "", "is_known": False}
        old = before.get(item) if before else None
        rows.append(ItemRow(item, **now, before=old if old and old != now else None))
    return rows


@dataclass(frozen=True)
class Paper:
    """A report as one body gets it.

    Attributes:
        incident: the case, with department and categories loaded.
        body: a key of REPORTS.
        obligation: what it settles: the one that is next, or the last that was filed.
        assessment: the facts it rests on; None while nobody has judged the case.
        items: what it says.
        filed: the version that is printed again; None for what stands now.
    """

    incident: Incident
    body: str
    obligation: Obligation | None
    assessment: Assessment | None
    items: list[ItemRow]
    filed: FiledReport | None = None

    @property
    def receiver(self) -> str:
        """To whom it goes."""
        if self.filed:
            return self.filed.receiver
        if self.body == "consignor":
            return self.incident.third_party
        return RECEIVERS.get(self.body, "")


def paper_of(incident: Incident, body: str, *, filed: FiledReport | None = None) -> Paper:
    """What the report to `body` says now, or said in a version that was filed.

    Args:
        incident: with department and categories loaded.
        body: a key of REPORTS.
        filed: the version; None for what stands now.
    """
    return Paper(
        incident=incident,
        body=body,
        obligation=filed.obligation if filed else _next_of(incident, body),
        assessment=incident.assessments.order_by("-number").first(),
        items=items_of(filed.content if filed else content_of(incident)),
        filed=filed,
    )


def _next_of(incident: Incident, body: str) -> Obligation | None:
    """The report to a body that comes next: one that is supplemented now, else the first that is
    not filed, else the last.
    """
    rows = {
        it.kind: it
        for it in incident.obligations.filter(kind__in=REPORTS[body]).select_related(
            "submitted_by__person", "approved_by__person"
        )
    }
    there = [rows[kind] for kind in REPORTS[body] if kind in rows]
    there = [it for it in there if it.status not in {OS.NOT_NEEDED, OS.WAIVED}] or there
    there = [it for it in there if it.supplement_asked_on] or there
    return next((it for it in there if it.status != OS.FILED), there[-1] if there else None)


def report_pdf(paper: Paper, *, now: datetime, uses_wareki: bool = False) -> bytes:
    """個人データの漏えい等の報告書 on paper, with its approval boxes.

    Args:
        paper: see `paper_of`.
        now: the moment of printing.
        uses_wareki: years of the Japanese era.
    """
    with override("ja"):
        obligation, filed = paper.obligation, paper.filed
        title = _title(paper)
        # What is not filed yet bears no stamp but of its own approval.
        approved = filed or (obligation if obligation and obligation.is_approved else None)
        approved_by = approved.approved_by if approved else None
        approved_on = approved.approved_on if approved else None
        prepared_by = filed.filed_by if filed else obligation and obligation.submitted_by
        facts = {
            "masthead": masthead(
                now=now,
                number=paper.incident.number,
                issued_on=filed.filed_on if filed else timezone.localdate(now),
                addressee=_addressee(paper),
                lead=_("This is a drill.") if paper.incident.is_drill else "",
                approvals=[
                    Approval(
                        str(APPROVED),
                        person_of(approved_by),
                        stamped(approved_on, uses_wareki=uses_wareki),
                    ),
                    Approval(str(CHECKED)),
                    Approval(str(PREPARED), person_of(prepared_by)),
                ],
                uses_wareki=uses_wareki,
            ),
            "overview": [Pair(*it) for it in _overview(paper, uses_wareki=uses_wareki)],
            "items": [
                {
                    "label": it.label,
                    "parts": list(_parts(it)),
                }
                for it in paper.items
            ],
        }
        return render_pdf("incidents/report", facts, title=title, language="ja", issued_at=now)


def _title(paper: Paper) -> str:
    kind = paper.obligation.get_kind_display() if paper.obligation else ""
    if paper.filed and paper.filed.is_supplement:
        return _("%(report)s (supplement)") % {"report": kind}
    return str(kind) or _("Report of an incident")


def _addressee(paper: Paper) -> str:
    if not paper.receiver:
        return ""
    return pgettext("an office", "To %(name)s") % {"name": paper.receiver}


def _parts(row: ItemRow) -> Iterator[dict[str, str]]:
    """What an item says, in parts; what is not known says so, and that it will follow."""
    if row.item == Item.PREVENTION:
        yield {"title": pgettext("measures", "Done"), "text": row.text or "–"}
        yield {"title": _("Planned"), "text": row.planned or "–"}
    elif row.text:
        yield {"title": "", "text": row.text}
    if not row.is_known:
        yield {"title": "", "text": _("Being looked into; what is not known yet will follow.")}


def _overview(paper: Paper, *, uses_wareki: bool) -> Iterator[tuple[str, Any, bool]]:
    """What stands above the nine items: label, value, and whether it takes a whole line."""
    incident, obligation, filed = paper.incident, paper.obligation, paper.filed

    def day(value: Any) -> str:
        return in_words(value, uses_wareki=uses_wareki) or "–"

    def moment(value: datetime) -> str:
        local = timezone.localtime(value)
        return f"{day(local.date())} {local:%H:%M}"

    yield pgettext("of a report", "Company"), str(Company.objects.current()), False
    yield pgettext("incident", "Number"), incident.number, False
    yield _("Noticed"), moment(incident.noticed_at), False
    occurred = moment(incident.occurred_at) if incident.occurred_at else _("being looked into")
    yield _("Occurred"), occurred, False
    if obligation:
        yield _("Counted from"), day(obligation.counted_from), False
        yield _("Last day"), day(obligation.due_on), False
    if filed:
        yield _("Filed on"), day(filed.filed_on), False
        yield _("Receipt number"), filed.receipt_number or "–", False
    if obligation and (articles := _articles(obligation)):
        yield _("Articles that apply"), articles, True
    if paper.body == "pm":
        yield from _of_privacy_mark(paper)


def _articles(obligation: Obligation) -> str:
    judgement = obligation.judgements.order_by("-id").first()
    return judgement.articles if judgement else ""


def _of_privacy_mark(paper: Paper) -> Iterator[tuple[str, Any, bool]]:
    """What the examining body asks besides: mark number, event, class, medium, number, cause."""
    incident, latest = paper.incident, paper.assessment
    mark = Company.objects.current().privacy_mark_number
    yield _("PrivacyMark registration number"), mark or "–", False
    number = count_in_words(incident.persons_kind, incident.persons)
    yield _("Number of persons"), number or _("being looked into"), False
    yield _("Class of the event"), str(incident.event_class or "–"), False
    yield _("Cause"), str(incident.cause_category or "–"), False
    if latest:
        events = events_in_words(latest.events)
        yield pgettext("examining body", "Event"), events or "–", False
        yield pgettext("data", "Medium"), str(Medium(latest.medium).label), False
        yield _("Our role"), str(HandlingRole(latest.role).label), True


@dataclass(frozen=True)
class Block:
    """A text to be copied into one field of a web form."""

    key: str
    label: str
    text: str
    is_known: bool


def blocks_of(paper: Paper) -> list[Block]:
    """The report as texts in the order of the web form: the items 1 to 9, in Japanese."""
    blocks = []
    with override("ja"):
        for row in paper.items:
            parts = [
                f"【{it['title']}】\n{it['text']}" if it["title"] else it["text"]
                for it in _parts(row)
            ]
            blocks.append(Block(row.item.value, row.label, "\n".join(parts), row.is_known))
    return blocks


def certificate_pdf(notice: PersonsNotice, *, now: datetime, uses_wareki: bool = False) -> bytes:
    """宛名データ消去証明書: a list of addressees was erased by rule.

    Args:
        notice: whose list was erased, with the incident loaded.
        now: the moment of printing.
        uses_wareki: years of the Japanese era.
    """
    with override("ja"):
        erased_on = in_words(notice.list_erased_on, uses_wareki=uses_wareki)
        told_on = in_words(notice.told_on, uses_wareki=uses_wareki)
        count = notice.erased_count or 0
        erased = ngettext("%(number)s addressee", "%(number)s addressees", count)
        facts = {
            "masthead": masthead(
                now=now,
                number=notice.incident.number,
                issued_on=notice.list_erased_on,
                lead=_("The list of addressees named below was erased by rule."),
                approvals=[Approval(str(APPROVED)), Approval(str(CHECKED))],
                uses_wareki=uses_wareki,
            ),
            "overview": [
                Pair(pgettext("incident", "Number"), notice.incident.number),
                Pair(pgettext("persons", "Method"), notice.get_method_display()),
                Pair(_("Group"), notice.group, wide=True),
                Pair(_("Told on"), told_on or "–"),
                Pair(_("Erased on"), erased_on),
                Pair(_("Addressees erased"), erased % {"number": f"{count:,}"}),
                Pair(_("Erased by"), _("the daily run of this system, by rule")),
            ],
            "text": _(
                "Names, postal codes, addresses and email addresses were deleted from the "
                "database. The journal of this system keeps that and when it happened, and how "
                "many they were, but none of the data. Copies outside of this system (printed "
                "letters, files that were taken out, backups) are not covered by this certificate."
            ),
        }
        title = _("Certificate of erasure")
        return render_pdf("incidents/certificate", facts, title=title, language="ja", issued_at=now)
