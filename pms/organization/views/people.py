"""People: their list, their pages, and what is registered about them."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Model, QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from pms.core.pages import AnyPermissionMixin, Crumbs, FormPageView, RowFormView
from pms.core.views import is_htmx
from pms.evidence.forms import EvidenceUploadForm
from pms.evidence.models import EvidenceFile
from pms.evidence.services import attach_all
from pms.history.timeline import timeline
from pms.organization import services
from pms.organization.filters import PersonFilter
from pms.organization.forms import (
    PersonCreateForm,
    PersonUpdateForm,
)
from pms.organization.models import Person, access_of
from pms.organization.reports import person_lines, state_on
from pms.organization.resources import PEOPLE_COLUMNS
from pms.transfer.lists import ExportListView

SEE = ("organization.view_person", "organization.view_own_people")
# Everyone may open the own record; which rows there are is the queryset's matter.
EVERYONE = "dashboard.view_duties"


class PersonListView(AnyPermissionMixin, ExportListView):
    """Who works here, or did, or will."""

    model = Person
    filterset_class = PersonFilter
    permission_required = SEE
    sorts = {
        "number": ("employee_number",),
        "kana": ("family_kana", "given_kana", "id"),
        "joined": ("joined_on", "id"),
    }
    columns = PEOPLE_COLUMNS
    export_name = "people"

    def get_filtered_rows(self) -> QuerySet:
        """For a file with the main affiliations beside the people."""
        rows: Any = super().get_filtered_rows()
        if "export" in self.request.GET and self.filterset.is_valid():
            return rows.with_primary_on(self.filterset.as_of)
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the lines of the page."""
        context = super().get_context_data(**kwargs)
        day = self.filterset.as_of if self.filterset.is_valid() else timezone.localdate()
        lines = person_lines(context["page"], self.filterset.departments, day)
        return context | {"lines": lines, "today": timezone.localdate()}


class PersonDetailView(PermissionRequiredMixin, DetailView):
    """Somebody: facts, where they belonged, when they were away, which posts they hold."""

    model = Person
    permission_required = EVERYONE

    def get_queryset(self) -> QuerySet:
        """People that this account may see."""
        return Person.objects.visible_to(self.request.user).select_related("user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What belongs to the person, and what may be done now."""
        person, user, today = self.object, self.request.user, timezone.localdate()
        leaves = list(person.leaves.all())
        return super().get_context_data(
            affiliations=list(
                person.affiliations.select_related("department").order_by(
                    "-starts_on", "-is_primary"
                )
            ),
            leaves=leaves,
            appointments=list(
                person.appointments.select_related("department").order_by("-starts_on")
            ),
            state=state_on(person, today, is_on_leave=any(it.holds_on(today) for it in leaves)),
            today=today,
            may_see_leaves=user.has_perm("organization.view_leave")
            or access_of(user).person == person,
            may_change=user.has_perm("organization.change_person"),
            files=EvidenceFile.objects.of(person).for_list(),
            **kwargs,
        )


class PersonHistoryView(PermissionRequiredMixin, DetailView):
    """What the journal tells of somebody and of what belongs to them."""

    model = Person
    permission_required = "history.view_historyentry"
    template_name = "organization/person_history.html"

    def get_queryset(self) -> QuerySet:
        """People that this account may see."""
        return Person.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The entries, in sentences."""
        person = self.object
        related = [
            *person.affiliations.select_related("department"),
            *person.leaves.all(),
            *person.appointments.select_related("person"),
        ]
        entries = timeline(person, viewer=self.request.user, related=related)
        return super().get_context_data(entries=entries, **kwargs)

    def get_template_names(self) -> list[str]:
        """The page, or for htmx its partial `entries`."""
        names = super().get_template_names()
        return [f"{name}#entries" for name in names] if is_htmx(self.request) else names


class PersonCreateView(FormPageView):
    """Somebody joins."""

    form_class = PersonCreateForm
    permission_required = "organization.add_person"
    title = gettext_lazy("Register a person")
    lead = gettext_lazy("For many people at once, import the roster instead.")
    submit_label = gettext_lazy("Register")
    success_message = gettext_lazy("The person has been registered.")

    def carry_out(self, form: Any) -> None:
        self.person = services.create_person(**form.cleaned_data, actor=self.request.user)

    def get_success_url(self) -> str:
        """The person; the list where a second sending made nobody."""
        if "person" in vars(self):
            return self.person.get_absolute_url()
        return reverse("organization:person_list")

    def get_crumbs(self) -> Crumbs:
        return [(_("People"), reverse("organization:person_list"))]


class PersonFormView(RowFormView):
    """A form about one person."""

    model: type[Model] = Person

    @property
    def person(self) -> Person:
        """Whom the page is about."""
        return self.row

    def get_success_url(self) -> str:
        """Back to the person."""
        return self.person.get_absolute_url()

    def get_crumbs(self) -> Crumbs:
        return [
            (_("People"), reverse("organization:person_list")),
            (str(self.person), self.person.get_absolute_url()),
        ]

    def get_lead(self) -> str:
        """Whom it is about, so that nobody mistakes the page."""
        return f"{self.person.employee_number} {self.person}"


class PersonUpdateView(PersonFormView):
    """Facts about somebody have changed."""

    form_class = PersonUpdateForm
    permission_required = "organization.change_person"
    title = gettext_lazy("Change the facts")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form changes a copy: the row stays as it is stored."""
        return super().get_form_kwargs() | {"instance": Person.objects.get(pk=self.person.pk)}

    def carry_out(self, form: Any) -> None:
        services.update_person(self.person.pk, **form.cleaned_data, actor=self.request.user)


class OfPersonFormView(PersonFormView):
    """A form about something that belongs to a person: an affiliation or a leave."""

    def get_rows(self) -> QuerySet:
        """Rows of people that this account may see."""
        people = Person.objects.visible_to(self.request.user)
        return self.model._default_manager.filter(person__in=people).select_related("person")

    @property
    def person(self) -> Person:
        """Whose it is."""
        return self.row.person


class PersonEvidenceView(PersonFormView):
    """Files that prove something about somebody, a pledge for example."""

    form_class: type[Form] = EvidenceUploadForm
    permission_required = "organization.change_person"
    title = gettext_lazy("Attach files")
    submit_label = gettext_lazy("Attach")
    success_message = gettext_lazy("The files have been attached.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"today": timezone.localdate()}

    def carry_out(self, form: Any) -> None:
        facts = form.cleaned_data
        attach_all(
            self.person,
            facts["evidence"],
            actor=self.request.user,
            note=facts["note"],
            stated_on=facts["stated_on"],
        )
