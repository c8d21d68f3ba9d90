"""Inputs that several of training's forms share."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class MonthField(forms.DateField):
    """A month, kept as its first day."""

    widget = forms.DateInput(attrs={"type": "month", "placeholder": "2026-04"}, format="%Y-%m")
    default_error_messages = {"invalid": _("Enter a month like 2026-04.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m", "%Y-%m-%d", "%Y/%m", "%Y/%m/%d", "%Y年%m月"])
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The first day of the month."""
        day = super().to_python(value)
        return day.replace(day=1) if day else None


def rows(number: int) -> forms.Textarea:
    """A text area of some rows."""
    return forms.Textarea(attrs={"rows": number})


class ReasonForm(forms.Form):
    """Asks why."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=rows(3),
        max_length=1000,
        help_text=_("It is kept in the journal."),
    )
