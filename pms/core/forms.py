"""Form fields that every subject needs."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A day, picked in the browser's calendar or typed."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
