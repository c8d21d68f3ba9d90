"""The tree of departments."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from pms.core.pages import ConfirmView, Crumbs, FormPageView, RowFormView
from pms.history.timeline import timeline
from pms.organization import services
from pms.organization.filters import DepartmentFilter
from pms.organization.forms import (
    DepartmentForm,
    DepartmentUpdateForm,
    LastDayAndReasonForm,
    MoveDepartmentForm,
    RenameDepartmentForm,
)
from pms.organization.models import Appointment, Department, Person
from pms.organization.reports import departments_on
from pms.transfer.lists import Column, ExportListView


class DepartmentListView(ExportListView):
    """The departments of today as a tree, with their people; below it those that were closed."""

    model = Department
    filterset_class = DepartmentFilter
    permission_required = "organization.view_department"
    sorts = {"code": ("code",)}
    export_name = "departments"
    columns = (
        Column("部門コード", lambda it: it.code, 12),
        Column("部門名", lambda it: it.name, 30),
        Column("部門名（英語）", lambda it: it.name_en, 30),
        Column("上位部門コード", lambda it: it.parent.code if it.parent else "", 14),
        Column("事業所コード", lambda it: it.site.code if it.site else "", 12),
        Column("開始日", lambda it: it.starts_on, 12),
        Column("終了日", lambda it: it.ends_on, 12),
    )

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().select_related("parent", "site")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tree instead of pages: departments are few, and make sense only together."""
        today = timezone.localdate()
        closed = Department.objects.filter(ends_on__lt=today).order_by("-ends_on", "code")
        return super().get_context_data(**kwargs) | {
            "lines": departments_on(today),
            "closed": list(closed),
            "may_see_people": self.request.user.has_perm("organization.view_person"),
        }


class DepartmentDetailView(PermissionRequiredMixin, DetailView):
    """A department: its names, its place in the tree, who manages it."""

    model = Department
    permission_required = "organization.view_department"

    def get_queryset(self) -> QuerySet:
        """Departments that this account may see."""
        rows = Department.objects.visible_to(self.request.user)
        return rows.select_related("parent", "site")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What belongs to the department."""
        department, user, today = self.object, self.request.user, timezone.localdate()
        below = Department.objects.subtree_ids([department.pk])
        people = Person.objects.employed_on(today).in_departments_on(below, today)
        context = {
            "names": list(department.names.order_by("-starts_on")),
            "children": list(department.children.current(today)),
            "managers": list(
                Appointment.objects.filter(department=department)
                .select_related("person")
                .order_by("-starts_on")
            ),
            "people_count": people.count(),
            "may_see_people": user.has_perm("organization.view_person"),
            "may_change": user.has_perm("organization.change_department"),
            "today": today,
        }
        if user.has_perm("history.view_historyentry"):
            context["entries"] = timeline(department, viewer=user, limit=30)
        return super().get_context_data(**context, **kwargs)


class DepartmentFormView(RowFormView):
    """A form about one department."""

    model: type[Model] = Department
    permission_required = "organization.change_department"

    def get_crumbs(self) -> Crumbs:
        return [
            (_("Departments"), reverse("organization:department_list")),
            (str(self.row), self.row.get_absolute_url()),
        ]

    def get_lead(self) -> str:
        """Which one it is."""
        return f"{self.row.code} {self.row}"


class DepartmentCreateView(FormPageView):
    """The company has another department."""

    form_class = DepartmentForm
    permission_required = "organization.add_department"
    title = gettext_lazy("Register a department")
    submit_label = gettext_lazy("Register")
    success_message = gettext_lazy("The department has been registered.")

    def carry_out(self, form: Any) -> None:
        self.department = services.create_department(**form.cleaned_data, actor=self.request.user)

    def get_success_url(self) -> str:
        if "department" in vars(self):
            return self.department.get_absolute_url()
        return reverse("organization:department_list")

    def get_crumbs(self) -> Crumbs:
        return [(_("Departments"), reverse("organization:department_list"))]


class DepartmentUpdateView(DepartmentFormView):
    """Code or site have changed."""

    form_class = DepartmentUpdateForm
    title = gettext_lazy("Change code and site")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"code": self.row.code, "site": self.row.site_id}

    def carry_out(self, form: Any) -> None:
        services.update_department(self.row.pk, **form.cleaned_data, actor=self.request.user)


class DepartmentRenameView(DepartmentFormView):
    """The department is called differently from a day on."""

    form_class = RenameDepartmentForm
    title = gettext_lazy("Rename the department")
    submit_label = gettext_lazy("Register the new name")
    success_message = gettext_lazy("The new name has been registered.")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.row.name, "name_en": self.row.name_en, "on": timezone.localdate()}

    def carry_out(self, form: Any) -> None:
        services.rename_department(
            self.row.pk,
            **form.cleaned_data,
            today=timezone.localdate(),
            actor=self.request.user,
        )


class DepartmentMoveView(DepartmentFormView):
    """The department belongs elsewhere, with all below it."""

    form_class = MoveDepartmentForm
    title = gettext_lazy("Move the department")
    submit_label = gettext_lazy("Move it")
    success_message = gettext_lazy("The department has been moved.")

    def get_lead(self) -> str:
        return _("“%(department)s” moves with all departments below it, from today on.") % {
            "department": self.row
        }

    def get_initial(self) -> dict[str, Any]:
        return {"parent": self.row.parent_id}

    def carry_out(self, form: Any) -> None:
        services.move_department(self.row.pk, **form.cleaned_data, actor=self.request.user)


class DepartmentCloseView(DepartmentFormView, ConfirmView):
    """The department ends."""

    form_class = LastDayAndReasonForm
    title = gettext_lazy("Close the department")
    submit_label = gettext_lazy("Close the department")
    consequence = gettext_lazy(
        "Everybody must have been moved before, and the departments below it as well. Records "
        "keep naming it. It cannot be opened again; register a new one instead."
    )
    success_message = gettext_lazy("The department has been closed.")

    def get_text(self) -> str:
        return _("“%(department)s” no longer exists after the day entered here.") % {
            "department": self.row
        }

    def carry_out(self, form: Any) -> None:
        services.close_department(self.row.pk, **form.cleaned_data, actor=self.request.user)
