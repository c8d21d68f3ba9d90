"""What happened, as it was reported and as it is known; and who may know of it."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pms.accounts.roles import Role
from pms.core.models import StatefulModel
from pms.organization.models import Appointment, Department, in_language

from ..choices import (
    OPEN_STATUSES,
    Answer,
    Channel,
    CountKind,
    Entry,
    Publication,
    RecordKind,
    Status,
)
from .rules import Category

S = Status


class IncidentQuerySet(models.QuerySet):
    """Incidents, asked by viewer and state."""

    def visible_to(self, user: Any) -> Self:
        """All for who handles incidents or decides on them; else those one was let in to know.

        Who reported one sees the page of the own report instead (`reported_by`).
        """
        if user.has_perm("incidents.view_incident"):
            return self
        if not user.is_authenticated:
            return self.none()
        return self.known_by(user)

    def known_by(self, user: Any) -> Self:
        """Those that `user` was let in to know."""
        return self.filter(pk__in=Member.objects.in_force().filter(user=user).values("incident"))

    def reported_by(self, user: Any) -> Self:
        """Those that `user` reported with their name."""
        return self.filter(reporter=user) if user.is_authenticated else self.none()

    def told_to(self, user: Any) -> Self:
        """The journal names who reported: it is for who handles incidents."""
        return _for_handlers(self, user)

    def files_visible_to(self, user: Any) -> Self:
        """Whoever may know of an incident may see its files."""
        return self.visible_to(user)

    def open(self) -> Self:
        """Somebody still has to act."""
        return self.filter(status__in=OPEN_STATUSES)

    def counted(self) -> Self:
        """What statistics count: real incidents, no near misses, no drills, nothing dismissed."""
        return self.filter(kind=RecordKind.INCIDENT, is_drill=False).exclude(status=S.DISMISSED)

    def for_list(self) -> Self:
        """With what a row of the register shows."""
        return self.select_related("department", "event_class", "cause_category")

    def with_first_words(self) -> Self:
        """With what was reported first, as `first_words`."""
        first = FirstReport.objects.filter(incident=OuterRef("pk")).order_by("id")
        return self.annotate(first_words=Subquery(first.values("what")[:1]))


class OfIncidentQuerySet(models.QuerySet):
    """What belongs to an incident: as confidential as the incident is."""

    incident = "incident"

    def visible_to(self, user: Any) -> Self:
        """What belongs to visible incidents."""
        if user.has_perm("incidents.view_incident"):
            return self
        return self.filter(**{f"{self.incident}__in": Incident.objects.visible_to(user)})

    def told_to(self, user: Any) -> Self:
        """The journal names who reported: it is for who handles incidents."""
        return _for_handlers(self, user)


def _for_handlers[Rows: models.QuerySet](rows: Rows, user: Any) -> Rows:
    return rows if user.has_perm("incidents.handle_incident") else rows.none()


class Incident(StatefulModel):
    """A leak, loss or damage of personal information, or the fear of it; or a near miss.

    Four times are kept apart, because the law counts from the second (guideline 3-5-3-3: a company
    knows when any of its departments knows): when it occurred, when the first department noticed
    it, when it was reported inside, and when the report was entered here.
    """

    TRANSITIONS = {
        S.REPORTED: {S.HANDLING, S.DISMISSED},
        S.HANDLING: {S.CLOSED, S.DISMISSED},
        S.CLOSED: {S.HANDLING},
        S.DISMISSED: {S.REPORTED, S.HANDLING},
    }
    is_confidential = True

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(
        _("kind"), max_length=9, choices=RecordKind, default=RecordKind.INCIDENT, editable=False
    )
    is_drill = models.BooleanField(_("drill"), default=False, editable=False)
    status = models.CharField(
        _("state"), max_length=9, choices=S, default=S.REPORTED, editable=False
    )
    title = models.CharField(_("title"), max_length=100, blank=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name=_("department"),
    )
    third_party = models.CharField(
        _("contractor, client or service concerned"), max_length=100, blank=True
    )
    occurred_at = models.DateTimeField(_("occurred at"), null=True, blank=True)
    noticed_at = models.DateTimeField(
        _("noticed at"),
        help_text=_("When the first department knew; the days of the law are counted from here."),
    )
    reported_at = models.DateTimeField(_("reported inside at"))
    created_at = models.DateTimeField(_("entered at"), editable=False)
    channel = models.CharField(
        _("how it was reported"), max_length=11, choices=Channel, editable=False
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("reported by"),
    )
    told_by = models.CharField(
        _("told by"), max_length=100, blank=True, help_text=_("Somebody without an account.")
    )
    code_digest = models.CharField(max_length=64, blank=True, editable=False)

    event_class = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("class of the event"),
    )
    persons_kind = models.CharField(
        _("number of persons"),
        max_length=7,
        choices=CountKind,
        default=CountKind.UNKNOWN,
        editable=False,
    )
    persons = models.PositiveIntegerField(_("persons"), null=True, editable=False)
    is_reportable = models.BooleanField(
        _("to be reported to the authority"), null=True, editable=False
    )
    next_due_on = models.DateField(_("next legal day"), null=True, editable=False)

    contained_at = models.DateTimeField(_("contained at"), null=True, blank=True)
    containment = models.TextField(_("what was done to stop it"), blank=True)
    cause_category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cause"),
    )
    cause = models.TextField(_("cause in words"), blank=True)
    why_not_earlier = models.TextField(_("why it was not found earlier"), blank=True)
    elsewhere = models.TextField(_("where else it could happen"), blank=True)
    no_action_reason = models.TextField(_("why no corrective action is needed"), blank=True)
    not_told_reason = models.TextField(_("why the persons are not told"), blank=True)
    publication = models.CharField(
        _("publication"), max_length=13, choices=Publication, blank=True, editable=False
    )
    publication_reason = models.TextField(_("why"), blank=True, editable=False)
    publication_decided_on = models.DateField(_("decided on"), null=True, editable=False)
    publication_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )
    published_at = models.CharField(
        _("where it was published"), max_length=200, blank=True, editable=False
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
    dismissed_on = models.DateField(_("found to be no incident on"), null=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-reported_at", "-id"]
        indexes = [
            models.Index(fields=["-reported_at", "-id"], name="incident_by_report"),
            models.Index(fields=["status", "next_due_on"], name="incident_by_status"),
            models.Index(fields=["department", "-reported_at"], name="incident_by_department"),
            models.Index(fields=["reporter", "-reported_at"], name="incident_by_reporter"),
        ]
        constraints = [
            models.CheckConstraint(
                name="incident_noticed_after_it_occurred",
                condition=Q(occurred_at__isnull=True) | Q(noticed_at__gte=F("occurred_at")),
                violation_error_message=_("It was noticed before it occurred."),
            ),
            models.CheckConstraint(
                name="incident_reported_after_it_was_noticed",
                condition=Q(reported_at__gte=F("noticed_at")),
                violation_error_message=_("It was reported before it was noticed."),
            ),
            models.CheckConstraint(
                name="incident_anonymous_without_reporter",
                condition=~Q(channel=Channel.ANONYMOUS) | Q(reporter__isnull=True, told_by=""),
            ),
            models.CheckConstraint(
                name="incident_closed_iff_said_why",
                condition=Q(status=S.CLOSED, closed_on__isnull=False, closed_by__isnull=False)
                & ~Q(closing_comment="")
                | ~Q(status=S.CLOSED) & Q(closed_on__isnull=True, closed_by__isnull=True),
            ),
            models.CheckConstraint(
                name="incident_dismissed_on_a_day",
                condition=~Q(status=S.DISMISSED) | Q(dismissed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_counted_iff_known",
                condition=Q(persons_kind=CountKind.UNKNOWN, persons__isnull=True)
                | ~Q(persons_kind=CountKind.UNKNOWN) & Q(persons__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["code_digest"],
                condition=~Q(code_digest=""),
                name="incident_code_unique",
            ),
        ]
        permissions = [
            ("report_incident", _("Can report incidents")),
            ("handle_incident", _("Can handle incidents")),
            ("approve_report", _("Can approve reports to authorities")),
            ("decide_publication", _("Can decide on the publication of incidents")),
            ("view_statistics", _("Can view statistics of incidents")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".rstrip()

    def get_absolute_url(self) -> str:
        return reverse("incidents:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.status in OPEN_STATUSES

    def begin(self) -> None:
        """Take it in hand, in memory."""
        self.move_to(S.HANDLING)

    def close(self, *, by: Any, on: date, comment: str) -> None:
        """Move to CLOSED in memory."""
        self.move_to(S.CLOSED)
        self.closed_by, self.closed_on, self.closing_comment = by, on, comment

    def dismiss(self, *, on: date) -> None:
        """Move to DISMISSED in memory; lists of addressees are kept for a time from this day."""
        self.move_to(S.DISMISSED)
        self.dismissed_on = on

    def reopen(self, *, is_judged: bool) -> None:
        """Take it in hand again, in memory; that it was closed once stays in the journal.

        A case that nobody has judged waits for that again.
        """
        self.move_to(S.HANDLING if is_judged else S.REPORTED)
        self.closed_by = self.closed_on = None
        self.closing_comment = ""


class FirstReport(models.Model):
    """The words of who reported, or added something later: never changed, never removed."""

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="first_reports", verbose_name=_("incident")
    )
    what = models.TextField(_("what happened"))
    noticed_by = models.CharField(_("who noticed it"), max_length=100, blank=True)
    data = models.TextField(_("what data"), blank=True)
    how_many = models.CharField(_("roughly how many people"), max_length=100, blank=True)
    is_going_on = models.CharField(
        _("still going on"), max_length=9, choices=Answer, default=Answer.UNKNOWN
    )
    is_addition = models.BooleanField(_("added later"), default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("entered at"))

    is_confidential = True
    objects = OfIncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("first report")
        verbose_name_plural = _("first reports")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.incident.number}: {self.what[:40]}"


class MemberQuerySet(OfIncidentQuerySet):
    """Who was let in, asked by day."""

    def in_force(self, day: date | None = None) -> Self:
        """Those who may know on `day`, else today: who was let in for a post, while holding it."""
        held = Appointment.objects.on(day or timezone.localdate()).filter(
            Q(department=None) | Q(department=OuterRef("department")),
            person__user=OuterRef("user"),
            role=OuterRef("reason"),
        )
        return self.filter(Q(added_by__isnull=False) | Exists(held), is_shut_out=False)


class Member(models.Model):
    """Somebody who may know of one incident, beside those who may know of all.

    Nobody in `added_by` means that a rule let them in, for the post in `reason`: a department's
    manager for that department. Whom the rule let in and somebody shut out stays here, so that the
    rule does not let them in again.
    """

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="members", verbose_name=_("incident")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("account")
    )
    reason = models.CharField(_("why"), max_length=200)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("let in by"),
    )
    added_at = models.DateTimeField(_("since"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("as the manager of"),
    )
    is_shut_out = models.BooleanField(_("may know no more"), default=False, editable=False)

    is_confidential = True
    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("person who may know")
        verbose_name_plural = _("people who may know")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "user"], name="member_once_an_incident"),
            models.CheckConstraint(
                name="member_by_hand_is_removed_instead_of_shut_out",
                condition=Q(is_shut_out=False) | Q(added_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident.number}: {self.user}"

    @property
    def reason_in_words(self) -> str:
        """Why; who was let in by rule, was so for a post."""
        return str(dict(Role.choices).get(self.reason, self.reason))


class IncidentSettings(models.Model):
    """The company's own rules for incidents; there is one row."""

    allows_anonymous = models.BooleanField(_("reports without a name are possible"), default=False)
    tells_department_manager = models.BooleanField(
        _("the department's manager is told"), default=True
    )
    tells_system_officer = models.BooleanField(
        _("the information system officer is told"), default=True
    )
    top_management_approves = models.BooleanField(
        _("reports to authorities are approved by top management"), default=True
    )
    keeps_addresses_days = models.PositiveSmallIntegerField(
        _("lists of addressees are kept"),
        default=180,
        help_text=_(
            "Days after the notice, or after the end of a case whose notice did not go out; then "
            "they are erased with a certificate."
        ),
    )

    class Meta:
        verbose_name = _("rules for incidents")
        verbose_name_plural = _("rules for incidents")
        constraints = [models.CheckConstraint(name="incidentsettings_one", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> Self:
        """The rules as they are; the usual ones before anybody has set them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class TimelineQuerySet(OfIncidentQuerySet):
    """Lines of timelines, asked by viewer."""

    def visible_to(self, user: Any) -> Self:
        """Without the reasons that the page keeps from who was let in to know of a case."""
        rows = super().visible_to(user)
        return rows if user.has_perm("incidents.view_incident") else rows.filter(is_reserved=False)


class TimelineEntry(models.Model):
    """What was known or done when; only added to, and what was added late shows it."""

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="timeline", verbose_name=_("incident")
    )
    happened_at = models.DateTimeField(_("when"))
    kind = models.CharField(_("what it tells of"), max_length=8, choices=Entry)
    text = models.TextField(_("what"))
    text_en = models.TextField(_("what, in English"), blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("entered at"))
    is_reserved = models.BooleanField(
        _("only for who knows of all cases"), default=False, editable=False
    )

    is_confidential = True
    objects = TimelineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the timeline")
        verbose_name_plural = _("lines of the timeline")
        ordering = ["happened_at", "id"]

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d %H:%M} {self.words[:40]}"

    @property
    def words(self) -> str:
        """What, in the reader's language where the system worded it."""
        return in_language(self.text, self.text_en)
