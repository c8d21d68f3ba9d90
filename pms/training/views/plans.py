"""The yearly training plan (教育計画書): made, approved by another, revised."""

from datetime import date
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from pms.core.pages import ConfirmView, Crumbs, NewRowView, RowMixin, StateMixin
from pms.training import services
from pms.training.choices import CampaignStatus, PlanStatus
from pms.training.filters import PlanFilter
from pms.training.forms.inputs import ReasonForm
from pms.training.forms.plans import PlanCreateForm, PlanForm, PlanItemRows
from pms.training.models import TrainingPlan
from pms.transfer.lists import Column, ExportListView

from .bases import FormWithRowsView


class PlanListView(ExportListView):
    """The plans of all years, every version."""

    model = TrainingPlan
    filterset_class = PlanFilter
    permission_required = "training.view_trainingplan"
    template_name = "training/plan_list.html"
    sorts = {
        "latest": ("-cycle__starts_on", "-version", "-id"),
        "cycle": ("cycle__starts_on", "version", "id"),
        "status": ("status", "id"),
    }
    export_name = "training-plans"
    columns = (
        Column("年度", lambda it: it.cycle.name),
        Column("版", lambda it: it.version),
        Column("状態", lambda it: it.get_status_display()),
        Column("作成日", lambda it: it.created_on),
        Column("承認日", lambda it: it.approved_on),
        Column("担当者", lambda it: it.responsible),
        Column("目的", lambda it: it.purpose, width=60),
    )

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().select_related("cycle", "approved_by__person")


class PlanMixin(RowMixin):
    """A page about one version of a plan."""

    model = TrainingPlan

    def get_rows(self) -> QuerySet:
        return (
            super().get_rows().select_related("cycle", "created_by__person", "approved_by__person")
        )

    def get_crumbs(self) -> Crumbs:
        return plan_crumbs(self.row)


class PlanDetailView(PlanMixin, PermissionRequiredMixin, TemplateView):
    """One version: its lines, who approved it and what speaks against it."""

    permission_required = "training.view_trainingplan"
    template_name = "training/plan_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Lines, other versions, warnings and the moves that are open to this account."""
        plan = self.row
        user = self.request.user
        may_change = user.has_perm("training.change_trainingplan")
        may_approve = user.has_perm("training.approve_plan")
        return super().get_context_data(
            plan=plan,
            items=plan.items.select_related("course"),
            others=plan.cycle.training_plans.exclude(pk=plan.pk).order_by("-version"),
            campaigns=plan.cycle.campaigns.visible_to(user).select_related("course"),
            warnings=plan_warnings(plan, today=timezone.localdate()),
            can_edit=may_change and plan.status == PlanStatus.DRAFT,
            can_submit=may_change and plan.can_move_to(PlanStatus.SUBMITTED),
            can_decide=may_approve
            and plan.status == PlanStatus.SUBMITTED
            and plan.created_by_id != user.pk,
            is_maker=may_approve
            and plan.status == PlanStatus.SUBMITTED
            and plan.created_by_id == user.pk,
            can_revise=may_change and plan.status == PlanStatus.APPROVED,
            **kwargs,
        )


class PlanCreateView(NewRowView):
    """Starts the plan of a year."""

    model = TrainingPlan
    form_class = PlanCreateForm
    permission_required = "training.add_trainingplan"
    list_url = "training:plan_list"
    title = gettext_lazy("New training plan")
    submit_label = gettext_lazy("Make the plan")
    success_message = gettext_lazy("A draft was made. Check its lines, then ask for approval.")

    def get_crumbs(self) -> Crumbs:
        return [(_("Training plans"), reverse("training:plan_list"))]

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"cycle": self.request.GET.get("cycle")}

    def carry_out(self, form: PlanCreateForm) -> None:
        facts = form.cleaned_data
        former = form.former_plan(facts["cycle"]) if facts["source"] == "last" else None
        given = {"purpose": facts["purpose"]} if facts["purpose"] else {}
        person = getattr(self.request.user, "person", None)
        if former is None and person:
            given["responsible"] = person.full_name
        self.row = services.create_plan(
            facts["cycle"],
            actor=self.request.user,
            today=timezone.localdate(),
            copy_from=former,
            **given,
        )


class PlanEditView(PlanMixin, StateMixin, FormWithRowsView):
    """A draft with its lines."""

    states = (PlanStatus.DRAFT,)
    form_class = PlanForm
    rows_class = PlanItemRows
    permission_required = "training.change_trainingplan"
    rows_title = gettext_lazy("Trainings of the year")
    rows_help = gettext_lazy("Empty rows are left out.")
    add_label = gettext_lazy("Add a training")
    submit_label = gettext_lazy("Save the plan")
    success_message = gettext_lazy("The plan was saved.")

    def get_title(self) -> str:
        return _("Edit: %(plan)s") % {"plan": self.row}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.row}

    def carry_out(self, form: PlanForm) -> None:
        services.change_plan(
            self.row.pk,
            actor=self.request.user,
            items=self.form_rows.lines(),
            removed=self.form_rows.removed(),
            **form.cleaned_data,
        )


class PlanSubmitView(PlanMixin, StateMixin, ConfirmView):
    """Asks for approval."""

    states = (PlanStatus.DRAFT,)
    permission_required = "training.change_trainingplan"
    title = gettext_lazy("Ask for approval of the plan")
    submit_label = gettext_lazy("Ask for approval")
    is_calm = True
    success_message = gettext_lazy("Approval was asked for.")
    consequence = gettext_lazy(
        "The plan cannot be edited while it waits. Whoever approves it may send it back."
    )

    def get_text(self) -> str:
        return _("%(plan)s goes to top management or the privacy manager for approval.") % {
            "plan": self.row
        }

    def carry_out(self, form: Any) -> None:
        services.submit_plan(self.row.pk, actor=self.request.user)


class PlanReturnView(PlanMixin, StateMixin, ConfirmView):
    """Sends a plan back to its maker."""

    states = (PlanStatus.SUBMITTED,)
    form_class = ReasonForm
    permission_required = "training.approve_plan"
    title = gettext_lazy("Send the plan back")
    submit_label = gettext_lazy("Send it back")
    success_message = gettext_lazy("The plan was sent back to its maker.")
    consequence = gettext_lazy("It becomes a draft again and can be changed and sent once more.")

    def get_text(self) -> str:
        return _("%(plan)s goes back to its maker with your reason.") % {"plan": self.row}

    def carry_out(self, form: ReasonForm) -> None:
        services.return_plan(
            self.row.pk, actor=self.request.user, reason=form.cleaned_data["reason"]
        )


class PlanApproveView(PlanMixin, StateMixin, ConfirmView):
    """Approves a plan that somebody else made."""

    states = (PlanStatus.SUBMITTED,)
    permission_required = "training.approve_plan"
    title = gettext_lazy("Approve the plan")
    submit_label = gettext_lazy("Approve the plan")
    is_calm = True
    success_message = gettext_lazy("The plan was approved.")
    consequence = gettext_lazy(
        "This cannot be taken back. Changes go into a new version, which is approved again; this "
        "version takes the place of the one in force."
    )

    def get_text(self) -> str:
        return _("You approve %(plan)s as of today, %(day)s.") % {
            "plan": self.row,
            "day": formats.date_format(timezone.localdate()),
        }

    def carry_out(self, form: Any) -> None:
        services.approve_plan(self.row.pk, actor=self.request.user, today=timezone.localdate())


class PlanReviseView(PlanMixin, StateMixin, ConfirmView):
    """Starts the next version."""

    states = (PlanStatus.APPROVED,)
    permission_required = "training.change_trainingplan"
    title = gettext_lazy("Revise the plan")
    submit_label = gettext_lazy("Start a new version")
    is_calm = True
    success_message = gettext_lazy("A new version was started.")
    consequence = gettext_lazy(
        "The present version stays in force until the new one has been approved."
    )

    def get_text(self) -> str:
        return _("A draft with the lines of %(plan)s is made.") % {"plan": self.row}

    def carry_out(self, form: Any) -> None:
        self.row = services.revise_plan(
            self.row.pk, actor=self.request.user, today=timezone.localdate()
        )


def plan_crumbs(plan: TrainingPlan) -> Crumbs:
    """The way to what lies below a plan."""
    return [
        (_("Training plans"), reverse("training:plan_list")),
        (str(plan), plan.get_absolute_url()),
    ]


def plan_warnings(plan: TrainingPlan, *, today: date) -> list[str]:
    """What an examiner would object to; a sentence each.

    The plan has to be approved before the first training of its year is held (J.3.3).
    """
    if plan.status == PlanStatus.SUPERSEDED:
        return []
    opened = plan.cycle.campaigns.exclude(status=CampaignStatus.DRAFT)
    first = opened.aggregate(first=Min("starts_on"))["first"]
    former = plan.cycle.training_plans.filter(
        status__in=(PlanStatus.APPROVED, PlanStatus.SUPERSEDED)
    )
    approved_on = former.aggregate(first=Min("approved_on"))["first"]
    warnings = []
    if first and approved_on is None:
        warnings.append(
            _("A training of this year began on %(day)s, but no plan has been approved.")
            % {"day": formats.date_format(first)}
        )
    elif first and approved_on >= first:
        warnings.append(
            _("The plan was approved on %(approved)s, not before the first training on %(day)s.")
            % {"approved": formats.date_format(approved_on), "day": formats.date_format(first)}
        )
    elif approved_on is None and today >= plan.cycle.starts_on:
        warnings.append(
            _(
                "The year has begun, but its training plan is not approved. Approve it before the "
                "first training is held."
            )
        )
    return warnings
