"""Training plans in the admin; asking for approval and approving is done on their pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from pms.training import services
from pms.training.admin_resources import TrainingPlanResource
from pms.training.choices import PlanStatus
from pms.training.forms.plans import PlanItemFormSet
from pms.training.models import PlanItem, TrainingPlan
from pms.transfer.admin import ExportModelAdmin

from .courses import changed


def is_settled(plan: Model | None) -> bool:
    """Whether nothing of the plan may change any more."""
    return isinstance(plan, TrainingPlan) and bool(plan.pk) and plan.status != PlanStatus.DRAFT


class LinesFormSet(PlanItemFormSet):
    """The lines of a plan, in the dress of the administration."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Dress the courses, which are read once."""
        super().add_fields(form, index)
        course = form.fields["course"]
        course.widget = UnfoldAdminSelectWidget(choices=course.choices)


class PlanItemInline(StackedInline):
    """The trainings of the year."""

    model = PlanItem
    formset = LinesFormSet
    extra = 0
    fields = [
        ("course", "target", "planned_month"),
        ("method", "lecturer"),
        ("comprehension", "pass_mark"),
    ]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """While the plan is a draft."""
        return not is_settled(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """While the plan is a draft."""
        return not is_settled(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """While the plan is a draft."""
        return not is_settled(obj) and super().has_delete_permission(request, obj)


@admin.register(TrainingPlan)
class TrainingPlanAdmin(ExportModelAdmin):
    """Plans: drafts are edited, the rest is looked at."""

    resource_classes = [TrainingPlanResource]
    list_display = [
        "cycle",
        "version",
        "status_badge",
        "responsible",
        "created_on",
        "approved_on",
    ]
    list_display_links = ["cycle", "version"]
    list_filter = [("cycle", RelatedDropdownFilter), ("status", ChoicesDropdownFilter)]
    list_select_related = ["cycle"]
    search_fields = ["cycle__name", "purpose", "responsible"]
    ordering = ["-cycle__starts_on", "-version"]
    inlines = [PlanItemInline]
    fieldsets = [
        (None, {"fields": [("cycle", "version", "status"), "purpose", "follow_up_rule"]}),
        (
            _("Who answers"),
            {
                "fields": [
                    "responsible",
                    ("created_by", "created_on"),
                    ("approved_by", "approved_on"),
                ]
            },
        ),
    ]
    settled = [
        *("version", "status", "created_by", "created_on", "approved_by", "approved_on"),
    ]

    @display(
        description=_("status"),
        ordering="status",
        label=dict.fromkeys(PlanStatus, "default")
        | {PlanStatus.APPROVED: "success", PlanStatus.SUBMITTED: "info"},
    )
    def status_badge(self, plan: TrainingPlan) -> tuple[str, str]:
        """The state as a coloured word."""
        return plan.status, plan.get_status_display()

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """A plan stays in its year."""
        return [*self.settled, "cycle"] if obj else self.settled

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """While it is a draft."""
        return not is_settled(obj) and super().has_change_permission(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> list[Any]:
        """A plan is made first, then its lines."""
        return self.inlines if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """As on the pages; a draft is stored together with its lines."""
        if change:
            return
        made = services.create_plan(
            **form.cleaned_data, actor=request.user, today=timezone.localdate()
        )
        obj.pk, obj._state.adding = made.pk, False
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """As on the pages."""
        for lines in formsets:
            lines.save(commit=False)  # so that the form knows what was changed
            services.change_plan(
                form.instance.pk,
                actor=request.user,
                items=[*lines.new_objects, *(line for line, _names in lines.changed_objects)],
                removed=lines.deleted_objects,
                **changed(form),
            )
