"""Excuses: who asks, who decides, and when they end."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.core.pages import AnyPermissionMixin, ConfirmView, Crumbs, RowFormView, StateMixin
from pms.organization.models import access_of
from pms.training import services
from pms.training.choices import ExcuseStatus
from pms.training.filters import ExcuseFilter
from pms.training.forms.inputs import ReasonForm
from pms.training.forms.records import DecisionForm
from pms.training.models import Excuse
from pms.training.permissions import may_decide
from pms.transfer.lists import Column, ExportListView

from .records import record_crumbs


class ExcuseMixin:
    """Excuses that the account may see: those of records that it may see."""

    request: Any
    row: Excuse

    def get_rows(self) -> QuerySet:
        """All for who runs or examines training, own people for managers."""
        rows = Excuse.objects.select_related(
            *("record__campaign", "record__department", "record__person"),
            *("requested_by__person", "decided_by__person"),
        )
        user = self.request.user
        if user.has_perm("training.view_trainingrecord"):
            return rows
        return rows.filter(access_of(user).own_people("record__person__"))

    def get_state_url(self) -> str:
        """An excuse is seen on the page of its record."""
        return self.row.record.get_absolute_url()


class ExcuseListView(ExcuseMixin, AnyPermissionMixin, ExportListView):
    """Requests that wait for a decision, and those decided."""

    model = Excuse
    filterset_class = ExcuseFilter
    permission_required = ("training.view_excuse", "training.request_excuse")
    template_name = "training/excuse_list.html"
    sorts = {
        "latest": ("-id",),
        "status": ("status", "id"),
    }
    export_name = "training-excuses"
    columns = (
        Column("教育", lambda it: it.record.campaign.title, width=32),
        Column("社員番号", lambda it: it.record.employee_number),
        Column("氏名", lambda it: it.record.name, width=20),
        Column("部門", lambda it: it.record.department.name, width=24),
        Column("理由", lambda it: it.get_reason_display(), width=24),
        Column("説明", lambda it: it.note, width=40),
        Column("期限", lambda it: it.until),
        Column("状態", lambda it: it.get_status_display()),
        Column("申請日時", lambda it: it.requested_at, width=20),
        Column("決裁日時", lambda it: it.decided_at, width=20),
        Column("決裁の所見", lambda it: it.decision_note, width=40),
    )

    def get_queryset(self) -> QuerySet:
        return self.get_rows()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With which of them this account may decide on."""
        context = super().get_context_data(**kwargs)
        for excuse in context["page"]:
            is_waiting = excuse.status == ExcuseStatus.REQUESTED
            excuse.may_decide = is_waiting and may_decide(self.request.user, excuse)
        return context


class ExcuseDecideView(ExcuseMixin, StateMixin, RowFormView):
    """Approves or refuses what somebody else asked for."""

    form_class = DecisionForm
    permission_required = "training.approve_excuse"
    template_name = "training/excuse_decide.html"
    states = (ExcuseStatus.REQUESTED,)
    title = gettext_lazy("Decide on the request")
    submit_label = gettext_lazy("Decide")

    def get_crumbs(self) -> Crumbs:
        return excuse_crumbs(self.row, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what was asked, and whether this account is another than those concerned."""
        return super().get_context_data(
            excuse=self.row,
            record=self.row.record,
            may_decide=may_decide(self.request.user, self.row),
            **kwargs,
        )

    def get_success_url(self) -> str:
        return self.get_state_url()

    def carry_out(self, form: DecisionForm) -> str:
        services.decide_excuse(
            self.row.pk,
            approve=form.is_approval,
            actor=self.request.user,
            now=timezone.now(),
            note=form.cleaned_data["note"],
        )
        if form.is_approval:
            return _("The request was approved.")
        return _("The request was refused. The training stays due.")


class ExcuseEndView(ExcuseMixin, StateMixin, ConfirmView):
    """Ends an excuse, or withdraws a request, before its time."""

    form_class = ReasonForm
    permission_required = "training.request_excuse"
    states = (ExcuseStatus.REQUESTED, ExcuseStatus.APPROVED)
    submit_label = gettext_lazy("End the excuse")
    success_message = gettext_lazy("The excuse was ended. The training is due again.")
    consequence = gettext_lazy("If it must hold after all, it has to be asked for anew.")

    def get_title(self) -> str:
        return _("End the excuse of %(name)s") % {"name": self.row.record.name}

    def get_text(self) -> str:
        return _("The training “%(campaign)s” is due again for %(name)s.") % {
            "campaign": self.row.record.campaign,
            "name": self.row.record.name,
        }

    def get_crumbs(self) -> Crumbs:
        return excuse_crumbs(self.row, self.request.user)

    def get_success_url(self) -> str:
        return self.get_state_url()

    def carry_out(self, form: ReasonForm) -> None:
        services.end_excuse(
            self.row.pk,
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )


def excuse_crumbs(excuse: Excuse, user: Any) -> Crumbs:
    """The way to what lies below an excuse."""
    return [
        (_("Excuses"), reverse("training:excuse_list")),
        *record_crumbs(excuse.record, user)[-1:],
    ]
