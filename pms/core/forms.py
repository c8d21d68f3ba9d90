"""Form fields that every subject needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# Django's own word for a select without a choice; it stands here because Django has no Japanese
# for it.
BLANK_CHOICE_LABEL = _("- Select an option -")


class DayInput(forms.DateInput):
    """A day, picked in the browser's calendar or typed."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayForm(forms.Form):
    """Asks for which day a page is to be shown; without one it is today."""

    day = forms.DateField(label=_("On the day"), widget=DayInput, required=False)
