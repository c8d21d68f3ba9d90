"""What HR enters to log completions."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.core.text import fold, fold_code, listed
from pms.evidence.forms import MultipleEvidenceField
from pms.training.choices import Comprehension
from pms.training.importers.completions import CompletionOptionsForm
from pms.training.models import Campaign

MOST_LINES = 5_000


class CommonForm(CompletionOptionsForm):
    """What holds for everybody on the sheet, and the sheet itself."""

    sheets = MultipleEvidenceField(
        label=gettext_lazy("Attendance sheet"),
        required=False,
        help_text=gettext_lazy("A scan or photo of the signed sheet, kept as evidence."),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].widget = forms.HiddenInput()
        self.fields["campaign"].initial = campaign.pk
        self.fields["session"].queryset = campaign.sessions.all()
        self.fields["attended_on"].required = True
        self.fields["attended_on"].help_text = ""
        self.fields["attended_on"].initial = min(self.today, campaign.ends_on)
        self.fields["lecturer"].initial = campaign.lecturer


class PasteForm(CommonForm):
    """Employee numbers, pasted from anywhere."""

    numbers = forms.CharField(
        label=gettext_lazy("Employee numbers"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "One line for each person; a score may follow after a space, tab or comma."
        ),
    )
    field_order = ["campaign", "numbers", "attended_on", "method", "comprehension"]

    def clean_numbers(self) -> list[tuple[str, str]]:
        """Pairs of employee number and score ("" if none was given)."""
        pairs = []
        for line in self.cleaned_data["numbers"].splitlines():
            parts = fold(line).replace(",", " ").replace("\t", " ").split()
            if parts:
                pairs.append((fold_code(parts[0]), parts[1] if len(parts) > 1 else ""))
        if not pairs:
            raise forms.ValidationError(_("Enter at least one employee number."))
        if len(pairs) > MOST_LINES:
            raise forms.ValidationError(
                _("These are %(count)d lines; up to %(most)d can be pasted. Please use a file."),
                params={"count": len(pairs), "most": MOST_LINES},
            )
        return pairs

    def clean(self) -> dict[str, Any]:
        """A test asks for a score in every line."""
        data = super().clean()
        lacking = [number for number, score in data.get("numbers", ()) if not score]
        if data.get("comprehension") == Comprehension.TEST and lacking:
            text = _("With a test every line needs a score; it is missing for %(numbers)s.")
            shown = listed(lacking[:5]) + (" …" if len(lacking) > 5 else "")
            self.add_error("numbers", text % {"numbers": shown})
        return data

    def rows(self) -> list[tuple[str, str, str]]:
        """Number, day and score of each line."""
        day = self.cleaned_data["attended_on"].isoformat()
        return [(number, day, score) for number, score in self.cleaned_data["numbers"]]


class GridForm(CommonForm):
    """Ticks in a table of people; the inputs of the table are `p<record>`, `d…`, `s…`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticked: dict[str, tuple[str, str]] = {}
        if self.is_bound:
            for number in self.data.getlist("person"):
                self.ticked[number] = (
                    self.data.get(f"day-{number}", ""),
                    self.data.get(f"score-{number}", ""),
                )

    def clean(self) -> dict[str, Any]:
        """Somebody must be ticked; a test asks for a score of everybody ticked."""
        data = super().clean()
        if not self.ticked:
            raise forms.ValidationError(_("Tick at least one person."))
        lacking = [number for number, (_day, score) in self.ticked.items() if not score]
        if data.get("comprehension") == Comprehension.TEST and lacking:
            text = _("With a test everybody needs a score; it is missing for %(numbers)s.")
            shown = listed(lacking[:5]) + (" …" if len(lacking) > 5 else "")
            self.add_error("comprehension", text % {"numbers": shown})
        return data

    def rows(self) -> list[tuple[str, str, str]]:
        """Number, day and score of everybody ticked."""
        general = self.cleaned_data["attended_on"].isoformat()
        return [(number, day or general, score) for number, (day, score) in self.ticked.items()]


def as_table(rows: Iterable[tuple[str, str, str]]) -> io.BytesIO:
    """The rows as the file that the completions importer reads."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["社員番号", "受講日", "点数"])
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode("utf-8-sig"))
