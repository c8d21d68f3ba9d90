"""The plan of a year: the board, the months, objectives, approval."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import RedirectView, TemplateView, View

from pms.core.downloads import PDF, download
from pms.core.pages import ConfirmView, Crumbs, RowFormView, RowMixin, StateMixin
from pms.cycles import printing, services
from pms.cycles.choices import MilestoneStatus, PlanStatus
from pms.cycles.forms import (
    ApproveForm,
    MeasureForm,
    ObjectiveForm,
    PlanMakeForm,
    PolicyForm,
    ReasonForm,
)
from pms.cycles.models import Clause, Cycle, Milestone, Objective, YearPlan
from pms.cycles.reports import board, heat_map
from pms.history.timeline import timeline


def year_crumbs(cycle: Cycle) -> Crumbs:
    """The way to a page of the year."""
    return [
        (_("Fiscal years"), reverse("cycles:cycle_list")),
        (str(cycle), cycle.get_absolute_url()),
    ]


class YearMixin(RowMixin):
    """A page about one year."""

    model = Cycle

    @cached_property
    def plan(self) -> YearPlan | None:
        """Its plan, if one was made."""
        return (
            YearPlan.objects.filter(cycle=self.row)
            .select_related("created_by__person", "approved_by__person")
            .first()
        )

    def milestones(self) -> QuerySet[Milestone]:
        """The year's milestones that this account may see, by due date."""
        return self.row.milestones.visible_to(self.request.user).for_list().order_by("due_on", "pk")


class YearView(YearMixin, PermissionRequiredMixin, TemplateView):
    """The year as a board in four columns, with its objectives and the next step."""

    permission_required = "cycles.view_yearplan"
    template_name = "cycles/year.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Columns, objectives, and the moves that are open to this account."""
        user, plan, today = self.request.user, self.plan, timezone.localdate()
        may_change = user.has_perm("cycles.change_yearplan")
        waits = plan is not None and plan.status == PlanStatus.SUBMITTED
        is_maker = plan is not None and user.pk in (plan.created_by_id, plan.submitted_by_id)
        may_approve = user.has_perm("cycles.approve_yearplan")
        is_draft = plan is not None and plan.status == PlanStatus.DRAFT
        milestones = list(self.milestones()) if plan else []
        return super().get_context_data(
            cycle=self.row,
            plan=plan,
            today=today,
            is_draft=is_draft,
            columns=board(milestones) if plan else [],
            objectives=self.row.objectives.visible_to(user).select_related("owner"),
            obstacles=services.submission_obstacles(plan) if plan and is_draft else [],
            unowned=[
                it
                for it in milestones
                if it.owner_id is None and it.status != MilestoneStatus.DROPPED
            ],
            can_make=plan is None and user.has_perm("cycles.add_yearplan"),
            can_edit=may_change and is_draft,
            can_add=plan is not None and not waits and user.has_perm("cycles.add_milestone"),
            can_decide=waits and may_approve and not is_maker,
            is_maker=waits and may_approve and is_maker,
            can_set=plan is not None and not waits and user.has_perm("cycles.add_objective"),
            can_measure=plan is not None and user.has_perm("cycles.change_objective"),
            timeline=timeline(plan, viewer=user) if plan else [],
            **kwargs,
        )


class ThisYearView(PermissionRequiredMixin, RedirectView):
    """The running year, wherever it is; before the first one, the list of years."""

    permission_required = "cycles.view_yearplan"

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        """Its page."""
        cycle = Cycle.objects.on(timezone.localdate()).first()
        return cycle.get_absolute_url() if cycle else reverse("cycles:cycle_list")


class MonthsView(YearMixin, PermissionRequiredMixin, TemplateView):
    """The year by month and section of the guideline."""

    permission_required = "cycles.view_yearplan"
    template_name = "cycles/months.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows of the map."""
        milestones = list(self.milestones())
        editions = {it.clause.edition_id for it in milestones if it.clause}
        sections = Clause.objects.filter(edition__in=editions, is_section=True)
        titles = {it.code: it.name for it in sections}
        rows = heat_map(self.row, milestones, titles, timezone.localdate())
        return super().get_context_data(
            cycle=self.row,
            plan=self.plan,
            rows=rows,
            months=rows[0].cells if rows else [],
            today=timezone.localdate(),
            **kwargs,
        )


class PlanPdfView(YearMixin, PermissionRequiredMixin, View):
    """年度計画書 on paper."""

    permission_required = "cycles.view_yearplan"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The paper."""
        content = printing.year_pdf(
            self.row,
            self.plan,
            list(self.milestones()),
            list(self.row.objectives.select_related("owner")),
            now=timezone.now(),
            uses_wareki=request.user.uses_wareki,
        )
        return download(content, f"{_('Plan of the year')}-{self.row}.pdf", PDF)


class PlanMakeView(YearMixin, RowFormView):
    """Starts the plan of a year."""

    form_class = PlanMakeForm
    permission_required = "cycles.add_yearplan"
    title = gettext_lazy("Make the plan of the year")
    lead = gettext_lazy(
        "Milestones come with the same days of their months; posts name whoever holds them at the "
        "beginning of the year. Everything can be changed until the plan is approved."
    )
    submit_label = gettext_lazy("Make the plan")
    success_message = gettext_lazy("A draft was made. Check its milestones, then ask for approval.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"former": self.former}

    @cached_property
    def former(self) -> Cycle | None:
        """The year before, if it has a plan."""
        previous = self.row.previous()
        return previous if previous and YearPlan.objects.filter(cycle=previous).exists() else None

    def carry_out(self, form: PlanMakeForm) -> None:
        source = form.cleaned_data["source"]
        services.make_plan(
            self.row.pk,
            actor=self.request.user,
            today=timezone.localdate(),
            copy_from=self.former if source == "last" else None,
            with_template=source == "template",
        )

    def get_crumbs(self) -> Crumbs:
        return year_crumbs(self.row)


class PlanMixin(RowMixin):
    """A page about the plan of one year."""

    model = YearPlan

    def get_rows(self) -> QuerySet:
        return super().get_rows().select_related("cycle")

    def get_crumbs(self) -> Crumbs:
        """The way over the year."""
        return year_crumbs(self.row.cycle)

    @property
    def today(self) -> date:
        """The day in the organization's time zone."""
        return timezone.localdate()


class PolicyView(PlanMixin, StateMixin, RowFormView):
    """What matters this year, in top management's words."""

    states = (PlanStatus.DRAFT,)
    form_class = PolicyForm
    permission_required = "cycles.change_yearplan"
    title = gettext_lazy("What matters this year")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.row}

    def carry_out(self, form: PolicyForm) -> None:
        services.change_policy(
            self.row.pk, policy=form.cleaned_data["policy"], actor=self.request.user
        )


class PlanSubmitView(PlanMixin, StateMixin, ConfirmView):
    """Asks top management for approval."""

    states = (PlanStatus.DRAFT,)
    permission_required = "cycles.change_yearplan"
    title = gettext_lazy("Ask for approval")
    text = gettext_lazy("Top management is asked to approve the plan.")
    consequence = gettext_lazy("Until then nothing in it can be changed; it can be sent back.")
    submit_label = gettext_lazy("Ask for approval")
    success_message = gettext_lazy("Top management has been asked for approval.")
    is_calm = True

    def carry_out(self, form: Any) -> None:
        services.submit_plan(self.row.pk, actor=self.request.user, now=timezone.now())


class PlanReturnView(PlanMixin, StateMixin, RowFormView):
    """Sends a plan back to its maker."""

    states = (PlanStatus.SUBMITTED,)
    form_class = ReasonForm
    permission_required = "cycles.approve_yearplan"
    title = gettext_lazy("Send the plan back")
    submit_label = gettext_lazy("Send it back")
    success_message = gettext_lazy("The plan was sent back.")

    def carry_out(self, form: ReasonForm) -> None:
        services.return_plan(
            self.row.pk, **form.cleaned_data, actor=self.request.user, now=timezone.now()
        )


class PlanApproveView(PlanMixin, StateMixin, RowFormView):
    """Puts a plan into force."""

    states = (PlanStatus.SUBMITTED,)
    form_class = ApproveForm
    permission_required = "cycles.approve_yearplan"
    template_name = "cycles/approve.html"
    title = gettext_lazy("Approve the plan of the year")
    submit_label = gettext_lazy("Approve the plan")
    success_message = gettext_lazy("The plan is in force.")

    @cached_property
    def first_activity(self) -> date | None:
        """The first day on which something of the year was done."""
        return services.first_activity(self.row.cycle)

    @property
    def is_late(self) -> bool:
        """Whether the approval comes after it."""
        return self.first_activity is not None and self.today > self.first_activity

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"is_late": self.is_late}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is approved, in numbers."""
        cycle = self.row.cycle
        columns = board(cycle.milestones.all())
        return super().get_context_data(
            plan=self.row,
            cycle=cycle,
            columns=columns,
            objectives=cycle.objectives.all(),
            first_activity=self.first_activity if self.is_late else None,
            **kwargs,
        )

    def carry_out(self, form: ApproveForm) -> None:
        services.approve_plan(
            self.row.pk,
            actor=self.request.user,
            today=self.today,
            now=timezone.now(),
            **form.cleaned_data,
        )


class ObjectiveMixin(RowMixin):
    """A page about one objective."""

    model = Objective

    def get_rows(self) -> QuerySet:
        return super().get_rows().select_related("cycle", "owner")

    def get_crumbs(self) -> Crumbs:
        """The way over the year."""
        return year_crumbs(self.row.cycle)


class ObjectiveCreateView(YearMixin, RowFormView):
    """Sets an objective."""

    form_class = ObjectiveForm
    permission_required = "cycles.add_objective"
    title = gettext_lazy("Set an objective")
    submit_label = gettext_lazy("Set the objective")
    success_message = gettext_lazy("The objective has been set.")

    def carry_out(self, form: ObjectiveForm) -> None:
        services.save_objective(self.row.pk, actor=self.request.user, **form.cleaned_data)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": Objective(cycle=self.row)}

    def get_crumbs(self) -> Crumbs:
        return year_crumbs(self.row)


class ObjectiveEditView(ObjectiveMixin, RowFormView):
    """Changes an objective that is not measured yet."""

    form_class = ObjectiveForm
    permission_required = "cycles.change_objective"
    title = gettext_lazy("Change the objective")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_rows(self) -> QuerySet:
        return super().get_rows().select_related("cycle__plan")

    def get_lead(self) -> str:
        if not self.row.cycle.plan.is_in_force:
            return ""
        return _("What was approved stays; who answers and the date can still be changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "instance": self.row,
            "is_approved": self.row.cycle.plan.is_in_force,
        }

    def carry_out(self, form: ObjectiveForm) -> None:
        services.save_objective(
            self.row.cycle_id,
            objective_id=self.row.pk,
            actor=self.request.user,
            **form.cleaned_data,
        )


class ObjectiveMeasureView(ObjectiveMixin, RowFormView):
    """Writes down what came of an objective."""

    form_class = MeasureForm
    permission_required = "cycles.change_objective"
    title = gettext_lazy("Measure the objective")
    submit_label = gettext_lazy("Save the result")
    success_message = gettext_lazy("The result has been saved.")

    def get_lead(self) -> str:
        return _("%(objective)s – measure: %(measure)s, target: %(target)s") % {
            "objective": self.row,
            "measure": self.row.measure,
            "target": self.row.target,
        }

    def get_initial(self) -> dict[str, Any]:
        row = self.row
        return {
            "measured_on": row.measured_on or timezone.localdate(),
            "result": row.result,
            "verdict": row.verdict,
        }

    def carry_out(self, form: MeasureForm) -> None:
        services.measure_objective(
            self.row.pk,
            **form.cleaned_data,
            today=timezone.localdate(),
            actor=self.request.user,
        )


class ObjectiveRemoveView(ObjectiveMixin, ConfirmView):
    """Takes an objective out of a draft."""

    permission_required = "cycles.delete_objective"
    title = gettext_lazy("Remove the objective")
    consequence = gettext_lazy("This cannot be undone, but it can be set anew.")
    submit_label = gettext_lazy("Remove")
    success_message = gettext_lazy("The objective has been removed.")

    def get_text(self) -> str:
        return _("“%(objective)s” is removed from the plan.") % {"objective": self.row}

    def carry_out(self, form: Any) -> None:
        services.remove_objective(self.row.pk, actor=self.request.user)
