"""How files come in: one or several at a time, with what the document says of itself."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .checks import KINDS, check_outside, clean_name


class MultipleFileInput(forms.FileInput):
    """A choice of several files."""

    allow_multiple_selected = True


class MultipleEvidenceField(forms.FileField):
    """One or several files; its value is a list.

    Names and sizes are judged here, for all files at once; the content is the service's matter.
    """

    widget = MultipleFileInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Files"))
        kwargs.setdefault(
            "help_text", _("PDF, pictures, text, CSV or Office files; several at once if needed.")
        )
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let the browser offer only what is accepted."""
        return super().widget_attrs(widget) | {"accept": ",".join(KINDS)}

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files chosen, or everything that speaks against them."""
        files = (data if isinstance(data, list | tuple) else [data]) or [None]
        chosen, problems = [], []
        for file in files:
            try:
                if one := super().clean(file, initial):
                    check_outside(
                        clean_name(one.name), size=one.size, max_bytes=settings.EVIDENCE_MAX_BYTES
                    )
                    chosen.append(one)
            except ValidationError as problem:
                problems.append(problem)
        if problems:
            raise ValidationError(problems)
        return chosen


class EvidenceUploadForm(forms.Form):
    """Files for one record; a page of the record's own app hands them to `services.attach_all`."""

    evidence = MultipleEvidenceField()
    stated_on = forms.DateField(
        label=_("Date of the document"),
        required=False,
        help_text=_("The date that the document itself bears, where it bears one."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_stated_on(self) -> date | None:
        """A document is not dated in the future."""
        stated_on = self.cleaned_data["stated_on"]
        if stated_on and stated_on > self.today:
            raise ValidationError(
                gettext("The document cannot bear a date after today. Please correct the date.")
            )
        return stated_on
