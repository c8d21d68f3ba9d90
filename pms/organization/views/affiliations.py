"""Where people belong, when they are away, and when they leave."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.core.pages import ConfirmView
from pms.organization import services
from pms.organization.forms import (
    ConcurrentPostForm,
    CorrectAffiliationForm,
    EndEmploymentForm,
    LastDayForm,
    LeaveForm,
    MoveForm,
    ReasonForm,
)
from pms.organization.models import Affiliation, Leave

from .people import OfPersonFormView, PersonFormView


class PersonMoveView(PersonFormView):
    """Somebody moves to another department, or works on other terms."""

    form_class = MoveForm
    permission_required = "organization.add_affiliation"
    title = gettext_lazy("Register a move")
    submit_label = gettext_lazy("Register the move")
    success_message = gettext_lazy("The move has been registered.")

    def get_initial(self) -> dict[str, Any]:
        """The present place, so that only what changes is entered."""
        main = self.person.affiliations.primary().on(timezone.localdate()).first()
        if main is None:
            return {}
        return {
            "department": main.department_id,
            "employment_kind": main.employment_kind,
            "post": main.post,
        }

    def carry_out(self, form: Any) -> None:
        services.move_person(self.person.pk, **form.cleaned_data, actor=self.request.user)


class AffiliationCorrectView(OfPersonFormView):
    """An affiliation was wrong from its first day."""

    model = Affiliation
    form_class = CorrectAffiliationForm
    permission_required = "organization.change_affiliation"
    title = gettext_lazy("Correct an affiliation")
    submit_label = gettext_lazy("Save the correction")
    success_message = gettext_lazy("The affiliation has been corrected.")

    def get_lead(self) -> str:
        return _(
            "Only for an entry that was wrong from its first day. When somebody really moves, "
            "register a move, so that the former place stays known."
        )

    def get_initial(self) -> dict[str, Any]:
        return {
            "department": self.row.department_id,
            "employment_kind": self.row.employment_kind,
            "post": self.row.post,
        }

    def carry_out(self, form: Any) -> None:
        services.correct_affiliation(self.row.pk, **form.cleaned_data, actor=self.request.user)


class ConcurrentPostCreateView(PersonFormView):
    """Somebody belongs to a second department as well."""

    form_class = ConcurrentPostForm
    permission_required = "organization.add_affiliation"
    title = gettext_lazy("Add a concurrent post")
    submit_label = gettext_lazy("Add the post")
    success_message = gettext_lazy("The concurrent post has been added.")

    def carry_out(self, form: Any) -> None:
        services.add_concurrent_post(self.person.pk, **form.cleaned_data, actor=self.request.user)


class ConcurrentPostEndView(OfPersonFormView, ConfirmView):
    """A second affiliation ends."""

    model = Affiliation
    form_class = LastDayForm
    permission_required = "organization.change_affiliation"
    title = gettext_lazy("End a concurrent post")
    submit_label = gettext_lazy("End the post")
    consequence = gettext_lazy("The main affiliation stays as it is.")
    success_message = gettext_lazy("The end of the concurrent post has been registered.")

    def get_text(self) -> str:
        return _("%(person)s no longer belongs to “%(department)s” after the day entered here.") % {
            "person": self.person,
            "department": self.row.department,
        }

    def carry_out(self, form: Any) -> None:
        services.end_concurrent_post(
            self.row.pk, ends_on=form.cleaned_data["ends_on"], actor=self.request.user
        )


class LeaveCreateView(PersonFormView):
    """Somebody is away for long."""

    form_class = LeaveForm
    permission_required = "organization.add_leave"
    title = gettext_lazy("Register a leave")
    submit_label = gettext_lazy("Register the leave")
    success_message = gettext_lazy("The leave has been registered.")

    def carry_out(self, form: Any) -> None:
        services.add_leave(self.person.pk, **form.cleaned_data, actor=self.request.user)


class LeaveEndView(OfPersonFormView):
    """The last day of a long absence is known, or another than planned."""

    model = Leave
    form_class = LastDayForm
    permission_required = "organization.change_leave"
    title = gettext_lazy("Set the end of a leave")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The end of the leave has been registered.")

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": self.row.ends_on}

    def carry_out(self, form: Any) -> None:
        services.end_leave(
            self.row.pk, ends_on=form.cleaned_data["ends_on"], actor=self.request.user
        )


class EmploymentEndView(PersonFormView, ConfirmView):
    """Somebody leaves."""

    form_class = EndEmploymentForm
    permission_required = "organization.change_person"
    title = gettext_lazy("Register leaving")
    submit_label = gettext_lazy("Register the last day")
    consequence = gettext_lazy(
        "Affiliations, leaves and posts of the management system end on that day, and signing in "
        "ends when it begins. The leaving can be taken back; the posts stay ended."
    )
    success_message = gettext_lazy("The last day has been registered.")

    def get_text(self) -> str:
        return _("%(number)s %(person)s leaves the company.") % {
            "number": self.person.employee_number,
            "person": self.person,
        }

    def get_initial(self) -> dict[str, Any]:
        return {"left_on": self.person.left_on}

    def carry_out(self, form: Any) -> None:
        services.end_employment(self.person.pk, **form.cleaned_data, actor=self.request.user)


class LeavingWithdrawView(PersonFormView, ConfirmView):
    """Somebody does not leave after all."""

    form_class = ReasonForm
    permission_required = "organization.change_person"
    title = gettext_lazy("Take back the leaving")
    submit_label = gettext_lazy("Take it back")
    is_calm = True
    consequence = gettext_lazy(
        "Affiliations that ended with the last day go on. Posts of the management system and "
        "leaves stay ended; register them again where needed."
    )
    success_message = gettext_lazy("The leaving has been taken back.")

    def get_text(self) -> str:
        return _("%(number)s %(person)s goes on working here.") % {
            "number": self.person.employee_number,
            "person": self.person,
        }

    def carry_out(self, form: Any) -> None:
        services.withdraw_leaving(self.person.pk, **form.cleaned_data, actor=self.request.user)
