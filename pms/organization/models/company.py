"""The company itself: what stands at the head of its papers."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .places import in_language

THE_ONE = 1


class CompanyQuerySet(models.QuerySet["Company"]):
    """There is one."""

    def current(self) -> "Company":
        """The company; an empty, unsaved one before it has been described."""
        return self.filter(pk=THE_ONE).first() or Company(pk=THE_ONE)


class Company(models.Model):
    """The organization that runs this management system."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    representative_title = models.CharField(
        _("title of the representative"), max_length=60, blank=True
    )
    first_month = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    privacy_mark_number = models.CharField(_("PrivacyMark number"), max_length=30, blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")
        constraints = [
            models.CheckConstraint(name="company_is_one", condition=Q(pk=THE_ONE)),
            models.CheckConstraint(
                name="company_first_month_is_a_month", condition=Q(first_month__range=(1, 12))
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)
