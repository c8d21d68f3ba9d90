"""Whom to call, and what to do, when something has happened (guideline J.4.4.2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pms.organization.models import in_language


class EmergencyContact(models.Model):
    """A line of the emergency contact list; posts that are held here are shown beside it."""

    position = models.PositiveSmallIntegerField(_("order"), default=1)
    role = models.CharField(_("for what"), max_length=100)
    role_en = models.CharField(_("for what, in English"), max_length=100, blank=True)
    name = models.CharField(_("who"), max_length=100)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    hours = models.CharField(_("when they can be reached"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("emergency contact")
        verbose_name_plural = _("emergency contacts")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="emergencycontact_can_be_reached",
                condition=~Q(phone="", email=""),
                violation_error_message=_("Enter a phone number or an email address."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.name}"

    @property
    def label(self) -> str:
        """For what, in the reader's language."""
        return in_language(self.role, self.role_en)


class EmergencyProcedure(models.Model):
    """What everybody does when something has happened; there is one, in Markdown."""

    text = models.TextField(_("procedure"))
    text_en = models.TextField(_("procedure in English"), blank=True)
    changed_on = models.DateField(_("as of"), null=True, editable=False)

    class Meta:
        verbose_name = _("emergency procedure")
        verbose_name_plural = _("emergency procedure")
        constraints = [models.CheckConstraint(name="emergencyprocedure_one", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def words(self) -> str:
        """The procedure in the reader's language."""
        return in_language(self.text, self.text_en)
