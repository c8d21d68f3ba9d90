"""Forms of the notices to the persons concerned."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pms.core.forms import DayInput
from pms.incidents.models import PersonsNotice


class NoticeForm(forms.ModelForm):
    """One group of persons, and how it is told."""

    groups = (
        (_("Who is told, and how"), "", ["group", "method", "reason"]),
        (
            _("The text"),
            _(
                "The places in braces are filled from the items of the report; the name is filled "
                "in each letter. As soon as the day of telling is entered, the text stays as it "
                "went out."
            ),
            ["text"],
        ),
        (
            _("When it went out, and what came of it"),
            _("Leave it empty while the notice is only planned."),
            ["told_on", "sent", "returned", "reached"],
        ),
    )

    class Meta:
        model = PersonsNotice
        fields = (
            "group",
            "method",
            "reason",
            "text",
            "told_on",
            "sent",
            "returned",
            "reached",
        )
        widgets = {
            "method": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 22}),
            "reason": forms.Textarea(attrs={"rows": 3}),
            "told_on": DayInput,
        }
        help_texts = {
            "group": _("E.g. customers whose order was in the bag."),
            "reached": _("As far as it is known."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = PersonsNotice._meta.get_field("method").choices
        for name in ("sent", "returned"):
            self.fields[name].required = False
        if self.instance.told_on:
            self.fields["text"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Numbers that are left empty are none."""
        facts = super().clean() or self.cleaned_data
        for name in ("sent", "returned"):
            if name in facts and facts[name] is None:
                facts[name] = 0
        return facts

    def _post_clean(self) -> None:
        """Leave the judging to the service, which knows the case."""


class NotToldForm(forms.Form):
    """Why the persons are not told."""

    reason = forms.CharField(
        label=_("Why the persons are not told"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "E.g. all of it was recovered before anybody saw it; little harm is to be feared."
        ),
    )


class DropForm(forms.Form):
    """Why a planned notice does not go out."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class AddresseesForm(forms.Form):
    """A list of those to whom the letters go."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
        help_text=_("CSV (Shift_JIS or UTF-8) or Excel, with headings in the first row."),
    )
