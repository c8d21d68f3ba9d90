"""The ledger: one row for each step that came due, whatever became of it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pms.notifications.models import Notification
from pms.organization.models import Person, access_of

from .choices import TOLD_STATES, ReminderState, UntoldReason
from .labels import guarded_rules

S = ReminderState


class ReminderQuerySet(models.QuerySet):
    """Rows of the ledger, asked by object, person and viewer."""

    def about(self, record: models.Model) -> "ReminderQuerySet":
        """What was told about one record."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk)

    def told(self) -> "ReminderQuerySet":
        """Without what was overtaken, and without what nobody could be told."""
        return self.filter(state__in=TOLD_STATES)

    def for_list(self) -> "ReminderQuerySet":
        """With the people that a list names."""
        return self.select_related("person", "told_through")

    def visible_to(self, user: Any) -> "ReminderQuerySet":
        """All for who runs the management system, own people for managers, else one's own.

        What not everybody may know of shows to who was told and to who may know.
        """
        hidden = [name for name, permission in guarded_rules() if not user.has_perm(permission)]
        rows = self.filter(~Q(rule__in=hidden) | Q(person__user=user)) if hidden else self
        if user.has_perm("reminders.view_reminder"):
            return rows
        return rows.filter(access_of(user).own_people("person__"))


class Reminder(models.Model):
    """Somebody was told of a duty at a step before or after its due date, or why they were not.

    A row is written when its step comes due, once and for good: the database refuses every change
    of it. The due date is part of what makes a row the only one of its kind, so a date that moves
    plans every step anew and leaves what was told.
    """

    rule = models.CharField(_("rule"), max_length=60)
    content_type = models.ForeignKey(
        ContentType,
        models.PROTECT,
        related_name="+",
        verbose_name=_("kind of record"),
        db_index=False,
    )
    object_id = models.PositiveBigIntegerField(_("number of the record"))
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="reminders",
        verbose_name=_("person"),
        db_index=False,
        help_text=_("Who is told; of a manager's step the manager."),
    )
    due_on = models.DateField(_("due on"))
    step = models.CharField(_("step"), max_length=30)
    title = models.CharField(_("what it was about"), max_length=200)
    planned_on = models.DateField(
        _("planned for"), help_text=_("The working day that the step falls on.")
    )
    told_on = models.DateField(_("told on"), null=True)
    state = models.CharField(_("state"), max_length=16, choices=S)
    reason = models.CharField(_("reason"), max_length=10, choices=UntoldReason, blank=True)
    notification = models.ForeignKey(
        Notification,
        models.PROTECT,
        null=True,
        related_name="reminders",
        verbose_name=_("notification"),
    )
    told_through = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("told through"),
        db_index=False,
        help_text=_("The manager who was asked to pass it on."),
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "content_type", "object_id", "person", "due_on", "step"],
                name="reminder_once_per_step",
                violation_error_message=_("This step is in the ledger already."),
            ),
            models.CheckConstraint(name="reminder_state_known", condition=Q(state__in=S.values)),
            models.CheckConstraint(
                name="reminder_told_iff_notified",
                condition=Q(
                    state__in=TOLD_STATES, told_on__isnull=False, notification__isnull=False
                )
                | Q(~Q(state__in=TOLD_STATES), told_on__isnull=True, notification__isnull=True),
            ),
            models.CheckConstraint(
                name="reminder_through_iff_manager_named",
                condition=~(Q(state=S.THROUGH_MANAGER) ^ Q(told_through__isnull=False)),
            ),
            models.CheckConstraint(
                name="reminder_untold_iff_reason",
                condition=Q(state=S.UNTOLD, reason__in=UntoldReason.values)
                | Q(~Q(state=S.UNTOLD), reason=""),
            ),
            models.CheckConstraint(
                name="reminder_not_told_too_early",
                condition=Q(told_on__isnull=True) | Q(told_on__gte=models.F("planned_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="reminder_of_person"),
            models.Index(fields=["content_type", "object_id"], name="reminder_of_object"),
            models.Index(fields=["rule", "planned_on"], name="reminder_by_rule"),
            models.Index(fields=["rule", "-id"], name="reminder_latest_of_rule"),
            models.Index(fields=["state", "-id"], name="reminder_by_state"),
            models.Index(fields=["told_on"], name="reminder_by_day"),
        ]
        permissions = [("view_own_reminders", _("Can see the reminders of oneself and own people"))]

    def __str__(self) -> str:
        return f"{self.title} {self.step}"

    # Django's own look the word up among all of them, for each row of a list anew.

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(S(self.state).label)

    def get_reason_display(self) -> str:  # type: ignore[no-redef]
        return str(UntoldReason(self.reason).label) if self.reason else ""

    @property
    def state_key(self) -> str:
        """The key of the state's shape on pages."""
        return S(self.state).key
