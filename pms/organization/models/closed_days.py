"""The company's own closed days: summer, the turn of the year, the founding day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .places import in_language


class ClosedDay(models.Model):
    """A day on which the company is closed although it is neither a weekend nor a public holiday.

    Weekends and public holidays are not stored; `organization.calendar` knows them. Only a public
    holiday that it does not know yet is entered here, until it does.
    """

    day = models.DateField(
        _("date"),
        unique=True,
        error_messages={"unique": _("The company is closed on this day already.")},
    )
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    is_public_holiday = models.BooleanField(
        _("new public holiday"),
        default=False,
        db_default=False,
        help_text=_(
            "A holiday made by law that this system does not know yet: the authorities are closed, "
            "too, and legal days that end on it move."
        ),
    )

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {in_language(self.name, self.name_en)}"

    @property
    def label(self) -> str:
        """Why the company is closed, in the reader's language."""
        return in_language(self.name, self.name_en)
