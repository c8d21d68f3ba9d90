"""Training's papers as downloads."""

import io

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from pms.core.downloads import PDF, XLSX, download
from pms.history.services import record_export
from pms.training import printing
from pms.training.models import Campaign, TrainingPlan, TrainingRecord
from pms.transfer.writers import write_xlsx


class PlanPdfView(PermissionRequiredMixin, View):
    """教育計画書 as PDF."""

    permission_required = "training.view_trainingplan"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The paper."""
        plans = TrainingPlan.objects.visible_to(request.user).select_related(
            "cycle", "created_by__person", "approved_by__person"
        )
        plan = get_object_or_404(plans, pk=pk)
        content = printing.plan_pdf(plan, now=timezone.now(), uses_wareki=request.user.uses_wareki)
        return download(content, f"{plan}.pdf", PDF)


class AttendanceSheetView(PermissionRequiredMixin, View):
    """The sheet to be signed, or the same as a table that is read back."""

    permission_required = "training.log_completion"

    def get(self, request: HttpRequest, pk: int, form: str) -> FileResponse:
        """Everybody who is not yet through, by department."""
        campaigns = Campaign.objects.open().visible_to(request.user)
        campaign = get_object_or_404(campaigns, pk=pk)
        records = (
            campaign.records.open()
            .visible_to(request.user)
            .select_related("department")
            .order_by("department__code", "employee_number")
        )
        name = _("Attendance sheet %(training)s") % {"training": campaign}
        if form == "pdf":
            content = printing.attendance_pdf(campaign, records, now=timezone.now())
            media_type = PDF
        elif form == "xlsx":
            stream = io.BytesIO()
            write_xlsx(
                stream,
                printing.ATTENDANCE_HEADINGS,
                printing.attendance_rows(records.iterator(2_000)),
                sheet_name=name,
                widths=printing.ATTENDANCE_WIDTHS,
            )
            content, media_type = stream.getvalue(), XLSX
        else:
            raise Http404
        record_export(
            TrainingRecord, actor=request.user, name=f"{name}.{form}", count=records.count()
        )
        return download(content, f"{name}.{form}", media_type)
