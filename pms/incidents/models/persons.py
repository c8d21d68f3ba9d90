"""How the persons concerned were told."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..choices import NoticeMethod
from .incidents import Incident, OfIncidentQuerySet


class PersonsNotice(models.Model):
    """One group of persons and how it was told (個人情報保護法26条2項, 施行規則 art. 10)."""

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="notices", verbose_name=_("incident")
    )
    group = models.CharField(_("group"), max_length=100)
    method = models.CharField(_("method"), max_length=10, choices=NoticeMethod)
    text = models.TextField(_("text"), blank=True)
    reason = models.TextField(
        _("why a substitute"),
        blank=True,
        help_text=_("Needed where the persons cannot be told themselves."),
    )
    told_on = models.DateField(_("told on"), null=True, blank=True)
    sent = models.PositiveIntegerField(_("sent"), default=0)
    returned = models.PositiveIntegerField(_("returned"), default=0)
    reached = models.PositiveIntegerField(_("reached"), null=True, blank=True)
    list_erased_on = models.DateField(_("list erased on"), null=True, editable=False)
    erased_count = models.PositiveIntegerField(_("addressees erased"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("entered at"), editable=False)

    is_confidential = True
    objects = OfIncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to persons")
        verbose_name_plural = _("notices to persons")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="personsnotice_substitute_has_reason",
                condition=~Q(method=NoticeMethod.SUBSTITUTE) | ~Q(reason=""),
                violation_error_message=_("Say why the persons cannot be told themselves."),
            ),
            models.CheckConstraint(
                name="personsnotice_returned_within_sent",
                condition=Q(returned__lte=F("sent")),
                violation_error_message=_("More were returned than were sent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident.number} {self.group}"

    def get_absolute_url(self) -> str:
        """Where it is shown."""
        return f"{self.incident.get_absolute_url()}#notice-{self.pk}"


class AddresseeQuerySet(OfIncidentQuerySet):
    """Addressees, by the incident of their notice."""

    incident = "notice__incident"


class Addressee(models.Model):
    """Somebody to whom a letter goes; erased by rule after the notice."""

    notice = models.ForeignKey(
        PersonsNotice, models.PROTECT, related_name="addressees", verbose_name=_("notice")
    )
    name = models.CharField(_("name"), max_length=100)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    email = models.EmailField(_("email address"), blank=True)

    is_confidential = True
    objects = AddresseeQuerySet.as_manager()

    class Meta:
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
