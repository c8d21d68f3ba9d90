"""Forms of corrective actions; what they send is judged by the services."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pms.core.forms import BLANK_CHOICE_LABEL, DayInput, PlainSelect
from pms.cycles.models import Clause, GuidelineEdition
from pms.evidence.forms import MultipleEvidenceField
from pms.organization.forms import PersonField
from pms.organization.models import Department

from .choices import CauseClass, MeasureKind, Source, Spread, Verdict
from .models import CorrectiveAction, ExaminerFinding, Round

WHYS = 5
NUMBER_LENGTH = ExaminerFinding._meta.get_field("number").max_length or 0


def long_text(rows: int = 3) -> forms.Textarea:
    """A box for some lines."""
    return forms.Textarea({"rows": rows})


class FactsForm(forms.ModelForm):
    """What does not conform, where, and how grave it is."""

    groups: ClassVar[list[Any]] = [
        (_("What was found"), "", ["title", "fact", "criterion", "clause"]),
        (_("Where, and how serious"), "", ["department", "grade"]),
    ]

    class Meta:
        model = CorrectiveAction
        fields = ["title", "fact", "criterion", "clause", "department", "grade"]
        widgets: ClassVar = {
            "fact": long_text(4),
            "criterion": long_text(2),
            "clause": PlainSelect,
            "department": PlainSelect,
        }

    def __init__(self, *args: Any, clauses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["clause"].queryset = clauses
        fields["department"].queryset = Department.objects.all()

    def _post_clean(self) -> None:
        """The service judges; here only each field by itself."""


class RaiseForm(FactsForm):
    """A new action, for a source that has no pages of its own here."""

    source = forms.ChoiceField(
        label=_("Source"), choices=[("", BLANK_CHOICE_LABEL), *Source.choices]
    )
    source_label = forms.CharField(
        label=_("What it came from"),
        max_length=200,
        required=False,
        help_text=_("Number or name of the record, e.g. “audit 2026, finding 3”."),
    )
    cause_class = forms.ChoiceField(
        label=_("Kind of cause, if it is known"),
        required=False,
        choices=[("", _("Not known yet")), *CauseClass.choices],
        help_text=_("The analysis confirms it later."),
    )
    received_on = forms.DateField(
        label=_("Visited or received on"),
        widget=DayInput,
        required=False,
        help_text=_("Three months for the answer are counted from it, one for a repeated finding."),
    )
    is_repeated = forms.BooleanField(label=_("Repeated finding"), required=False)
    found_on = forms.DateField(label=_("Found on"), widget=DayInput)
    owner = PersonField(label=pgettext_lazy("corrective action", "Responsible"))
    due_on = forms.DateField(
        label=_("Due on"),
        widget=DayInput,
        help_text=_("By this day the measures are carried out. It stays as the first due date."),
    )

    groups: ClassVar = [
        (_("Where it comes from"), "", ["source", "source_label", "found_on"]),
        (
            _("Examiner's finding"),
            _("Only for this source, with the number of the finding above."),
            ["received_on", "is_repeated"],
        ),
        (_("What was found"), "", ["title", "fact", "criterion", "clause", "cause_class"]),
        (_("Where, and how serious"), "", ["department", "grade"]),
        (_("Who answers for it"), "", ["owner", "due_on"]),
    ]

    def clean(self) -> dict[str, Any]:
        """An examiner's finding has its number and its clock, and nothing else has one."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if facts.get("source") == Source.EXTERNAL:
            number = facts.get("source_label", "").strip()
            if not 0 < len(number) <= NUMBER_LENGTH:
                message = _("Enter the number of the finding, of at most %(length)s characters.")
                self.add_error("source_label", message % {"length": NUMBER_LENGTH})
            if not facts.get("received_on") and "received_on" not in self.errors:
                message = _("Enter the day of the visit, or on which the list of findings came.")
                self.add_error("received_on", message)
        elif facts.get("received_on") or facts.get("is_repeated"):
            message = _(
                "The days for the answer run for an examiner's finding only. Choose that source, "
                "or leave its fields empty."
            )
            self.add_error("source", message)
        return facts


class CorrectionForm(forms.Form):
    """What was done on the spot."""

    correction = forms.CharField(
        label=_("What was done at once"),
        widget=long_text(4),
        help_text=_("Where nothing had to be done, say why."),
    )
    corrected_on = forms.DateField(label=_("Done on"), widget=DayInput)


class CauseForm(forms.ModelForm):
    """Five times "why?", the cause, and where else it may be."""

    class Meta:
        model = Round
        fields = ["root_cause", "cause_class", "why_not_found", "spread", "similar_cases"]
        widgets: ClassVar = {
            "root_cause": long_text(),
            "why_not_found": long_text(),
            "similar_cases": long_text(),
            "spread": forms.RadioSelect,
        }

    def __init__(self, *args: Any, whys: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [f"why_{number}" for number in range(1, WHYS + 1)]
        for number, name in enumerate(names, start=1):
            self.fields[name] = forms.CharField(
                label=_("Why? (%(number)s)") % {"number": number},
                max_length=400,
                required=False,
                initial=whys[number - 1] if number <= len(whys) else "",
            )
        fields: Any = self.fields
        fields["spread"].choices = Spread.choices
        fields["spread"].label = _("Result")
        self.groups = [
            (
                _("Why did it happen?"),
                _("Ask “why?” of each answer until you reach what can be changed for good."),
                names,
            ),
            (_("The cause"), "", ["root_cause", "cause_class", "why_not_found"]),
            (
                _("Similar cases elsewhere"),
                _("Look where the same cause could be at work: other departments, other records."),
                ["spread", "similar_cases"],
            ),
        ]

    def _post_clean(self) -> None:
        """The service judges; here only each field by itself."""

    @property
    def answers(self) -> list[str]:
        """The answers in their order, empty ones included."""
        return [self.cleaned_data.get(f"why_{number}", "") for number in range(1, WHYS + 1)]

    @property
    def cause(self) -> dict[str, str]:
        """The other fields."""
        return {name: self.cleaned_data.get(name) or "" for name in self.Meta.fields}


class MeasureForm(forms.Form):
    """One thing that is changed, by whom and by when."""

    title = forms.CharField(
        label=pgettext_lazy("corrective action", "Measure"),
        max_length=300,
        widget=long_text(2),
        help_text=_("What is changed so that it does not happen again."),
    )
    kind = forms.ChoiceField(
        label=_("What it changes"), choices=MeasureKind, widget=forms.RadioSelect
    )
    owner = PersonField(label=pgettext_lazy("corrective action", "Responsible"))
    due_on = forms.DateField(label=_("Due on"), widget=DayInput)


class ResourcesForm(forms.Form):
    """What the plan takes."""

    resources = forms.CharField(
        label=_("Resources"),
        required=False,
        widget=long_text(),
        help_text=_("People, time and money that the plan takes."),
    )


class ReasonForm(forms.Form):
    """A reason that is kept."""

    reason = forms.CharField(label=_("Reason"), widget=long_text())


class ApproveForm(forms.Form):
    """The approval of a plan, with a remark if there is one."""

    comment = forms.CharField(label=_("Comment"), required=False, widget=long_text())


class PersonForm(ReasonForm):
    """Who answers from now on, and why."""

    owner = PersonField(label=pgettext_lazy("corrective action", "Responsible"))

    field_order = ["owner", "reason"]


class CheckerForm(forms.Form):
    """Who looks at the effect."""

    checker = PersonField(
        label=_("Checks the effect"),
        help_text=_(
            "Employee number or name. Not the person who answers for the action or a measure."
        ),
    )


class OptionalFilesField(MultipleEvidenceField):
    """Files that may also be brought later."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


class CompleteForm(forms.Form):
    """That a measure was carried out, with its proof."""

    done_on = forms.DateField(label=_("Carried out on"), widget=DayInput)
    result = forms.CharField(
        label=pgettext_lazy("corrective action", "What was done"), widget=long_text(4)
    )
    evidence = OptionalFilesField(
        label=_("Proof"),
        help_text=_(
            "A file that shows it: the new rule, a photo, a screen. It can be attached later, but "
            "the action closes with it only."
        ),
    )


class EffectForm(forms.Form):
    """What the check of the effect brought."""

    verdict = forms.ChoiceField(label=_("Effect"), choices=Verdict, widget=forms.RadioSelect)
    method = forms.CharField(
        label=_("How it was checked"),
        widget=long_text(2),
        help_text=_("E.g. records sampled and how many, people asked, the place looked at."),
    )
    result = forms.CharField(label=_("What was seen"), widget=long_text(4))
    new_due_on = forms.DateField(
        label=_("If it is not effective: due date of the next round"),
        required=False,
        widget=DayInput,
    )
    evidence = OptionalFilesField(label=_("Files"))


class CloseForm(forms.Form):
    """The end of an action."""

    comment = forms.CharField(
        label=_("Closing comment"),
        widget=long_text(),
        help_text=_("What was learned; it is read in the management review."),
    )
    reported_on = forms.DateField(
        label=_("Reported to top management on"), required=False, widget=DayInput
    )


class AcceptForm(ReasonForm):
    """A risk that is lived with for a time."""

    until = forms.DateField(
        label=pgettext_lazy("risk", "Accepted until"),
        widget=DayInput,
        help_text=_("On this day the action opens again by itself."),
    )


class ExtensionForm(forms.Form):
    """A later date, and why."""

    new_due_on = forms.DateField(label=_("New due date"), widget=DayInput)
    reason = forms.CharField(label=_("Reason"), widget=long_text())


class DecideForm(forms.Form):
    """Yes or no to a later date, with the reason."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[("grant", _("Grant the later date")), ("refuse", _("Refuse it"))],
    )
    answer = forms.CharField(label=_("Reason of the decision"), widget=long_text())


class RecurrenceForm(ReasonForm):
    """Which earlier action did not hold, or none."""

    earlier = forms.ModelChoiceField(
        label=_("Recurrence of"),
        queryset=CorrectiveAction.objects.none(),
        required=False,
        empty_label=_("It is not a recurrence"),
    )

    field_order = ["earlier", "reason"]

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["earlier"]
        field.queryset = candidates


class AnswerForm(forms.Form):
    """The answer that goes back to the examiner."""

    answer = forms.CharField(label=_("Answer to the examiner"), widget=long_text(6))


def clauses_on(day: date) -> Any:
    """The clauses that a finding of a day can be about."""
    return Clause.objects.filter(edition=GuidelineEdition.objects.on(day).first())
