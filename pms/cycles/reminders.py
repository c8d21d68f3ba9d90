"""Whom the year reminds of what: who answers for a milestone, and who has to decide."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.db.models import Max, Model
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.history.models import HistoryEntry
from pms.organization.calendar import WorkingDays
from pms.organization.models import Appointment
from pms.reminders.rules import (
    Line,
    Rule,
    Subject,
    after,
    before,
    for_manager,
    in_plain_words,
    on_the_day,
    weekly_after,
)

from .choices import ExtensionStatus, PlanStatus
from .models import Extension, Milestone, YearPlan

# A plan or a request for a later date is decided within so many working days.
DAYS_TO_DECIDE: Final = 3


def milestones_to_reach(today: date) -> Iterator[Subject]:
    """Open milestones of approved plans, for who answers for them; one query.

    Steps before the approval never count: until then the plan was a proposal.
    """
    milestones = (
        Milestone.objects.in_force()
        .open()
        .filter(owner__isnull=False, cycle__starts_on__lte=today)
        .select_related("cycle__plan")
        .order_by()
    )
    list_url = format_lazy("{path}?state=open", path=reverse_lazy("cycles:milestone_list"))
    for milestone in milestones:
        plan = milestone.cycle.plan
        begun = [plan.approved_on, milestone.added_later_on, milestone.cycle.starts_on]
        yield Subject(
            object_id=milestone.pk,
            person_id=milestone.owner_id,
            due_on=milestone.due_on,
            arose_on=max(day for day in begun if day),
            title=milestone,
            url=_PAGE_OF(milestone),
            list_url=list_url,
        )


def plans_to_approve(today: date) -> Iterator[Subject]:
    """Plans that wait for top management; three queries and the calendar."""
    plans = list(
        YearPlan.objects.filter(status=PlanStatus.SUBMITTED).select_related("cycle").order_by("pk")
    )
    if not plans:
        return
    since = _submitted_on(plans)
    calendar = WorkingDays.load()
    approvers = _people_who_may("cycles.approve_yearplan", today)
    for plan in plans:
        asked_on = since.get(plan.pk, today)
        for person, user in approvers:
            if user not in (plan.created_by_id, plan.submitted_by_id):
                yield Subject(
                    object_id=plan.pk,
                    person_id=person,
                    due_on=calendar.add(asked_on, DAYS_TO_DECIDE),
                    arose_on=asked_on,
                    title=plan,
                    url=_PAGE_OF(plan),
                )


def extensions_to_decide(today: date) -> Iterator[Subject]:
    """Requests for a later date that nobody has decided; two queries and the calendar."""
    waiting = list(
        Extension.objects.filter(status=ExtensionStatus.REQUESTED)
        .select_related("milestone__cycle")
        .order_by("pk")
    )
    if not waiting:
        return
    calendar = WorkingDays.load()
    deciders = _people_who_may("cycles.decide_extension", today)
    for extension in waiting:
        asked_on = timezone.localdate(extension.asked_at)
        for person, user in deciders:
            if user != extension.asked_by_id:
                yield Subject(
                    object_id=extension.pk,
                    person_id=person,
                    due_on=calendar.add(asked_on, DAYS_TO_DECIDE),
                    arose_on=asked_on,
                    title=format_lazy(
                        gettext_lazy("Later date for {milestone}"), milestone=extension.milestone
                    ),
                    url=reverse_lazy("cycles:extension_decide", args=[extension.pk]),
                )


def _page_of(record: Model) -> str:
    return str(record.get_absolute_url())  # type: ignore[attr-defined]


_PAGE_OF: Final = lazy(_page_of, str)


def _people_who_may(permission: str, today: date) -> list[tuple[int, int | None]]:
    """Keys of person and account of whoever holds a post that may do this."""
    posts = Appointment.objects.allowing(permission, today).order_by("person")
    return list(posts.values_list("person", "person__user").distinct())


def _submitted_on(plans: list[YearPlan]) -> dict[int, date]:
    """The day on which each plan was last submitted, as the journal has it."""
    rows = (
        HistoryEntry.objects.filter(
            event="cycles.plan_submitted", object_id__in=[plan.pk for plan in plans]
        )
        .order_by()
        .values_list("object_id")
        .annotate(last=Max("timestamp"))
    )
    return {pk: timezone.localdate(last) for pk, last in rows}


def _word_decision(line: Line) -> str:
    if line.names:
        return in_plain_words(line)
    return _("“%(title)s” has been waiting for your decision since %(day)s.") % {
        "title": line.title,
        "day": date_format(line.subjects[0].arose_on, "SHORT_DATE_FORMAT"),
    }


RULES: tuple[Rule, ...] = (
    Rule(
        name="cycles.milestone",
        label=gettext_lazy("Milestones of the year"),
        model="cycles.Milestone",
        steps=(
            before(14),
            before(7),
            before(1),
            on_the_day(),
            weekly_after(),
            *for_manager(weekly_after()),
        ),
        subjects=milestones_to_reach,
    ),
    Rule(
        name="cycles.plan_waiting",
        label=gettext_lazy("Plans to approve"),
        model="cycles.YearPlan",
        steps=(after(1), weekly_after(8)),
        subjects=plans_to_approve,
        word=_word_decision,
    ),
    Rule(
        name="cycles.extension_waiting",
        label=gettext_lazy("Later dates to decide on"),
        model="cycles.Extension",
        steps=(after(1), weekly_after(8)),
        subjects=extensions_to_decide,
        word=_word_decision,
    ),
)
