"""The register: its list, the board, the figures, and one action with its next step on top."""

from functools import cached_property
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from pms.core.downloads import PDF, download
from pms.core.pages import AnyPermissionMixin, FormPageView, RowFormView
from pms.core.views import with_query
from pms.corrective_actions import printing, services
from pms.corrective_actions.choices import DRAFTING, Status, Verdict
from pms.corrective_actions.deadlines import answer_due
from pms.corrective_actions.filters import CorrectiveActionFilter
from pms.corrective_actions.forms import (
    FactsForm,
    PersonForm,
    RaiseForm,
    ReasonForm,
    RecurrenceForm,
    clauses_on,
)
from pms.corrective_actions.models import (
    Acceptance,
    CorrectiveAction,
    Extension,
    Measure,
    Round,
)
from pms.corrective_actions.permissions import (
    RUN,
    may_approve,
    may_carry_out,
    may_check,
    may_decide,
    may_work_on,
)
from pms.corrective_actions.reports import action_lines, board, figures
from pms.evidence.models import EvidenceFile
from pms.evidence.pages import AttachView
from pms.history.timeline import loaded, timeline
from pms.transfer.lists import Column, ExportListView

from .bases import ANY, LIST, ActionMixin, OwnStepView, StepView


class ActionListView(AnyPermissionMixin, ExportListView):
    """The register."""

    model = CorrectiveAction
    filterset_class = CorrectiveActionFilter
    permission_required = ANY
    template_name = "corrective_actions/action_list.html"
    sorts = {
        "number": ("year", "sequence", "id"),
        "due": ("due_on", "id"),
        "found": ("found_on", "id"),
        "title": ("title", "id"),
        "status": ("status", "due_on", "id"),
        "grade": ("grade", "due_on", "id"),
    }
    export_name = "corrective-actions"
    columns = (
        Column("番号", lambda it: it.number),
        Column("状態", lambda it: it.get_status_display()),
        Column("発生源", lambda it: it.get_source_display()),
        Column("発生源の名称", lambda it: it.source_label, 24),
        Column("件名", lambda it: it.title, 40),
        Column("部門", lambda it: it.department.name, 20),
        Column("項番", lambda it: it.clause.code if it.clause else ""),
        Column("区分", lambda it: it.get_grade_display()),
        Column("原因区分", lambda it: it.get_cause_class_display(), 24),
        Column("再発", lambda it: "再発" if it.is_recurrence else ""),
        Column("発見日", lambda it: it.found_on),
        Column("担当者", lambda it: str(it.owner)),
        Column("当初の期限", lambda it: it.first_due_on),
        Column("期限", lambda it: it.due_on),
        Column("応急処置", lambda it: it.correction, 40),
        Column("原因", lambda it: it.current.root_cause, 40),
        Column("回", lambda it: it.current.number),
        Column("効果確認の予定日", lambda it: it.current.check_from_on),
        Column("効果確認日", lambda it: it.current.checked_on),
        Column("完了日", lambda it: it.closed_on),
    )

    def get_ordering_name(self) -> str:
        """The newest first, unless another order is asked for."""
        return super().get_ordering_name() if self.request.GET.get("sort") else "-number"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the lines of the page."""
        context = super().get_context_data(**kwargs)
        return context | {"lines": action_lines(context["page"])}


class BoardView(AnyPermissionMixin, TemplateView):
    """Open actions by the step that they have reached."""

    permission_required = ANY
    template_name = "corrective_actions/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The columns."""
        actions = CorrectiveAction.objects.visible_to(self.request.user)
        return super().get_context_data(
            columns=board(actions), today=timezone.localdate(), **kwargs
        )


class FiguresView(AnyPermissionMixin, TemplateView):
    """How old the open actions are, and where they are."""

    permission_required = ANY
    template_name = "corrective_actions/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The charts, each number with its list."""
        today = timezone.localdate()
        actions = CorrectiveAction.objects.visible_to(self.request.user)
        found, url = figures(actions, today), reverse(LIST)
        return super().get_context_data(
            figures=found,
            open_url=with_query(url, state="open"),
            overdue_url=with_query(url, state="overdue"),
            overdue_tone="alert" if found.overdue else "",
            recurrence_url=with_query(url, state="open", recurrence="on"),
            **kwargs,
        )


class ActionDetailView(ActionMixin, AnyPermissionMixin, TemplateView):
    """One action: the next step, facts, rounds with measures and proof, later dates, history."""

    permission_required = ANY
    template_name = "corrective_actions/action_detail.html"

    def get_rows(self) -> QuerySet:
        rows = super().get_rows()
        # What most actions do not have is asked for only where there is some.
        mine = {"action": OuterRef("pk")}
        return rows.select_related("finding", "raised_by__person", "closed_by__person").annotate(
            has_extensions=Exists(Extension.objects.filter(**mine)),
            has_acceptances=Exists(Acceptance.objects.filter(**mine)),
            has_recurrences=Exists(CorrectiveAction.objects.filter(recurrence_of=OuterRef("pk"))),
        )

    @cached_property
    def rounds(self) -> list[Round]:
        """All rounds, the present one first."""
        rows = Round.objects.filter(action=self.row).select_related(
            "checker__user", "submitted_by__person", "approved_by__person"
        )
        measures = Measure.objects.select_related("owner__user", "proof").order_by("due_on", "pk")
        return list(
            rows.prefetch_related("whys", Prefetch("measures", measures)).order_by("-number")
        )

    @cached_property
    def measures(self) -> list[Measure]:
        """Those of all rounds."""
        return [measure for it in self.rounds for measure in it.measures.all()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the moves that are open to this account."""
        row, user = self.row, self.request.user
        self._join()
        extensions = self._extensions()
        current = row.current
        works = may_work_on(user, row)
        drafting = row.status in DRAFTING
        return super().get_context_data(
            action=row,
            finding=getattr(row, "finding", None),
            today=self.today,
            rounds=self.rounds,
            current=current,
            obstacles=self._obstacles() if drafting else [],
            locks=self._locks(),
            extensions=extensions,
            to_decide=[it for it in extensions if self._is_to_decide(it)],
            acceptances=row.has_acceptances
            and list(row.acceptances.select_related("accepted_by__person")),
            recurrences=row.has_recurrences and list(row.recurrences.visible_to(user)),
            earlier_is_visible=self._earlier_is_visible(),
            can_draft=works and drafting,
            can_approve=may_approve(user, row),
            can_check=may_check(user, row, self.today) and self._is_check_time(),
            can_extend=works and row.status in (*DRAFTING, Status.EXECUTION),
            can_close=user.has_perm("corrective_actions.close_correctiveaction")
            and current.verdict == Verdict.EFFECTIVE
            and row.status == Status.CHECKING,
            can_withdraw=user.has_perm("corrective_actions.close_correctiveaction")
            and drafting
            and current.number == 1,
            can_accept=user.has_perm("corrective_actions.accept_risk")
            and row.is_open
            and row.status != Status.SUBMITTED
            and row.owner.user_id != user.pk,
            can_run=user.has_perm(RUN) and (row.is_open or row.status == Status.ACCEPTED),
            can_replan=works and row.status == Status.EXECUTION,
            can_answer=works
            and getattr(row, "finding", None) is not None
            and row.status != Status.WITHDRAWN,
            waits_for_me=self._my_measures(),
            files=EvidenceFile.objects.of(row).for_list(),
            upload_url=self._upload_url(works),
            timeline=timeline(row, viewer=user, known=[*loaded([row]), *self.rounds]),
            **kwargs,
        )

    def _earlier_is_visible(self) -> bool:
        """Whether the action that did not hold may be opened; its number may be known anyway."""
        user, earlier = self.request.user, self.row.recurrence_of_id
        if user.has_perm("corrective_actions.view_correctiveaction"):
            return True
        visible = CorrectiveAction.objects.visible_to(user)
        return earlier is not None and visible.filter(pk=earlier).exists()

    def _extensions(self) -> list[Extension]:
        if not self.row.has_extensions:
            return []
        rows = self.row.extensions.select_related(
            "measure__owner", "asked_by__person", "decided_by__person"
        )
        found = list(rows)
        for extension in found:
            extension.action = self.row
        return found

    def _join(self) -> None:
        """Hang measures on their rounds, and the one object of the action on everything."""
        user, row = self.request.user, self.row
        for it in self.rounds:
            it.action = row
            it.rows = list(it.measures.all())
        row.current = next(it for it in self.rounds if it.pk == row.current_id)
        for measure in self.measures:
            is_present = measure.round_id == row.current_id
            measure.can_be_done = (
                is_present
                and row.status == Status.EXECUTION
                and not measure.is_done
                and may_carry_out(user, measure)
            )
            # Its day counts only as long as it can still be carried out in time.
            measure.is_settled = (
                measure.is_done or not is_present or not (row.is_before_check and row.is_open)
            )
            measure.can_be_proven = row.is_open and measure.is_done and may_carry_out(user, measure)

    def _obstacles(self) -> list[str]:
        return services.submission_obstacles(self.row)

    def _locks(self) -> list[services.Lock]:
        has_whys = bool(self.row.current.whys.all())
        return services.closing_locks(self.row, has_whys=has_whys, measures=self.measures)

    def _is_to_decide(self, extension: Extension) -> bool:
        return extension.status == "requested" and may_decide(self.request.user, extension)

    def _is_check_time(self) -> bool:
        first = self.row.current.check_from_on
        return first is not None and first <= self.today

    def _my_measures(self) -> list[Measure]:
        user = self.request.user
        return [it for it in self.measures if it.can_be_done and it.owner.user_id == user.pk]

    def _upload_url(self, works: bool) -> str:
        if not works or not self.row.is_open:
            return ""
        return reverse("corrective_actions:action_files", args=[self.row.pk])


class ActionRaiseView(FormPageView):
    """Raises an action for a source that has no pages of its own here."""

    form_class = RaiseForm
    permission_required = "corrective_actions.add_correctiveaction"
    title = gettext_lazy("Raise a corrective action")
    lead = gettext_lazy(
        "The action gets the next number of the year, and whoever answers for it is told."
    )
    submit_label = gettext_lazy("Raise the action")
    made: CorrectiveAction | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"clauses": clauses_on(timezone.localdate())}

    def get_initial(self) -> dict[str, Any]:
        return {"found_on": timezone.localdate(), "grade": "minor"}

    def carry_out(self, form: RaiseForm) -> str:
        facts = form.cleaned_data
        received_on, is_repeated = facts.pop("received_on"), facts.pop("is_repeated")
        facts |= {
            "actor": self.request.user,
            "today": timezone.localdate(),
            "now": timezone.now(),
        }
        if received_on:
            facts.pop("source")
            finding = services.raise_finding(
                finding_number=facts.pop("source_label"),
                is_repeated=is_repeated,
                received_on=received_on,
                answer_due_on=answer_due(received_on, is_repeated=is_repeated),
                **facts,
            )
            self.made = finding.action
        else:
            self.made = services.raise_action(**facts)
        return _("%(number)s has been raised.") % {"number": self.made.number}

    def get_success_url(self) -> str:
        """The new action; the list where a second sending made nothing."""
        return self.made.get_absolute_url() if self.made else reverse(LIST)

    def get_cancel_url(self) -> str:
        return reverse(LIST)

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [(_("Corrective actions"), reverse(LIST))]


class ActionEditView(StepView):
    """Corrects the facts until the plan is handed in."""

    states = DRAFTING
    form_class = FactsForm
    permission_required = RUN
    title = gettext_lazy("Correct the facts")
    lead = gettext_lazy("Number, source and dates stay as they were when the action was raised.")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "instance": self.row,
            "clauses": clauses_on(self.row.found_on),
        }

    def carry_out(self, form: FactsForm) -> None:
        services.change_facts(self.row.pk, **form.cleaned_data, actor=self.request.user)


class ActionReassignView(ActionMixin, RowFormView):
    """Lets somebody else answer for the action."""

    form_class = PersonForm
    permission_required = RUN
    title = gettext_lazy("Let somebody else answer for it")
    submit_label = gettext_lazy("Hand it over")
    success_message = gettext_lazy("Somebody else answers for the action now and has been told.")

    def get_lead(self) -> str:
        return _("Until now: %(person)s") % {"person": self.row.owner}

    def carry_out(self, form: PersonForm) -> None:
        services.reassign(self.row.pk, **form.cleaned_data, actor=self.request.user, now=self.now)


class RecurrenceView(ActionMixin, RowFormView):
    """Says which earlier action did not hold, or that none did."""

    form_class = RecurrenceForm
    permission_required = RUN
    title = gettext_lazy("Is it a recurrence?")
    lead = gettext_lazy(
        "Found by itself: the same clause and department, or the same kind of cause, within the "
        "last 24 months. Your decision stays."
    )
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        earlier = CorrectiveAction.objects.visible_to(self.request.user)
        candidates = earlier.filter(found_on__lte=self.row.found_on).exclude(pk=self.row.pk)
        return super().get_form_kwargs() | {
            "candidates": candidates.exclude(status=Status.WITHDRAWN).order_by("-found_on", "-pk")
        }

    def get_initial(self) -> dict[str, Any]:
        return {"earlier": self.row.recurrence_of_id}

    def carry_out(self, form: RecurrenceForm) -> None:
        services.settle_recurrence(self.row.pk, **form.cleaned_data, actor=self.request.user)


class ActionWithdrawView(StepView):
    """Takes back an action that was raised by mistake."""

    states = DRAFTING
    form_class = ReasonForm
    permission_required = "corrective_actions.close_correctiveaction"
    title = gettext_lazy("Withdraw the action")
    lead = gettext_lazy(
        "For an action that was raised by mistake. Its number and text stay, with the reason; it "
        "cannot be taken up again."
    )
    submit_label = gettext_lazy("Withdraw it")
    success_message = gettext_lazy("The action has been withdrawn.")

    def carry_out(self, form: ReasonForm) -> None:
        services.withdraw(self.row.pk, **form.cleaned_data, actor=self.request.user)


class ActionFilesView(OwnStepView, AttachView):
    """Files about the action itself: photos of the fact, of the correction, minutes."""

    states = (*DRAFTING, Status.SUBMITTED, Status.EXECUTION, Status.CHECKING)
    title = gettext_lazy("Attach files to the action")


class ActionPdfView(ActionMixin, PermissionRequiredMixin, View):
    """是正処置報告書 on paper."""

    permission_required = "corrective_actions.take_part"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The paper."""
        content = printing.report_pdf(self.row, now=self.now, uses_wareki=request.user.uses_wareki)
        name = f"{_('Corrective action report')}-{self.row.number}.pdf"
        return download(content, name, PDF)
