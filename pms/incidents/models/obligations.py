"""What is known of a case each time somebody judged it, and what follows from it."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from pms.core.models import StatefulModel

from ..choices import (
    PENDING,
    ByWhom,
    CountKind,
    HandlingRole,
    Kind,
    Medium,
    ObligationStatus,
    Verdict,
)
from ..judging import Count, Facts
from .incidents import Incident, OfIncidentQuerySet

OS = ObligationStatus


class Assessment(models.Model):
    """The facts as they were known at one time; a change makes a new one, the old ones stay."""

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="assessments", verbose_name=_("incident")
    )
    number = models.PositiveSmallIntegerField(_("assessment"))
    answers = models.JSONField(_("facts"), default=dict, blank=True, help_text=_("fact: answer"))
    events = models.JSONField(_("what happened"), default=list, blank=True)
    data_items = models.TextField(_("items of data"), blank=True)
    medium = models.CharField(_("medium"), max_length=10, choices=Medium, default=Medium.UNKNOWN)
    by_whom = models.CharField(
        _("by whose hand"), max_length=10, choices=ByWhom, default=ByWhom.UNKNOWN
    )
    role = models.CharField(
        _("our role"), max_length=10, choices=HandlingRole, default=HandlingRole.OWN
    )
    persons_kind = models.CharField(
        _("number of persons"), max_length=7, choices=CountKind, default=CountKind.UNKNOWN
    )
    persons = models.PositiveIntegerField(_("persons"), null=True, blank=True)
    my_number_kind = models.CharField(
        _("of them with My Number"), max_length=7, choices=CountKind, blank=True
    )
    my_number_persons = models.PositiveIntegerField(
        _("persons with My Number"), null=True, blank=True
    )
    noticed_on = models.DateField(_("noticed on"))
    known_on = models.JSONField(
        _("known on, by trigger"), default=dict, blank=True, help_text=_("trigger: day")
    )
    consignor_told_on = models.DateField(_("client told on"), null=True, blank=True)
    has_privacy_mark = models.BooleanField(_("the company has the mark"), default=True)
    note = models.TextField(_("why it is judged anew"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("judged by"),
    )
    made_at = models.DateTimeField(_("judged at"))

    is_confidential = True
    objects = OfIncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["incident", "number"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="assessment_numbered"),
            models.CheckConstraint(
                name="assessment_counted_iff_known",
                condition=Q(persons_kind=CountKind.UNKNOWN, persons__isnull=True)
                | ~Q(persons_kind=CountKind.UNKNOWN) & Q(persons__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return _("%(incident)s, assessment %(number)s") % {
            "incident": self.incident.number,
            "number": self.number,
        }

    def as_facts(self) -> Facts:
        """The facts as the engine reads them."""
        return Facts(
            noticed_on=self.noticed_on,
            answers=self.answers,
            events=frozenset(self.events),
            role=self.role,
            persons=count_of(self.persons_kind, self.persons),
            my_number_persons=(
                count_of(self.my_number_kind, self.my_number_persons)
                if self.my_number_kind
                else None
            ),
            known_on={code: date.fromisoformat(day) for code, day in self.known_on.items()},
            consignor_told_on=self.consignor_told_on,
            has_privacy_mark=self.has_privacy_mark,
        )


def count_of(kind: str, number: int | None) -> Count:
    """A number of persons as the engine reads it."""
    if kind == CountKind.EXACT:
        return Count(exactly=number)
    if kind == CountKind.AT_MOST:
        return Count(at_most=number)
    return Count()


class ObligationQuerySet(OfIncidentQuerySet):
    """Obligations, asked by viewer and state."""

    def pending(self) -> Self:
        """Somebody still has to act."""
        return self.filter(status__in=PENDING)

    def waiting_for_approval(self) -> Self:
        """Reports, and supplements to reports, that top management is asked to approve."""
        supplement = Q(status=OS.FILED, supplement_asked_on__isnull=False, approved_by=None)
        return self.filter(Q(status=OS.SUBMITTED) | supplement)


class Obligation(StatefulModel):
    """One thing that has to be done after an incident, from the first judgement to its filing."""

    TRANSITIONS = {
        OS.TO_CLARIFY: {OS.NEEDED, OS.NOT_NEEDED, OS.OPTIONAL, OS.DRAFTING, OS.WAIVED},
        OS.NEEDED: {OS.TO_CLARIFY, OS.NOT_NEEDED, OS.OPTIONAL, OS.DRAFTING, OS.WAIVED},
        OS.NOT_NEEDED: {OS.TO_CLARIFY, OS.NEEDED, OS.OPTIONAL},
        OS.OPTIONAL: {OS.TO_CLARIFY, OS.NEEDED, OS.NOT_NEEDED, OS.DRAFTING},
        OS.DRAFTING: {OS.SUBMITTED, OS.APPROVED, OS.FILED, OS.NOT_NEEDED, OS.OPTIONAL, OS.WAIVED},
        OS.SUBMITTED: {OS.APPROVED, OS.DRAFTING, OS.NOT_NEEDED, OS.OPTIONAL, OS.WAIVED},
        OS.APPROVED: {OS.FILED, OS.DRAFTING, OS.NOT_NEEDED, OS.OPTIONAL, OS.WAIVED},
        OS.FILED: set(),
        OS.WAIVED: {OS.TO_CLARIFY, OS.NEEDED, OS.NOT_NEEDED, OS.OPTIONAL},
    }

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="obligations", verbose_name=_("incident")
    )
    kind = models.CharField(_("obligation"), max_length=20, choices=Kind)
    status = models.CharField(_("state"), max_length=10, choices=OS, editable=False)
    counted_from = models.DateField(_("counted from"), null=True, editable=False)
    days = models.PositiveSmallIntegerField(_("days"), null=True, editable=False)
    due_on = models.DateField(_("last day"), null=True, editable=False)
    target_on = models.DateField(_("target day"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("submitted by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )
    approved_on = models.DateField(_("approved on"), null=True, editable=False)
    filed_on = models.DateField(_("filed on"), null=True, editable=False)
    supplement_asked_on = models.DateField(
        _("approval of a supplement asked for on"), null=True, editable=False
    )
    waived_reason = models.TextField(_("why it is waived"), blank=True, editable=False)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("waived by"),
    )
    waived_on = models.DateField(_("waived on"), null=True, editable=False)
    needs_difference_note = models.BooleanField(
        _("what changed after the filing is to be noted"), default=False, editable=False
    )

    is_confidential = True
    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ["incident", "id"]
        indexes = [models.Index(fields=["status", "due_on"], name="obligation_by_status")]
        constraints = [
            models.UniqueConstraint(fields=["incident", "kind"], name="obligation_one_of_a_kind"),
            models.CheckConstraint(
                name="obligation_filed_iff_dated",
                condition=Q(status=OS.FILED, filed_on__isnull=False)
                | ~Q(status=OS.FILED) & Q(filed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="obligation_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
                violation_error_message=_("Nobody approves a report that they submitted."),
            ),
            models.CheckConstraint(
                name="obligation_supplement_to_what_was_filed",
                condition=Q(supplement_asked_on__isnull=True) | Q(status=OS.FILED),
            ),
            models.CheckConstraint(
                name="obligation_waived_iff_said_why",
                condition=Q(status=OS.WAIVED, waived_by__isnull=False, waived_on__isnull=False)
                & ~Q(waived_reason="")
                | ~Q(status=OS.WAIVED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident.number} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """Where it is worked on."""
        return f"{self.incident.get_absolute_url()}#obligation-{self.pk}"

    def move_to(self, status: str) -> None:
        """Move to `status` in memory; an approval does not outlive the state it was given in."""
        super().move_to(status)
        if status not in {OS.APPROVED, OS.FILED}:
            self.approved_by = self.approved_on = None

    def ask_for_approval(self, *, by: Any, on: date) -> None:
        """Ask top management to approve it, or a supplement to what was filed, in memory."""
        if self.status == OS.FILED:
            self.supplement_asked_on = on
            self.approved_by = self.approved_on = None
        else:
            self.move_to(OS.SUBMITTED)
        self.submitted_by = by

    def approve(self, *, by: Any, on: date) -> None:
        """Approve what top management was asked for, in memory."""
        if not (self.status == OS.FILED and self.waits_for_approval):
            self.move_to(OS.APPROVED)
        self.approved_by, self.approved_on = by, on

    def send_back(self) -> None:
        """Take the asking or the approval back, in memory; what was filed stays filed."""
        if self.supplement_asked_on is None:
            self.move_to(OS.DRAFTING)
        else:
            self.supplement_asked_on = self.approved_by = self.approved_on = None

    @property
    def waits_for_approval(self) -> bool:
        """Whether top management is asked to approve it, or a supplement to it."""
        is_asked = self.status == OS.FILED and self.supplement_asked_on is not None
        return self.status == OS.SUBMITTED or (is_asked and self.approved_by_id is None)

    @property
    def is_approved(self) -> bool:
        """Whether what is to be filed next is approved."""
        is_asked = self.status == OS.FILED and self.supplement_asked_on is not None
        return self.status == OS.APPROVED or (is_asked and self.approved_by_id is not None)

    @property
    def is_pending(self) -> bool:
        """Whether somebody still has to act."""
        return self.status in PENDING

    @property
    def status_label(self) -> str:
        """The state in words; persons are told, nothing is filed with them."""
        if self.kind == Kind.PERSONS and self.status == OS.FILED:
            return pgettext("persons", "Told")
        return str(self.get_status_display())


class JudgementQuerySet(OfIncidentQuerySet):
    """Judgements, by the incident of their obligation."""

    incident = "obligation__incident"


class Judgement(models.Model):
    """What the rules said of one obligation at one assessment; it stays as it was said."""

    obligation = models.ForeignKey(
        Obligation, models.PROTECT, related_name="judgements", verbose_name=_("obligation")
    )
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="judgements", verbose_name=_("assessment")
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    triggers = models.JSONField(_("triggers"), default=list, blank=True)
    articles = models.CharField(_("articles"), max_length=400, blank=True)
    rules = models.JSONField(_("rules"), default=list, blank=True)
    why = models.TextField(_("why"))
    why_en = models.TextField(_("why, in English"))
    counted_from = models.DateField(_("counted from"), null=True)
    days = models.PositiveSmallIntegerField(_("days"), null=True)
    due_on = models.DateField(_("last day"), null=True)
    target_on = models.DateField(_("target day"), null=True)

    is_confidential = True
    objects = JudgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        ordering = ["obligation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "assessment"], name="judgement_one_an_assessment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.obligation}: {self.get_verdict_display()}"

    @property
    def sentence(self) -> str:
        """Why, in the reader's language."""
        return self.why if (get_language() or "ja").startswith("ja") else self.why_en
