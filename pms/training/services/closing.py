"""Closing a campaign, and the report on it (教育実施報告書)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pms.accounts.models import User
from pms.core.exceptions import DomainError
from pms.core.text import listed
from pms.cycles.choices import Fulfilment
from pms.cycles.services import fulfil
from pms.history.context import as_actor
from pms.history.services import record
from pms.training.choices import CampaignStatus, CourseKind, ExcuseStatus, FollowUpKind
from pms.training.exceptions import ClosingRefusedError
from pms.training.models import Campaign, Excuse, FollowUp, Report

from .figures import compute_figures
from .locking import lock_campaign
from .population import apply_dated_rules, untrained_joiners

# Which milestone of the year's plan the closing of a campaign fulfils, by kind of course.
FULFILMENTS = {
    CourseKind.ANNUAL: Fulfilment.YEARLY_TRAINING,
    CourseKind.NEW_HIRE: Fulfilment.NEW_HIRE_TRAINING,
}

# So many people are named in a refusal; the rest is counted.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a campaign cannot be closed yet; as text a whole sentence with the names.

    Attributes:
        kind: "open", "waiting" (an excuse waits for approval) or "untrained" (joined meanwhile,
            and in no training on joining).
        count: how many people.
        people: the first of them, as "employee number name", at most `NAMED`.
    """

    kind: str
    count: int
    people: list[str]

    def __str__(self) -> str:
        names = listed(self.people)
        more = self.count - len(self.people)
        if more:
            names = _("%(names)s and %(more)s more") % {"names": names, "more": more}
        return _sentence(self.kind, self.count) % {"count": self.count, "names": names}


def _sentence(kind: str, count: int) -> str:
    if kind == "open":
        return ngettext(
            "%(count)s person is not through: %(names)s. Log the training, excuse the person, or "
            "write down the decision to close without it.",
            "%(count)s people are not through: %(names)s. Log their training, excuse them, or "
            "write down the decision to close without them.",
            count,
        )
    if kind == "waiting":
        return ngettext(
            "%(count)s request to be excused waits for approval: %(names)s. Decide on it.",
            "%(count)s requests to be excused wait for approval: %(names)s. Decide on them.",
            count,
        )
    return ngettext(
        "%(count)s person joined meanwhile and is in no training on joining: %(names)s. "
        "Open one whose audience includes this person.",
        "%(count)s people joined meanwhile and are in no training on joining: %(names)s. "
        "Open one whose audience includes them.",
        count,
    )


def closing_obstacles(campaign: Campaign, *, today: date) -> list[Obstacle]:
    """Who stands in the way of closing; writes nothing. Apply the dated rules first."""
    waiting = Excuse.objects.filter(record=OuterRef("pk"), status=ExcuseStatus.REQUESTED)
    decided = FollowUp.objects.filter(record=OuterRef("pk"), kind=FollowUpKind.DECISION)
    held = campaign.records.open()
    found = [
        _obstacle("open", held.filter(~Exists(waiting), ~Exists(decided))),
        _obstacle("waiting", held.filter(Exists(waiting))),
        _obstacle(
            "untrained",
            untrained_joiners(campaign, today),
            *("person__employee_number", "person__family_name", "person__given_name"),
        ),
    ]
    return [obstacle for obstacle in found if obstacle.count]


@transaction.atomic
@as_actor
def close_campaign(campaign_id: int, *, actor: User, today: date, now: datetime) -> Campaign:
    """Close a campaign: the dated rules are applied, the figures of its report are frozen.

    Afterwards the database refuses every change of the campaign and of its records.

    Args:
        campaign_id: an open campaign; the row stays locked until the transaction ends.
        actor: who closes it.
        today: the day to judge by.
        now: the moment of closing.

    Returns:
        The closed campaign; one that is closed already comes back as it is.

    Raises:
        ClosingRefusedError: somebody is open without an approved excuse or a decision
            (`FollowUpKind.DECISION`), named; nothing is changed.
        InvalidTransitionError: it was never opened.
    """
    campaign = lock_campaign(campaign_id)
    if campaign.status == CampaignStatus.CLOSED:
        return campaign
    campaign.move_to(CampaignStatus.CLOSED)
    # Whoever is sending a test in now finishes first; whoever comes later finds it closed.
    list(campaign.records.select_for_update().order_by("pk").values_list("pk"))
    apply_dated_rules(campaign.pk, today=today, actor=actor)
    obstacles = closing_obstacles(campaign, today=today)
    if obstacles:
        raise ClosingRefusedError(obstacles)
    figures = compute_figures(campaign)
    report, _is_new = Report.objects.get_or_create(
        campaign=campaign, defaults={"created_by": actor}
    )
    report.figures = figures.as_json()
    report.save()
    campaign.closed_at, campaign.closed_by = now, actor
    campaign.save()
    record(
        "training.campaign_closed",
        campaign,
        actor=actor,
        details={
            "population": figures.population,
            "passed": figures.passed,
            "excused": figures.excused,
            "open": figures.open,
        },
    )
    kept = FULFILMENTS.get(CourseKind(campaign.course.kind))
    if kept:
        fulfil(kept, campaign.cycle, by=campaign, actor=actor, on=timezone.localdate(now))
    return campaign


@transaction.atomic
@as_actor
def write_report(
    campaign_id: int,
    *,
    actor: User,
    opinions: str = "",
    effectiveness: str = "",
    improvements: str = "",
    reported_to: str = "",
    reported_on: date | None = None,
) -> Report:
    """Write the words of the report, while the campaign is open or after it was closed.

    Raises:
        DomainError: the campaign was never opened, or the report is approved.
    """
    campaign = lock_campaign(campaign_id)
    if campaign.status == CampaignStatus.DRAFT:
        raise DomainError(_("The campaign was not opened yet. There is nothing to report."))
    report, _is_new = Report.objects.get_or_create(
        campaign=campaign, defaults={"created_by": actor}
    )
    _refuse_approved(report)
    report.opinions, report.effectiveness, report.improvements = (
        opinions,
        effectiveness,
        improvements,
    )
    report.reported_to, report.reported_on = reported_to, reported_on
    report.full_clean()
    report.save()
    record("training.report_written", report, actor=actor)
    return report


@transaction.atomic
@as_actor
def approve_report(report_id: int, *, actor: User, today: date) -> Report:
    """Approve the report on a closed campaign; then nothing of it changes any more.

    Raises:
        DomainError: the campaign is not closed, the evaluation of effectiveness is empty, nobody
            is named that it was reported to, or `actor` made the report.
    """
    report = (
        Report.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=report_id)
    )
    if report.approved_by_id == actor.pk:
        return report
    _refuse_approved(report)
    obstacles = approval_obstacles(report, actor=actor)
    if obstacles:
        raise DomainError(obstacles)
    report.approved_by, report.approved_on = actor, today
    report.save()
    record("training.report_approved", report, actor=actor)
    campaign = report.campaign
    if campaign.course.kind == CourseKind.ANNUAL:
        fulfil(Fulfilment.TRAINING_REPORT, campaign.cycle, by=campaign, actor=actor, on=today)
    return report


def approval_obstacles(report: Report, *, actor: User) -> list[str]:
    """Why `actor` cannot approve `report` yet, in sentences; nothing about one that is approved."""
    return list(_faults_of_report(report, actor))


def _obstacle(
    kind: str,
    rows: QuerySet,
    number: str = "employee_number",
    *names: str,
) -> Obstacle:
    fields = (number, *(names or ("name",)))
    people = rows.order_by(number).values_list(*fields)[:NAMED]
    return Obstacle(kind, rows.count(), [" ".join(filter(None, person)) for person in people])


def _refuse_approved(report: Report) -> None:
    if report.approved_on is not None:
        raise DomainError(_("The report is approved and stays as it is."))


def _faults_of_report(report: Report, actor: User) -> Iterator[str]:
    if report.campaign.status != CampaignStatus.CLOSED:
        yield _("The campaign is still open. Close it first, so that the figures are final.")
    if not report.effectiveness.strip():
        yield _("The evaluation of effectiveness is empty. Write it first.")
    if not (report.reported_to.strip() and report.reported_on):
        yield _("Say whom the report was made to, and when.")
    if report.created_by_id == actor.pk:
        yield _("Nobody approves a report that they made themselves.")
