"""Abstract models that every subject may build on."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .exceptions import InvalidTransitionError


class StatefulModel(models.Model):
    """A record with a `status` that moves only along `TRANSITIONS`, through its verb methods."""

    TRANSITIONS: ClassVar[Mapping[Any, set[Any]]] = {}
    status: Any

    class Meta:
        abstract = True

    def can_move_to(self, target: str) -> bool:
        """Whether the table allows the move from the present status to `target`."""
        return target in self.TRANSITIONS[self.status]

    def move_to(self, target: str) -> None:
        """Set the status in memory; raise InvalidTransitionError if the table forbids it."""
        if not self.can_move_to(target):
            field: Any = self._meta.get_field("status")
            labels = dict(field.flatchoices)
            raise InvalidTransitionError(
                _("“%(record)s” is %(present)s and cannot become %(target)s."),
                params={
                    "record": self,
                    "present": labels[self.status],
                    "target": labels[target],
                },
            )
        self.status = target


class Dated(models.Model):
    """Something that holds from one day to another, both days included; no end means until now."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        """Whether `day` lies within the period."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class DatedQuerySet(models.QuerySet):
    """Rows of a `Dated` model, asked by day."""

    def on(self, day: date) -> Self:
        """Rows that hold on `day`."""
        return self.filter(dated_on(day))

    def overlapping(self, starts_on: date, ends_on: date | None) -> Self:
        """Rows that share at least one day with the period; `ends_on` None means open."""
        rows = self.filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=starts_on))
        return rows if ends_on is None else rows.filter(starts_on__lte=ends_on)


def dated_on(day: date, prefix: str = "") -> models.Q:
    """The condition "holds on `day`" for a Dated model reached through `prefix` (with its `__`)."""
    return models.Q(**{f"{prefix}starts_on__lte": day}) & (
        models.Q(**{f"{prefix}ends_on__isnull": True}) | models.Q(**{f"{prefix}ends_on__gte": day})
    )


def dated_in_order(name: str) -> models.CheckConstraint:
    """The constraint that a period does not end before it starts."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
        violation_error_message=_("The period ends before it starts."),
    )
