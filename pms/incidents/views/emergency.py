"""Whom to call and what to do: a page for everybody, kept by who handles incidents."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from pms.accounts.roles import Role
from pms.core.markdown import render_markdown
from pms.core.pages import ConfirmView, Crumbs, FormPageView, RowFormView
from pms.incidents import services
from pms.incidents.forms.emergency import ContactForm, ProcedureForm
from pms.incidents.models import EmergencyContact, EmergencyProcedure
from pms.organization.models import Appointment

PAGE = "incidents:emergency"
# Who is shown without anybody keeping a list: the posts of today.
POSTS = (Role.PRIVACY_MANAGER, Role.DEPUTY_PRIVACY_MANAGER, Role.SYSTEM_OFFICER)


class EmergencyView(PermissionRequiredMixin, TemplateView):
    """The procedure and the list, for a phone and for the wall."""

    permission_required = "incidents.report_incident"
    template_name = "incidents/emergency.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words, the list, and who holds which post today."""
        row = EmergencyProcedure.objects.filter(pk=1).first()
        posts = Appointment.objects.on(timezone.localdate()).filter(role__in=POSTS)
        held = sorted(posts.select_related("person"), key=lambda it: POSTS.index(Role(it.role)))
        return super().get_context_data(
            procedure=row,
            words=render_markdown(row.words) if row else "",
            contacts=EmergencyContact.objects.all(),
            posts=held,
            **kwargs,
        )


class KeptMixin:
    """A page on which the list or the procedure is kept."""

    permission_required = "incidents.handle_incident"

    def get_success_url(self) -> str:
        """The page for everybody."""
        return reverse(PAGE)

    def get_crumbs(self) -> Crumbs:
        """Over the page for everybody."""
        return [(_("In an emergency"), reverse(PAGE))]


class ProcedureView(KeptMixin, FormPageView):
    """What everybody does."""

    form_class: Any = ProcedureForm
    title = gettext_lazy("Write the emergency procedure")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The procedure has been saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the words as they are."""
        row = EmergencyProcedure.objects.filter(pk=1).first()
        return super().get_form_kwargs() | {"instance": row or EmergencyProcedure(pk=1)}

    def carry_out(self, form: Any) -> None:
        services.write_procedure(
            **form.cleaned_data, actor=self.request.user, today=timezone.localdate()
        )


class ContactCreateView(KeptMixin, FormPageView):
    """One more line."""

    form_class: Any = ContactForm
    title = gettext_lazy("Add an emergency contact")
    submit_label = gettext_lazy("Add")
    success_message = gettext_lazy("The contact has been added.")

    def carry_out(self, form: Any) -> None:
        services.save_contact(form.instance, actor=self.request.user)


class ContactRows:
    """One line of the list."""

    model = EmergencyContact

    def get_rows(self) -> QuerySet:
        """Whoever keeps the list keeps all of it."""
        return EmergencyContact.objects.all()


class ContactUpdateView(KeptMixin, ContactRows, RowFormView):
    """A line is changed."""

    form_class: Any = ContactForm
    title = gettext_lazy("Change the emergency contact")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The contact has been changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the line as it is."""
        return super().get_form_kwargs() | {"instance": self.row}

    def carry_out(self, form: Any) -> None:
        services.save_contact(form.instance, actor=self.request.user)


class ContactRemoveView(KeptMixin, ContactRows, ConfirmView):
    """A line goes."""

    title = gettext_lazy("Remove the emergency contact")
    submit_label = gettext_lazy("Remove the emergency contact")
    consequence = gettext_lazy("It can be added again at any time.")
    success_message = gettext_lazy("The contact has been removed.")

    def get_text(self) -> str:
        return _("“%(contact)s” leaves the list.") % {"contact": self.row}

    def carry_out(self, form: Any) -> None:
        services.remove_contact(self.row.pk, actor=self.request.user)
