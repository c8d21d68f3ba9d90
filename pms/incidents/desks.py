"""What the report desk and the notices show to one account: states, versions, moves allowed now."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from .choices import FINAL, PENDING, REPORTS, Item, Kind, ObligationStatus
from .models import FiledReport, Incident, IncidentSettings, Obligation, PersonsNotice
from .services import content_of

OS: Final = ObligationStatus
HANDLES: Final = "incidents.handle_incident"
APPROVES: Final = "incidents.approve_report"
DRAFTS: Final = (OS.TO_CLARIFY, OS.NEEDED, OS.OPTIONAL, OS.DRAFTING)
# To whom a report goes, unless it went elsewhere before. The authorities' own names.
RECEIVERS: Final = {
    "ppc": "個人情報保護委員会",
    "mn": "個人情報保護委員会",
    "pm": "審査機関（一般財団法人日本情報経済社会推進協会）",
    "voluntary": "個人情報保護委員会",
}


class Move(NamedTuple):
    """A button: what it does and where."""

    label: str
    url: str


@dataclass(frozen=True)
class Report:
    """One obligation on the desk.

    Attributes:
        obligation: the row.
        body: to which body it is reported, a key of REPORTS; empty for the notice to persons.
        moves: what this account may do now, the most important first.
        versions: what was filed, the latest first.
    """

    obligation: Obligation
    body: str
    moves: list[Move]
    versions: list[FiledReport] = field(default_factory=list)

    @property
    def is_final(self) -> bool:
        """Whether all nine items have to be known."""
        return self.obligation.kind in FINAL


@dataclass(frozen=True)
class Desk:
    """The desk of one case.

    Attributes:
        reports: those that are needed, may be, or were filed.
        not_needed: the other obligations.
        content: the nine items as they stand.
        missing: labels of the items that are not known yet.
    """

    reports: list[Report]
    not_needed: list[Obligation]
    content: dict[str, dict[str, Any]]
    missing: list[str]

    @property
    def known(self) -> int:
        """How many items are known."""
        return len(Item) - len(self.missing)

    @property
    def bodies(self) -> list[str]:
        """The bodies that a paper can be printed for."""
        return list(dict.fromkeys(it.body for it in self.reports if it.body))


def body_of(kind: str) -> str:
    """To which body a report of this kind goes; empty for none."""
    return next((body for body, kinds in REPORTS.items() if kind in kinds), "")


def desk_of(
    incident: Incident,
    *,
    user: Any,
    obligations: Iterable[Obligation] | None = None,
    judges: Collection[int | None] | None = None,
) -> Desk:
    """The desk as `user` sees it.

    Args:
        incident: the case.
        user: the account.
        obligations: of the case, where they are loaded already.
        judges: the accounts that have judged the case, where they are known already.
    """
    if obligations is None:
        obligations = incident.obligations.all()
    if judges is None:
        judges = set(incident.assessments.order_by().values_list("made_by", flat=True))
    versions: dict[int, list[FiledReport]] = {}
    filed = FiledReport.objects.filter(obligation__incident=incident).order_by("-id")
    for it in filed.select_related("filed_by__person", "approved_by__person"):
        versions.setdefault(it.obligation_id, []).append(it)
    content = content_of(incident)
    asks = _Asks(incident, user, judges, content)
    reports, not_needed = [], []
    for obligation in obligations:
        if obligation.status == OS.NOT_NEEDED:
            not_needed.append(obligation)
            continue
        found = versions.get(obligation.pk, [])
        moves = list(asks.moves(obligation, found))
        reports.append(Report(obligation, body_of(obligation.kind), moves, found))
    missing = [str(label) for item, label in Item.choices if not content[item]["is_known"]]
    return Desk(reports, not_needed, content, missing)


class _Asks:
    """What one account may do with the obligations of one case."""

    def __init__(
        self,
        incident: Incident,
        user: Any,
        judges: Collection[int | None],
        content: dict[str, Any],
    ) -> None:
        self.incident, self.user, self.content = incident, user, content
        self.handles = user.has_perm(HANDLES)
        self.approves = user.has_perm(APPROVES)
        self.may_waive = (self.handles or self.approves) and user.pk not in judges
        self.approval = IncidentSettings.current().top_management_approves

    def moves(self, obligation: Obligation, versions: Sequence[FiledReport]) -> Iterable[Move]:
        if obligation.status == OS.FILED:
            yield from self._afterwards(obligation, versions)
        elif self.incident.is_open and obligation.kind == Kind.PERSONS:
            if self.handles and obligation.is_pending:
                url = reverse("incidents:notice_create", args=[self.incident.pk])
                yield Move(_("Write a notice to the persons"), url)
        elif self.incident.is_open:
            yield from self._before(obligation)
        if self.incident.is_open and self.may_waive and obligation.status in PENDING:
            yield self._move(_("Waive it"), "waive", obligation)

    def _before(self, obligation: Obligation) -> Iterable[Move]:
        status = obligation.status
        if status in DRAFTS and self.handles:
            if self._needs_approval(obligation):
                yield self._move(_("Ask for approval"), "submit", obligation)
            else:
                yield self._move(_("Enter the filing"), "file", obligation)
        if status == OS.APPROVED and self.handles:
            yield self._move(_("Enter the filing"), "file", obligation)
        yield from self._deciding(obligation)

    def _deciding(self, obligation: Obligation) -> Iterable[Move]:
        """What top management was asked for, of a report or of a supplement."""
        waits, is_own = obligation.waits_for_approval, obligation.submitted_by_id == self.user.pk
        if waits and self.approves and not is_own:
            yield self._move(_("Read and approve"), "approve", obligation)
        may_return = self.approves or (self.handles and obligation.is_approved)
        if (waits or obligation.is_approved) and may_return:
            yield self._move(_("Send it back"), "return", obligation)

    def _needs_approval(self, obligation: Obligation) -> bool:
        return self.approval and obligation.kind != Kind.CONSIGNOR

    def _afterwards(
        self, obligation: Obligation, versions: Sequence[FiledReport]
    ) -> Iterable[Move]:
        if self.handles and versions and versions[0].content != self.content:
            if obligation.is_approved or not self._needs_approval(obligation):
                yield self._move(_("Enter a supplement"), "supplement", obligation)
            elif not obligation.waits_for_approval:
                yield self._move(_("Ask for approval of the supplement"), "submit", obligation)
        yield from self._deciding(obligation)
        if self.handles and obligation.needs_difference_note:
            if obligation.kind == Kind.PERSONS and self.incident.is_open:
                url = reverse("incidents:notice_create", args=[self.incident.pk])
                yield Move(_("Write a notice to the persons"), url)
            yield self._move(_("Note the difference"), "difference", obligation)

    def _move(self, label: str, name: str, obligation: Obligation) -> Move:
        return Move(label, reverse(f"incidents:{name}", args=[obligation.pk]))


class Notices(NamedTuple):
    """The notices of a case as one account sees them."""

    rows: list[PersonsNotice]
    can_write: bool
    can_read_letters: bool


def notices_of(incident: Incident, rows: Iterable[PersonsNotice], *, user: Any) -> Notices:
    """The notices `rows` (`with_numbers`) of a case as `user` sees them."""
    handles = user.has_perm(HANDLES)
    return Notices(list(rows), handles and incident.is_open, handles)


def with_numbers(rows: QuerySet[PersonsNotice]) -> QuerySet[PersonsNotice]:
    """Notices with how many addressees are kept for each, as `kept`."""
    return rows.annotate(kept=Count("addressees"))


def version_before(filed: FiledReport) -> FiledReport | None:
    """What the same body was told before."""
    kinds = REPORTS.get(body_of(filed.obligation.kind), (filed.obligation.kind,))
    return (
        FiledReport.objects.filter(
            obligation__incident=filed.obligation.incident_id,
            obligation__kind__in=kinds,
            pk__lt=filed.pk,
        )
        .order_by("-pk")
        .first()
    )


def usual_receiver(obligation: Obligation) -> str:
    """To whom a report of this kind went the last time, else to whom it usually goes."""
    kinds = REPORTS.get(body_of(obligation.kind), (obligation.kind,))
    before = FiledReport.objects.filter(obligation__kind__in=kinds)
    if obligation.kind == Kind.CONSIGNOR:
        return obligation.incident.third_party
    last = before.order_by("-pk").values_list("receiver", flat=True).first()
    return last or RECEIVERS.get(body_of(obligation.kind), "")
