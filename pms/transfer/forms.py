"""Forms of an import's steps."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .importers import Importer, OptionsForm, importer_class
from .models import ImportRun, SavedFilter

MAX_HEADINGS = 200


def upload_form(kind: type[Importer]) -> type[OptionsForm]:
    """The form that asks for a file and for the options of this kind of import."""

    class UploadForm(kind.options_form):  # type: ignore[name-defined]
        file = forms.FileField(
            label=gettext_lazy("File"),
            help_text=gettext_lazy(
                "An Excel workbook (.xlsx) or CSV, in Shift_JIS or Unicode. Nothing is written "
                "before you have seen what would change."
            ),
            max_length=255,
            widget=forms.ClearableFileInput(
                attrs={"accept": ".xlsx,.csv,.txt,.tsv,text/csv,text/plain"}
            ),
        )
        field_order = ("file",)

        def options(self) -> dict[str, Any]:
            """The answers beside the file."""
            self.cleaned_data.pop("file", None)
            return super().options()

    return UploadForm


class ColumnsForm(forms.Form):
    """What each heading of a file means."""

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run
        kind = importer_class(run.importer)
        choices = [("", _("Leave this column out"))]
        choices += [(spec.name, _choice(spec)) for spec in kind.headings]
        for name, heading in self.headings.items():
            self.fields[name] = forms.ChoiceField(
                label=heading[:100],
                choices=choices,
                initial=run.mapping.get(heading, ""),
                required=False,
            )
        unknown = [name for name, it in self.headings.items() if not run.mapping[it]]
        known = [name for name in self.headings if name not in unknown]
        self.groups = [
            (
                _("Headings that the system does not know"),
                _("Say what they mean, or leave them out. Your choice is remembered."),
                unknown,
            ),
            (_("Headings that the system has recognised"), "", known),
        ]

    @cached_property
    def headings(self) -> dict[str, str]:
        """Name of the field → heading."""
        return {f"heading_{i}": it for i, it in enumerate(list(self.run.mapping)[:MAX_HEADINGS])}

    def mapping(self) -> dict[str, str]:
        """The answers: heading → column."""
        return {it: self.cleaned_data[name] for name, it in self.headings.items()}


def _choice(spec: Any) -> str:
    label: str = spec.labels[0]
    return _("%(label)s (required)") % {"label": label} if spec.required else label


class ConfirmForm(forms.Form):
    """Names the preview that was seen."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class UndoForm(forms.Form):
    """Why an import is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It is kept in the journal."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class SavedFilterForm(forms.ModelForm):
    """A name for a filter; whose it is and of which list stand in the row already."""

    class Meta:
        model = SavedFilter
        fields = ("name",)

    def clean_name(self) -> str:
        """A name is taken within one's own filters of this list only."""
        name = self.cleaned_data["name"]
        row = self.instance
        if SavedFilter.objects.filter(owner=row.owner, path=row.path, name=name).exists():
            raise forms.ValidationError(_("You have a filter of this name for this list already."))
        return name
