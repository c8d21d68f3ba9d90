"""One nonconformity and what removes its cause (是正処置, J.7.1)."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pms.core.fields import SearchKeyField
from pms.core.models import StatefulModel
from pms.core.text import search_key
from pms.cycles.models import Clause
from pms.organization.models import Department, Person, access_of

from ..choices import (
    BEFORE_CHECK,
    COMPARABLE_CAUSES,
    DRAFTING,
    NO_NONCONFORMITY,
    OPEN_STATUSES,
    CauseClass,
    Grade,
    Source,
    Status,
    Verdict,
)
from ..deadlines import recurrence_since

S = Status


class CorrectiveActionQuerySet(models.QuerySet):
    """Actions, asked by viewer, step, day and likeness."""

    def visible_to(self, user: Any) -> Self:
        """All for who runs, approves or examines them; managers see their departments'.

        Everybody sees those that they own, have a measure of, or check.
        """
        if user.has_perm("corrective_actions.view_correctiveaction"):
            return self
        access = access_of(user)
        if access.person is None:
            return self.none()
        from .rounds import Measure, Round

        mine = {"action": OuterRef("pk")}
        condition = (
            Q(owner=access.person)
            | Exists(Round.objects.filter(**mine, checker=access.person))
            | Exists(Measure.objects.filter(round__action=OuterRef("pk"), owner=access.person))
        )
        if user.has_perm("corrective_actions.view_own_departments"):
            condition |= Q(department__in=access.department_ids)
        return self.filter(condition)

    def files_visible_to(self, user: Any) -> Self:
        """Its files are meant for whoever sees the action."""
        return self.visible_to(user)

    def for_list(self) -> Self:
        """With what a row of the list shows."""
        return self.select_related("department", "owner", "clause", "current")

    def open(self) -> Self:
        """Somebody still has to act; an accepted risk rests."""
        return self.filter(status__in=OPEN_STATUSES)

    def overdue(self, today: date) -> Self:
        """Not carried out by the due day, or not checked by the last day for the check."""
        return self.filter(
            Q(status__in=BEFORE_CHECK, due_on__lt=today)
            | Q(status=S.CHECKING, current__verdict="", current__check_due_on__lt=today)
        )

    def closable(self) -> Self:
        """The effect was seen; the action waits for its closing."""
        return self.filter(status=S.CHECKING, current__verdict=Verdict.EFFECTIVE)

    def mine(self, user: Any) -> Self:
        """Those in which the account itself has a part."""
        person = access_of(user).person
        if person is None:
            return self.none()
        from .rounds import Measure

        has_measure = Measure.objects.filter(
            round__action=OuterRef("pk"), owner=person, done_on__isnull=True
        )
        return self.filter(Q(owner=person) | Q(current__checker=person) | Exists(has_measure))

    def search(self, text: str) -> Self:
        """Which match every word by number, title, fact or source."""
        actions = self
        for word in text.split():
            actions = actions.filter(
                Q(search_key__contains=search_key(word)) | Q(fact__icontains=word)
            )
        return actions

    def like(self, action: "CorrectiveAction") -> Self:
        """Earlier nonconformities of which `action` is a recurrence, the latest first.

        The same clause and department, or the same kind of cause, found within the 24 months
        before; what was withdrawn never happened.
        """
        alike = Q(pk__in=[])
        if action.clause_id:
            alike |= Q(clause=action.clause_id, department=action.department_id)
        if action.cause_class in COMPARABLE_CAUSES:
            alike |= Q(cause_class=action.cause_class)
        if action.source in NO_NONCONFORMITY:
            return self.none()
        return (
            self.filter(
                alike,
                found_on__gte=recurrence_since(action.found_on),
                found_on__lte=action.found_on,
            )
            .exclude(pk=action.pk)
            .exclude(status=S.WITHDRAWN)
            .exclude(source__in=NO_NONCONFORMITY)
            # Of the same day, what was raised before.
            .exclude(found_on=action.found_on, pk__gt=action.pk or 0)
            .order_by("-found_on", "-pk")
        )


class CorrectiveAction(StatefulModel):
    """What removes the cause of one nonconformity, and the proof that it did.

    The action does not know its source: kind and label stay as they were when it was raised, the
    source's own record holds the link. Cause, plan, approval and effect check stand in rounds;
    one that was not effective is followed by the next.
    """

    TRANSITIONS = {
        S.RAISED: {S.ANALYSIS, S.PLANNING, S.ACCEPTED, S.WITHDRAWN},
        S.ANALYSIS: {S.RAISED, S.PLANNING, S.ACCEPTED, S.WITHDRAWN},
        S.PLANNING: {S.RAISED, S.ANALYSIS, S.SUBMITTED, S.ACCEPTED, S.WITHDRAWN},
        S.SUBMITTED: {S.EXECUTION, S.PLANNING},
        S.EXECUTION: {S.CHECKING, S.PLANNING, S.ACCEPTED},
        S.CHECKING: {S.CLOSED, S.ANALYSIS, S.ACCEPTED},
        S.ACCEPTED: {S.RAISED, S.ANALYSIS, S.PLANNING, S.EXECUTION, S.CHECKING},
        S.CLOSED: set(),
        S.WITHDRAWN: set(),
    }

    year = models.PositiveSmallIntegerField(_("fiscal year"), editable=False)
    sequence = models.PositiveIntegerField(_("number in the year"), editable=False)
    number = models.CharField(
        pgettext_lazy("corrective action", "number"), max_length=20, unique=True, editable=False
    )
    source = models.CharField(_("source"), max_length=20, choices=Source)
    source_label = models.CharField(
        _("what it came from"),
        max_length=200,
        blank=True,
        help_text=_("Number or name of the record, as it was called then."),
    )
    title = models.CharField(pgettext_lazy("corrective action", "title"), max_length=200)
    fact = models.TextField(_("fact"), help_text=_("What was seen, where and when; no opinion."))
    criterion = models.TextField(
        _("criterion"), blank=True, help_text=_("The rule that it does not conform to.")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="corrective_actions", verbose_name=_("department")
    )
    clause = models.ForeignKey(
        Clause,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrective_actions",
        verbose_name=_("clause"),
        db_index=False,
    )
    grade = models.CharField(_("grade"), max_length=12, choices=Grade)
    cause_class = models.CharField(
        _("kind of cause"), max_length=20, choices=CauseClass, blank=True
    )
    found_on = models.DateField(_("found on"))
    raised_on = models.DateField(_("raised on"), editable=False)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("raised by"),
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="corrective_actions",
        verbose_name=pgettext_lazy("corrective action", "responsible"),
        db_index=False,
    )
    due_on = models.DateField(
        _("due on"), help_text=_("By this day the measures are carried out; then the effect shows.")
    )
    first_due_on = models.DateField(_("first due date"), editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=S, default=S.RAISED, editable=False
    )
    correction = models.TextField(
        _("correction at once"),
        blank=True,
        editable=False,
        help_text=_("What was done on the spot; where nothing had to be done, say why."),
    )
    corrected_on = models.DateField(_("corrected on"), null=True, editable=False)
    current = models.OneToOneField(
        "Round",
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("present round"),
    )
    recurrence_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="recurrences",
        editable=False,
        verbose_name=_("recurrence of"),
    )
    is_recurrence_settled = models.BooleanField(
        _("somebody decided whether it is a recurrence"), default=False, editable=False
    )
    closed_on = models.DateField(_("closed on"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("closed by"),
    )
    closing_comment = models.TextField(_("closing comment"), blank=True, editable=False)
    reported_on = models.DateField(_("reported to top management on"), null=True, editable=False)
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True, editable=False)
    search_key = SearchKeyField(sources=("number", "title", "source_label"))

    objects = CorrectiveActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")
        ordering = ["-year", "-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["year", "sequence"], name="correctiveaction_numbered"),
            models.CheckConstraint(
                name="correctiveaction_words_known",
                condition=Q(
                    source__in=Source.values,
                    grade__in=Grade.values,
                    cause_class__in=["", *CauseClass.values],
                    status__in=S.values,
                ),
            ),
            models.CheckConstraint(
                name="correctiveaction_closed_iff_dated",
                condition=Q(status=S.CLOSED, closed_on__isnull=False, closed_by__isnull=False)
                | Q(~Q(status=S.CLOSED), closed_on__isnull=True, closed_by__isnull=True),
            ),
            models.CheckConstraint(
                name="correctiveaction_withdrawn_says_why",
                condition=(Q(status=S.WITHDRAWN) & ~Q(withdrawn_reason=""))
                | (~Q(status=S.WITHDRAWN) & Q(withdrawn_reason="")),
            ),
            models.CheckConstraint(
                name="correctiveaction_correction_dated",
                condition=Q(correction="", corrected_on__isnull=True)
                | (~Q(correction="") & Q(corrected_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="correctiveaction_never_due_earlier",
                condition=Q(due_on__gte=F("first_due_on")),
            ),
            models.CheckConstraint(
                name="correctiveaction_found_before_raised",
                condition=Q(found_on__lte=F("raised_on")),
                violation_error_message=_("It was found before it is raised: correct the day."),
            ),
            models.CheckConstraint(
                name="correctiveaction_recurs_of_another",
                condition=~Q(recurrence_of=F("id")),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "due_on", "id"], name="correctiveaction_by_state"),
            models.Index(fields=["due_on", "id"], name="correctiveaction_by_due_day"),
            models.Index(fields=["owner", "status"], name="correctiveaction_by_owner"),
            models.Index(fields=["source", "status"], name="correctiveaction_by_source"),
            models.Index(fields=["grade", "status"], name="correctiveaction_by_grade"),
            models.Index(fields=["found_on", "id"], name="correctiveaction_by_finding"),
            models.Index(fields=["cause_class", "found_on"], name="correctiveaction_by_cause"),
            models.Index(
                fields=["clause", "department", "found_on"], name="correctiveaction_by_clause"
            ),
        ]
        permissions = [
            ("take_part", _("Can work on the corrective actions that one has a part in")),
            ("view_own_departments", _("Can view the corrective actions of one's departments")),
            ("approve_plan", _("Can approve the plan of a corrective action")),
            ("approve_grave_plan", _("Can approve the plan of a grave corrective action")),
            ("check_effect", _("Can check the effect of corrective actions")),
            ("close_correctiveaction", _("Can close and withdraw corrective actions")),
            ("accept_risk", _("Can accept a risk for a time instead of removing its cause")),
            ("import_findings", _("Can import an examiner's findings")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("corrective_actions:action_detail", args=[self.pk])

    def settle(self, *, has_cause: bool) -> None:
        """Move in memory to the step that is missing first: correction, cause, plan.

        Args:
            has_cause: whether the analysis of the present round is complete.
        """
        step = S.PLANNING if has_cause else S.ANALYSIS
        step = step if self.correction else S.RAISED
        if step != self.status:
            self.move_to(step)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.status in OPEN_STATUSES

    @property
    def is_drafting(self) -> bool:
        """Whether correction, cause and measures can still be written."""
        return self.status in DRAFTING

    @property
    def is_closed(self) -> bool:
        """Whether all three locks have opened."""
        return self.status == S.CLOSED

    @property
    def has_effect_check_planned(self) -> bool:
        """Whether the measures are carried out and somebody will look at their effect, or has.

        A source may be closed then (an incident; domain: incidents 8).
        """
        current = self.current
        return self.is_closed or bool(
            self.status == S.CHECKING and current and current.checker_id and current.check_from_on
        )

    @property
    def is_recurrence(self) -> bool:
        """Whether something alike was found within the last 24 months (再発)."""
        return self.recurrence_of_id is not None

    @property
    def is_before_check(self) -> bool:
        """Whether its measures are not carried out yet, so that its due date counts."""
        return self.status in BEFORE_CHECK

    @property
    def has_open_day(self) -> bool:
        """Whether a day can still be missed: none can once the effect was seen."""
        is_seen = self.status == S.CHECKING and self.current and self.current.verdict
        return self.is_open and not is_seen

    @property
    def acts_by(self) -> date:
        """The day that counts now: of the check while its effect is to be checked."""
        if self.status == S.CHECKING and self.current and self.current.check_due_on:
            return self.current.check_due_on
        return self.due_on
