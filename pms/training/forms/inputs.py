"""Inputs that several of training's forms share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.forms.models import BaseInlineFormSet
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


class ListedField(forms.ModelChoiceField):
    """A choice among rows that were read once, where every row of a form offers the same."""

    def __init__(self, listed: Iterable[models.Model], **kwargs: Any) -> None:
        self.listed = {str(it.pk): it for it in listed}
        super().__init__(queryset=None, **kwargs)
        if not self.widget.is_hidden:
            empty = [("", self.empty_label)] if self.empty_label is not None else []
            self.choices = [*empty, *((key, str(it)) for key, it in self.listed.items())]

    def to_python(self, value: Any) -> models.Model | None:
        """The row, without asking the database again."""
        if value in self.empty_values:
            return None
        try:
            return self.listed[str(getattr(value, "pk", value))]
        except KeyError:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": value},
            ) from None


class ListedRows(BaseInlineFormSet):
    """Rows of a form that know each other: their keys are looked up among what was read."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Replace the hidden key, which would ask the database once a row."""
        super().add_fields(form, index)
        name = self._pk_field.name
        form.fields[name] = ListedField(
            self.get_queryset(),
            initial=form.fields[name].initial,
            required=False,
            widget=forms.HiddenInput,
        )


class ReasonForm(forms.Form):
    """Asks why."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=rows(3),
        max_length=1000,
        help_text=_("It is kept in the journal."),
    )
