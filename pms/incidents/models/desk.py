"""The report desk: nine items written once, and every version that was filed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..choices import Item
from .incidents import Incident, OfIncidentQuerySet
from .obligations import Obligation


class ReportItem(models.Model):
    """One of the nine items as it stands now (施行規則 art. 8, para. 1)."""

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="items", verbose_name=_("incident")
    )
    item = models.CharField(_("item"), max_length=16, choices=Item)
    text = models.TextField(_("text"), blank=True)
    planned = models.TextField(
        _("planned"), blank=True, help_text=_("Of item 8: what is still to be done.")
    )
    is_known = models.BooleanField(_("known"), default=False)

    is_confidential = True
    objects = OfIncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a report")
        verbose_name_plural = _("items of a report")
        ordering = ["incident", "id"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "item"], name="reportitem_once"),
            models.CheckConstraint(
                name="reportitem_known_has_text",
                condition=Q(is_known=False) | ~Q(text=""),
                violation_error_message=_("What is known is written down."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident.number} {self.get_item_display()}"


class FiledReportQuerySet(OfIncidentQuerySet):
    """Filed reports, by the incident of their obligation."""

    incident = "obligation__incident"


class FiledReport(models.Model):
    """A version that was filed: what it said, when, to whom; never changed."""

    obligation = models.ForeignKey(
        Obligation, models.PROTECT, related_name="filed_reports", verbose_name=_("obligation")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    is_supplement = models.BooleanField(_("supplement"), default=False)
    content = models.JSONField(_("content"), help_text=_("item: text, planned, is_known"))
    difference = models.JSONField(
        _("difference to the version before"),
        default=list,
        blank=True,
        help_text=_("items that changed"),
    )
    note = models.TextField(_("note on the difference"), blank=True)
    receiver = models.CharField(_("receiver"), max_length=100)
    receipt_number = models.CharField(_("receipt number"), max_length=60, blank=True)
    filed_on = models.DateField(_("filed on"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("filed by")
    )
    created_at = models.DateTimeField(_("entered at"))

    is_confidential = True
    objects = FiledReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("filed report")
        verbose_name_plural = _("filed reports")
        ordering = ["obligation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "number"], name="filedreport_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} v{self.number}"
