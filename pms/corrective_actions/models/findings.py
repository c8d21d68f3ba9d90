"""What an examining body found (外部審査の指摘), and the answer that goes back."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .actions import CorrectiveAction


class ExaminerFindingQuerySet(models.QuerySet):
    """Findings, asked by viewer and answer."""

    def visible_to(self, user: Any) -> Self:
        """Those of visible actions."""
        if user.has_perm("corrective_actions.view_correctiveaction"):
            return self
        return self.filter(action__in=CorrectiveAction.objects.visible_to(user))

    def for_list(self) -> Self:
        """With what a row of the list shows."""
        return self.select_related(
            "action__department", "action__clause", "action__owner", "action__current"
        )

    def in_force(self) -> Self:
        """Without those whose action was withdrawn."""
        return self.filter(is_withdrawn=False)

    def newest_of_each_number(self) -> Self:
        """Without those that were withdrawn and entered anew."""
        same = ExaminerFinding.objects.filter(
            received_on=OuterRef("received_on"), number=OuterRef("number")
        )
        return self.exclude(Exists(same.filter(pk__gt=OuterRef("pk"))))

    def unanswered(self) -> Self:
        """The examiner still waits for an answer."""
        return self.in_force().filter(answered_on__isnull=True)

    def overdue(self, today: date) -> Self:
        """Not answered although the last day is over."""
        return self.unanswered().filter(answer_due_on__lt=today)


class ExaminerFinding(models.Model):
    """One finding of an examiner's list, with its clock and the answer to it."""

    action = models.OneToOneField(
        CorrectiveAction,
        models.PROTECT,
        related_name="finding",
        verbose_name=_("corrective action"),
    )
    number = models.CharField(_("number of the finding"), max_length=30)
    is_repeated = models.BooleanField(_("repeated finding"), default=False)
    received_on = models.DateField(_("visited or received on"))
    answer_due_on = models.DateField(_("answer due on"), editable=False)
    answer = models.TextField(_("answer to the examiner"), blank=True, editable=False)
    answered_on = models.DateField(_("answered on"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("answered by"),
    )

    is_withdrawn = models.BooleanField(
        _("withdrawn"),
        default=False,
        editable=False,
        help_text=_("Its action was withdrawn; the finding can be entered anew."),
    )

    objects = ExaminerFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("examiner's finding")
        verbose_name_plural = _("examiner's findings")
        ordering = ["-received_on", "number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["received_on", "number"],
                condition=Q(is_withdrawn=False),
                name="examinerfinding_numbered",
                violation_error_message=_("This finding of the same day has been entered already."),
            ),
            models.CheckConstraint(
                name="examinerfinding_answered_iff_dated",
                condition=Q(answer="", answered_on__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_on__isnull=False, answered_by__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["answered_on", "answer_due_on"], name="examinerfinding_by_clock"),
            models.Index(fields=["answer_due_on", "id"], name="examinerfinding_by_due_day"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action.title}"

    def get_absolute_url(self) -> str:
        return self.action.get_absolute_url()

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer."""
        return self.answered_on is not None
