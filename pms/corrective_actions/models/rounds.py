"""One round of an action: cause, measures, approval, effect check. Earlier ones stay readable."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pms.evidence.models import EvidenceFile
from pms.organization.models import Person, access_of

from ..choices import CauseClass, MeasureKind, Spread, Status, Verdict
from .actions import CorrectiveAction


class RoundQuerySet(models.QuerySet):
    """Rounds, asked by viewer."""

    def visible_to(self, user: Any) -> Self:
        """Those of visible actions."""
        return self.filter(action__in=CorrectiveAction.objects.visible_to(user))


class Round(models.Model):
    """Why it happened, what is done about it, who agreed, and whether it worked."""

    action = models.ForeignKey(
        CorrectiveAction,
        models.PROTECT,
        related_name="rounds",
        verbose_name=_("corrective action"),
        db_index=False,
    )
    number = models.PositiveSmallIntegerField(_("round"), default=1, editable=False)
    due_on = models.DateField(_("measures due on"), editable=False)
    root_cause = models.TextField(_("root cause"), blank=True)
    cause_class = models.CharField(
        _("kind of cause"), max_length=20, choices=CauseClass, blank=True
    )
    why_not_found = models.TextField(_("why it was not found earlier"), blank=True)
    spread = models.CharField(
        _("similar cases elsewhere"), max_length=8, choices=Spread, blank=True
    )
    similar_cases = models.TextField(
        _("where else was looked, and what was found"),
        blank=True,
        help_text=_("Departments, records or systems; what was seen there."),
    )
    resources = models.TextField(
        _("resources"), blank=True, help_text=_("People, time and money that the plan takes.")
    )
    needs_top_management = models.BooleanField(_("top management approves"), default=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("submitted by"),
    )
    submitted_on = models.DateField(_("submitted on"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )
    approved_on = models.DateField(_("approved on"), null=True, editable=False)
    approval_comment = models.TextField(_("comment"), blank=True, editable=False)
    return_comment = models.TextField(_("why it was sent back"), blank=True, editable=False)
    executed_on = models.DateField(_("carried out on"), null=True, editable=False)
    checker = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="effect_checks",
        verbose_name=_("checks the effect"),
    )
    check_from_on = models.DateField(_("effect check from"), null=True, editable=False)
    check_due_on = models.DateField(_("effect check due on"), null=True, editable=False)
    checked_on = models.DateField(_("effect checked on"), null=True, editable=False)
    check_method = models.TextField(_("how it was checked"), blank=True, editable=False)
    check_result = models.TextField(_("what was seen"), blank=True, editable=False)
    verdict = models.CharField(
        _("effect"), max_length=14, choices=Verdict, blank=True, editable=False
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of a corrective action")
        verbose_name_plural = _("rounds of corrective actions")
        ordering = ["action", "number"]
        constraints = [
            models.UniqueConstraint(fields=["action", "number"], name="actionround_numbered"),
            models.CheckConstraint(
                name="actionround_words_known",
                condition=Q(
                    cause_class__in=["", *CauseClass.values],
                    spread__in=["", *Spread.values],
                    verdict__in=["", *Verdict.values],
                ),
            ),
            models.CheckConstraint(
                name="actionround_approved_iff_dated",
                condition=Q(approved_on__isnull=True, approved_by__isnull=True)
                | Q(approved_on__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="actionround_approved_by_another",
                condition=~Q(approved_by=F("submitted_by")),
                violation_error_message=_("Nobody approves a plan that they submitted themselves."),
            ),
            models.CheckConstraint(
                name="actionround_checked_whole",
                condition=Q(verdict="", checked_on__isnull=True, check_result="")
                | (
                    ~Q(verdict="")
                    & ~Q(check_result="")
                    & ~Q(check_method="")
                    & Q(checked_on__isnull=False, checker__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="actionround_checked_after_waiting",
                condition=Q(checked_on__isnull=True)
                | Q(check_from_on__isnull=False, checked_on__gte=F("check_from_on")),
                violation_error_message=_("The effect cannot be checked before the waiting time."),
            ),
        ]
        indexes = [
            models.Index(fields=["checker", "check_due_on"], name="actionround_by_checker"),
            models.Index(fields=["check_due_on"], name="actionround_by_check_day"),
        ]

    def __str__(self) -> str:
        return _("%(action)s, round %(number)s") % {
            "action": self.action,
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        return f"{self.action.get_absolute_url()}#round-{self.number}"

    @property
    def is_approved(self) -> bool:
        """Whether its plan may be carried out."""
        return self.approved_on is not None


class Handover(models.Model):
    """Somebody answered for the action or a measure of a round and handed it over.

    The effect of that round is checked by somebody else all the same.
    """

    round = models.ForeignKey(
        Round,
        models.PROTECT,
        related_name="handovers",
        verbose_name=_("round"),
        db_index=False,
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="+",
        verbose_name=_("answered before"),
    )

    class Meta:
        verbose_name = _("handing over in a corrective action")
        verbose_name_plural = _("handings over in corrective actions")
        ordering = ["round", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="actionhandover_once")
        ]

    def __str__(self) -> str:
        return str(self.person)


class Why(models.Model):
    """One answer in the row of questions "why?" that leads to the root cause (なぜなぜ分析)."""

    round = models.ForeignKey(
        Round, models.CASCADE, related_name="whys", verbose_name=_("round"), db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"))
    answer = models.CharField(_("because"), max_length=400)

    class Meta:
        verbose_name = _("answer to “why?”")
        verbose_name_plural = _("answers to “why?”")
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="actionwhy_in_order")
        ]

    def __str__(self) -> str:
        return self.answer


class MeasureQuerySet(models.QuerySet):
    """Measures, asked by viewer, state and day."""

    def visible_to(self, user: Any) -> Self:
        """Those of visible actions."""
        return self.filter(round__action__in=CorrectiveAction.objects.visible_to(user))

    def files_visible_to(self, user: Any) -> Self:
        """The proof of a measure is meant for whoever sees the action."""
        return self.visible_to(user)

    def to_carry_out(self) -> Self:
        """Approved, of the present round, and not done yet."""
        return self.filter(
            done_on__isnull=True,
            round__action__status=Status.EXECUTION,
            round__action__current=F("round"),
        )

    def overdue(self, today: date) -> Self:
        """To be carried out although the day is over."""
        return self.to_carry_out().filter(due_on__lt=today)

    def mine(self, user: Any) -> Self:
        """Those of the person behind the account."""
        return self.filter(owner=access_of(user).person)


class Measure(models.Model):
    """One thing that is changed so that it does not happen again, with its owner and proof."""

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="measures", verbose_name=_("round")
    )
    title = models.CharField(pgettext_lazy("corrective action", "measure"), max_length=300)
    kind = models.CharField(
        _("what it changes"), max_length=12, choices=MeasureKind, default=MeasureKind.RULE
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="measures",
        verbose_name=pgettext_lazy("corrective action", "responsible"),
        db_index=False,
    )
    due_on = models.DateField(_("due on"))
    first_due_on = models.DateField(_("first due date"), null=True, editable=False)
    done_on = models.DateField(_("done on"), null=True, editable=False)
    result = models.TextField(_("what was done"), blank=True, editable=False)
    proof = models.ForeignKey(
        EvidenceFile,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("proof"),
    )

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("corrective action", "measure")
        verbose_name_plural = _("measures")
        ordering = ["round", "due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="actionmeasure_kind_known", condition=Q(kind__in=MeasureKind.values)
            ),
            models.CheckConstraint(
                name="actionmeasure_done_iff_dated",
                condition=Q(done_on__isnull=True, result="")
                | (Q(done_on__isnull=False) & ~Q(result="")),
            ),
            models.CheckConstraint(
                name="actionmeasure_never_due_earlier",
                condition=Q(first_due_on__isnull=True) | Q(due_on__gte=F("first_due_on")),
                violation_error_message=_("The day cannot lie before the one approved first."),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "done_on", "due_on"], name="actionmeasure_by_owner"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.round.action.get_absolute_url()}#measure-{self.pk}"

    @property
    def is_done(self) -> bool:
        """Whether it was carried out."""
        return self.done_on is not None

    @property
    def is_proven(self) -> bool:
        """Whether a file proves that it was."""
        return self.is_done and self.proof_id is not None
