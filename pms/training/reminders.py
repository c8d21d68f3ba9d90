"""Whom training reminds of what: people of their training, managers of who is late, approvers."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Final

from django.db.models import Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.core.views import with_query
from pms.organization.calendar import WorkingDays
from pms.organization.models import Appointment
from pms.reminders.rules import (
    Line,
    Rule,
    Subject,
    after,
    at_the_start,
    before,
    for_manager,
    in_plain_words,
    weekly_after,
)

from .choices import OPEN_STATUSES, CampaignStatus, ExcuseStatus
from .models import Campaign, Excuse, TrainingRecord

# An answer to a request to be excused is due after so many working days.
DAYS_TO_DECIDE: Final = 3


def trainings_to_take(today: date) -> Iterator[Subject]:
    """Records of running campaigns whose person is not through; two queries.

    Left out is who has left and has not been excused by rule yet, and who waits for an answer to a
    request to be excused.
    """
    campaigns = Campaign.objects.open().filter(starts_on__lte=today).in_bulk()
    asked = Excuse.objects.filter(status=ExcuseStatus.REQUESTED).order_by().values("record")
    records = (
        TrainingRecord.objects.filter(campaign__in=campaigns, status__in=OPEN_STATUSES)
        .filter(Q(person__left_on=None) | Q(person__left_on__gte=today))
        .exclude(pk__in=asked)
        .order_by()
    )
    take = _paths("training:take")
    facts = {
        pk: (max(it.starts_on, timezone.localdate(it.opened_at)), _STILL_OPEN(it.pk))
        for pk, it in campaigns.items()
    }
    for pk, campaign, person, due_on, joined_on in records.values_list(
        "pk", "campaign_id", "person_id", "due_on", "person__joined_on"
    ):
        since, list_url = facts[campaign]
        yield Subject(
            object_id=pk,
            person_id=person,
            due_on=due_on,
            arose_on=max(since, joined_on),
            title=campaigns[campaign],
            url=take(pk),
            list_url=list_url,
        )


def excuses_to_decide(today: date) -> Iterator[Subject]:
    """Requests to be excused, for everyone who may answer them; three queries.

    Who asked, and whom the request is about, may not decide on it.
    """
    waiting = list(
        Excuse.objects.filter(
            status=ExcuseStatus.REQUESTED, record__campaign__status=CampaignStatus.OPEN
        )
        .order_by()
        .values_list("pk", "requested_at", "requested_by__person", "record__person", "record__name")
    )
    if not waiting:
        return
    held = Appointment.objects.allowing("training.approve_excuse", today).order_by()
    approvers = sorted(set(held.values_list("person_id", flat=True)))
    calendar = WorkingDays.load()
    decide = _paths("training:excuse_decide")
    for pk, requested_at, asking, concerned, name in waiting:
        asked_on = timezone.localdate(requested_at)
        for approver in approvers:
            if approver not in (asking, concerned):
                yield Subject(
                    object_id=pk,
                    person_id=approver,
                    due_on=calendar.add(asked_on, DAYS_TO_DECIDE),
                    arose_on=asked_on,
                    title=format_lazy(gettext_lazy("Request to excuse {name}"), name=name),
                    url=decide(pk),
                    list_url=reverse_lazy("training:excuse_list"),
                )


def _still_open(campaign_id: int) -> str:
    """Where a manager sees who is not through."""
    return with_query(reverse("training:record_list"), campaign=campaign_id, status="open")


_STILL_OPEN: Final = lazy(_still_open, str)


def _paths(view: str) -> Callable[[int], str]:
    """The path of a view by key, worked out when it is read.

    To resolve it for each of ten thousand would take too long.
    """

    @cache
    def ends() -> tuple[str, str]:
        head, __, tail = reverse(view, args=[0]).rpartition("/0/")
        return head, tail

    def path(pk: int) -> str:
        head, tail = ends()
        return f"{head}/{pk}/{tail}"

    return lazy(path, str)


def _word_training(line: Line) -> str:
    if line.names or line.step != "start" or line.is_overdue:
        return in_plain_words(line)
    return _("“%(title)s” has begun. Please take it by %(day)s.") % {
        "title": line.title,
        "day": date_format(line.due_on, "SHORT_DATE_FORMAT"),
    }


def _word_excuse(line: Line) -> str:
    if line.names:
        return in_plain_words(line)
    return _("“%(title)s” has been waiting for a decision for more than %(days)s working days.") % {
        "title": line.title,
        "days": DAYS_TO_DECIDE,
    }


RULES: tuple[Rule, ...] = (
    Rule(
        name="training.open",
        label=gettext_lazy("Training to take"),
        model="training.TrainingRecord",
        steps=(
            at_the_start(),
            before(14),
            before(7),
            before(1),
            weekly_after(),
            *for_manager(before(1), weekly_after()),
        ),
        subjects=trainings_to_take,
        word=_word_training,
    ),
    Rule(
        name="training.excuse_waiting",
        label=gettext_lazy("Excuses to decide on"),
        model="training.Excuse",
        steps=(after(1), weekly_after(8)),
        subjects=excuses_to_decide,
        word=_word_excuse,
    ),
)
