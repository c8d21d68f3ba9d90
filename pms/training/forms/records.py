"""Forms about one person in one campaign."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pms.training.choices import ExcuseReason
from pms.training.models import Excuse, FollowUp

from .inputs import day_input, rows


class FollowUpForm(forms.ModelForm):
    """What was done about somebody who is not yet through."""

    class Meta:
        model = FollowUp
        fields = ["kind", "done_on", "result"]
        widgets = {"done_on": day_input(), "result": rows(4), "kind": forms.RadioSelect}

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
        widgets = {"reason": forms.RadioSelect, "note": rows(3), "until": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = ExcuseReason.choices

    def clean(self) -> dict[str, Any]:
        """Another reason has to be told."""
        data = super().clean() or {}
        if data.get("reason") == ExcuseReason.OTHER and not data.get("note"):
            self.add_error("note", _("Explain the reason in a sentence."))
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
