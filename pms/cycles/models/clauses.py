"""The guideline that the examination asks by, as data with an edition and days it holds.

Source: JIPDEC,
プライバシーマークにおける個人情報保護マネジメントシステム構築・運用指針.
Only numbers and titles are the guideline's; what an examiner expects is said in words of our own.
"""

import re
from datetime import date
from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pms.core.exceptions import DomainError
from pms.core.models import Dated, DatedQuerySet, dated_in_order
from pms.organization.models import in_language

from ..choices import Confidence, Phase

CODE = re.compile(r"J(?:\.[1-9]\d*)+")
# "20(1)" is paragraph 1 of article 20, "43-46" are articles 43 to 46.
_ARTICLE = r"[1-9]\d*(?:-[1-9]\d*|\([1-9]\d*\))?"
ARTICLES = re.compile(rf"{_ARTICLE}(?:;{_ARTICLE})*")
_ANNEX_A = "A"


class GuidelineEditionQuerySet(DatedQuerySet):
    """Editions, asked by day."""

    def visible_to(self, user: Any) -> Self:
        """The guideline is public."""
        return self if user.is_authenticated else self.none()


class GuidelineEdition(Dated):
    """One edition of the guideline, for the applications that are made while it holds."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    applies_to = models.CharField(_("what it applies to"), max_length=200, blank=True)
    applies_to_en = models.CharField(
        _("what it applies to, in English"), max_length=200, blank=True
    )

    objects = GuidelineEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of the guideline")
        verbose_name_plural = _("editions of the guideline")
        ordering = ["-starts_on"]
        constraints = [
            dated_in_order("guidelineedition_dates_in_order"),
            # That no two share a day is kept by a trigger: see the migration.
            models.UniqueConstraint(fields=["starts_on"], name="guidelineedition_one_per_start"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def clean(self) -> None:
        """Refuse days that another edition holds for: on each day at most one is in force."""
        if not self.starts_on:
            return
        others = GuidelineEdition.objects.exclude(pk=self.pk)
        other = others.overlapping(self.starts_on, self.ends_on).first()
        if other:
            raise DomainError(
                _("The edition “%(edition)s” holds for some of these days. End it first."),
                params={"edition": other.code},
            )

    @property
    def application(self) -> str:
        """What it applies to, in the reader's language."""
        return in_language(self.applies_to, self.applies_to_en)


class ClauseQuerySet(models.QuerySet):
    """Clauses of the guideline."""

    def on(self, day: date) -> Self:
        """The clauses of the edition in force on `day`."""
        return self.filter(edition__in=GuidelineEdition.objects.on(day))

    def to_be_checked(self) -> Self:
        """Those whose title or whose mapping nobody has yet compared with the source."""
        unsure = Confidence.TO_BE_CHECKED
        return self.filter(Q(title_confidence=unsure) | Q(mapping_confidence=unsure))

    def for_list(self) -> Self:
        """With what each line names."""
        return self.select_related("edition")

    def visible_to(self, user: Any) -> Self:
        """The guideline is public."""
        return self if user.is_authenticated else self.none()


class Clause(models.Model):
    """One item of an edition, with what an examiner expects to see."""

    edition = models.ForeignKey(
        GuidelineEdition,
        models.PROTECT,
        related_name="clauses",
        verbose_name=_("edition of the guideline"),
    )
    code = models.CharField(
        pgettext_lazy("clause", "number"),
        max_length=20,
        validators=[
            RegexValidator(
                rf"^{CODE.pattern}\Z", _("A number like J.3.1.3: the letter J, dots and numbers.")
            )
        ],
    )
    position = models.PositiveSmallIntegerField(
        _("place in the order"), help_text=_("J.10 comes after J.9, unlike in a sort by letters.")
    )
    is_section = models.BooleanField(_("heading only"), default=False)
    title = models.CharField(_("title"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=100, blank=True)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase)
    evidence = models.TextField(_("what an examiner expects to see"), blank=True)
    evidence_en = models.TextField(_("what an examiner expects to see, in English"), blank=True)
    jis_2017 = models.CharField("JIS Q 15001:2017", max_length=60, blank=True)
    jis_2023 = models.CharField("JIS Q 15001:2023", max_length=60, blank=True)
    act_article = models.CharField(
        _("articles of the Act"),
        max_length=60,
        blank=True,
        validators=[
            RegexValidator(
                rf"^{ARTICLES.pattern}\Z",
                _("Articles like 23, 20(1) or 43-46, with a semicolon between them."),
            )
        ],
    )
    title_confidence = models.CharField(
        _("source of number and title"), max_length=20, choices=Confidence
    )
    mapping_confidence = models.CharField(
        _("source of the mapping"), max_length=20, choices=Confidence
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    note_en = models.CharField(_("note in English"), max_length=200, blank=True)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause of the guideline")
        verbose_name_plural = _("clauses of the guideline")
        ordering = ["edition", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="clause_code_once_per_edition",
                violation_error_message=_("This edition has a clause of this number already."),
            ),
            # An edition has some seventy clauses: this index serves every filter of theirs.
            models.UniqueConstraint(
                fields=["edition", "position"], name="clause_position_once_per_edition"
            ),
            models.CheckConstraint(name="clause_phase_known", condition=Q(phase__in=Phase.values)),
            models.CheckConstraint(
                name="clause_confidence_known",
                condition=Q(
                    title_confidence__in=Confidence.values,
                    mapping_confidence__in=Confidence.values,
                ),
            ),
            models.CheckConstraint(
                name="clause_heading_asks_for_nothing",
                condition=Q(is_section=False) | Q(evidence="", evidence_en=""),
                violation_error_message=_("A heading asks for no evidence."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("cycles:clause_detail", args=[self.pk])

    @property
    def name(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_en)

    @property
    def hint(self) -> str:
        """What an examiner expects to see, in the reader's language."""
        return in_language(self.evidence, self.evidence_en)

    @property
    def remark(self) -> str:
        """The note in the reader's language."""
        return in_language(self.note, self.note_en)

    @property
    def is_title_to_be_checked(self) -> bool:
        """Whether nobody has yet compared number and title with the source."""
        return self.title_confidence == Confidence.TO_BE_CHECKED

    @property
    def is_mapping_to_be_checked(self) -> bool:
        """Whether nobody has yet compared the mapping to the standard and the Act with them."""
        return self.mapping_confidence == Confidence.TO_BE_CHECKED

    @property
    def is_to_be_checked(self) -> bool:
        """Whether anything about it is still to be checked."""
        return self.is_title_to_be_checked or self.is_mapping_to_be_checked

    @property
    def numbers_2017(self) -> list[str]:
        """The numbers in the standard of 2017."""
        return _numbers(self.jis_2017)

    @property
    def numbers_2023(self) -> list[str]:
        """The numbers in the standard of 2023."""
        return _numbers(self.jis_2023)

    @property
    def articles(self) -> list[str]:
        """The articles of the Act on the Protection of Personal Information, as one cites them."""
        return [_article(it) for it in self.act_article.split(";") if it]


def natural_order(code: str) -> tuple[int, ...]:
    """What codes are sorted by: "J.10.1" → (10, 1)."""
    return tuple(map(int, code.removeprefix("J.").split(".")))


def _numbers(text: str) -> list[str]:
    annex = pgettext("JIS Q 15001", "Annex A")
    return [annex if it == _ANNEX_A else it for it in text.split(";") if it]


def _article(text: str) -> str:
    if (get_language() or "").startswith("en"):
        return f"Arts. {text.replace('-', '–')}" if "-" in text else f"Art. {text}"
    article, _bracket, paragraph = text.rstrip(")").partition("(")
    if paragraph:
        return f"法{article}条{paragraph}項"
    return "法" + "～".join(f"{it}条" for it in article.split("-"))
