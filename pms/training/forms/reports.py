"""Forms of the training report and of the yearly summary."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pms.core.forms import DayInput
from pms.cycles.models import Cycle
from pms.training.models import Report

from .inputs import rows


class ReportForm(forms.ModelForm):
    """The words of a report; its figures come from the records."""

    groups = [
        (
            _("Evaluation"),
            _("Was the content understood, and is it lived by? What should be better next year?"),
            ["opinions", "effectiveness", "improvements"],
        ),
        (
            _("Report to top management"),
            _("Both are needed before the report can be approved."),
            ["reported_to", "reported_on"],
        ),
    ]

    class Meta:
        model = Report
        fields = ["opinions", "effectiveness", "improvements", "reported_to", "reported_on"]
        widgets = {
            "opinions": rows(5),
            "effectiveness": rows(5),
            "improvements": rows(5),
            "reported_on": DayInput,
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["reported_on"].widget.attrs["max"] = today.isoformat()

    def clean_reported_on(self) -> date | None:
        """What is planned has not been reported yet."""
        reported_on: date | None = self.cleaned_data["reported_on"]
        if reported_on and reported_on > self.today:
            raise forms.ValidationError(_("This day has not come yet. Enter when it was reported."))
        return reported_on


class YearsForm(forms.Form):
    """Up to which fiscal year the summary reaches back."""

    until = forms.ModelChoiceField(
        label=_("Up to the fiscal year"),
        queryset=Cycle.objects.none(),
        required=False,
        empty_label=None,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].queryset = Cycle.objects.filter(starts_on__lte=today)
