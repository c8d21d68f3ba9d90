"""What came of a training: its report (教育実施報告書), and the summary of two years."""

import io
from itertools import groupby
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext
from django.views.generic import TemplateView, View

from pms.core.downloads import PDF, XLSX, download
from pms.core.pages import ConfirmView, Crumbs, RowFormView, StateMixin
from pms.core.text import listed
from pms.core.views import with_query
from pms.cycles.models import Cycle
from pms.history.timeline import timeline
from pms.organization.models import in_language
from pms.training import printing, services, tables
from pms.training.choices import CampaignStatus, RecordStatus
from pms.training.filters import OPEN, OUTCOMES
from pms.training.forms.reports import ReportForm, YearsForm
from pms.training.models import Report
from pms.training.reports import SummaryRow, summarize, summary
from pms.training.services.figures import Figures, Group
from pms.transfer.writers import write_workbook

from .campaigns import CampaignMixin, campaign_crumbs

# Fiscal years on a summary: the application asks for the last two.
YEARS = 2


class ReportMixin(CampaignMixin, StateMixin):
    """A page about the report of a campaign that was opened."""

    states: tuple[str, ...] = (CampaignStatus.OPEN, CampaignStatus.CLOSED)

    def get_rows(self) -> QuerySet:
        return (
            super()
            .get_rows()
            .select_related("report__created_by__person", "report__approved_by__person")
            .prefetch_related("audience_departments")
        )

    @cached_property
    def report(self) -> Report | None:
        """Its words, once somebody wrote them or the campaign was closed."""
        return getattr(self.row, "report", None)

    def get_crumbs(self) -> Crumbs:
        return [
            *campaign_crumbs(self.row),
            (_("Training report"), reverse("training:report", args=[self.row.pk])),
        ]


class ReportView(ReportMixin, PermissionRequiredMixin, TemplateView):
    """The report: figures that open the list they count, and words."""

    permission_required = "training.view_report"
    template_name = "training/report.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Figures, words, and the next step that is open to this account."""
        row, report, user = summarize(self.row), self.report, self.request.user
        figures = row.figures
        numbers = Numbers(self.row.pk)
        before = figures.last_year
        is_settled = report is not None and report.approved_on is not None
        may_approve = (
            report is not None and not is_settled and user.has_perm("training.approve_report")
        )
        obstacles = services.approval_obstacles(report, actor=user) if may_approve else []
        return super().get_context_data(
            campaign=self.row,
            crumbs=self.get_crumbs()[:-1],
            row=row,
            figures=figures,
            report=report,
            content=tables.content_in_words(self.row),
            tiles=numbers.tiles(figures),
            rates=[
                (_("Attendance rate"), _percent(figures.attendance_rate)),
                (_("Pass rate"), _percent(figures.pass_rate)),
                (_("Average score"), _points(figures.average)),
            ],
            departments=numbers.bars(
                "unit", [(it, in_language(it.name, it.name_en)) for it in figures.departments]
            ),
            kinds=numbers.bars("kind", [(it, tables.kind_in_words(it)) for it in figures.kinds]),
            groups=[tables.by_department(figures), tables.by_kind(figures)],
            comparison=tables.comparison(figures, before) if before else None,
            before_url=before and reverse("training:report", args=[before.campaign]),
            missed=tables.missed(figures) if figures.questions else None,
            unchanged=tables.unchanged_in_words(figures),
            can_write=user.has_perm("training.change_report") and not is_settled,
            can_approve=may_approve and not obstacles,
            obstacles=obstacles,
            timeline=timeline(report, viewer=user) if report else [],
            **kwargs,
        )


class Numbers:
    """The numbers of one campaign's report, each with the list that it counts."""

    def __init__(self, campaign_id: int) -> None:
        self.campaign_id = campaign_id

    def url(self, **values: Any) -> str:
        """The list of the campaign's records with a filter."""
        return with_query(reverse("training:record_list"), campaign=self.campaign_id, **values)

    def tiles(self, figures: Figures) -> list[dict[str, Any]]:
        """Everybody, then who was trained and who passed, then who is left."""
        counted = [
            (_("Everybody on the list"), figures.population, {}),
            (RecordStatus.EXCUSED.label, figures.excused, {"status": RecordStatus.EXCUSED}),
            *(
                (OUTCOMES[name][0], getattr(figures, name), {"outcome": name})
                for name in ("targeted", "attended", "not_attended", "passed_first", "passed_later")
            ),
            (_("Not completed yet"), figures.open, {"status": OPEN}),
        ]
        return [
            {
                "label": label,
                "value": value,
                "unit": npgettext("unit", "person", "people", value),
                "url": self.url(**condition),
            }
            for label, value, condition in counted
        ]

    def bars(self, name: str, groups: list[tuple[Group, str]]) -> list[dict[str, Any]]:
        """One bar for each group, cut into passed, excused and open."""
        return [
            {
                "label": label,
                "url": self.url(**{name: group.key}),
                "total": group.population,
                "segments": [
                    {
                        "key": key,
                        "label": words,
                        "value": value,
                        "percent": 100 * value / group.population,
                        "url": self.url(**{name: group.key}, status=status) if value else "",
                    }
                    for key, words, value, status in (
                        ("passed", RecordStatus.PASSED.label, group.passed, RecordStatus.PASSED),
                        (
                            "excused",
                            RecordStatus.EXCUSED.label,
                            group.excused,
                            RecordStatus.EXCUSED,
                        ),
                        ("open", _("Not completed yet"), group.targeted - group.passed, OPEN),
                    )
                ],
            }
            for group, label in groups
        ]


def _percent(rate: float | None) -> str:
    if rate is None:
        return tables.UNKNOWN
    return _("%(rate)s %%") % {"rate": tables.in_words(rate)}


def _points(average: float | None) -> str:
    if average is None:
        return tables.UNKNOWN
    return _("%(mark)s points") % {"mark": tables.in_words(average)}


class ReportEditView(ReportMixin, RowFormView):
    """The words of the report."""

    form_class = ReportForm
    permission_required = "training.change_report"
    title = gettext_lazy("Write the report")
    submit_label = gettext_lazy("Save the report")
    success_message = gettext_lazy("The report was saved.")

    def get_success_url(self) -> str:
        return reverse("training:report", args=[self.row.pk])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "instance": self.report,
            "today": timezone.localdate(),
        }

    def carry_out(self, form: ReportForm) -> None:
        services.write_report(self.row.pk, actor=self.request.user, **form.cleaned_data)


class ReportApproveView(ReportMixin, ConfirmView):
    """Approval by somebody other than the maker; then nothing of it changes any more."""

    permission_required = "training.approve_report"
    states = (CampaignStatus.CLOSED,)
    title = gettext_lazy("Approve the report")
    submit_label = gettext_lazy("Approve the report")
    success_message = gettext_lazy("The report is approved.")
    consequence = gettext_lazy("This cannot be undone: an approved report stays as it is.")
    is_calm = True

    def get_rows(self) -> QuerySet:
        return super().get_rows().filter(report__isnull=False)

    def get_text(self) -> str:
        return _("You approve the figures and the evaluation of “%(campaign)s”.") % {
            "campaign": self.row
        }

    def get_success_url(self) -> str:
        return reverse("training:report", args=[self.row.pk])

    def carry_out(self, form: Any) -> None:
        services.approve_report(
            self.row.report.pk, actor=self.request.user, today=timezone.localdate()
        )


class ReportFileView(ReportMixin, PermissionRequiredMixin, View):
    """The report as PDF, or as a workbook."""

    permission_required = "training.view_report"

    def get(self, request: HttpRequest, pk: int, form: str) -> FileResponse:
        """The file."""
        row = summarize(self.row)
        name = f"{_('Training report')} {self.row}.{form}"
        if form == "pdf":
            content = printing.report_pdf(
                row, self.report, now=timezone.now(), uses_wareki=request.user.uses_wareki
            )
            return download(content, name, PDF)
        if form == "xlsx":
            stream = io.BytesIO()
            write_workbook(stream, printing.report_sheets(row, self.report))
            return download(stream.getvalue(), name, XLSX)
        raise Http404


class SummaryMixin(PermissionRequiredMixin):
    """教育実施サマリー: the trainings of two fiscal years, up to the one that is asked for."""

    permission_required = "training.view_report"
    request: HttpRequest

    @cached_property
    def form(self) -> YearsForm:
        """Up to which year; without a choice the running one."""
        return YearsForm(self.request.GET, today=timezone.localdate())

    @cached_property
    def cycles(self) -> list[Cycle]:
        """The years, oldest first; none while no year was kept."""
        years = self.form.fields["until"].queryset.order_by("-starts_on")
        until = self.form.cleaned_data.get("until") if self.form.is_valid() else None
        if until:
            years = years.filter(starts_on__lte=until.starts_on)
        return list(years[:YEARS])[::-1]

    @cached_property
    def rows(self) -> list[SummaryRow]:
        """The trainings of these years."""
        return summary(self.cycles)


class SummaryView(SummaryMixin, TemplateView):
    """The summary as a page whose numbers open the lists that they count."""

    template_name = "training/summary.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One row a training."""
        until = self.cycles[-1] if self.cycles else None
        shown = [
            (cycle, [_shown(row) for row in rows])
            for cycle, rows in groupby(self.rows, key=lambda row: row.campaign.cycle)
        ]
        form = YearsForm({"until": until.pk if until else ""}, today=timezone.localdate())
        return super().get_context_data(
            cycles=self.cycles,
            until=until,
            shown=shown,
            filter={"form": form},
            view_path=self.request.path,
            **kwargs,
        )


def _shown(row: SummaryRow) -> dict[str, Any]:
    numbers = Numbers(row.campaign.pk)
    return {
        "row": row,
        "campaign": row.campaign,
        "figures": row.figures,
        "content": tables.content_in_words(row.campaign),
        "targeted_url": numbers.url(outcome="targeted"),
        "attended_url": numbers.url(outcome="attended"),
    }


class SummaryFileView(SummaryMixin, View):
    """The summary as PDF, or as a workbook."""

    def get(self, request: HttpRequest, form: str) -> FileResponse:
        """The file."""
        name = f"{_('Training summary')}.{form}"
        if form == "pdf":
            content = printing.summary_pdf(
                self.rows,
                now=timezone.now(),
                years=listed(self.cycles),
                uses_wareki=request.user.uses_wareki,
            )
            return download(content, name, PDF)
        if form == "xlsx":
            stream = io.BytesIO()
            write_workbook(stream, [printing.as_sheet(tables.summary_table(self.rows))])
            return download(stream.getvalue(), name, XLSX)
        raise Http404
