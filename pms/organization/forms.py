"""Forms of the organization; what they send is judged by the services."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pms.accounts.roles import Role
from pms.core.forms import DayInput
from pms.core.text import fold, fold_code, listed

from .choices import EmploymentKind, LeaveKind
from .filters import department_choices
from .models import Company, Department, Person, Site

MAX_CANDIDATES = 8
REASON_HELP = _("It is kept in the journal.")


class DepartmentIterator(forms.models.ModelChoiceIterator):
    """Departments in the order of their tree, indented."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield ("", str(self.field.empty_label))
        yield from department_choices(self.queryset)


class DepartmentField(forms.ModelChoiceField):
    """A department that exists today or will."""

    iterator = DepartmentIterator

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Department"))
        super().__init__(queryset=Department.objects.none(), **kwargs)

    def offer(self, today: date) -> None:
        """Offer the departments that have not been closed before `today`."""
        self.queryset = Department.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today))


class PersonField(forms.CharField):
    """Somebody, typed as employee number, name or kana; its value is the person."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", pgettext_lazy("appointment", "Person"))
        kwargs.setdefault("help_text", _("Employee number, or the name if nobody else has it."))
        kwargs.setdefault("max_length", 100)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Person | None:
        """The one person meant, or who could be meant."""
        text = super().clean(value)
        if not text:
            return None
        people = Person.objects.all()
        exact = people.filter(employee_number=fold_code(text)).first()
        found = [exact] if exact else list(people.search(text)[: MAX_CANDIDATES + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                gettext(
                    "Nobody was found for “%(text)s”. Please check the employee number or the name."
                ),
                params={"text": text},
            )
        names = listed(f"{it.employee_number} {it}" for it in found[:MAX_CANDIDATES])
        raise ValidationError(
            gettext(
                "Several people match “%(text)s”: %(names)s. Please enter the employee number."
            ),
            params={"text": text, "names": names + (" …" if len(found) > MAX_CANDIDATES else "")},
        )


class DayField(forms.DateField):
    """A day, picked in a calendar."""

    widget = DayInput


class ReasonForm(forms.Form):
    """Asks why."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=REASON_HELP)


class OptionalReason(forms.CharField):
    """Why, where somebody wants to say it."""

    def __init__(self) -> None:
        super().__init__(label=_("Reason"), max_length=200, required=False, help_text=REASON_HELP)


class PersonForm(forms.ModelForm):
    """Who somebody is."""

    groups = [
        (_("Name"), "", ["family_name", "given_name", "family_kana", "given_kana"]),
        (_("Employment"), "", ["employee_number", "email", "joined_on"]),
        (
            _("First affiliation"),
            _("Where this person belongs from the day of joining on."),
            ["department", "employment_kind", "post"],
        ),
    ]

    class Meta:
        model = Person
        fields = [
            "family_name",
            "given_name",
            "family_kana",
            "given_kana",
            "employee_number",
            "email",
            "joined_on",
        ]
        widgets = {"joined_on": DayInput}

    def clean_employee_number(self) -> str:
        """As it is stored, so that a number that is taken is found."""
        return fold_code(self.cleaned_data["employee_number"])

    def clean_family_name(self) -> str:
        """As it is stored."""
        return fold(self.cleaned_data["family_name"])


class AffiliationTerms(forms.Form):
    """Where somebody belongs, and on which terms."""

    department = DepartmentField()
    employment_kind = forms.ChoiceField(
        label=_("Employment kind"),
        choices=EmploymentKind.choices,
        initial=EmploymentKind.REGULAR,
    )
    post = forms.CharField(label=_("Post"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].offer(timezone.localdate())


class PersonCreateForm(AffiliationTerms, PersonForm):
    """Somebody new, with the first affiliation."""


class PersonUpdateForm(PersonForm):
    """What has changed about somebody, and why."""

    reason = OptionalReason()


class MoveForm(AffiliationTerms):
    """The next main affiliation."""

    on = DayField(
        label=_("First day at the new place"),
        help_text=_("The present affiliation ends on the day before."),
    )
    reason = OptionalReason()


class CorrectAffiliationForm(AffiliationTerms):
    """What should have been entered."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=REASON_HELP)


class ConcurrentPostForm(forms.Form):
    """A second department beside the main one."""

    department = DepartmentField()
    post = forms.CharField(label=_("Post"), max_length=60, required=False)
    starts_on = DayField(label=_("From"))
    ends_on = DayField(
        label=_("To"), required=False, help_text=_("Leave it empty until further notice.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].offer(timezone.localdate())


class LastDayForm(forms.Form):
    """The last day of something."""

    ends_on = DayField(label=pgettext_lazy("period", "Last day"))


class LastDayAndReasonForm(LastDayForm):
    """The last day of something, and why it ends."""

    reason = OptionalReason()


class LeaveForm(forms.Form):
    """A long absence."""

    kind = forms.ChoiceField(label=_("Kind of leave"), choices=LeaveKind.choices)
    starts_on = DayField(label=_("From"))
    ends_on = DayField(
        label=_("To"), required=False, help_text=_("Leave it empty until the day is known.")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class EndEmploymentForm(forms.Form):
    """Somebody's last day."""

    left_on = DayField(
        label=_("Last day of employment"),
        help_text=_("Signing in ends when this day begins."),
    )
    reason = OptionalReason()


class DepartmentForm(forms.Form):
    """A new department."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=pgettext_lazy("place", "Name"), max_length=100)
    name_en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    parent = DepartmentField(
        label=_("Belongs to"), required=False, empty_label=_("Nothing above it")
    )
    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.all(), required=False)
    starts_on = DayField(label=_("Exists from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].offer(timezone.localdate())


class DepartmentUpdateForm(forms.Form):
    """What of a department has no history of its own."""

    code = forms.CharField(label=_("Code"), max_length=20)
    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.all(), required=False)


class RenameDepartmentForm(forms.Form):
    """Another name from a day on."""

    name = forms.CharField(label=_("New name"), max_length=100)
    name_en = forms.CharField(label=_("New name in English"), max_length=100, required=False)
    on = DayField(
        label=_("First day of the new name"),
        help_text=_("Before this day, records keep the former name."),
    )
    reason = OptionalReason()


class MoveDepartmentForm(forms.Form):
    """Another place in the tree."""

    parent = DepartmentField(
        label=_("Belongs to"), required=False, empty_label=_("Nothing above it")
    )
    reason = OptionalReason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].offer(timezone.localdate())


class SiteForm(forms.ModelForm):
    """A place of business."""

    class Meta:
        model = Site
        fields = ["code", "name", "name_en", "address"]


class CompanyForm(forms.ModelForm):
    """What stands at the head of papers."""

    class Meta:
        model = Company
        fields = [
            "name",
            "name_en",
            "address",
            "representative_title",
            "first_month",
            "privacy_mark_number",
        ]


class ClosedDayForm(forms.Form):
    """When the company is closed, and why."""

    first = DayField(label=_("First closed day"))
    last = DayField(
        label=_("Last closed day"), required=False, help_text=_("Leave it empty for a single day.")
    )
    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("For example “Summer holidays”.")
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    is_public_holiday = forms.BooleanField(
        label=_("A new public holiday"),
        required=False,
        help_text=_(
            "Tick it only for a holiday made by law that this system does not know yet: legal days "
            "that end on it move to the next day."
        ),
    )


class AppointForm(forms.Form):
    """Who is named for which post."""

    groups = [
        (_("Post and person"), "", ["role", "person", "department"]),
        (_("Period"), "", ["starts_on", "ends_on"]),
        (_("Letter of appointment"), "", ["appointed_by", "note"]),
    ]

    role = forms.ChoiceField(label=pgettext_lazy("appointment", "Post"), choices=Role.choices)
    person = PersonField()
    department = DepartmentField(
        required=False,
        empty_label=_("No department"),
        help_text=_("Only for a department privacy manager: the department, with those below it."),
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(
        label=_("To"), required=False, help_text=_("Leave it empty until further notice.")
    )
    appointed_by = forms.CharField(
        label=_("Appointed by"),
        max_length=100,
        required=False,
        help_text=_("As it stands in the letter; the representative if it is left empty."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].offer(timezone.localdate())
