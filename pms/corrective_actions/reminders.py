"""Whom corrective actions remind of what: owners, checkers, deciders, and who hears of lateness.

Measures: seven days and one day before, then weekly. What is overdue is told weekly to the privacy
manager as well, and after thirty days to top management (our own rule; domain: audit 4).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from django.db.models import F, Min, Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.accounts.roles import Role
from pms.organization.calendar import WorkingDays
from pms.organization.models import Appointment
from pms.reminders.rules import (
    Line,
    Rule,
    Subject,
    after,
    at_the_start,
    before,
    in_plain_words,
    weekly_after,
)

from .choices import BEFORE_CHECK, ExtensionStatus, Status
from .models import CorrectiveAction, ExaminerFinding, Extension, Measure

# A plan or a request for a later date is decided within so many working days.
DAYS_TO_DECIDE: Final = 3
# So many days after a due date top management hears of it.
DAYS_TO_TOP: Final = 30

_LIST: Final = reverse_lazy("corrective_actions:action_list")
_LATE: Final = format_lazy("{path}?state=overdue", path=_LIST)


def _page_of(action_id: int) -> str:
    return reverse("corrective_actions:action_detail", args=[action_id])


_PAGE_OF: Final = lazy(_page_of, str)


def measures_to_carry_out(today: date) -> Iterator[Subject]:
    """Measures of approved plans that are not done, for who carries them out; one query."""
    rows = (
        Measure.objects.to_carry_out()
        .order_by()
        .values_list("pk", "owner", "due_on", "round__approved_on", "title", "round__action")
    )
    for pk, owner, due_on, approved_on, title, action in rows:
        yield Subject(
            object_id=pk,
            person_id=owner,
            due_on=due_on,
            arose_on=approved_on or today,
            title=title,
            url=_PAGE_OF(action),
        )


def actions_to_work_on(today: date) -> Iterator[Subject]:
    """Actions that are not carried out, for who answers for them; one query."""
    rows = CorrectiveAction.objects.filter(status__in=BEFORE_CHECK).order_by()
    for pk, owner, due_on, raised_on, number, title in rows.values_list(
        "pk", "owner", "due_on", "raised_on", "number", "title"
    ):
        yield Subject(
            object_id=pk,
            person_id=owner,
            due_on=due_on,
            arose_on=raised_on,
            title=f"{number} {title}",
            url=_PAGE_OF(pk),
        )


def effects_to_check(today: date) -> Iterator[Subject]:
    """Actions whose effect is waited for, for who checks it; one query."""
    rows = CorrectiveAction.objects.filter(
        status=Status.CHECKING,
        current__verdict="",
        current__checker__isnull=False,
        current__check_due_on__isnull=False,
    ).order_by()
    for pk, checker, first, last, number, title in rows.values_list(
        "pk",
        "current__checker",
        "current__check_from_on",
        "current__check_due_on",
        "number",
        "title",
    ):
        if first is None or last is None or first > today:
            continue  # until then there is nothing that could be seen
        yield Subject(
            object_id=pk,
            person_id=checker,
            due_on=last,
            arose_on=first,
            title=f"{number} {title}",
            url=_PAGE_OF(pk),
        )


def findings_to_answer(today: date) -> Iterator[Subject]:
    """Examiner's findings without an answer, for owner and privacy manager; two queries."""
    rows = list(
        ExaminerFinding.objects.unanswered()
        .order_by()
        .values_list("pk", "number", "received_on", "answer_due_on", "action__owner", "action")
    )
    managers = set(_holders(Role.PRIVACY_MANAGER, today)) if rows else set()
    for pk, number, received_on, due_on, owner, action in rows:
        for person in sorted({owner, *managers}):
            yield Subject(
                object_id=pk,
                person_id=person,
                due_on=due_on,
                arose_on=received_on,
                title=format_lazy(
                    gettext_lazy("Answer to the examiner, finding {number}"), number=number
                ),
                url=_PAGE_OF(action),
            )


def lateness_for_manager(today: date) -> Iterator[Subject]:
    """What is overdue, for the privacy manager; three queries."""
    yield from _lateness(today, Role.PRIVACY_MANAGER)


def lateness_for_top_management(today: date) -> Iterator[Subject]:
    """What has been overdue for thirty days, for top management; three queries."""
    yield from _lateness(today, Role.TOP_MANAGEMENT)


def _lateness(today: date, role: str) -> Iterator[Subject]:
    late = _late_actions(today)
    people = list(_holders(role, today)) if late else []
    for pk, number, title, owner, since in late:
        for person in people:
            if person != owner:
                yield Subject(
                    object_id=pk,
                    person_id=person,
                    due_on=since,
                    arose_on=since,
                    title=f"{number} {title}",
                    url=_PAGE_OF(pk),
                    list_url=_LATE,
                )


def _late_actions(today: date) -> list[tuple[int, str, str, int, date]]:
    """Actions of which something is overdue, each with the first day that was missed."""
    missed = Q(rounds__measures__done_on__isnull=True) & Q(
        rounds__measures__due_on__lt=today, rounds=F("current")
    )
    rows = (
        CorrectiveAction.objects.filter(status__in=(*BEFORE_CHECK, Status.CHECKING))
        .order_by()
        .annotate(measure_due_on=Min("rounds__measures__due_on", filter=missed))
        .values_list(
            "pk",
            "number",
            "title",
            "owner",
            "status",
            "due_on",
            "current__check_due_on",
            "current__verdict",
            "measure_due_on",
        )
    )
    found = []
    for pk, number, title, owner, status, due_on, check_due_on, verdict, measure_due_on in rows:
        days: Iterable[date | None]
        if status == Status.CHECKING:
            days = (check_due_on if not verdict else None,)
        else:
            days = (due_on, measure_due_on if status == Status.EXECUTION else None)
        missed_days = [day for day in days if day and day < today]
        if missed_days:
            found.append((pk, number, title, owner, min(missed_days)))
    return found


def plans_to_approve(today: date) -> Iterator[Subject]:
    """Plans that wait for the post that approves them; three queries and the calendar."""
    rows = list(
        CorrectiveAction.objects.filter(status=Status.SUBMITTED)
        .order_by("pk")
        .values_list(
            "pk",
            "number",
            "title",
            "owner",
            "current__submitted_on",
            "current__submitted_by",
            "current__needs_top_management",
        )
    )
    if not rows:
        return
    calendar = WorkingDays.load()
    approvers = {
        needs_top: _people_who_may(f"corrective_actions.{name}", today)
        for needs_top, name in ((True, "approve_grave_plan"), (False, "approve_plan"))
    }
    for pk, number, title, owner, asked_on, submitter, needs_top in rows:
        for person, user in approvers[needs_top]:
            if user != submitter and person != owner:
                yield Subject(
                    object_id=pk,
                    person_id=person,
                    due_on=calendar.add(asked_on or today, DAYS_TO_DECIDE),
                    arose_on=asked_on or today,
                    title=f"{number} {title}",
                    url=_PAGE_OF(pk),
                )


def extensions_to_decide(today: date) -> Iterator[Subject]:
    """Requests for a later date that nobody has decided; two queries and the calendar."""
    rows = list(
        Extension.objects.filter(status=ExtensionStatus.REQUESTED)
        .order_by("pk")
        .values_list(
            "pk",
            "asked_at",
            "asked_by",
            "action__number",
            "action__owner",
            "measure__owner",
        )
    )
    if not rows:
        return
    calendar = WorkingDays.load()
    deciders = _people_who_may("corrective_actions.decide_extension", today)
    for pk, asked_at, asked_by, number, action_owner, measure_owner in rows:
        asked_on = timezone.localdate(asked_at)
        for person, user in deciders:
            if user != asked_by and person != (measure_owner or action_owner):
                yield Subject(
                    object_id=pk,
                    person_id=person,
                    due_on=calendar.add(asked_on, DAYS_TO_DECIDE),
                    arose_on=asked_on,
                    title=format_lazy(gettext_lazy("Later date for {action}"), action=number),
                    url=reverse_lazy("corrective_actions:extension_decide", args=[pk]),
                )


def _holders(role: str, today: date) -> list[int]:
    """Keys of the people who hold a post on a day."""
    held = Appointment.objects.holding(role, today).order_by("person")
    return list(held.values_list("person", flat=True).distinct())


def _people_who_may(permission: str, today: date) -> list[tuple[int, int | None]]:
    """Keys of person and account of whoever holds a post that may do this."""
    posts = Appointment.objects.allowing(permission, today).order_by("person")
    return list(posts.values_list("person", "person__user").distinct())


def _word_decision(line: Line) -> str:
    if line.names:
        return in_plain_words(line)
    return _("“%(title)s” has been waiting for your decision since %(day)s.") % {
        "title": line.title,
        "day": date_format(line.subjects[0].arose_on, "SHORT_DATE_FORMAT"),
    }


def _word_lateness(line: Line) -> str:
    return _("Corrective action “%(title)s”: overdue since %(day)s.") % {
        "title": line.title,
        "day": date_format(line.due_on, "SHORT_DATE_FORMAT"),
    }


def _word_check(line: Line) -> str:
    if line.names or line.is_overdue:
        return in_plain_words(line)
    return _("Please check by %(day)s whether the measures worked: “%(title)s”.") % {
        "title": line.title,
        "day": date_format(line.due_on, "SHORT_DATE_FORMAT"),
    }


RULES: tuple[Rule, ...] = (
    Rule(
        name="corrective_actions.measure",
        label=gettext_lazy("Measures to carry out"),
        model="corrective_actions.Measure",
        steps=(before(7), before(1), weekly_after()),
        subjects=measures_to_carry_out,
    ),
    Rule(
        name="corrective_actions.action",
        label=gettext_lazy("Corrective actions to work on"),
        model="corrective_actions.CorrectiveAction",
        steps=(before(7), before(1), weekly_after()),
        subjects=actions_to_work_on,
    ),
    Rule(
        name="corrective_actions.effect_check",
        label=gettext_lazy("Effects to check"),
        model="corrective_actions.CorrectiveAction",
        steps=(at_the_start(), before(7), before(1), weekly_after()),
        subjects=effects_to_check,
        word=_word_check,
    ),
    Rule(
        name="corrective_actions.finding",
        label=gettext_lazy("Answers to the examiner"),
        model="corrective_actions.ExaminerFinding",
        steps=(before(30), before(14), before(7), before(1), weekly_after()),
        subjects=findings_to_answer,
    ),
    Rule(
        name="corrective_actions.overdue",
        label=gettext_lazy("Overdue corrective actions"),
        model="corrective_actions.CorrectiveAction",
        steps=(weekly_after(),),
        subjects=lateness_for_manager,
        word=_word_lateness,
    ),
    Rule(
        name="corrective_actions.long_overdue",
        label=gettext_lazy("Corrective actions overdue for a month"),
        model="corrective_actions.CorrectiveAction",
        steps=(weekly_after(DAYS_TO_TOP),),
        subjects=lateness_for_top_management,
        word=_word_lateness,
    ),
    Rule(
        name="corrective_actions.plan_waiting",
        label=gettext_lazy("Plans of corrective actions to approve"),
        model="corrective_actions.CorrectiveAction",
        steps=(after(1), weekly_after(8)),
        subjects=plans_to_approve,
        word=_word_decision,
    ),
    Rule(
        name="corrective_actions.extension_waiting",
        label=gettext_lazy("Later dates of corrective actions to decide on"),
        model="corrective_actions.Extension",
        steps=(after(1), weekly_after(8)),
        subjects=extensions_to_decide,
        word=_word_decision,
    ),
)
