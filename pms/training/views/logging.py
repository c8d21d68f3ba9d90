"""Logging completions: pasted numbers, the grid, a file, one person; all lead to one preview."""

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from pms.core.text import whole_number
from pms.core.views import ServiceFormView, with_query
from pms.evidence.services import atomic_with_files, attach_all
from pms.organization.models import Department
from pms.training.choices import OPEN_STATUSES
from pms.training.forms.logging import CommonForm, GridForm, PasteForm, as_table
from pms.training.models import Campaign, TrainingRecord
from pms.training.trees import indented
from pms.transfer.services import upload

GRID_ROWS = 200


class CampaignMixin:
    """The open campaign that the address names."""

    @cached_property
    def campaign(self) -> Campaign:
        """404 if it is not open or not to be seen."""
        view = cast("Any", self)
        campaigns = Campaign.objects.open().visible_to(view.request.user)
        return get_object_or_404(campaigns, pk=view.kwargs["pk"])


class LogView(CampaignMixin, ServiceFormView):
    """Enter who was trained; the preview comes next and nothing is written before it."""

    permission_required = "training.log_completion"
    form_class: type[CommonForm] = PasteForm
    run: Any = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the campaign, the account and the day."""
        return super().get_form_kwargs() | {
            "campaign": self.campaign,
            "actor": self.request.user,
            "today": timezone.localdate(),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the campaign and the address for files."""
        file_url = with_query(
            reverse("transfer:upload", args=["completions"]), campaign=self.campaign.pk
        )
        return super().get_context_data(**kwargs) | {
            "campaign": self.campaign,
            "file_url": file_url,
        }

    def source_name(self) -> str:
        """How the import is called in the journal."""
        return _("Pasted numbers")

    def carry_out(self, form: Any) -> str | None:
        """Make the import, with the sheets as its evidence."""
        actor, now = self.request.user, timezone.now()
        with atomic_with_files():
            self.run = upload(
                as_table(form.rows()),
                name=f"{self.source_name()}.csv",
                importer="completions",
                options=form.options(),
                actor=actor,
                today=timezone.localdate(),
                now=now,
            )
            if sheets := form.cleaned_data["sheets"]:
                attach_all(
                    self.run, sheets, actor=actor, stated_on=form.cleaned_data["attended_on"]
                )
        return None

    def get_success_url(self) -> str:
        """The preview."""
        if self.run is None:  # sent twice: the first sending has made the preview
            return reverse("transfer:run_list")
        return reverse("transfer:run_detail", args=[self.run.pk])


class PasteView(LogView):
    """Numbers pasted from an attendance sheet."""

    template_name = "training/log_paste.html"


class GridView(LogView):
    """A table of those not yet through, to be ticked with the keyboard."""

    template_name = "training/log_grid.html"
    form_class = GridForm

    def source_name(self) -> str:
        """How the import is called in the journal."""
        return _("Grid")

    def records(self) -> QuerySet[TrainingRecord]:
        """Open records of the department chosen, with those below it."""
        rows = self.campaign.records.filter(status__in=OPEN_STATUSES)
        rows = rows.visible_to(self.request.user).select_related("department")
        chosen = whole_number(self.request.GET.get("department", ""))
        if chosen is not None:
            rows = rows.filter(department__in=Department.objects.subtree_ids([chosen]))
        if text := self.request.GET.get("q", "").strip():
            rows = rows.search(text)
        return rows.order_by("employee_number")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, with what was ticked before an error."""
        context = super().get_context_data(**kwargs)
        ticked = context["form"].ticked
        records = list(self.records()[: GRID_ROWS + 1])
        for record in records:
            record.is_ticked = record.employee_number in ticked
            record.typed_day, record.typed_score = ticked.get(record.employee_number, ("", ""))
        nodes = Department.objects.values_list("pk", "parent_id", "name")
        return context | {
            "records": records[:GRID_ROWS],
            "is_capped": len(records) > GRID_ROWS,
            "departments": indented(nodes),
            "department": self.request.GET.get("department", ""),
            "q": self.request.GET.get("q", ""),
        }


class LogOneView(LogView):
    """One person, from their record."""

    template_name = "training/log_one.html"
    form_class = GridForm

    @cached_property
    def record(self) -> TrainingRecord:
        """The open record that the address names."""
        rows = TrainingRecord.objects.open().visible_to(self.request.user)
        return get_object_or_404(rows.select_related("campaign"), pk=self.kwargs["record"])

    @cached_property
    def campaign(self) -> Campaign:
        """The record's campaign."""
        campaigns = Campaign.objects.open().visible_to(self.request.user)
        return get_object_or_404(campaigns, pk=self.record.campaign_id)

    def source_name(self) -> str:
        """How the import is called in the journal."""
        return str(self.record.employee_number)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the record and a score typed before an error."""
        score = self.request.POST.get(f"score-{self.record.employee_number}", "")
        return super().get_context_data(**kwargs) | {"record": self.record, "score": score}
