"""The fiscal year as the unit of planning, doing, checking and acting."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pms.core.exceptions import DomainError


class CycleQuerySet(models.QuerySet):
    """Cycles, asked by day."""

    def on(self, day: date) -> "CycleQuerySet":
        """The cycle that `day` falls into."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def visible_to(self, user: Any) -> "CycleQuerySet":
        """Everyone who works here may know the years."""
        return self if user.is_authenticated else self.none()


class Cycle(models.Model):
    """One fiscal year of the management system; it may start in any month."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    starts_on = models.DateField(_("first day"), unique=True)
    ends_on = models.DateField(_("last day"), unique=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("fiscal year")
        verbose_name_plural = _("fiscal years")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="cycle_dates_in_order",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("The year ends before it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def get_absolute_url(self) -> str:
        return reverse("cycles:year", args=[self.pk])

    def clean(self) -> None:
        """Refuse years that overlap, and derive the last day of a twelve-month year."""
        if self.starts_on and not self.ends_on:
            self.ends_on = year_end(self.starts_on)
        if not (self.starts_on and self.ends_on):
            return
        if self.ends_on <= self.starts_on:
            raise DomainError({"ends_on": _("The last day must come after the first day.")})
        others = Cycle.objects.exclude(pk=self.pk)
        other = others.filter(starts_on__lte=self.ends_on, ends_on__gte=self.starts_on).first()
        if other:
            raise DomainError(
                {
                    "starts_on": _(
                        "“%(cycle)s” shares days with this year: it lasts from %(first)s to "
                        "%(last)s. Choose days before or after it."
                    )
                    % {
                        "cycle": other,
                        "first": other.starts_on.isoformat(),
                        "last": other.ends_on.isoformat(),
                    }
                }
            )

    def previous(self) -> "Cycle | None":
        """The year before this one, if it was kept here."""
        return Cycle.objects.filter(ends_on__lt=self.starts_on).order_by("-ends_on").first()


def year_end(starts_on: date) -> date:
    """The last day of the twelve months that begin on `starts_on`."""
    try:
        next_start = starts_on.replace(year=starts_on.year + 1)
    except ValueError:  # 29 February
        next_start = date(starts_on.year + 1, 3, 1)
    return next_start - timedelta(days=1)
