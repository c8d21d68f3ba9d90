"""Form fields that every subject needs."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

# Django's own word for a select without a choice; it stands here because Django has no Japanese
# for it.
BLANK_CHOICE_LABEL = _("- Select an option -")

SELECTED = mark_safe(" selected")


class DayInput(forms.DateInput):
    """A day, picked in the browser's calendar or typed."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and a time of it, picked in the browser or typed; to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class PlainSelect(forms.Select):
    """A `<select>` written at once; a template for each of hundreds of options takes its time."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The element with its options; the same as Django's, without groups of options."""
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, SELECTED if str(key) in chosen else "", label)
                for key, label in (
                    ("" if key is None else key, label) for key, label in self.choices
                )
            ),
        )
        facts = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(facts), options)


class DayForm(forms.Form):
    """Asks for which day a page is to be shown; without one it is today."""

    day = forms.DateField(label=_("On the day"), widget=DayInput, required=False)
