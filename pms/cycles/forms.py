"""Forms of the years; what they send is judged by the services."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pms.core.forms import DayInput


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
