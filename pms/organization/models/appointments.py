"""Who holds which post of the management system, and when."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pms.accounts.roles import ROLES, Role
from pms.core.models import Dated, DatedQuerySet, dated_in_order

from .people import Person
from .places import Department

# Posts that one person holds at a time.
SINGLE_ROLES = (Role.TOP_MANAGEMENT, Role.PRIVACY_MANAGER, Role.AUDIT_OFFICER)


class AppointmentQuerySet(DatedQuerySet):
    """Appointments, asked by day and viewer."""

    def holding(self, role: str, day: date) -> "AppointmentQuerySet":
        """Who holds `role` on `day`."""
        return self.on(day).filter(role=role)

    def allowing(self, permission: str, day: date) -> "AppointmentQuerySet":
        """Appointments of `day` to posts that may do this, e.g. "cycles.approve_yearplan"."""
        roles = [role for role, permissions in ROLES.items() if permission in permissions]
        return self.on(day).filter(role__in=roles)

    def visible_to(self, user: Any) -> "AppointmentQuerySet":
        """Who may see the organization sees its posts; others see their own."""
        if user.has_perm("organization.view_appointment"):
            return self
        return self.filter(person__user=user)


class Appointment(Dated):
    """Somebody holds a post of the management system in a period, named by the representative."""

    role = models.CharField(pgettext_lazy("appointment", "post"), max_length=24, choices=Role)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="appointments", verbose_name=_("person")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("department"),
        help_text=_("Only for a department privacy manager: the department, with those below it."),
    )
    appointed_by = models.CharField(_("appointed by"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["role", "-starts_on"]
        constraints = [
            dated_in_order("appointment_dates_in_order"),
            models.CheckConstraint(
                name="appointment_role_known", condition=Q(role__in=Role.values)
            ),
            models.CheckConstraint(
                name="appointment_department_iff_manager",
                condition=Q(role=Role.DEPARTMENT_MANAGER, department__isnull=False)
                | (~Q(role=Role.DEPARTMENT_MANAGER) & Q(department__isnull=True)),
                violation_error_message=_(
                    "Name a department for a department privacy manager, and for no other post."
                ),
            ),
            models.UniqueConstraint(
                fields=["role"],
                condition=Q(role__in=SINGLE_ROLES, ends_on__isnull=True),
                name="appointment_single_posts",
                violation_error_message=_(
                    "Somebody holds this post without an end date; end that appointment first."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "starts_on"], name="appointment_by_person"),
            models.Index(fields=["role", "starts_on"], name="appointment_by_role"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.person}"

    def get_absolute_url(self) -> str:
        return reverse("organization:appointment_detail", args=[self.pk])
