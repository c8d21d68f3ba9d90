"""What waits for a signature or a decision, and which milestones need somebody: one query."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import BigIntegerField, CharField, Count, DateField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from pms.core.views import with_query
from pms.corrective_actions.choices import Status as ActionStatus
from pms.corrective_actions.models import CorrectiveAction
from pms.corrective_actions.models import Extension as ActionExtension
from pms.cycles.choices import ExtensionStatus
from pms.cycles.choices import PlanStatus as YearPlanStatus
from pms.cycles.models import Extension, Milestone, YearPlan
from pms.incidents.choices import Kind, RecordKind, Status
from pms.incidents.models import Incident, Obligation
from pms.organization.models import in_language
from pms.training.choices import CampaignStatus, ExcuseStatus, PlanStatus
from pms.training.models import Excuse, Report, TrainingPlan

# How far ahead the overview looks, and how many milestones it names; the list has all.
AHEAD: Final = timedelta(days=14)
MOST_MILESTONES: Final = 8

_NO_DAY = Cast(Value(None), DateField())
_NO_TEXT = Value("", output_field=CharField())


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that somebody has to sign or to decide.

    Attributes:
        title: what it is about.
        verb: what to do, as a button says it.
        url: where.
    """

    title: str
    verb: str
    url: str


@dataclass(frozen=True, slots=True)
class Due:
    """A milestone whose day is over or near.

    Attributes:
        title: what shall be done.
        owner: who answers for it; empty for nobody.
        due_on: its day.
        url: its page.
    """

    title: str
    owner: str
    due_on: date
    url: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one account has to decide, and the milestones that are late or due soon."""

    decisions: list[Decision]
    milestones: list[Due]


def waiting_for(user: Any, today: date, *, with_milestones: bool = False) -> Waiting:
    """What waits for `user`, seen on `today`, in one query; none for whoever may decide nothing.

    Left out is what they asked for or made themselves: nobody decides on their own request.

    Args:
        user: the account.
        today: in the organization's time zone.
        with_milestones: also the milestones of everybody that are late or due soon, for who sees
            the plan.
    """
    parts = list(_parts(user, today, with_milestones=with_milestones))
    if not parts:
        return Waiting([], [])
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    decisions, milestones = [], []
    for kind, number, title, other, day in rows.order_by():
        if kind == "milestone":
            url = reverse("cycles:milestone_detail", args=[number])
            milestones.append(Due(title, other, day, url))
        else:
            decisions.append(_WORDS[kind](number, title, other))
    return Waiting(decisions, sorted(milestones, key=lambda it: (it.due_on, it.title)))


def _parts(user: Any, today: date, *, with_milestones: bool) -> Iterator[QuerySet]:
    """Rows of kind, number, title, another text and a day, from every subject."""
    mine = user.pk
    if user.has_perm("cycles.approve_yearplan"):
        plans = YearPlan.objects.filter(status=YearPlanStatus.SUBMITTED).exclude(
            Q(created_by=mine) | Q(submitted_by=mine)
        )
        yield _rows(plans, "year_plan", "cycle_id", "cycle__name")
    if user.has_perm("training.approve_plan"):
        drafts = TrainingPlan.objects.filter(status=PlanStatus.SUBMITTED).exclude(created_by=mine)
        yield _rows(drafts, "training_plan", "pk", "cycle__name")
    if user.has_perm("training.approve_report"):
        reports = Report.objects.filter(
            campaign__status=CampaignStatus.CLOSED, approved_on__isnull=True
        ).exclude(Q(effectiveness="") | Q(reported_to="") | Q(created_by=mine))
        yield _rows(reports, "report", "campaign_id", "campaign__title")
    if user.has_perm("cycles.decide_extension"):
        asked = Extension.objects.filter(status=ExtensionStatus.REQUESTED).exclude(asked_by=mine)
        yield _rows(asked, "extension", "pk", "milestone__title", "milestone__title_en")
    yield from _of_incidents(user)
    yield from _parts_of_actions(user)
    if user.has_perm("training.approve_excuse"):
        excuses = Excuse.objects.filter(
            status=ExcuseStatus.REQUESTED, record__campaign__status=CampaignStatus.OPEN
        ).exclude(Q(requested_by=mine) | Q(record__person__user=mine))
        yield (
            excuses.order_by()
            .values(kind=Value("excuse"))
            .annotate(number=Count("*"))
            .values_list("kind", "number", _NO_TEXT, _NO_TEXT, _NO_DAY)
        )
    if with_milestones and user.has_perm("cycles.view_milestone"):
        near = Milestone.objects.open().in_force().filter(due_on__lte=today + AHEAD)
        # Cut off in a query of its own: SQLite cuts nothing off inside a union.
        first = near.order_by("due_on", "pk").values("pk")[:MOST_MILESTONES]
        yield _rows(
            Milestone.objects.filter(pk__in=first),
            "milestone",
            "pk",
            _in_words("title"),
            Coalesce("owner__family_name", Value("")),
            "due_on",
        )


def _of_incidents(user: Any) -> Iterator[QuerySet]:
    """Reports to approve, and cases whose publication top management has not decided on."""
    if user.has_perm("incidents.approve_report"):
        waiting = Obligation.objects.visible_to(user).waiting_for_approval()
        waiting = waiting.exclude(submitted_by=user.pk)
        yield _rows(waiting, "incident_report", "pk", "incident__number", "kind")
    if user.has_perm("incidents.decide_publication"):
        cases = Incident.objects.visible_to(user).filter(
            status=Status.HANDLING, kind=RecordKind.INCIDENT, publication=""
        )
        # What nobody has to be told of need not be published; while that is open, it may have to.
        undecided = cases.exclude(is_reportable=False)
        yield _rows(undecided, "publication", "pk", "number")


def _parts_of_actions(user: Any) -> Iterator[QuerySet]:
    """Plans, requests and closings of corrective actions that wait for this account."""
    mine = user.pk
    plans = CorrectiveAction.objects.filter(status=ActionStatus.SUBMITTED).exclude(
        Q(current__submitted_by=mine) | Q(owner__user=mine)
    )
    if not user.has_perm("corrective_actions.approve_grave_plan"):
        plans = plans.filter(current__needs_top_management=False)
    if user.has_perm("corrective_actions.approve_plan"):
        yield _rows(plans, "action_plan", "pk", "number", "title")
    if user.has_perm("corrective_actions.decide_extension"):
        asked = ActionExtension.objects.waiting().exclude(
            Q(asked_by=mine)
            | Q(measure__isnull=True, action__owner__user=mine)
            | Q(measure__owner__user=mine)
        )
        yield _rows(asked, "action_extension", "pk", "action__number", "action__title")
    if user.has_perm("corrective_actions.close_correctiveaction"):
        yield _rows(CorrectiveAction.objects.closable(), "action_close", "pk", "number", "title")


def _in_words(name: str) -> Any:
    """A text in the language in force, chosen by the database; the Japanese one for want of it."""
    if not (get_language() or "").startswith("en"):
        return Cast(name, CharField())
    english = NullIf(f"{name}_en", Value(""))
    return Cast(Coalesce(english, name), CharField())


def _rows(
    rows: QuerySet,
    kind: str,
    number: str,
    title: Any,
    other: Any = _NO_TEXT,
    day: Any = _NO_DAY,
) -> QuerySet:
    key = Cast(number, BigIntegerField())
    texts = [Cast(it, CharField()) if isinstance(it, str) else it for it in (title, other)]
    return rows.order_by().values_list(Value(kind), key, *texts, day)


def _year_plan(number: int, title: str, _other: str) -> Decision:
    name = _("Plan of %(cycle)s") % {"cycle": title}
    return Decision(name, _("Read and approve"), reverse("cycles:year", args=[number]))


def _training_plan(number: int, title: str, _other: str) -> Decision:
    name = _("Training plan of %(cycle)s") % {"cycle": title}
    return Decision(name, _("Read and approve"), reverse("training:plan_detail", args=[number]))


def _report(number: int, title: str, _other: str) -> Decision:
    name = _("Report on “%(campaign)s”") % {"campaign": title}
    return Decision(name, _("Read and approve"), reverse("training:report", args=[number]))


def _extension(number: int, title: str, other: str) -> Decision:
    name = _("Later date for “%(milestone)s”") % {"milestone": in_language(title, other)}
    return Decision(name, _("Decide"), reverse("cycles:extension_decide", args=[number]))


def _incident_report(number: int, title: str, other: str) -> Decision:
    name = _("%(incident)s: %(report)s") % {"incident": title, "report": Kind(other).label}
    return Decision(name, _("Read and approve"), reverse("incidents:approve", args=[number]))


def _publication(number: int, title: str, _other: str) -> Decision:
    name = _("%(incident)s: publication") % {"incident": title}
    return Decision(name, _("Decide"), reverse("incidents:publication", args=[number]))


def _excuse(number: int, _title: str, _other: str) -> Decision:
    name = ngettext(
        "%(number)d request to be excused from training",
        "%(number)d requests to be excused from training",
        number,
    ) % {"number": number}
    url = with_query(reverse("training:excuse_list"), status=ExcuseStatus.REQUESTED)
    return Decision(name, _("Decide"), url)


def _action_plan(number: int, title: str, other: str) -> Decision:
    name = _("Plan of “%(action)s”") % {"action": f"{title} {other}"}
    url = reverse("corrective_actions:plan_approve", args=[number])
    return Decision(name, _("Read and approve"), url)


def _action_extension(number: int, title: str, other: str) -> Decision:
    name = _("Later date for “%(milestone)s”") % {"milestone": f"{title} {other}"}
    return Decision(
        name, _("Decide"), reverse("corrective_actions:extension_decide", args=[number])
    )


def _action_close(number: int, title: str, other: str) -> Decision:
    name = f"{title} {other}"
    url = reverse("corrective_actions:action_detail", args=[number])
    return Decision(name, _("Close the action"), url)


_WORDS = {
    "action_plan": _action_plan,
    "action_extension": _action_extension,
    "action_close": _action_close,
    "year_plan": _year_plan,
    "training_plan": _training_plan,
    "report": _report,
    "extension": _extension,
    "excuse": _excuse,
    "incident_report": _incident_report,
    "publication": _publication,
}
