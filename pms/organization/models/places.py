"""Where people work: sites and the tree of departments."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pms.core.models import Dated, DatedQuerySet, dated_in_order, dated_on


def in_language(text: str, text_en: str) -> str:
    """`text_en` for an English reader if there is one, else `text`."""
    return text_en if text_en and (get_language() or "").startswith("en") else text


class Site(models.Model):
    """A place of business (事業所)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["code"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class DepartmentQuerySet(models.QuerySet):
    """Departments, asked as a tree."""

    def current(self, day: date) -> "DepartmentQuerySet":
        """Departments that exist on `day`."""
        return self.filter(dated_on(day))

    def subtree_ids(self, roots: Iterable[int]) -> set[int]:
        """Ids of `roots` and of everything below them, in one query."""
        children: dict[int | None, list[int]] = {}
        for pk, parent in self.model._default_manager.values_list("pk", "parent_id"):
            children.setdefault(parent, []).append(pk)
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            pk = waiting.pop()
            if pk not in found:
                found.add(pk)
                waiting += children.get(pk, [])
        return found

    def above_ids(self, start: int) -> list[int]:
        """Ids of `start` and of everything above it, in one query."""
        parents = dict(self.model._default_manager.values_list("pk", "parent_id"))
        found = [start]
        while (parent := parents.get(found[-1])) and parent not in found:
            found.append(parent)
        return found

    def visible_to(self, user: Any) -> "DepartmentQuerySet":
        """Everyone who works here may know the departments."""
        return self if user.is_authenticated else self.none()


class Department(Dated):
    """A part of the company. Its name has dates of its own (`DepartmentName`)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100, help_text=_("The name it has now."))
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="departments",
        verbose_name=_("site"),
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]
        constraints = [
            dated_in_order("department_dates_in_order"),
            models.CheckConstraint(
                name="department_not_its_own_parent",
                condition=~Q(parent=models.F("id")),
                violation_error_message=_("A department cannot belong to itself."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("organization:department_detail", args=[self.pk])

    def name_on(self, day: date) -> str:
        """What it was called on `day`; the name it has now where no other is known."""
        named = self.names.on(day).first()
        return str(named or self)


class DepartmentName(Dated):
    """The name that a department had in a period."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("department name")
        verbose_name_plural = _("department names")
        ordering = ["department", "-starts_on"]
        constraints = [
            dated_in_order("departmentname_dates_in_order"),
            models.UniqueConstraint(
                fields=["department", "starts_on"], name="departmentname_one_per_start"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)
