"""Judging a case: the checklist of facts, what it would bring, and assessments as they were."""

from functools import cached_property
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from pms.core.pages import RowFormView, StateMixin
from pms.core.views import is_htmx
from pms.incidents import services
from pms.incidents.choices import OPEN_STATUSES, RecordKind
from pms.incidents.deadlines import day_in_japan, list_year
from pms.incidents.forms.assessment import FactsForm
from pms.incidents.judging import Rule
from pms.incidents.models import Assessment, Judgement
from pms.incidents.reports import (
    changes_between,
    denied_facts,
    fact_lines,
    facts_asked,
    known_of,
    preview_lines,
    triggers_met,
)
from pms.incidents.rules import all_rules
from pms.incidents.services import Known

from .bases import HANDLE, SEE_ALL, IncidentMixin


class AssessView(IncidentMixin, StateMixin, RowFormView):
    """The facts as a checklist; what they would bring is shown before they are sent."""

    form_class = FactsForm
    permission_required = HANDLE
    states = OPEN_STATUSES
    template_name = "incidents/assessment_form.html"
    lead = gettext_lazy(
        "What is known now. Nothing is lost when it changes: the case is assessed again, and what "
        "was said before stays."
    )
    submit_label = gettext_lazy("Assess by these facts")

    def get_title(self) -> str:
        return _("Assess again") if self.latest else _("Assess the case")

    @cached_property
    def latest(self) -> Assessment | None:
        """What was said last."""
        return self.row.assessments.order_by("-number").first()

    @cached_property
    def draft(self) -> Known:
        """What the form starts from."""
        return known_of(self.latest) if self.latest else Known()

    @cached_property
    def rules(self) -> list[Rule]:
        """All versions of all rules."""
        return all_rules()

    def get_form_kwargs(self) -> dict[str, Any]:
        noticed_on = day_in_japan(self.row.noticed_at)
        today = timezone.localdate()
        in_force = [it for it in self.rules if it.holds_on(noticed_on) or it.holds_on(today)]
        return super().get_form_kwargs() | {
            "asked": facts_asked(self.rules, [noticed_on, today]),
            "triggers": {it.trigger: it for it in in_force},
            "draft": self.draft,
            "is_anew": self.latest is not None,
            "year": list_year(day_in_japan(self.row.reported_at)),
            "number": self.latest.number if self.latest else 0,
        }

    def get_initial(self) -> dict[str, Any]:
        draft = self.draft
        return {
            "events": list(draft.events),
            "event_class": self.row.event_class_id,
            "role": draft.role,
            "by_whom": draft.by_whom,
            "consignor_told_on": draft.consignor_told_on,
            "data_items": draft.data_items,
            "medium": draft.medium,
            "persons_kind": draft.persons_kind,
            "persons": draft.persons,
            "my_number_kind": draft.my_number_kind,
            "my_number_persons": draft.my_number_persons,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what the facts would bring, or judge by them."""
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.is_valid()
        if is_htmx(request):
            context = self.preview_of(form.known(), form) | {"form": form}
            return render(request, f"{self.template_name}#preview", context)
        # The reason is asked for when it is sent, not before.
        form.errors.pop("note", None)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        known = form.known() if form.is_bound and hasattr(form, "cleaned_data") else self.draft
        return context | self.preview_of(known, form) | {"incident": self.row}

    def preview_of(self, known: Known, form: FactsForm) -> dict[str, Any]:
        """What the facts would bring, and what differs from the last assessment."""
        is_near_miss = self.row.kind == RecordKind.NEAR_MISS
        today = timezone.localdate()
        judged = services.rejudge_preview(self.row, known, today=today)
        said = (
            Judgement.objects.filter(assessment=self.latest).select_related("obligation")
            if self.latest
            else []
        )
        before = {it.obligation.kind: it.verdict for it in said}
        obligations = [it.obligation for it in said]
        known_on_fields = form.known_on_fields(triggers_met(judged))
        return {
            "is_near_miss": is_near_miss,
            "preview": [] if is_near_miss else preview_lines(judged, before, obligations),
            "changes": changes_between(self.draft, known) if self.latest else [],
            "known_on_fields": known_on_fields,
            "asks_days_at_once": form.asks_days_at_once(known_on_fields),
        }

    def carry_out(self, form: FactsForm) -> str:
        made = services.assess(
            self.row.pk,
            known=form.known(),
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )
        return _("The case has been assessed (assessment %(number)s).") % {"number": made.number}


class AssessmentView(IncidentMixin, PermissionRequiredMixin, TemplateView):
    """One assessment as it was: facts, what the rules said of them, what had changed."""

    permission_required = SEE_ALL
    template_name = "incidents/assessment_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The assessment, beside the one before."""
        numbers = (self.kwargs["number"], self.kwargs["number"] - 1)
        rows = self.row.assessments.filter(number__in=numbers).select_related("made_by__person")
        found = {it.number: it for it in rows}
        if not (made := found.get(numbers[0])):
            raise Http404
        before = found.get(numbers[1])
        known = known_of(made)
        judgements = made.judgements.select_related("obligation").order_by("obligation__id")
        return super().get_context_data(**kwargs) | {
            "incident": self.row,
            "assessment": made,
            "facts": fact_lines(known),
            "denied": denied_facts(known),
            "changes": changes_between(known_of(before), known) if before else [],
            "judgements": judgements,
            "crumbs": self.get_crumbs(),
        }
