"""What is done in a case: each verb a page of its own."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.core.pages import ConfirmView, RowFormView, StateMixin
from pms.corrective_actions.forms import clauses_on
from pms.incidents import services
from pms.incidents.choices import OPEN_STATUSES, Status
from pms.incidents.deadlines import day_in_japan, list_year
from pms.incidents.forms.handling import (
    CauseForm,
    CloseForm,
    ContainForm,
    DescribeForm,
    LetInForm,
    PublicationForm,
    RaiseActionForm,
    ReasonForm,
    TimelineForm,
)
from pms.incidents.models import Incident, Member

from .bases import HANDLE, ActMixin, IncidentMixin, list_crumbs


class DescribeView(IncidentMixin, StateMixin, RowFormView):
    """Sets right what the record says."""

    form_class = DescribeForm
    permission_required = HANDLE
    states = OPEN_STATUSES
    title = gettext_lazy("Correct what the record says")
    lead = gettext_lazy("The words of the first report stay as they were.")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        # A row of its own: what does not fit must not stand in the heading of the page.
        row = Incident.objects.get(pk=self.row.pk)
        return super().get_form_kwargs() | {"instance": row}

    def carry_out(self, form: DescribeForm) -> None:
        facts = dict(form.cleaned_data)
        services.describe(
            self.row.pk,
            actor=self.request.user,
            now=timezone.now(),
            reason=facts.pop("reason"),
            seen_at=parse_datetime(facts.pop("seen_at") or "") or self.row.updated_at,
            **facts,
        )


class ContainView(ActMixin, StateMixin, RowFormView):
    """Notes what stopped it."""

    form_class = ContainForm
    states = OPEN_STATUSES
    title = gettext_lazy("Note what stopped it")
    lead = gettext_lazy("What keeps the damage from growing, and since when.")
    submit_label = gettext_lazy("Note it")
    success_message = gettext_lazy("It has been noted, in the timeline, too.")

    def get_initial(self) -> dict[str, Any]:
        return {
            "contained_at": self.row.contained_at or timezone.localtime().replace(second=0),
            "containment": self.row.containment,
        }

    def carry_out(self, form: ContainForm) -> None:
        services.contain(
            self.row.pk, **form.cleaned_data, actor=self.request.user, now=timezone.now()
        )


class CauseView(ActMixin, StateMixin, RowFormView):
    """Writes down the cause."""

    form_class = CauseForm
    states = OPEN_STATUSES
    title = gettext_lazy("Write down the cause")
    lead = gettext_lazy("What is not known yet stays empty; closing asks for all of it.")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The cause has been written down.")

    def get_form_kwargs(self) -> dict[str, Any]:
        year = list_year(day_in_japan(self.row.reported_at))
        return super().get_form_kwargs() | {"year": year}

    def get_initial(self) -> dict[str, Any]:
        names = ("cause", "why_not_earlier", "elsewhere")
        return {"cause_category": self.row.cause_category_id} | {
            name: getattr(self.row, name) for name in names
        }

    def carry_out(self, form: CauseForm) -> None:
        services.record_cause(self.row.pk, **form.cleaned_data, actor=self.request.user)


class RaiseActionView(IncidentMixin, StateMixin, RowFormView):
    """Raises a corrective action for the case."""

    form_class = RaiseActionForm
    permission_required = HANDLE
    states = OPEN_STATUSES
    title = gettext_lazy("Raise a corrective action")
    lead = gettext_lazy(
        "The action gets the next number of the year, and whoever answers for it is told."
    )
    submit_label = gettext_lazy("Raise the action")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"clauses": clauses_on(timezone.localdate())}

    def get_initial(self) -> dict[str, Any]:
        return {
            "found_on": day_in_japan(self.row.noticed_at),
            "grade": "minor",
            "department": self.row.department_id,
        }

    def carry_out(self, form: RaiseActionForm) -> str:
        made = services.raise_for_incident(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )
        return _("%(number)s has been raised.") % {"number": made.number}


class NoActionView(IncidentMixin, StateMixin, RowFormView):
    """Says why no corrective action is needed."""

    form_class = ReasonForm
    permission_required = HANDLE
    states = OPEN_STATUSES
    title = gettext_lazy("No corrective action is needed")
    lead = gettext_lazy("Who closes the case relies on this reason.")
    submit_label = gettext_lazy("Save the reason")
    success_message = gettext_lazy("The reason has been saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"reason": self.row.no_action_reason}

    def carry_out(self, form: ReasonForm) -> None:
        services.record_no_action(self.row.pk, **form.cleaned_data, actor=self.request.user)


class PublicationView(IncidentMixin, StateMixin, RowFormView):
    """Decides whether the case is published."""

    form_class = PublicationForm
    permission_required = "incidents.decide_publication"
    states = OPEN_STATUSES
    title = gettext_lazy("Decide on the publication")
    lead = gettext_lazy(
        "Publishing facts and measures quickly is desirable where it keeps harm from the persons."
    )
    submit_label = gettext_lazy("Decide")
    success_message = gettext_lazy("The decision has been saved.")

    def get_initial(self) -> dict[str, Any]:
        return {
            "publication": self.row.publication,
            "reason": self.row.publication_reason,
            "published_at": self.row.published_at,
        }

    def carry_out(self, form: PublicationForm) -> None:
        services.decide_publication(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )


class TimelineAddView(ActMixin, RowFormView):
    """Adds a line to the timeline."""

    form_class = TimelineForm
    title = gettext_lazy("Add to the timeline")
    lead = gettext_lazy(
        "What was known or done, and when. A line that is added late shows it; none is changed "
        "or removed."
    )
    submit_label = gettext_lazy("Add")
    success_message = gettext_lazy("The line has been added.")

    def get_initial(self) -> dict[str, Any]:
        return {"happened_at": timezone.localtime().replace(second=0)}

    def carry_out(self, form: TimelineForm) -> None:
        services.tell_timeline(
            self.row.pk, **form.cleaned_data, actor=self.request.user, now=timezone.now()
        )


class LetInView(IncidentMixin, RowFormView):
    """Lets somebody know of the case."""

    form_class = LetInForm
    permission_required = HANDLE
    title = gettext_lazy("Share the case")
    lead = gettext_lazy(
        "They see what happened and what is done, but neither who reported it nor how it was "
        "assessed. What they read is kept in the journal."
    )
    submit_label = gettext_lazy("Share")
    success_message = gettext_lazy("The case is shared with them now, and they have been told.")

    def carry_out(self, form: LetInForm) -> None:
        services.let_in(
            self.row.pk,
            user=form.cleaned_data["person"].user,
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            now=timezone.now(),
        )


class ExcludeView(IncidentMixin, ConfirmView):
    """Lets somebody know no more."""

    model = Member
    permission_required = HANDLE
    title = gettext_lazy("Stop sharing the case")
    consequence = gettext_lazy(
        "What they have read, they have read; the journal keeps it. They can be let in again."
    )
    submit_label = gettext_lazy("Stop sharing")
    success_message = gettext_lazy("They may not open the case any more.")

    def get_rows(self) -> QuerySet:
        visible = Incident.objects.visible_to(self.request.user)
        rows = Member.objects.in_force().filter(incident__in=visible)
        return rows.select_related("incident", "user__person")

    def get_text(self) -> str:
        return _("%(person)s may not open %(incident)s any more.") % {
            "person": getattr(self.row.user, "person", self.row.user),
            "incident": self.row.incident.number,
        }

    def get_success_url(self) -> str:
        if "row" not in vars(self) and not self.get_rows().filter(pk=self.kwargs["pk"]).exists():
            return list_crumbs()[0][1]
        return f"{self.row.incident.get_absolute_url()}#people"

    def get_crumbs(self) -> list[tuple[str, str]]:
        incident = self.row.incident
        return [*list_crumbs(), (incident.number, incident.get_absolute_url())]

    def carry_out(self, form: Any) -> None:
        services.exclude(self.row.incident_id, member_id=self.row.pk, actor=self.request.user)


class CloseView(IncidentMixin, StateMixin, RowFormView):
    """Closes a case, or says what is missing and where."""

    form_class = CloseForm
    permission_required = HANDLE
    states = (Status.HANDLING, Status.REPORTED)
    template_name = "incidents/incident_close.html"
    title = gettext_lazy("Close the case")
    lead = gettext_lazy("A closed case can be opened again, with a reason.")
    submit_label = gettext_lazy("Close the case")
    success_message = gettext_lazy("The case has been closed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what is missing; in a drill, with what it leaves out."""
        return super().get_context_data(
            incident=self.row,
            obstacles=services.closing_obstacles(self.row),
            left_out=services.steps_left_out(self.row),
            **kwargs,
        )

    def carry_out(self, form: CloseForm) -> None:
        services.close(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )


class DismissView(IncidentMixin, StateMixin, RowFormView):
    """Says that it is no incident."""

    form_class = ReasonForm
    permission_required = HANDLE
    states = OPEN_STATUSES
    title = gettext_lazy("This is not an incident")
    lead = gettext_lazy(
        "It stays in the register with the reason, and is not counted. It can be opened again."
    )
    submit_label = gettext_lazy("This is not an incident")
    success_message = gettext_lazy("It is marked as no incident.")

    def carry_out(self, form: ReasonForm) -> None:
        services.dismiss(
            self.row.pk, **form.cleaned_data, actor=self.request.user, now=timezone.now()
        )


class PromoteView(IncidentMixin, StateMixin, RowFormView):
    """Says that a near miss was an incident after all."""

    form_class = ReasonForm
    permission_required = HANDLE
    states = OPEN_STATUSES
    title = gettext_lazy("It was an incident after all")
    lead = gettext_lazy(
        "Number and first report stay. What was assessed is assessed again, and legal deadlines "
        "may follow."
    )
    submit_label = gettext_lazy("It was an incident")
    success_message = gettext_lazy("It is an incident now. Please look at the legal days.")

    def carry_out(self, form: ReasonForm) -> None:
        services.promote(
            self.row.pk,
            **form.cleaned_data,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )


class ReopenView(IncidentMixin, StateMixin, RowFormView):
    """Takes a case in hand again."""

    form_class = ReasonForm
    permission_required = HANDLE
    states = (Status.CLOSED, Status.DISMISSED)
    title = gettext_lazy("Open the case again")
    lead = gettext_lazy("That it was closed stays in the journal and the timeline.")
    submit_label = gettext_lazy("Open it again")
    success_message = gettext_lazy("The case is in hand again.")

    def carry_out(self, form: ReasonForm) -> None:
        services.reopen(
            self.row.pk, **form.cleaned_data, actor=self.request.user, now=timezone.now()
        )
