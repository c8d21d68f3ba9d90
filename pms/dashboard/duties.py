"""What is due for one person: the explicit list of sources, one for each subject with duties."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db.models import CharField, DateField, Q, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from pms.corrective_actions.choices import DRAFTING, Status
from pms.corrective_actions.models import CorrectiveAction, Measure
from pms.cycles.choices import OPEN_MILESTONES, MilestoneStatus
from pms.cycles.models import Milestone
from pms.incidents.choices import Kind
from pms.incidents.choices import Status as IncidentStatus
from pms.incidents.legal_days import judge_by, open_duties
from pms.incidents.models import Incident
from pms.organization.models import Person
from pms.training.choices import OPEN_STATUSES, CampaignStatus, RecordStatus
from pms.training.models import TrainingRecord

from .waiting import waiting_for

# How long something done stays on the page.
LATELY = timedelta(days=60)
# A milestone is something to do now so long before its day, and is in sight so long before.
NEAR = timedelta(days=31)
IN_SIGHT = timedelta(days=92)


class DutyState(StrEnum):
    """Where a duty stands for its person."""

    TODO = "todo"
    COMING = "coming"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do: one verb and one link.

    Attributes:
        title: what it is about.
        verb: what to do, as a button says it.
        url: where to do it, or where to see what was done.
        state: to do now, coming, or done.
        due_on: the last day; None for a duty without one.
        starts_on: the first day of a coming duty.
        done_on: the day of a done duty.
    """

    title: str
    verb: str
    url: str
    state: DutyState
    due_on: date | None = None
    starts_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Duties:
    """All duties of one person: overdue first, then by their last day; the latest done first."""

    todo: list[Duty]
    coming: list[Duty]
    done: list[Duty]


def training_to_take(person: Person, today: date) -> Iterable[Duty]:
    """The person's trainings: open ones of running campaigns, and what was passed lately."""
    records = (
        TrainingRecord.objects.filter(person=person)
        .filter(
            Q(campaign__status=CampaignStatus.OPEN, status__in=OPEN_STATUSES)
            | Q(status=RecordStatus.PASSED, passed_on__gte=today - LATELY)
        )
        .select_related("campaign")
    )
    for record in records:
        campaign = record.campaign
        if record.status == RecordStatus.PASSED:
            state, verb = DutyState.DONE, _("See the result")
        elif campaign.starts_on > today:
            state, verb = DutyState.COMING, _("Look at it")
        else:
            state, verb = DutyState.TODO, _training_verb(record)
        yield Duty(
            title=str(campaign),
            verb=verb,
            url=reverse("training:take", args=[record.pk]),
            state=state,
            due_on=record.due_on,
            starts_on=campaign.starts_on,
            done_on=record.passed_on,
        )


def _training_verb(record: TrainingRecord) -> str:
    if record.status == RecordStatus.IN_PROGRESS:
        return _("Continue the training")
    if record.status == RecordStatus.FAILED:
        return _("Take the test again")
    return _("Take the training")


def milestones_to_reach(person: Person, today: date) -> Iterable[Duty]:
    """The milestones of approved plans that the person answers for: near, later, done lately."""
    milestones = (
        Milestone.objects.in_force()
        .filter(owner=person)
        .filter(
            Q(status__in=OPEN_MILESTONES, due_on__lte=today + IN_SIGHT)
            | Q(status=MilestoneStatus.DONE, done_on__gte=today - LATELY)
        )
    )
    for milestone in milestones:
        if milestone.status == MilestoneStatus.DONE:
            state, verb = DutyState.DONE, _("See the result")
        elif milestone.due_on <= today + NEAR:
            state, verb = DutyState.TODO, _("See to it")
        else:
            state, verb = DutyState.COMING, _("Look at it")
        yield Duty(
            title=str(milestone),
            verb=verb,
            url=milestone.get_absolute_url(),
            state=state,
            due_on=milestone.due_on,
            done_on=milestone.done_on,
        )


def incidents_to_handle(person: Person, today: date) -> Iterable[Duty]:
    """What the law and our own rules ask of who handles incidents: judge, report, tell.

    Two queries, and none for everybody else.
    """
    user = person.user
    if user is None or not user.has_perm("incidents.handle_incident"):
        return
    cases = Incident.objects.visible_to(user).filter(status=IncidentStatus.REPORTED)
    for pk, number, noticed_at in cases.values_list("pk", "number", "noticed_at"):
        yield Duty(
            title=number,
            verb=_("Assess the case"),
            url=reverse("incidents:assess", args=[pk]),
            state=DutyState.TODO,
            due_on=judge_by(noticed_at),
        )
    for it in open_duties(user):
        yield Duty(
            title=_("%(incident)s: %(report)s")
            % {"incident": it.incident.number, "report": Kind(it.kind).label},
            verb=_("See to it"),
            url=it.get_absolute_url(),
            state=DutyState.TODO,
            due_on=it.due_on or it.target_on,
        )


def corrective_actions(person: Person, today: date) -> Iterable[Duty]:
    """The person's part in corrective actions, in one query.

    Actions that they answer for while correction, cause or plan are missing, and those closed
    lately; effects that they check; measures of approved plans that they carry out.
    """
    actions = CorrectiveAction.objects.filter(
        Q(owner=person, status__in=DRAFTING)
        | Q(status=Status.CHECKING, current__verdict="", current__checker=person)
        | Q(owner=person, status=Status.CLOSED, closed_on__gte=today - LATELY)
    )
    measures = Measure.objects.to_carry_out().filter(owner=person)
    rows = actions.order_by().values_list(
        "pk",
        "number",
        "title",
        "status",
        "due_on",
        "current__check_from_on",
        "current__check_due_on",
        "closed_on",
    )
    own = measures.order_by().values_list(
        "round__action", _NO_TEXT, "title", Value(MEASURE), "due_on", _NO_DAY, _NO_DAY, _NO_DAY
    )
    found = rows.union(own, all=True).order_by()
    for pk, number, title, status, due_on, first, last, closed_on in found:
        url = reverse("corrective_actions:action_detail", args=[pk])
        name = f"{number} {title}".strip()
        if status == MEASURE:
            yield _measure_duty(name, url, due_on, today)
        elif status == Status.CHECKING:
            yield _check_duty(name, url, first, last, today)
        elif status == Status.CLOSED:
            verb = _("See the result")
            yield Duty(name, verb, url, DutyState.DONE, due_on=due_on, done_on=closed_on)
        else:
            yield Duty(name, _ACTION_VERBS[status](), url, DutyState.TODO, due_on=due_on)


# Stands in the place of an action's status in the rows of measures.
MEASURE: Final = "measure"
_NO_TEXT: Final = Value("", output_field=CharField())
_NO_DAY: Final = Cast(Value(None), DateField())
_ACTION_VERBS: dict[str, Callable[[], str]] = {
    Status.RAISED: lambda: _("Write the correction"),
    Status.ANALYSIS: lambda: _("Write the cause"),
    Status.PLANNING: lambda: _("Plan the measures"),
}


def _measure_duty(name: str, url: str, due_on: date, today: date) -> Duty:
    is_near = due_on <= today + NEAR
    return Duty(
        title=name,
        verb=_("See to it") if is_near else _("Look at it"),
        url=url,
        state=DutyState.TODO if is_near else DutyState.COMING,
        due_on=due_on,
    )


def _check_duty(name: str, url: str, first: date | None, last: date | None, today: date) -> Duty:
    is_coming = first is not None and first > today
    return Duty(
        title=name,
        verb=_("Look at it") if is_coming else _("Check the effect"),
        url=url,
        state=DutyState.COMING if is_coming else DutyState.TODO,
        due_on=last,
        starts_on=first,
    )


def decisions_to_take(person: Person, today: date) -> Iterable[Duty]:
    """What waits for the person's signature or decision."""
    for it in waiting_for(person.user, today).decisions if person.user else ():
        yield Duty(title=it.title, verb=it.verb, url=it.url, state=DutyState.TODO)


SOURCES: tuple[Callable[[Person, date], Iterable[Duty]], ...] = (
    training_to_take,
    incidents_to_handle,
    milestones_to_reach,
    corrective_actions,
    decisions_to_take,
)


def duties_of(person: Person | None, today: date) -> Duties:
    """What `person` has to do, seen on `today`; nothing for an account without a person.

    Args:
        person: whose duties.
        today: in the organization's time zone.

    Returns:
        The duties in one query for each source.
    """
    found = [duty for source in SOURCES for duty in source(person, today)] if person else []

    def part(state: DutyState, key: Callable[[Duty], Any], *, reverse: bool = False) -> list[Duty]:
        return sorted((d for d in found if d.state == state), key=key, reverse=reverse)

    return Duties(
        todo=part(DutyState.TODO, lambda duty: duty.due_on or date.max),
        coming=part(DutyState.COMING, lambda duty: duty.starts_on or duty.due_on or date.max),
        done=part(DutyState.DONE, lambda duty: duty.done_on or date.min, reverse=True),
    )
