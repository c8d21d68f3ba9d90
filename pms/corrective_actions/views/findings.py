"""Examiner's findings: their list with its clock, and the reply sheet."""

import io
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from pms.core.downloads import XLSX, download
from pms.core.pages import AnyPermissionMixin
from pms.core.text import listed
from pms.core.views import with_query
from pms.corrective_actions.filters import FindingFilter
from pms.corrective_actions.models import ExaminerFinding
from pms.corrective_actions.reports import clock_lines, unanswered_numbers
from pms.corrective_actions.tables import reply_sheet
from pms.history.services import record_export
from pms.transfer.lists import Column, ExportListView

SEE = "corrective_actions.view_examinerfinding"


class FindingListView(AnyPermissionMixin, ExportListView):
    """What examiners found, each with its action and the last day for the answer."""

    model = ExaminerFinding
    filterset_class = FindingFilter
    permission_required = (SEE,)
    template_name = "corrective_actions/finding_list.html"
    sorts = {
        "due": ("answer_due_on", "id"),
        "number": ("received_on", "number", "id"),
        "received": ("received_on", "id"),
    }
    export_name = "examiner-findings"
    columns = (
        Column("指摘番号", lambda it: it.number),
        Column("是正処置番号", lambda it: it.action.number),
        Column("項番", lambda it: it.action.clause.code if it.action.clause else ""),
        Column("指摘事項", lambda it: it.action.fact, 40),
        Column("部門", lambda it: it.action.department.name, 20),
        Column("区分", lambda it: "再指摘" if it.is_repeated else "初回"),
        Column("受領日", lambda it: it.received_on),
        Column("回答期限", lambda it: it.answer_due_on),
        Column("回答日", lambda it: it.answered_on),
        Column("回答", lambda it: it.answer, 40),
        Column("状態", lambda it: it.action.get_status_display()),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With a line for each list that an examiner sent."""
        findings = ExaminerFinding.objects.visible_to(self.request.user).in_force()
        lists = findings.only("received_on", "answer_due_on", "answered_on")
        return super().get_context_data(**kwargs) | {"lists": clock_lines(lists)}


class ReplySheetView(PermissionRequiredMixin, View):
    """The sheet that goes back to the examiner, once every finding has its answer."""

    permission_required = SEE

    def get(self, request: HttpRequest, received_on: str) -> HttpResponseBase:
        """The workbook; back to the list with the numbers that are still blank."""
        findings = ExaminerFinding.objects.visible_to(request.user).newest_of_each_number()
        findings = findings.filter(received_on=_day(received_on)).for_list()
        if not findings.in_force().exists():
            raise Http404
        blank = unanswered_numbers(findings)
        if blank:
            return self._refuse(request, received_on, blank)
        content = io.BytesIO()
        count = reply_sheet(content, findings.order_by("number", "pk"))
        name = f"{_('Reply sheet')}-{received_on}.xlsx"
        record_export(ExaminerFinding, actor=request.user, name=name, count=count)
        return download(content.getvalue(), name, XLSX)

    def _refuse(self, request: HttpRequest, received_on: str, blank: list[str]) -> HttpResponse:
        messages.error(
            request,
            _("The reply sheet cannot be made: these findings have no answer yet: %(numbers)s.")
            % {"numbers": listed(blank)},
        )
        url = reverse("corrective_actions:finding_list")
        return HttpResponseRedirect(with_query(url, received_on=received_on, state="unanswered"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
