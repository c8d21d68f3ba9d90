"""Forms of the years; what they send is judged by the services."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pms.core.forms import DayInput, PlainSelect
from pms.organization.forms import PersonField

from .choices import PlanStatus, Verdict
from .models import Clause, Cycle, GuidelineEdition, Milestone, Objective, YearPlan


class CycleForm(forms.Form):
    """A year's name and days."""

    name = forms.CharField(
        label=pgettext_lazy("cycle", "Name"),
        max_length=40,
        help_text=_("As people call it, e.g. 2026年度."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=DayInput)
    ends_on = forms.DateField(
        label=_("Last day of the year"),
        widget=DayInput,
        required=False,
        help_text=_("Twelve months from the first day if it is left empty."),
    )


class PlanMakeForm(forms.Form):
    """Where the plan of a year comes from."""

    source = forms.ChoiceField(
        label=_("Start from"),
        widget=forms.RadioSelect,
        choices=[
            ("last", _("the plan of the year before")),
            ("template", _("the usual year of a PMS (template)")),
            ("empty", _("an empty plan")),
        ],
    )

    def __init__(self, *args: Any, former: Cycle | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if former is None:
            field: Any = self.fields["source"]
            field.choices = field.choices[1:]
            field.initial = "template"
        else:
            self.fields["source"].initial = "last"


class PolicyForm(forms.ModelForm):
    """What matters this year."""

    class Meta:
        model = YearPlan
        fields = ["policy"]
        widgets: ClassVar = {"policy": forms.Textarea({"rows": 4})}


class ReasonForm(forms.Form):
    """A reason that is kept."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea({"rows": 3}))


class ApproveForm(forms.Form):
    """The approval of a plan; a late one says why."""

    late_reason = forms.CharField(
        label=_("Why the approval comes after the first activity"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, is_late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_late:
            self.fields["late_reason"].required = True
        else:
            del self.fields["late_reason"]


class MilestoneForm(forms.ModelForm):
    """What shall be done until when, and who answers for it."""

    owner = PersonField(label=_("Person responsible"), required=False)
    reason = forms.CharField(
        label=_("Why it comes on top of the approved plan"),
        widget=forms.Textarea({"rows": 2}),
    )

    class Meta:
        model = Milestone
        fields = [
            "title",
            "title_en",
            "phase",
            "due_on",
            "role",
            "clause",
            "fulfilment",
            "records",
        ]
        widgets: ClassVar = {"due_on": DayInput, "clause": PlainSelect}

    def __init__(self, *args: Any, plan: YearPlan, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        name_owner(self)
        fields["clause"].queryset = Clause.objects.filter(
            edition=GuidelineEdition.objects.on(max(today, plan.cycle.starts_on)).first()
        )
        is_new = self.instance.pk is None
        if not (is_new and plan.is_in_force):
            del fields["reason"]
        if not is_new and plan.status != PlanStatus.DRAFT:
            # What was approved stays; the page says so, the service keeps it.
            for name in ("title", "phase", "due_on", "clause", "fulfilment"):
                del fields[name]

    def _post_clean(self) -> None:
        """The service judges; here only each field by itself."""


class CompleteForm(forms.Form):
    """That a milestone is done."""

    done_on = forms.DateField(label=_("Done on"), widget=DayInput)
    result = forms.CharField(
        label=_("What was done, and where the proof is"), widget=forms.Textarea({"rows": 4})
    )


class ExtensionForm(forms.Form):
    """A later date, and why."""

    new_due_on = forms.DateField(label=_("New due date"), widget=DayInput)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea({"rows": 3}))


class DecideForm(forms.Form):
    """Yes or no to a later date."""

    decision = forms.ChoiceField(
        label=pgettext_lazy("later date", "Decision"),
        widget=forms.RadioSelect,
        choices=[("grant", _("Grant the later date")), ("refuse", _("Refuse it"))],
    )
    answer = forms.CharField(
        label=_("Answer"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed if it is refused."),
    )


class ObjectiveForm(forms.ModelForm):
    """What the year shall reach."""

    owner = PersonField(label=_("Person responsible"), required=False)

    class Meta:
        model = Objective
        fields = ["title", "measure", "target", "due_on"]
        widgets: ClassVar = {"due_on": DayInput}

    def __init__(self, *args: Any, is_approved: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_owner(self)
        if is_approved:
            # As with milestones: the page says that this stays, the service keeps it.
            for name in ("title", "measure", "target"):
                del self.fields[name]

    def _post_clean(self) -> None:
        """The service judges; here only each field by itself."""


class MeasureForm(forms.Form):
    """What came of an objective."""

    measured_on = forms.DateField(label=_("Measured on"), widget=DayInput)
    result = forms.CharField(label=_("Result"), max_length=200)
    verdict = forms.ChoiceField(
        label=_("Reached?"), choices=Verdict.choices, widget=forms.RadioSelect
    )


def name_owner(form: Any) -> None:
    """Show who answers by number and name, as the field takes it back."""
    owner = form.instance.owner
    if owner:
        form.initial["owner"] = owner.employee_number
        form.fields["owner"].help_text = _("Now: %(person)s. Employee number, or the name.") % {
            "person": owner
        }
