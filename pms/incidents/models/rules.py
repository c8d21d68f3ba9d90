"""The law as data: dated rules, and the lists that the examining bodies count by."""

from typing import Final, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pms.core.exceptions import DomainError
from pms.cycles.choices import Confidence
from pms.organization.models import in_language

from ..choices import CategoryList, Kind
from ..judging import Rule
from ..rulebook import rule_of


class ObligationRule(models.Model):
    """One version of one rule; `rulebook` says how its words are written.

    A rule that changes by law is ended and a new version is added; cases are judged by the version
    in force when they became known, so old cases stay as they are.
    """

    code = models.CharField(_("rule"), max_length=60)
    kind = models.CharField(_("obligation"), max_length=20, choices=Kind)
    trigger = models.CharField(
        _("trigger"), max_length=40, help_text=_("Whose knowing starts the clock.")
    )
    conditions = models.CharField(
        _("conditions"),
        max_length=200,
        blank=True,
        help_text=_("Groups of facts joined by &; of each group one fact has to hold."),
    )
    events = models.CharField(
        _("events"), max_length=200, blank=True, help_text=_("Empty for whatever happened.")
    )
    roles = models.CharField(
        _("our role"), max_length=60, blank=True, help_text=_("Empty for every role.")
    )
    lifted_by = models.CharField(
        _("lifted by"),
        max_length=200,
        blank=True,
        help_text=_("Facts joined by ; with the events that each lifts after a colon."),
    )
    is_freed_by_consignor = models.BooleanField(
        _("a contractor who told the client in time is free of it"), default=False
    )
    needs_privacy_mark = models.BooleanField(_("for companies with the mark"), default=False)
    count = models.CharField(_("number that counts"), max_length=20, blank=True)
    over = models.PositiveIntegerField(_("more than"), default=0)
    days = models.PositiveSmallIntegerField(
        _("days"), null=True, blank=True, help_text=_("The day of knowing is day 1.")
    )
    target_days = models.PositiveSmallIntegerField(_("own target, days"), null=True, blank=True)
    moves = models.BooleanField(_("a closed last day moves"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    article = models.CharField(_("article"), max_length=100)
    sentence = models.CharField(_("what it says"), max_length=300)
    sentence_en = models.CharField(_("what it says, in English"), max_length=300, blank=True)
    confidence = models.CharField(_("confidence"), max_length=14, choices=Confidence)
    source = models.CharField(_("source"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("rule of obligations")
        verbose_name_plural = _("rules of obligations")
        ordering = ["code", "-valid_from"]
        constraints = [
            # That no two versions share a day is kept by a trigger: see the migration.
            models.UniqueConstraint(
                fields=["code", "valid_from"], name="obligationrule_one_version_per_start"
            ),
            models.CheckConstraint(
                name="obligationrule_dates_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The period ends before it starts."),
            ),
            models.CheckConstraint(
                name="obligationrule_kind_known", condition=Q(kind__in=Kind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.valid_from:%Y-%m-%d})"

    @property
    def label(self) -> str:
        """What it says, in the reader's language."""
        return in_language(self.sentence, self.sentence_en)

    def as_rule(self) -> Rule:
        """The rule as the engine reads it."""
        return rule_of(vars(self), pk=self.pk)

    def clean(self) -> None:
        """Refuse words that the engine does not know, and versions that share a day."""
        self.as_rule()
        others = ObligationRule.objects.filter(code=self.code).exclude(pk=self.pk)
        if self.valid_from:
            sharing = others.filter(Q(valid_to=None) | Q(valid_to__gte=self.valid_from))
            if self.valid_to:
                sharing = sharing.filter(valid_from__lte=self.valid_to)
            if other := sharing.first():
                raise DomainError(
                    {
                        "valid_from": _("“%(other)s” holds on some of these days. End it first.")
                        % {"other": other}
                    }
                )


# Later than any year that a list may name.
MAX_YEAR: Final = 9999


class CategoryQuerySet(models.QuerySet):
    """Categories, asked by list and year."""

    def of(self, name: str, year: int) -> Self:
        """Those of one list that hold in a year of the lists; see `deadlines.list_year`."""
        open_end = Q(last_year=None) | Q(last_year__gte=year)
        return self.filter(open_end, list=name, first_year__lte=year)


class Category(models.Model):
    """A line of a list of the examining bodies (JIPDEC), for some statistical years.

    The published shares are kept beside it, to compare our own mix with.
    """

    list = models.CharField(_("list"), max_length=8, choices=CategoryList)
    code = models.CharField(_("code"), max_length=40)
    label_ja = models.CharField(_("name"), max_length=80)
    label_en = models.CharField(_("name in English"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    first_year = models.PositiveSmallIntegerField(_("first fiscal year"))
    last_year = models.PositiveSmallIntegerField(_("last fiscal year"), null=True, blank=True)
    share = models.DecimalField(
        _("published share"), max_digits=4, decimal_places=1, null=True, blank=True,
        help_text=_("Per cent; empty where it was not published."),
    )  # fmt: skip
    share_year = models.PositiveSmallIntegerField(
        _("fiscal year of the share"), null=True, blank=True
    )
    share_source = models.CharField(_("source of the share"), max_length=100, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category of incidents")
        verbose_name_plural = _("categories of incidents")
        ordering = ["list", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "code", "first_year"], name="category_one_version_per_year"
            ),
            models.CheckConstraint(
                name="category_years_in_order",
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.label_ja, self.label_en)

    def clean(self) -> None:
        """Refuse versions of a line that share a year; the database refuses them, too."""
        others = Category.objects.filter(list=self.list, code=self.code).exclude(pk=self.pk)
        if self.first_year is None:
            return
        last = self.last_year or MAX_YEAR
        if other := next((it for it in others if it.holds_between(self.first_year, last)), None):
            raise DomainError(
                {
                    "first_year": _("“%(other)s” holds in some of these years. End it first.")
                    % {"other": other}
                }
            )

    def holds_between(self, first: int, last: int) -> bool:
        """Whether it holds in any of these years of the lists."""
        return self.first_year <= last and (self.last_year is None or self.last_year >= first)
