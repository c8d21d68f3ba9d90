"""Milestones: their list, each with its history, and what can be done to it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from pms.core.pages import AnyPermissionMixin, ConfirmView, Crumbs, RowFormView, RowMixin
from pms.cycles import services
from pms.cycles.beginnings import beginning_for
from pms.cycles.choices import ExtensionStatus, Fulfilment, MilestoneStatus, PlanStatus
from pms.cycles.filters import MilestoneFilter
from pms.cycles.forms import (
    CompleteForm,
    DecideForm,
    ExtensionForm,
    MilestoneForm,
    ReasonForm,
)
from pms.cycles.models import Extension, Milestone
from pms.evidence.models import EvidenceFile
from pms.evidence.pages import AttachView
from pms.history.timeline import timeline
from pms.transfer.lists import Column, ExportListView

from .plans import YearMixin, year_crumbs

# Who runs the year, and whoever answers for the one milestone.
ANY = ("cycles.view_milestone", "cycles.answer_for_milestone")
ACT = ("cycles.change_milestone", "cycles.answer_for_milestone")


class MilestoneListView(AnyPermissionMixin, ExportListView):
    """The milestones of all years."""

    model = Milestone
    filterset_class = MilestoneFilter
    permission_required = ANY
    sorts = {
        "due": ("due_on", "id"),
        "title": ("title", "id"),
        "phase": ("phase", "due_on", "id"),
        "status": ("status", "due_on", "id"),
    }
    export_name = "milestones"
    columns = (
        Column("年度", lambda it: it.cycle.name),
        Column("区分", lambda it: it.get_phase_display()),
        Column("実施項目", lambda it: it.title, 40),
        Column("項番", lambda it: it.clause.code if it.clause else ""),
        Column("担当者", lambda it: str(it.owner or "")),
        Column("当初の期限", lambda it: it.first_due_on),
        Column("期限", lambda it: it.due_on),
        Column("状態", lambda it: it.get_status_display()),
        Column("期限内に未実施の記録日", lambda it: it.missed_on),
        Column("完了日", lambda it: it.done_on),
        Column("記録", lambda it: it.records, 30),
        Column("結果", lambda it: it.result, 40),
    )


class MilestoneMixin(RowMixin):
    """A page about one milestone."""

    model = Milestone

    def get_rows(self) -> QuerySet:
        return super().get_rows().for_list()

    def get_crumbs(self) -> Crumbs:
        """The way over the year."""
        return [
            *milestone_crumbs(self.row, self.request.user),
            (str(self.row), self.row.get_absolute_url()),
        ]


def milestone_crumbs(milestone: Milestone, user: Any) -> Crumbs:
    """The way to a milestone: the year for who sees it, else nothing."""
    return year_crumbs(milestone.cycle) if user.has_perm("cycles.view_yearplan") else []


class MilestoneDetailView(MilestoneMixin, AnyPermissionMixin, TemplateView):
    """One milestone: facts, the next step, requests for more time, history."""

    permission_required = ANY
    template_name = "cycles/milestone_detail.html"

    def get_rows(self) -> QuerySet:
        return super().get_rows().select_related("cycle__plan", "fulfilled_by_type")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the moves that are open to this account."""
        row, user = self.row, self.request.user
        plan = row.cycle.plan
        runs = user.has_perm("cycles.change_milestone")
        answers = row.owner is not None and row.owner.user_id == user.pk
        acts = plan.is_in_force and (runs or answers)
        extensions = list(row.extensions.select_related("asked_by__person", "decided_by__person"))
        waiting = next((it for it in extensions if it.status == ExtensionStatus.REQUESTED), None)
        by_hand = row.fulfilment == Fulfilment.BY_HAND
        return super().get_context_data(
            milestone=row,
            plan=plan,
            crumbs=milestone_crumbs(row, user),
            proof=row.fulfilled_by if row.fulfilled_by_id else None,
            extensions=extensions,
            waiting=waiting,
            beginning=beginning_for(row, user) if plan.is_in_force else None,
            can_complete=acts and by_hand and row.is_open,
            can_extend=acts and row.is_open and waiting is None,
            can_decide=waiting is not None
            and user.has_perm("cycles.decide_extension")
            and waiting.asked_by_id != user.pk,
            can_edit=runs and plan.status != PlanStatus.SUBMITTED,
            can_remove=plan.status == PlanStatus.DRAFT and user.has_perm("cycles.delete_milestone"),
            can_drop=runs and plan.is_in_force and row.is_open,
            can_reopen=acts
            and not row.fulfilled_by_id
            and row.status in (MilestoneStatus.DONE, MilestoneStatus.DROPPED),
            files=EvidenceFile.objects.of(row).for_list(),
            upload_url=reverse("cycles:milestone_files", args=[row.pk]) if acts else "",
            timeline=timeline(row, viewer=user),
            **kwargs,
        )


class MilestoneCreateView(YearMixin, RowFormView):
    """Plans one more milestone."""

    form_class = MilestoneForm
    permission_required = "cycles.add_milestone"
    title = gettext_lazy("Plan a milestone")
    submit_label = gettext_lazy("Plan it")
    success_message = gettext_lazy("The milestone has been planned.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "instance": Milestone(cycle=self.row),
            "plan": self.plan,
            "today": timezone.localdate(),
        }

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """A year without a plan is led to making one."""
        if self.has_permission() and self.plan is None:
            return HttpResponseRedirect(self.row.get_absolute_url())
        return super().dispatch(request, *args, **kwargs)

    def carry_out(self, form: MilestoneForm) -> None:
        services.add_milestone(
            self.row.pk,
            actor=self.request.user,
            today=timezone.localdate(),
            **form.cleaned_data,
        )

    def get_crumbs(self) -> Crumbs:
        return year_crumbs(self.row)


class MilestoneEditView(MilestoneMixin, RowFormView):
    """Changes a milestone: everything in a draft, who answers and the records later."""

    form_class = MilestoneForm
    permission_required = "cycles.change_milestone"
    title = gettext_lazy("Change the milestone")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "instance": self.row,
            "plan": self.row.cycle.plan,
            "today": timezone.localdate(),
        }

    def get_lead(self) -> str:
        if self.row.cycle.plan.status == PlanStatus.DRAFT:
            return ""
        return _("What was approved stays; a later date is asked for on the milestone's page.")

    def carry_out(self, form: MilestoneForm) -> None:
        services.change_milestone(self.row.pk, actor=self.request.user, **form.cleaned_data)


class MilestoneRemoveView(MilestoneMixin, ConfirmView):
    """Takes a milestone out of a draft."""

    permission_required = "cycles.delete_milestone"
    title = gettext_lazy("Remove the milestone")
    consequence = gettext_lazy("This cannot be undone, but it can be planned anew.")
    submit_label = gettext_lazy("Remove")
    success_message = gettext_lazy("The milestone has been removed.")

    def get_text(self) -> str:
        return _("“%(milestone)s” is removed from the plan.") % {"milestone": self.row}

    def get_success_url(self) -> str:
        return self.row.cycle.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.row.get_absolute_url()

    def carry_out(self, form: Any) -> None:
        services.remove_milestone(self.row.pk, actor=self.request.user)


class OwnMixin(MilestoneMixin, AnyPermissionMixin):
    """For who runs the year, and for whoever answers for this milestone."""

    permission_required = ACT

    def get_rows(self) -> QuerySet:
        """Seeing the plan is not enough to act."""
        rows, user = super().get_rows(), self.request.user
        if user.has_perm("cycles.change_milestone"):
            return rows
        return rows.filter(owner__user=user)


class MilestoneCompleteView(OwnMixin, RowFormView):
    """Says that a milestone is done."""

    form_class = CompleteForm
    title = gettext_lazy("Say that it is done")
    submit_label = gettext_lazy("It is done")
    success_message = gettext_lazy("The milestone is done.")

    def get_lead(self) -> str:
        return str(self.row)

    def get_initial(self) -> dict[str, Any]:
        return {"done_on": timezone.localdate()}

    def carry_out(self, form: CompleteForm) -> None:
        services.complete_milestone(
            self.row.pk,
            **form.cleaned_data,
            today=timezone.localdate(),
            actor=self.request.user,
        )


class MilestoneFilesView(OwnMixin, AttachView):
    """Proof that a milestone was done."""

    title = gettext_lazy("Attach files to the milestone")


class MilestoneReopenView(OwnMixin, RowFormView):
    """Takes back that a milestone is done or not needed."""

    form_class = ReasonForm
    lead = gettext_lazy("The milestone is open again. What was said stays in the history.")
    submit_label = gettext_lazy("Take it back")
    success_message = gettext_lazy("The milestone is open again.")

    def get_title(self) -> str:
        if self.row.status == MilestoneStatus.DROPPED:
            return _("Take back that it is not needed")
        return _("Take back that it is done")

    def carry_out(self, form: ReasonForm) -> None:
        services.reopen_milestone(
            self.row.pk,
            **form.cleaned_data,
            today=timezone.localdate(),
            actor=self.request.user,
        )


class MilestoneDropView(MilestoneMixin, RowFormView):
    """Decides that a milestone is not needed."""

    form_class = ReasonForm
    permission_required = "cycles.change_milestone"
    title = gettext_lazy("Not needed after all")
    lead = gettext_lazy("The milestone stays in the plan with the reason why it is not needed.")
    submit_label = gettext_lazy("It is not needed")
    success_message = gettext_lazy("The milestone is marked as not needed.")

    def carry_out(self, form: ReasonForm) -> None:
        services.drop_milestone(self.row.pk, **form.cleaned_data, actor=self.request.user)


class ExtensionRequestView(OwnMixin, RowFormView):
    """Asks for a later date."""

    form_class = ExtensionForm
    title = gettext_lazy("Ask for a later date")
    submit_label = gettext_lazy("Ask for it")
    success_message = gettext_lazy("The request waits for somebody else's decision.")

    def get_lead(self) -> str:
        return _(
            "%(milestone)s is due on %(day)s. The first date stays visible beside a new one."
        ) % {
            "milestone": self.row,
            "day": self.row.due_on,
        }

    def carry_out(self, form: ExtensionForm) -> None:
        services.request_extension(
            self.row.pk, **form.cleaned_data, actor=self.request.user, now=timezone.now()
        )


class ExtensionDecideView(RowFormView):
    """Grants a later date or refuses it."""

    model = Extension
    form_class = DecideForm
    permission_required = "cycles.decide_extension"
    title = gettext_lazy("Decide on a later date")
    submit_label = gettext_lazy("Decide")
    success_message = gettext_lazy("The decision has been saved.")

    def get_rows(self) -> QuerySet:
        return super().get_rows().select_related("milestone__cycle", "asked_by__person")

    def get_lead(self) -> str:
        row = self.row
        return _(
            "%(milestone)s: from %(old)s to %(new)s. %(person)s gives this reason: %(reason)s"
        ) % {
            "milestone": row.milestone,
            "old": row.old_due_on,
            "new": row.new_due_on,
            "person": getattr(row.asked_by, "person", row.asked_by),
            "reason": row.reason,
        }

    def get_crumbs(self) -> Crumbs:
        return [
            *year_crumbs(self.row.milestone.cycle),
            (str(self.row.milestone), self.row.milestone.get_absolute_url()),
        ]

    def carry_out(self, form: DecideForm) -> None:
        services.decide_extension(
            self.row.pk,
            grants=form.cleaned_data["decision"] == "grant",
            answer=form.cleaned_data["answer"],
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )
