"""Telling the persons concerned: notices, letters, and the proof that their list is gone."""

from io import BytesIO
from typing import Any, Final

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View

from pms.core.downloads import PDF, XLSX, download
from pms.core.pages import ConfirmView, Crumbs, FormPageView, RowFormView, RowMixin
from pms.history.services import record
from pms.incidents import printing, services
from pms.incidents.desks import HANDLES, with_numbers
from pms.incidents.forms.persons import AddresseesForm, DropForm, NoticeForm, NotToldForm
from pms.incidents.importers import HEADINGS, read_addressees
from pms.incidents.letters import PLACES, TEMPLATE, addressed, fill
from pms.incidents.models import Addressee, PersonsNotice
from pms.organization.models import Company
from pms.transfer.writers import write_xlsx

from .bases import SEE_ALL, CaseMixin, IncidentMixin, list_crumbs
from .states import OpenMixin

# The headings are a file format: they stay the same in every language.
LETTERS: Final = ("氏名", "郵便番号", "住所", "メールアドレス", "文面")


class NoticePageMixin:
    """A page with the form of a notice: its text, as it would go out."""

    form_class: Any = NoticeForm
    template_name = "incidents/notice_form.html"

    def filled(self, text: str, incident: Any) -> str:
        """The text with its places filled, as it stands now."""
        content = services.content_of(incident)
        return fill(text, content, company=str(Company.objects.current()))


class NoticeCreateView(NoticePageMixin, OpenMixin, IncidentMixin, FormPageView):
    """One more group of persons, and how it is told."""

    permission_required = HANDLES
    title = gettext_lazy("Write a notice to the persons")
    lead = gettext_lazy("One notice for each group that is told in the same way.")
    submit_label = gettext_lazy("Save the notice")
    success_message = gettext_lazy("The notice has been saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"text": TEMPLATE, "sent": 0, "returned": 0}

    def get_success_url(self) -> str:
        return f"{self.row.get_absolute_url()}#persons"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The places, and how the text would read."""
        return super().get_context_data(
            places=[(place, item.label) for place, item in PLACES.items()],
            preview=self.filled(TEMPLATE, self.row),
            **kwargs,
        )

    def carry_out(self, form: NoticeForm) -> None:
        services.tell_persons(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )


class NoticeMixin(CaseMixin, RowMixin):
    """A page about one notice of a case that the account may know of."""

    model = PersonsNotice
    permission_required: Any = HANDLES

    def get_rows(self) -> QuerySet:
        return with_numbers(
            PersonsNotice.objects.visible_to(self.request.user).select_related("incident")
        )

    def get_crumbs(self) -> Crumbs:
        """The way over the case."""
        incident = self.row.incident
        return [*list_crumbs(), (incident.number, incident.get_absolute_url())]


class NoticeUpdateView(NoticePageMixin, NoticeMixin, OpenMixin, RowFormView):
    """When it went out, what came back, who was reached."""

    title = gettext_lazy("Notice to the persons")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The notice has been saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.row}

    def get_lead(self) -> str:
        return f"{self.row.incident.number} {self.row.group}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The places, how the text reads, and the list of addressees."""
        row = self.row
        return super().get_context_data(
            notice=row,
            places=[] if row.told_on else [(it, item.label) for it, item in PLACES.items()],
            preview="" if row.told_on else self.filled(row.text, row.incident),
            **kwargs,
        )

    def carry_out(self, form: NoticeForm) -> None:
        services.update_notice(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )


class NoticeDropView(NoticeMixin, OpenMixin, ConfirmView):
    """A planned notice that does not go out."""

    form_class = DropForm
    title = gettext_lazy("Take back the planned notice")
    submit_label = gettext_lazy("Take back the notice")
    success_message = gettext_lazy("The planned notice has been taken back.")

    def get_text(self) -> str:
        """Which group it is."""
        return f"{self.row.incident.number} {self.row.group}"

    def get_consequence(self) -> str:
        """What goes with it."""
        count = self.row.kept
        if not count:
            return _("The journal keeps that it was planned, and the reason.")
        return ngettext(
            "Its list of %(count)s addressee is erased with it. The journal keeps the reason.",
            "Its list of %(count)s addressees is erased with it. The journal keeps the reason.",
            count,
        ) % {"count": f"{count:,}"}

    def get_success_url(self) -> str:
        return f"{self.row.incident.get_absolute_url()}#persons"

    def carry_out(self, form: DropForm) -> None:
        services.drop_notice(
            self.row.pk, reason=form.cleaned_data["reason"], actor=self.request.user
        )


class NotToldView(OpenMixin, IncidentMixin, FormPageView):
    """Why the persons are not told."""

    permission_required = HANDLES
    form_class = NotToldForm
    title = gettext_lazy("The persons are not told")
    lead = gettext_lazy("Even where there is no duty to tell them, the reason is kept.")
    submit_label = gettext_lazy("Save the reason")
    success_message = gettext_lazy("The reason has been saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"reason": self.row.not_told_reason}

    def get_success_url(self) -> str:
        return f"{self.row.get_absolute_url()}#persons"

    def carry_out(self, form: NotToldForm) -> None:
        services.explain_not_telling(
            self.row.pk, reason=form.cleaned_data["reason"], actor=self.request.user
        )


class AddresseesImportView(NoticeMixin, OpenMixin, RowFormView):
    """Takes in the list of those to whom the letters go: all of it or nothing."""

    form_class = AddresseesForm
    template_name = "incidents/notice_addressees.html"
    title = gettext_lazy("Import the addressees")
    submit_label = gettext_lazy("Import the list")

    def get_lead(self) -> str:
        return f"{self.row.incident.number} {self.row.group}"

    def get_success_url(self) -> str:
        return reverse("incidents:notice_update", args=[self.row.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The columns that the file may have, and how long the list is kept."""
        return super().get_context_data(
            notice=self.row,
            columns=[(spec.labels[0], spec.required) for spec in HEADINGS],
            days=services.days_kept(),
            **kwargs,
        )

    def carry_out(self, form: AddresseesForm) -> str:
        file = form.cleaned_data["file"]
        rows = read_addressees(file.file, name=file.name)
        count = services.add_addressees(self.row.pk, rows=rows, actor=self.request.user)
        return ngettext(
            "%(count)d addressee has been imported.",
            "%(count)d addressees have been imported.",
            count,
        ) % {"count": count}


class LettersView(NoticeMixin, PermissionRequiredMixin, View):
    """The letters as a workbook, one row for each addressee; the journal keeps that it left."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file; 404 once the list is erased."""
        notice = self.row
        if not notice.kept:
            raise Http404
        company = str(Company.objects.current())
        text = fill(notice.text, services.content_of(notice.incident), company=company)
        rows = Addressee.objects.filter(notice=notice).order_by("pk").iterator(2_000)
        file = BytesIO()
        write_xlsx(
            file,
            LETTERS,
            (
                [it.name, it.postal_code, it.address, it.email, addressed(text, it.name)]
                for it in rows
            ),
            sheet_name=notice.group,
            widths=(20, 12, 40, 30, 60),
        )
        # Under the case, and not as a list that was taken out: its name would tell of the case.
        record(
            "incidents.letters_taken",
            notice.incident,
            actor=request.user,
            details={"group": notice.group, "count": notice.kept},
        )
        return download(file.getvalue(), f"{notice.incident.number}-letters.xlsx", XLSX)


class CertificateView(NoticeMixin, PermissionRequiredMixin, View):
    """The certificate that a list was erased."""

    permission_required = SEE_ALL

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The paper; 404 as long as nothing was erased."""
        notice = self.row
        if notice.list_erased_on is None:
            raise Http404
        content = printing.certificate_pdf(
            notice,
            now=timezone.now(),
            uses_wareki=request.user.uses_wareki,
        )
        name = f"{notice.incident.number}-{_('certificate of erasure')}.pdf"
        return download(content, name, PDF)
