"""The report desk: nine items, obligations with their moves, what was filed, papers."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.generic import TemplateView, View

from pms.core.downloads import PDF, download
from pms.core.pages import ConfirmView, Crumbs, FormPageView, RowFormView, StateMixin
from pms.core.text import whole_number
from pms.history.services import record
from pms.incidents import printing, services
from pms.incidents.choices import (
    PENDING,
    REPORTS,
    Item,
    Kind,
    ObligationStatus,
)
from pms.incidents.desks import (
    APPROVES,
    DRAFTS,
    HANDLES,
    body_of,
    desk_of,
    usual_receiver,
    version_before,
)
from pms.incidents.forms.desk import (
    KNOWN,
    PLANNED,
    DeskForm,
    DifferenceForm,
    FilingForm,
    WaiverForm,
    WhyForm,
)
from pms.incidents.models import FiledReport, Incident, Obligation
from pms.incidents.suggestions import suggestions_of

from .bases import SEE_ALL, CaseMixin, IncidentMixin, list_crumbs
from .states import OpenMixin

OS = ObligationStatus
TAKE, REPLACE = "take", "replace"


def desk_crumbs(incident: Incident) -> Crumbs:
    """The way to a page of the desk."""
    return [
        *list_crumbs(),
        (incident.number, incident.get_absolute_url()),
        (_("Report desk"), reverse("incidents:desk", args=[incident.pk])),
    ]


class DeskView(IncidentMixin, FormPageView):
    """The nine items of the report, written once; read by who decides, written by who handles."""

    permission_required = SEE_ALL
    form_class = DeskForm
    template_name = "incidents/desk.html"
    title = gettext_lazy("Report desk")
    submit_label = gettext_lazy("Save the items")
    success_message = gettext_lazy("The items have been saved.")

    def get_rows(self) -> QuerySet:
        return super().get_rows().select_related("department", "cause_category")

    @cached_property
    def content(self) -> dict[str, dict[str, Any]]:
        """The nine items as they stand."""
        return services.content_of(self.row)

    @property
    def can_write(self) -> bool:
        """Whether this account writes here now."""
        return self.row.is_open and self.request.user.has_perm(HANDLES)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"content": self.content}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save; or put a suggestion into the form, which then is looked at and saved."""
        if not request.user.has_perm(HANDLES):
            raise Http404
        if not self.can_write:
            messages.info(request, _("This case is not open any more; nothing was changed."))
            return self.get(request, *args, **kwargs)
        for name in (TAKE, REPLACE):
            if item := request.POST.get(name):
                return self.take_over(item, replace=name == REPLACE)
        return super().post(request, *args, **kwargs)

    def take_over(self, item: str, *, replace: bool) -> HttpResponse:
        """The form as it was typed, with what the record says of one item.

        What is written already is replaced only where that very button was pressed.
        """
        typed = self.request.POST.dict()
        suggested = suggestions_of(self.row).get(item)
        if suggested:
            for name, words in ((item, suggested.text), (item + PLANNED, suggested.planned)):
                before = "" if replace else typed.get(name, "").strip()
                typed[name] = "\n".join(it for it in (before, words) if it)
        form = DeskForm(content=self.content)
        for name, field in form.fields.items():
            field.initial = name in typed if name.endswith(KNOWN) else typed.get(name, "")
        messages.info(self.request, _("Taken over. Please check it; it is not saved yet."))
        return self.render_to_response(self.get_context_data(form=form))

    def carry_out(self, form: DeskForm) -> None:
        services.write_items(
            self.row.pk,
            items=form.words(),
            seen=form.cleaned_data["seen"],
            actor=self.request.user,
        )

    def get_success_url(self) -> str:
        return reverse("incidents:desk", args=[self.row.pk])

    def get_cancel_url(self) -> str:
        return self.row.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The items with help and suggestions, and the reports that they go into."""
        context = super().get_context_data(**kwargs)
        desk = desk_of(self.row, user=self.request.user)
        suggested = suggestions_of(self.row) if self.can_write else {}
        return context | {
            "incident": self.row,
            "desk": desk,
            "can_write": self.can_write,
            "items": [self._item(it, context["form"], suggested, desk) for it in Item],
        }

    def _item(self, item: Item, form: Any, suggested: dict[str, Any], desk: Any) -> dict[str, Any]:
        planned = item.value + PLANNED
        field = form[item.value]
        now = desk.content[item]
        text = str(field.value() or "").strip()
        proposal = _in_words(suggested[item]) if item in suggested else ""
        return {
            "key": item.value,
            "label": item.label,
            "now": now,
            "text": field,
            "planned": form[planned] if planned in form.fields else None,
            "known": form[item.value + KNOWN],
            "proposal": "" if proposal == text else proposal,
            "has_text": bool(text or now["planned"]),
        }


def _in_words(words: services.Words) -> str:
    """A suggestion as it is shown; what is planned stands under its own title."""
    if not words.planned:
        return words.text
    with override("ja"):  # the language of the report, and of what is proposed
        title = _("Planned")
    return "\n".join(it for it in (words.text, f"{title}：", words.planned) if it)


class ObligationMixin(OpenMixin, StateMixin):
    """A page about one obligation of a case that the account may know of."""

    model = Obligation
    permission_required: Any = HANDLES

    def get_rows(self) -> QuerySet:
        """The persons are told by notices; nothing is filed with them."""
        return self.get_all_rows().exclude(kind=Kind.PERSONS)

    def get_all_rows(self) -> QuerySet:
        """The duty to tell the persons among them."""
        return super().get_rows().select_related("incident")

    def get_state_url(self) -> str:
        return self.get_success_url()

    def get_success_url(self) -> str:
        """The desk, where the obligation is."""
        url = reverse("incidents:desk", args=[self.row.incident_id])
        return f"{url}#obligation-{self.row.pk}"

    def get_crumbs(self) -> Crumbs:
        """The way over the desk."""
        return desk_crumbs(self.row.incident)

    def get_lead(self) -> str:
        """Which report of which case."""
        return f"{self.row.incident.number} {self.row.get_kind_display()}"


class SubmitView(ObligationMixin, ConfirmView):
    """Asks top management for approval."""

    states = (*DRAFTS, OS.FILED)
    title = gettext_lazy("Ask for approval")
    text = gettext_lazy("Top management is asked to approve the report as the desk has it.")
    consequence = gettext_lazy("It can be sent back. It is not filed by this.")
    submit_label = gettext_lazy("Ask for approval")
    success_message = gettext_lazy("Top management has been asked for approval.")
    is_calm = True

    def get_text(self) -> str:
        return _("%(label)s: %(value)s") % {"label": self.get_lead(), "value": self.text}

    def carry_out(self, form: Any) -> None:
        services.submit_report(self.row.pk, actor=self.request.user, now=timezone.now())


class ApproveView(ObligationMixin, RowFormView):
    """Top management reads the report and approves it."""

    permission_required = APPROVES
    form_class = Form
    template_name = "incidents/desk_approve.html"
    submit_label = gettext_lazy("Approve")
    success_message = gettext_lazy("It is approved and can be filed now.")

    def get_title(self) -> str:
        is_supplement = self.row.status == OS.FILED
        return _("Approve the supplement") if is_supplement else _("Approve the report")

    def is_in_state(self) -> bool:
        """While top management is asked."""
        return self.row.waits_for_approval

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is approved."""
        content = services.content_of(self.row.incident)
        before = self.row.filed_reports.order_by("number").last()
        return super().get_context_data(
            obligation=self.row,
            body=body_of(self.row.kind),
            items=printing.items_of(content, before.content if before else None),
            is_maker=self.row.submitted_by_id == self.request.user.pk,
            **kwargs,
        )

    def carry_out(self, form: Any) -> None:
        services.approve_report(self.row.pk, actor=self.request.user, today=timezone.localdate())


class ReturnView(ObligationMixin, RowFormView):
    """Sends a report back to be changed."""

    permission_required = SEE_ALL
    form_class = WhyForm
    title = gettext_lazy("Send the report back")
    submit_label = gettext_lazy("Send it back")
    success_message = gettext_lazy("The report was sent back.")

    def is_in_state(self) -> bool:
        """From the asking on, until it is filed."""
        return self.row.waits_for_approval or self.row.is_approved

    def has_permission(self) -> bool:
        """Who approves; and, of what is approved and shall be changed, who handles."""
        user = self.request.user
        if user.has_perm(APPROVES):
            return True
        return user.has_perm(HANDLES) and self.row.is_approved

    def carry_out(self, form: WhyForm) -> None:
        services.return_report(
            self.row.pk, reason=form.cleaned_data["reason"], actor=self.request.user
        )


class FileView(ObligationMixin, RowFormView):
    """Enters that a report was filed; it is kept as it was."""

    states: tuple[str, ...] = (*DRAFTS, OS.APPROVED)
    form_class = FilingForm
    template_name = "incidents/desk_file.html"
    title = gettext_lazy("Enter the filing")
    submit_label = gettext_lazy("Enter the filing")
    success_message = gettext_lazy("The filing has been entered, and the version is kept.")

    def get_initial(self) -> dict[str, Any]:
        return {"receiver": usual_receiver(self.row), "filed_on": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what still speaks against it, and the papers to file."""
        return super().get_context_data(
            obligation=self.row,
            body=body_of(self.row.kind),
            obstacles=services.filing_obstacles(self.row),
            **kwargs,
        )

    def carry_out(self, form: FilingForm) -> None:
        services.file_report(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )


class SupplementView(FileView):
    """Enters that what was filed was supplemented (追完)."""

    states = (OS.FILED,)
    title = gettext_lazy("Enter a supplement")
    submit_label = gettext_lazy("Enter the supplement")
    success_message = gettext_lazy("The supplement has been entered, and the version is kept.")

    def carry_out(self, form: FilingForm) -> None:
        services.supplement(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )


class DifferenceView(ObligationMixin, RowFormView):
    """Says what a change of facts means for what was filed."""

    states = (OS.FILED,)
    form_class = DifferenceForm
    title = gettext_lazy("Note the difference")
    submit_label = gettext_lazy("Note the difference")
    success_message = gettext_lazy("The difference has been noted in the timeline.")

    def get_rows(self) -> QuerySet:
        """What the persons were told may have to be thought over, too."""
        return self.get_all_rows()

    def carry_out(self, form: DifferenceForm) -> None:
        services.note_difference(
            self.row.pk,
            note=form.cleaned_data["note"],
            actor=self.request.user,
            now=timezone.now(),
        )


class WaiveView(ObligationMixin, RowFormView):
    """Settles an obligation without doing it: by a rule that is named."""

    states = PENDING
    permission_required = SEE_ALL
    form_class = WaiverForm
    title = gettext_lazy("Waive the obligation")
    submit_label = gettext_lazy("Waive it")
    success_message = gettext_lazy("The obligation is waived; the reason is kept.")

    def get_rows(self) -> QuerySet:
        """The notice to the persons can be waived, too."""
        return self.get_all_rows()

    def get_lead(self) -> str:
        return _("%(report)s. Name the rule by which it is not needed, and why.") % {
            "report": super().get_lead()
        }

    def carry_out(self, form: WaiverForm) -> None:
        services.waive(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )


class FiledView(CaseMixin, PermissionRequiredMixin, TemplateView):
    """A version as it was filed, with what it changed."""

    permission_required = SEE_ALL
    template_name = "incidents/desk_filed.html"

    @cached_property
    def filed(self) -> FiledReport:
        """The version that the address names, of a case that the account may know of."""
        return filed_version(self.request.user, self.kwargs["pk"])

    def get_incident(self) -> Incident:
        return self.filed.obligation.incident

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The items, and the version before."""
        filed = self.filed
        before = version_before(filed)
        return super().get_context_data(
            filed=filed,
            obligation=filed.obligation,
            incident=filed.obligation.incident,
            before=before,
            body=body_of(filed.obligation.kind),
            items=printing.items_of(filed.content, before.content if before else None),
            crumbs=desk_crumbs(filed.obligation.incident),
            **kwargs,
        )


def filed_version(user: Any, pk: int) -> FiledReport:
    """A version that was filed, for who may know of its case."""
    rows = FiledReport.objects.filter(
        obligation__incident__in=Incident.objects.visible_to(user)
    ).select_related("obligation__incident", "filed_by__person", "approved_by__person")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


class PaperMixin(IncidentMixin, PermissionRequiredMixin):
    """The report as one body gets it."""

    permission_required = SEE_ALL

    def get_rows(self) -> QuerySet:
        return super().get_rows().select_related("department", "event_class", "cause_category")

    @cached_property
    def paper(self) -> printing.Paper:
        """What is on it now, or was in the version that the query names; 404 for no such body."""
        body, version = self.kwargs["body"], self.request.GET.get("version", "")
        if body not in REPORTS:
            raise Http404
        number = whole_number(version)
        filed = None if number is None else filed_version(self.request.user, number)
        if filed and filed.obligation.incident_id != self.row.pk:
            raise Http404
        return printing.paper_of(self.row, body, filed=filed)


class PaperPdfView(PaperMixin, View):
    """The report on paper, in Japanese, with its approval boxes."""

    def get(self, request: HttpRequest, pk: int, body: str) -> FileResponse:
        """The paper; that it was taken out is in the journal."""
        content = printing.report_pdf(
            self.paper,
            now=timezone.now(),
            uses_wareki=request.user.uses_wareki,
        )
        record("incidents.paper_taken", self.row, actor=request.user, details={"body": body})
        return download(content, f"{self.row.number}-{body}.pdf", PDF)


class PaperTextView(PaperMixin, TemplateView):
    """The report as text blocks, in the order of the authority's form, each to be copied."""

    template_name = "incidents/desk_text.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The blocks."""
        return super().get_context_data(
            **kwargs,
            incident=self.row,
            receiver=self.paper.receiver,
            blocks=printing.blocks_of(self.paper),
            crumbs=desk_crumbs(self.row),
        )
