"""Forms about one person in one campaign."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pms.core.forms import BLANK_CHOICE_LABEL, DayInput
from pms.organization.choices import EmploymentKind
from pms.organization.models import Department
from pms.training.choices import Comprehension, ExcuseReason, Method, RecordStatus
from pms.training.models import Excuse, FollowUp, TrainingRecord
from pms.training.trees import indented

from .inputs import ReasonForm, rows


class FollowUpForm(forms.ModelForm):
    """What was done about somebody who is not yet through."""

    class Meta:
        model = FollowUp
        fields = ["kind", "done_on", "result"]
        widgets = {"done_on": DayInput(), "result": rows(4), "kind": forms.RadioSelect}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["done_on"].widget.attrs["max"] = today.isoformat()
        self.fields["kind"].choices = FollowUp._meta.get_field("kind").choices

    def clean_done_on(self) -> date:
        """What is planned has not been done yet."""
        done_on: date = self.cleaned_data["done_on"]
        if done_on > self.today:
            raise forms.ValidationError(_("This day has not come yet. Enter when it was done."))
        return done_on


class ExcuseForm(forms.ModelForm):
    """Why somebody need not take part, for another person to decide."""

    class Meta:
        model = Excuse
        fields = ["reason", "note", "until"]
        widgets = {"reason": forms.RadioSelect, "note": rows(3), "until": DayInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = ExcuseReason.choices

    def clean(self) -> dict[str, Any]:
        """Another reason has to be told."""
        data = super().clean() or {}
        if data.get("reason") == ExcuseReason.OTHER and not data.get("note"):
            self.add_error("note", _("Explain the reason in a sentence."))
        return data


class CorrectionForm(forms.Form):
    """What a record should say; only what differs is handed on."""

    passed = forms.BooleanField(label=_("Passed"), required=False)
    attended_on = forms.DateField(label=_("trained on"), required=False, widget=DayInput())
    method = forms.ChoiceField(
        label=_("method"), required=False, choices=[("", BLANK_CHOICE_LABEL), *Method.choices]
    )
    comprehension = forms.ChoiceField(
        label=_("comprehension checked by"),
        required=False,
        choices=[("", BLANK_CHOICE_LABEL), *Comprehension.choices],
    )
    score = forms.IntegerField(
        label=_("score"), required=False, min_value=0, max_value=100, help_text=_("per cent")
    )
    lecturer = forms.CharField(label=_("lecturer"), required=False, max_length=100)
    department = forms.ModelChoiceField(
        label=_("department"), queryset=Department.objects.all(), empty_label=None
    )
    employment_kind = forms.ChoiceField(label=_("employment kind"), choices=EmploymentKind)
    due_on = forms.DateField(label=_("due on"), widget=DayInput())
    reason = ReasonForm.base_fields["reason"]

    groups = [
        (
            _("What was done"),
            "",
            ["passed", "attended_on", "method", "comprehension", "score", "lecturer"],
        ),
        (
            _("Facts of the opening day"),
            _("Only if they were wrong on that day: a later move changes nothing."),
            ["department", "employment_kind", "due_on"],
        ),
        (_("Why"), "", ["reason"]),
    ]

    def __init__(self, *args: Any, record: TrainingRecord, **kwargs: Any) -> None:
        initial = {
            name: getattr(record, name) for name in self.base_fields if hasattr(record, name)
        }
        initial |= {
            "passed": record.status == RecordStatus.PASSED,
            "department": record.department_id,
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        departments = Department.objects.order_by("code")
        self.fields["department"].choices = indented(
            (it.pk, it.parent_id, str(it)) for it in departments
        )

    def facts(self) -> dict[str, Any]:
        """What is to be different."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "reason"}

    def clean(self) -> dict[str, Any]:
        """A correction corrects something, and who has passed was trained on a day."""
        data = super().clean() or {}
        if not self.errors and not self.facts():
            self.add_error(None, _("Nothing is different. Change what is wrong."))
        if data.get("passed") and not data.get("attended_on"):
            self.add_error("attended_on", _("Enter the day on which the person was trained."))
        return data


class DecisionForm(forms.Form):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("approve", _("Approve the request")), ("refuse", _("Refuse the request"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("note on the decision"), required=False, widget=rows(3))

    @property
    def is_approval(self) -> bool:
        """Whether the request is granted."""
        return self.cleaned_data["decision"] == "approve"

    def clean(self) -> dict[str, Any]:
        """Whoever is refused may know why."""
        data = super().clean() or {}
        if data.get("decision") == "refuse" and not data.get("note"):
            self.add_error("note", _("Say why the request is refused."))
        return data
