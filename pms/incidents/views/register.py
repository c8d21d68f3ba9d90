"""The register: the list of incidents, one case, its journal, and the way out as a file."""

from datetime import date, timedelta
from typing import Any, Final

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import DateField, Prefetch, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from pms.core.pages import Crumbs, FormPageView
from pms.corrective_actions.models import CorrectiveAction
from pms.evidence.models import EvidenceFile
from pms.evidence.pages import AttachView
from pms.history.context import acting
from pms.history.timeline import timeline
from pms.incidents.choices import Status
from pms.incidents.desks import desk_of, notices_of, with_numbers
from pms.incidents.filters import IncidentFilter
from pms.incidents.forms.handling import FullExportForm
from pms.incidents.lines import incident_lines
from pms.incidents.models import (
    Assessment,
    FirstReport,
    Incident,
    Judgement,
    Member,
    Obligation,
    PersonsNotice,
    TimelineEntry,
)
from pms.incidents.reports import (
    clocks_of,
    count_in_words,
    denied_facts,
    fact_lines,
    known_of,
    next_step,
)
from pms.incidents.services import closing_obstacles
from pms.transfer.exports import export_response
from pms.transfer.lists import Column, ExportListView

from .bases import HANDLE, KNOW, SEE_ALL, ActMixin, HiddenMixin, IncidentMixin, list_crumbs

# A line of the timeline that was entered so long after what it tells of was entered late.
LATE: Final = timedelta(days=1)


def _reportable(incident: Incident) -> str:
    return {True: "要", False: "不要", None: "未判定"}[incident.is_reportable]


# Nobody's name and no free words: those leave only with a reason.
COLUMNS: Final = (
    Column("番号", lambda it: it.number),
    Column("区分", lambda it: it.get_kind_display()),
    Column("訓練", lambda it: "訓練" if it.is_drill else ""),
    Column("状態", lambda it: it.get_status_display()),
    Column("部門", lambda it: it.department.name if it.department else "", 24),
    Column("事象分類", lambda it: it.event_class.label_ja if it.event_class else "", 24),
    Column("原因", lambda it: it.cause_category.label_ja if it.cause_category else "", 24),
    Column("発生日時", lambda it: it.occurred_at, 20),
    Column("発覚日時", lambda it: it.noticed_at, 20),
    Column("社内報告日時", lambda it: it.reported_at, 20),
    Column("登録日時", lambda it: it.created_at, 20),
    Column("本人の数", lambda it: it.persons),
    Column("本人の数の確からしさ", lambda it: it.get_persons_kind_display()),
    # How a case was judged is not for who was let in to know of one.
    Column("当局への報告", _reportable, permission=SEE_ALL),
    Column("次の法定期限", lambda it: it.next_due_on),
    Column("拡大防止日時", lambda it: it.contained_at, 20),
    Column("公表", lambda it: it.get_publication_display()),
    Column("完了日", lambda it: it.closed_on),
)
WORDS: Final = (
    Column("件名", lambda it: it.title, 32),
    Column("関係先", lambda it: it.third_party, 24),
    Column("第一報", lambda it: it.first_words, 60),
    Column("拡大防止の内容", lambda it: it.containment, 40),
    Column("原因の内容", lambda it: it.cause, 40),
    Column("早く見つからなかった理由", lambda it: it.why_not_earlier, 40),
    Column("他に起こり得る箇所", lambda it: it.elsewhere, 40),
    Column("完了時の所見", lambda it: it.closing_comment, 40),
)


class IncidentListView(HiddenMixin, ExportListView):
    """What was reported, the latest first."""

    model = Incident
    filterset_class = IncidentFilter
    permission_required = KNOW
    sorts = {
        "reported": ("-reported_at", "-id"),
        "number": ("number",),
        "due": ("due", "id"),
        "state": ("status", "-reported_at", "-id"),
    }
    export_name = "incidents"
    columns = COLUMNS

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset().with_first_words()
        # Rows without a legal day come last.
        far = Value(date.max, output_field=DateField())
        return rows.annotate(due=Coalesce("next_due_on", far)) if self.is_by_due else rows

    @property
    def is_by_due(self) -> bool:
        """Whether it is sorted by the next legal day."""
        return self.get_ordering_name().removeprefix("-") == "due"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        sees_all = user.has_perm(SEE_ALL)
        full = f"{reverse('incidents:export')}?{context['query']}"
        return context | {
            "can_handle": user.has_perm(HANDLE),
            "lines": incident_lines(context["page"], sees_all=sees_all),
            "full_export_url": full.rstrip("?") if user.has_perm(HANDLE) else "",
        }


class FullExportView(HiddenMixin, FormPageView):
    """The register with its free words, for a reason that the journal keeps; never a reporter."""

    form_class = FullExportForm
    permission_required = HANDLE
    title = gettext_lazy("Take the register out with its free words")
    lead = gettext_lazy(
        "The file holds what was reported and found out, in words. Reason, filter and number of "
        "rows are kept in the journal. Who reported is never in a file."
    )
    submit_label = gettext_lazy("Take it out")

    def get_filtered_rows(self) -> QuerySet:
        """What the list shows under the same address."""
        rows = Incident.objects.visible_to(self.request.user).for_list().with_first_words()
        found = IncidentFilter(self.request.GET, rows, request=self.request)
        return found.qs if found.is_valid() else rows.none()

    def get_lead(self) -> str:
        count = self.get_filtered_rows().count()
        rows = ngettext("%(count)s row.", "%(count)s rows.", count) % {"count": count}
        return f"{self.lead} {rows}"

    def get_success_url(self) -> str:
        return f"{reverse('incidents:list')}?{self.request.GET.urlencode()}"

    def get_crumbs(self) -> Crumbs:
        return list_crumbs()

    def form_valid(self, form: FullExportForm) -> HttpResponseBase:  # type: ignore[override]
        """The file itself; taking it out twice is two things in the journal."""
        with acting(reason=form.cleaned_data["reason"]):
            return export_response(
                self.request,
                self.get_filtered_rows().order_by("-reported_at", "-id"),
                [*COLUMNS, *WORDS],
                name=f"incidents-with-words-{timezone.localdate():%Y%m%d}",
                form=form.cleaned_data["form"],
            )


class IncidentDetailView(IncidentMixin, PermissionRequiredMixin, TemplateView):
    """One case on one page.

    Who handles incidents sees all of it. Who decides on them sees all but who reported. Who was let
    in to know of this one sees what happened and what is being done, but neither who reported nor
    how it was judged.
    """

    permission_required = KNOW
    template_name = "incidents/incident_detail.html"

    def get_rows(self) -> QuerySet:
        judgements = Judgement.objects.select_related("assessment__made_by__person")
        lines = TimelineEntry.objects.visible_to(self.request.user)
        return (
            super()
            .get_rows()
            .for_list()
            .select_related(
                "reporter__person", "closed_by__person", "publication_decided_by__person"
            )
            .prefetch_related(
                Prefetch(
                    "obligations",
                    Obligation.objects.select_related(
                        "submitted_by__person", "approved_by__person", "waived_by__person"
                    ),
                ),
                Prefetch("obligations__judgements", judgements),
                Prefetch("notices", with_numbers(PersonsNotice.objects.order_by("pk"))),
                "items",
                Prefetch("timeline", lines.select_related("written_by__person")),
                Prefetch("first_reports", FirstReport.objects.select_related("written_by__person")),
                Prefetch(
                    "members",
                    Member.objects.in_force().select_related("user__person", "added_by__person"),
                ),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The case as its reader may see it."""
        row, user, today = self.row, self.request.user, timezone.localdate()
        handles, sees_all = user.has_perm(HANDLE), user.has_perm(SEE_ALL)
        clocks, idle = clocks_of(row, today)
        assessments = _assessments(row)
        can_close = handles and row.status == Status.HANDLING
        actions = _actions(row, user)
        obstacles = closing_obstacles(row, links=actions) if can_close else []
        for line in row.timeline.all():
            line.is_late = line.created_at - line.happened_at >= LATE
        return super().get_context_data(
            incident=row,
            handles=handles,
            sees_all=sees_all,
            actions=actions,
            has_action=any(it.counts for it in actions),
            acts=handles or any(it.user_id == user.pk for it in row.members.all()),
            may_publish=user.has_perm("incidents.decide_publication") and row.is_open,
            step=next_step(row, clocks, user, obstacles),
            clocks=clocks,
            idle=idle,
            assessments=assessments,
            facts=fact_lines(known_of(assessments[0])) if assessments and sees_all else [],
            denied=denied_facts(known_of(assessments[0])) if assessments and sees_all else [],
            count_words=count_in_words(row.persons_kind, row.persons),
            obstacles=obstacles,
            can_close=can_close,
            can_dismiss=handles and row.is_open,
            can_reopen=handles and not row.is_open,
            files=EvidenceFile.objects.of(row).for_list(),
            **(_of_all(row, user, assessments) if sees_all else {}),
            today=today,
            crumbs=list_crumbs(),
            **kwargs,
        )


def _actions(incident: Incident, user: Any) -> list[Any]:
    """The corrective actions of the case, and which of them the reader may open."""
    links = list(incident.action_links.select_related("action__current"))
    if links:
        keys = [link.action_id for link in links]
        rows = CorrectiveAction.objects.visible_to(user).filter(pk__in=keys)
        visible = set(rows.values_list("pk", flat=True))
        for link in links:
            link.is_visible = link.action_id in visible
    return links


def _of_all(incident: Incident, user: Any, assessments: list[Assessment]) -> dict[str, Any]:
    """What only those see who know of all cases: the report desk and the notices."""
    obligations = list(incident.obligations.all())
    judges = {it.made_by_id for it in assessments}
    desk = desk_of(incident, user=user, obligations=obligations, judges=judges)
    for report in desk.reports:
        # What may be done now stands where the days are.
        report.obligation.report = report
    return {"desk": desk, "notices": notices_of(incident, incident.notices.all(), user=user)}


def _assessments(incident: Incident) -> list[Assessment]:
    """All assessments, the latest first; they came with the judgements."""
    found = {
        judged.assessment_id: judged.assessment
        for it in incident.obligations.all()
        for judged in it.judgements.all()
    }
    return sorted(found.values(), key=lambda it: it.number, reverse=True)


class IncidentJournalView(IncidentMixin, PermissionRequiredMixin, TemplateView):
    """Who did and who read what of a case: for who handles it, since it names who reported."""

    permission_required = HANDLE
    template_name = "incidents/incident_journal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The entries of the case and of what belongs to it."""
        row = self.row
        related = [*row.obligations.all(), *row.notices.all()]
        return super().get_context_data(
            incident=row,
            entries=timeline(row, viewer=self.request.user, related=related),
            crumbs=self.get_crumbs(),
            **kwargs,
        )


class IncidentFilesView(ActMixin, AttachView):
    """Photos and papers of a case."""

    title = gettext_lazy("Attach files to the case")
    lead = gettext_lazy("Whoever the case is shared with can open them.")
