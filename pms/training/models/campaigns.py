"""One training held in one year: its window, audience, questions, sessions and report."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pms.core.models import StatefulModel
from pms.core.text import listed
from pms.cycles.models import Cycle
from pms.organization.choices import WORKER_KINDS
from pms.organization.models import Affiliation, Appointment, Department, in_language
from pms.organization.models.people import AffiliationQuerySet

from ..choices import CampaignStatus, JoinerRule, Topic
from .courses import Course, CourseVersion, Question

S = CampaignStatus


class CampaignQuerySet(models.QuerySet):
    """Campaigns, asked by state and viewer."""

    def open(self) -> "CampaignQuerySet":
        """Those that people can take now."""
        return self.filter(status=S.OPEN)

    def began_on(self) -> date | None:
        """The day on which the first of them began; None while all are drafts.

        The window may begin before the day of opening, where training is entered afterwards.
        """
        found = self.exclude(status=S.DRAFT).aggregate(
            window=Min("starts_on"), opening=Min("opened_at")
        )
        days = (found["window"], found["opening"] and timezone.localdate(found["opening"]))
        return min((day for day in days if day), default=None)

    def visible_to(self, user: Any) -> "CampaignQuerySet":
        """All for who runs or examines training; opened ones for department managers."""
        if user.has_perm("training.view_campaign"):
            return self
        if user.has_perm("training.view_own_people"):
            return self.exclude(status=S.DRAFT)
        return self.none()


class Campaign(StatefulModel):
    """A training held in a fixed window for a population frozen at its opening.

    The audience rule joins its parts by "and"; an empty part does not restrict. Once the campaign
    is closed the database refuses every change of it and of its records.
    """

    TRANSITIONS = {S.DRAFT: {S.OPEN}, S.OPEN: {S.CLOSED}, S.CLOSED: set()}

    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="campaigns", verbose_name=_("fiscal year")
    )
    course = models.ForeignKey(
        Course, models.PROTECT, related_name="campaigns", verbose_name=_("course")
    )
    course_version = models.ForeignKey(
        CourseVersion,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="campaigns",
        verbose_name=_("version of the material"),
    )
    title = models.CharField(_("title"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=100, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark"),
        null=True,
        blank=True,
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Per cent of the questions; leave empty for a training without a test."),
    )
    question_count = models.PositiveSmallIntegerField(
        _("questions in a test"),
        null=True,
        blank=True,
        help_text=_("Drawn at random for each attempt; leave empty to ask all of them."),
    )
    lecturer = models.CharField(_("lecturer"), max_length=100, blank=True)

    audience_departments = models.ManyToManyField(
        Department, blank=True, related_name="+", verbose_name=_("departments, with those below")
    )
    audience_kinds = models.JSONField(_("employment kinds"), default=list, blank=True)
    audience_posts = models.JSONField(_("posts"), default=list, blank=True)
    audience_joined_since = models.DateField(_("joined on or after"), null=True, blank=True)
    joiner_rule = models.CharField(
        _("people who join meanwhile"), max_length=10, choices=JoinerRule, default=JoinerRule.ADD
    )
    joiner_days = models.PositiveSmallIntegerField(
        _("days that they are given"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )

    status = models.CharField(_("status"), max_length=8, choices=S, default=S.DRAFT, editable=False)
    opened_at = models.DateTimeField(_("opened at"), null=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("opened by"),
    )
    population_on = models.DateField(_("population as of"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("closed by"),
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("training campaign")
        verbose_name_plural = _("training campaigns")
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["status", "ends_on"], name="campaign_by_status")]
        constraints = [
            models.CheckConstraint(
                name="campaign_dates_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day is before the first day."),
            ),
            models.CheckConstraint(
                name="campaign_opened_iff_past_draft",
                condition=Q(status=S.DRAFT, opened_at__isnull=True)
                | Q(
                    ~Q(status=S.DRAFT),
                    opened_at__isnull=False,
                    population_on__isnull=False,
                    course_version__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="campaign_closed_iff_dated",
                condition=Q(status=S.CLOSED, closed_at__isnull=False)
                | Q(~Q(status=S.CLOSED), closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="campaign_pass_mark_is_percentage",
                condition=Q(pass_mark__isnull=True) | Q(pass_mark__range=(1, 100)),
            ),
        ]
        permissions = [
            ("open_campaign", _("Can open training campaigns")),
            ("close_campaign", _("Can close training campaigns")),
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    def get_absolute_url(self) -> str:
        return reverse("training:campaign_detail", args=[self.pk])

    def clean(self) -> None:
        """Refuse a window outside the year, and an audience that means no 従業者."""
        if self.cycle_id and self.starts_on and self.starts_on not in self.cycle:
            raise ValidationError({"starts_on": self._outside(self.starts_on)})
        if self.cycle_id and self.ends_on and self.ends_on not in self.cycle:
            raise ValidationError({"ends_on": self._outside(self.ends_on)})
        unknown = set(self.audience_kinds) - {str(kind) for kind in WORKER_KINDS}
        if unknown:
            raise ValidationError(
                {
                    "audience_kinds": _(
                        "“%(kinds)s” is not an employment kind of people to be trained."
                    )
                    % {"kinds": listed(sorted(unknown))}
                }
            )

    def _outside(self, day: date) -> str:
        return _("%(day)s is outside %(cycle)s. Choose a day from %(first)s to %(last)s.") % {
            "day": day.isoformat(),
            "cycle": self.cycle,
            "first": self.cycle.starts_on.isoformat(),
            "last": self.cycle.ends_on.isoformat(),
        }

    @property
    def topics(self) -> list[Topic]:
        """Which of the four topics its material covers; none before it is opened."""
        return self.course_version.topics if self.course_version else []

    @property
    def is_open(self) -> bool:
        """Whether records may still change."""
        return self.status == S.OPEN

    @property
    def kinds(self) -> list[str]:
        """Employment kinds of the audience; without a choice, those of every 従業者."""
        return self.audience_kinds or list(WORKER_KINDS)

    def audience_on(self, day: date) -> AffiliationQuerySet:
        """Whom the audience rule means on `day`: their main affiliations, one row a person.

        A department means also who has a concurrent post there. A post is one of the management
        system (`Role`) or the title of an affiliation.
        """
        audience = Affiliation.objects.population_on(day).filter(employment_kind__in=self.kinds)
        held = Affiliation.objects.on(day).filter(person=OuterRef("person"))
        departments = [department.pk for department in self.audience_departments.all()]
        if departments:
            below = Department.objects.subtree_ids(departments)
            there = Affiliation.objects.on(day).filter(department__in=below).order_by()
            audience = audience.filter(person__in=there.values("person"))
        if self.audience_posts:
            appointed = Appointment.objects.on(day).filter(
                person=OuterRef("person"), role__in=self.audience_posts
            )
            titled = held.filter(post__in=self.audience_posts)
            audience = audience.filter(Exists(appointed) | Exists(titled))
        if self.audience_joined_since:
            audience = audience.filter(person__joined_on__gte=self.audience_joined_since)
        return audience


class CampaignQuestion(models.Model):
    """A question as it was asked: copied from the bank when the campaign opened, then frozen."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="questions", verbose_name=_("campaign")
    )
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="+", verbose_name=_("question")
    )
    position = models.PositiveSmallIntegerField(_("order"))
    topic = models.CharField(_("topic"), max_length=14, choices=Topic)
    content = models.JSONField(
        help_text=_("kind, text, text_en, explanation, explanation_en, choices, clause")
    )
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the content"))

    class Meta:
        verbose_name = _("question of a campaign")
        verbose_name_plural = _("questions of campaigns")
        ordering = ["campaign", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "position"], name="campaignquestion_position_unique"
            ),
            models.UniqueConstraint(
                fields=["campaign", "question"], name="campaignquestion_question_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class Session(models.Model):
    """One class-room hour or viewing of a campaign; make-up sessions catch those who missed it."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="sessions", verbose_name=_("campaign")
    )
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=100, blank=True)
    lecturer = models.CharField(_("lecturer"), max_length=100, blank=True)
    is_make_up = models.BooleanField(_("make-up session"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["held_on", "id"]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} {self.place}".strip()


class Report(models.Model):
    """教育実施報告書: what came of a campaign, in figures frozen at its closing and in words."""

    campaign = models.OneToOneField(
        Campaign, models.PROTECT, related_name="report", verbose_name=_("campaign")
    )
    figures = models.JSONField(_("figures"), default=dict, editable=False)
    opinions = models.TextField(_("opinions of participants"), blank=True)
    effectiveness = models.TextField(_("evaluation of effectiveness"), blank=True)
    improvements = models.TextField(_("improvements for next year"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("made by"),
    )
    reported_to = models.CharField(_("reported to"), max_length=100, blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )
    approved_on = models.DateField(_("approved on"), null=True, editable=False)

    class Meta:
        verbose_name = _("training report")
        verbose_name_plural = _("training reports")
        constraints = [
            models.CheckConstraint(
                name="report_approved_by_another",
                condition=~Q(approved_by=F("created_by")),
                violation_error_message=_("Nobody approves a report that they made themselves."),
            ),
            models.CheckConstraint(
                name="report_approved_iff_dated",
                condition=~(Q(approved_by__isnull=True) ^ Q(approved_on__isnull=True)),
            ),
        ]
        permissions = [("approve_report", _("Can approve training reports"))]

    def __str__(self) -> str:
        return _("Training report: %(campaign)s") % {"campaign": self.campaign}

    def get_absolute_url(self) -> str:
        return reverse("training:report", args=[self.campaign_id])
