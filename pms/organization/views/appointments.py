"""Who holds which post of the management system."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import DetailView, TemplateView, View

from pms.core.forms import DayForm
from pms.core.pages import ConfirmView, Crumbs, FormPageView, RowFormView
from pms.core.pdf import render_pdf
from pms.evidence.forms import EvidenceUploadForm
from pms.evidence.models import EvidenceFile
from pms.evidence.services import attach_all
from pms.history.services import record_access
from pms.history.timeline import timeline
from pms.organization import services
from pms.organization.filters import AppointmentFilter
from pms.organization.forms import AppointForm, LastDayAndReasonForm, ReasonForm
from pms.organization.models import Appointment, Person
from pms.organization.reports import appointment_letter, posts_on, unmanaged_on
from pms.transfer.lists import Column, ExportListView

from .people import EVERYONE

CHART = "organization:appointment_list"


class AppointmentChartView(PermissionRequiredMixin, TemplateView):
    """The structure on a day: every post, who holds it, and where nobody does."""

    permission_required = "organization.view_appointment"
    template_name = "organization/appointment_chart.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The posts of the day asked for, else of today."""
        form = DayForm(self.request.GET)
        day = (form.is_valid() and form.cleaned_data["day"]) or timezone.localdate()
        return super().get_context_data(
            form=form,
            day=day,
            is_today=day == timezone.localdate(),
            posts=posts_on(day),
            unmanaged=unmanaged_on(day),
            **kwargs,
        )


class AppointmentListView(ExportListView):
    """All appointments there ever were."""

    model = Appointment
    filterset_class = AppointmentFilter
    permission_required = "organization.view_appointment"
    sorts = {
        "starts": ("-starts_on", "-id"),
        "role": ("role", "id"),
        "person": ("person__employee_number", "id"),
    }
    export_name = "appointments"
    columns = (
        Column("役割", lambda it: it.get_role_display(), 24),
        Column("社員番号", lambda it: it.person.employee_number, 12),
        Column("氏名", lambda it: it.person.full_name, 20),
        Column("部門コード", lambda it: it.department.code if it.department else "", 12),
        Column("部門", lambda it: it.department.name if it.department else "", 24),
        Column("開始日", lambda it: it.starts_on, 12),
        Column("終了日", lambda it: it.ends_on, 12),
        Column("任命者", lambda it: it.appointed_by, 24),
        Column("備考", lambda it: it.note, 30),
    )

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().select_related("person", "department")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"today": timezone.localdate()}


class AppointmentDetailView(PermissionRequiredMixin, DetailView):
    """One appointment, its letter and its proof."""

    model = Appointment
    permission_required = EVERYONE

    def get_queryset(self) -> QuerySet:
        """Appointments that this account may see."""
        rows = Appointment.objects.visible_to(self.request.user)
        return rows.select_related("person", "department")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """State, moves allowed now, files, history."""
        appointment, user, today = self.object, self.request.user, timezone.localdate()
        context = {
            "state": _state(appointment, today),
            "today": today,
            "may_change": user.has_perm("organization.change_appointment"),
            "has_begun": appointment.starts_on <= today,
            "is_over": appointment.ends_on is not None and appointment.ends_on < today,
            "files": EvidenceFile.objects.of(appointment).for_list(),
        }
        if user.has_perm("history.view_historyentry"):
            context["entries"] = timeline(appointment, viewer=user)
        return super().get_context_data(**context, **kwargs)


def _state(appointment: Appointment, today: Any) -> tuple[str, str]:
    if appointment.starts_on > today:
        return "planned", _("Begins later")
    if appointment.holds_on(today):
        return "active", _("Holds the post")
    return "ended", _("Ended")


class AppointmentLetterView(PermissionRequiredMixin, View):
    """The letter of appointment, in the language of the page, as a PDF."""

    permission_required = EVERYONE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The letter; the journal notes who took it."""
        rows = Appointment.objects.visible_to(request.user).select_related("person", "department")
        appointment = get_object_or_404(rows, pk=pk)
        issued_on = appointment.starts_on
        letter = appointment_letter(
            appointment,
            issued_on=issued_on,
            uses_wareki=request.user.uses_wareki and get_language() == "ja",
        )
        pdf = render_pdf(
            "organization/appointment_letter",
            letter,
            title=_("Letter of appointment"),
            language=get_language() or "ja",
            issued_at=timezone.now(),
        )
        record_access(appointment, actor=request.user, event="organization.letter_printed")
        name = f"{_('Letter of appointment')}-{appointment.person.full_name}.pdf"
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": content_disposition_header(True, name)},
        )


class AppointView(FormPageView):
    """Somebody is named for a post."""

    form_class = AppointForm
    permission_required = "organization.add_appointment"
    title = gettext_lazy("Appoint somebody")
    submit_label = gettext_lazy("Register the appointment")
    success_message = gettext_lazy("The appointment has been registered.")

    def get_lead(self) -> str:
        return _(
            "The privacy manager and the privacy audit officer come from inside the company and "
            "are two people; the audit officer is not the representative either."
        )

    def get_initial(self) -> dict[str, Any]:
        """What the page that leads here knows already."""
        number = self.request.GET.get("person", "")
        person = Person.objects.visible_to(self.request.user).filter(employee_number=number).first()
        return {
            "role": self.request.GET.get("role", ""),
            "person": person.employee_number if person else "",
            "starts_on": timezone.localdate(),
        }

    def carry_out(self, form: Any) -> None:
        self.appointment = services.appoint(**form.cleaned_data, actor=self.request.user)

    def get_success_url(self) -> str:
        """The appointment; the chart where a second sending made none."""
        if "appointment" in vars(self):
            return self.appointment.get_absolute_url()
        return reverse(CHART)

    def get_crumbs(self) -> Crumbs:
        return [(_("Appointments"), reverse(CHART))]


class AppointmentFormView(RowFormView):
    """A form about one appointment."""

    model: type[Model] = Appointment
    permission_required = "organization.change_appointment"

    def get_rows(self) -> QuerySet:
        return super().get_rows().select_related("person", "department")

    def get_crumbs(self) -> Crumbs:
        return [
            (_("Appointments"), reverse(CHART)),
            (str(self.row), self.row.get_absolute_url()),
        ]


class AppointmentEndView(AppointmentFormView, ConfirmView):
    """Somebody gives a post back."""

    form_class = LastDayAndReasonForm
    title = gettext_lazy("End the appointment")
    submit_label = gettext_lazy("End the appointment")
    consequence = gettext_lazy(
        "The rights of the post end with that day. It cannot be made longer again; a new "
        "appointment can be made."
    )
    success_message = gettext_lazy("The end of the appointment has been registered.")

    def get_text(self) -> str:
        return _("%(person)s is no longer %(post)s after the day entered here.") % {
            "person": self.row.person,
            "post": self.row.get_role_display(),
        }

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": self.row.ends_on or timezone.localdate()}

    def carry_out(self, form: Any) -> None:
        services.end_appointment(self.row.pk, **form.cleaned_data, actor=self.request.user)


class AppointmentWithdrawView(AppointmentFormView, ConfirmView):
    """An appointment that has not begun is not made after all."""

    form_class = ReasonForm
    title = gettext_lazy("Withdraw the appointment")
    submit_label = gettext_lazy("Withdraw the appointment")
    consequence = gettext_lazy("It is removed; the journal keeps that it was planned.")
    success_message = gettext_lazy("The appointment has been withdrawn.")

    def get_text(self) -> str:
        return _("%(person)s does not become %(post)s.") % {
            "person": self.row.person,
            "post": self.row.get_role_display(),
        }

    def carry_out(self, form: Any) -> None:
        services.withdraw_appointment(
            self.row.pk,
            reason=form.cleaned_data["reason"],
            today=timezone.localdate(),
            actor=self.request.user,
        )

    def get_success_url(self) -> str:
        """The chart: the appointment is gone."""
        return reverse(CHART)

    def get_cancel_url(self) -> str:
        return self.row.get_absolute_url()


class AppointmentEvidenceView(AppointmentFormView):
    """The signed letter, scanned."""

    form_class: type[Form] = EvidenceUploadForm
    title = gettext_lazy("Attach files")
    submit_label = gettext_lazy("Attach")
    success_message = gettext_lazy("The files have been attached.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"today": timezone.localdate()}

    def carry_out(self, form: Any) -> None:
        facts = form.cleaned_data
        attach_all(
            self.row,
            facts["evidence"],
            actor=self.request.user,
            note=facts["note"],
            stated_on=facts["stated_on"],
        )
