"""What somebody was told, in which words, and how far the mail of it is."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pms.core.exceptions import InvalidTransitionError
from pms.core.fields import SearchKeyField

from .choices import MailState
from .kinds import guarded_kinds, kind_labels

S = MailState
MAX_SUBJECT = 200


class NotificationQuerySet(models.QuerySet):
    """Notifications, asked by reader and by what is to be done."""

    def to(self, user: Any) -> "NotificationQuerySet":
        """What one account was told."""
        return self.filter(recipient=user)

    def visible_to(self, user: Any) -> "NotificationQuerySet":
        """Everything for the office, as proof, but what is guarded; else what one was told oneself.

        What is guarded shows to who was told and to who holds its permission.
        """
        if not user.has_perm("notifications.view_notification"):
            return self.to(user)
        hidden = [kind for kind, needed in guarded_kinds().items() if not user.has_perm(needed)]
        return self.filter(~Q(kind__in=hidden) | Q(recipient=user)) if hidden else self

    def for_list(self) -> "NotificationQuerySet":
        """With the recipient; the words are many and no list shows them."""
        return self.select_related("recipient__person").defer("body")

    def unread(self) -> "NotificationQuerySet":
        """What its recipient has not opened yet."""
        return self.filter(read_at__isnull=True)

    def due(self, now: datetime) -> "NotificationQuerySet":
        """Mails whose turn it is at `now`."""
        return self.filter(mail_state=S.WAITING, next_try_at__lte=now)

    def left_lying(self, before: datetime) -> "NotificationQuerySet":
        """Mails that somebody took up before `before` and never put down."""
        return self.filter(mail_state=S.SENDING, claimed_at__lt=before)


class Notification(models.Model):
    """One thing that one account was told, in the words of that day.

    The row is the outbox as well as the proof: recipient and words never change (the database
    holds this), only whether it was read and what became of the mail.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="notifications",
        verbose_name=_("recipient"),
        db_index=False,
    )
    kind = models.CharField(
        _("kind"), max_length=80, help_text=_("“app.event”; the words come from its template")
    )
    key = models.CharField(_("key"), max_length=200, help_text=_("told once to each recipient"))
    subject = models.CharField(_("subject"), max_length=MAX_SUBJECT)
    body = models.TextField(_("text"))
    url = models.CharField(_("page"), max_length=500)
    is_duty = models.BooleanField(_("duty"), default=False)
    created_at = models.DateTimeField(_("told at"))
    read_at = models.DateTimeField(_("opened at"), null=True, editable=False)
    mail_state = models.CharField(
        _("mail"), max_length=10, choices=S, default=S.WAITING, editable=False
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0, editable=False)
    next_try_at = models.DateTimeField(_("next attempt at"), null=True, editable=False)
    gives_up_at = models.DateTimeField(_("tried until"), null=True, editable=False)
    claimed_at = models.DateTimeField(_("taken up at"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    last_error = models.TextField(_("what went wrong"), blank=True, editable=False)
    message_id = models.CharField(_("message number"), max_length=200, unique=True, editable=False)
    search_key = SearchKeyField(sources=("subject",))

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notification_of_recipient"),
            models.Index(
                fields=["recipient"], name="notification_unread", condition=Q(read_at__isnull=True)
            ),
            models.Index(
                fields=["next_try_at"],
                name="notification_waiting",
                condition=Q(mail_state="waiting"),
            ),
            models.Index(
                fields=["claimed_at"],
                name="notification_sending",
                condition=Q(mail_state="sending"),
            ),
            models.Index(fields=["mail_state", "-id"], name="notification_by_state"),
            models.Index(fields=["kind", "-id"], name="notification_by_kind"),
            models.Index(fields=["created_at"], name="notification_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                # In this order it also finds whom something was told to.
                fields=["key", "recipient"],
                name="notification_once_per_key",
                violation_error_message=_("This recipient has been told this already."),
            ),
            models.CheckConstraint(
                name="notification_mail_state_known", condition=Q(mail_state__in=S.values)
            ),
            models.CheckConstraint(
                name="notification_duty_is_mailed",
                condition=~Q(is_duty=True, mail_state=S.NOT_WANTED),
                violation_error_message=_("Duties are told by mail, too."),
            ),
            models.CheckConstraint(
                name="notification_waiting_iff_next_try",
                condition=~(Q(mail_state=S.WAITING) ^ Q(next_try_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="notification_sending_iff_claimed",
                condition=~(Q(mail_state=S.SENDING) ^ Q(claimed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="notification_sent_iff_dated",
                condition=~(Q(mail_state__in=[S.SENT, S.BOUNCED]) ^ Q(sent_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="notification_failure_has_reason",
                condition=~Q(mail_state__in=[S.FAILED, S.BOUNCED], last_error=""),
            ),
        ]
        permissions = [
            ("read_own", _("Can read what one was told oneself")),
            ("view_words", _("Can read the words of what others were told")),
            ("retry", _("Can have a mail that failed sent again")),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("notifications:notification_detail", args=[self.pk])

    @property
    def is_read(self) -> bool:
        """Whether its recipient has opened it."""
        return self.read_at is not None

    @property
    def recipient_name(self) -> str:
        """Who was told: the name of the person behind the account, else its address."""
        # `person` is the reverse side of a relation from above.
        return str(getattr(self.recipient, "person", None) or self.recipient)

    @property
    def kind_label(self) -> str:
        """What kind of thing it tells, in words."""
        return str(kind_labels().get(self.kind, self.kind))

    def wait_again(self, now: datetime) -> None:
        """Let a mail that was given up be tried anew from `now` on, in memory."""
        self._move_mail(S.WAITING, {S.FAILED})
        self.next_try_at, self.gives_up_at = now, None

    def come_back(self, reason: str, now: datetime) -> None:
        """Note in memory that the mail came back for `reason`; so it had been sent after all."""
        self._move_mail(S.BOUNCED, {S.SENT, S.SENDING, S.WAITING, S.FAILED})
        self.sent_at = self.sent_at or now
        self.claimed_at = self.next_try_at = self.gives_up_at = None
        self.last_error = reason

    def _move_mail(self, target: MailState, sources: set[MailState]) -> None:
        if self.mail_state not in sources:
            raise InvalidTransitionError(
                _("The mail of “%(record)s” is %(present)s and cannot become %(target)s."),
                params={
                    "record": self,
                    "present": self.get_mail_state_display(),
                    "target": target.label,
                },
            )
        self.mail_state = target


class Preference(models.Model):
    """What somebody chose about their mails; without a row everything is mailed."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("account")
    )
    mails_news = models.BooleanField(
        _("mail me news, too"),
        default=True,
        help_text=_("What you have to do is always mailed. News can be read here as well."),
    )

    class Meta:
        verbose_name = _("notification setting")
        verbose_name_plural = _("notification settings")

    def __str__(self) -> str:
        return str(self.user)


def with_unread_count(users: QuerySet) -> QuerySet:
    """Accounts with the number of their unread notifications as `unread_notifications`.

    So the bell of every page comes with the row of the account and costs no query of its own; the
    number is counted in the partial index `notification_unread`.
    """
    mine = Notification.objects.unread().filter(recipient=OuterRef("pk")).order_by()
    counted = mine.values("recipient").annotate(number=Count("pk")).values("number")
    return users.annotate(unread_notifications=Coalesce(Subquery(counted), Value(0)))
