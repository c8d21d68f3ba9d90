"""Forms of the report desk."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pms.core.forms import DayInput
from pms.incidents.choices import ITEMS_FOR_PERSONS, Item
from pms.incidents.services import Words, mark_of

KNOWN: Final = "_known"
PLANNED: Final = "_planned"

# What the guideline wants inside each item (general rules 3-5-3-3).
HELP: Final = {
    Item.OVERVIEW: _(
        "When it occurred and was noticed, what happened, who noticed it, which trigger applies, "
        "whether a client or contractor is concerned, and the course of events."
    ),
    Item.DATA_ITEMS: _("The items, the medium, and whose data it is: customers, workers …"),
    Item.PERSONS_COUNT: _("The number, or the possible maximum while it is not known."),
    Item.CAUSE: _("The cause, and where it arose: with us or with a contractor."),
    Item.SECONDARY_DAMAGE: _("Whether there is any or it is to be feared, and what."),
    Item.RESPONSE: _("What was done for the persons, notices included."),
    Item.PUBLICATION: _("Whether, when and where the case was or will be published."),
    Item.PREVENTION: _("Measures against recurrence: what is done, and what is still planned."),
    Item.OTHER: _("Whatever else helps to understand. “Nothing in particular” is known, too."),
}


def _help(item: Item) -> Any:
    """What belongs into an item, and whether the persons read it, too."""
    if item not in ITEMS_FOR_PERSONS:
        return HELP[item]
    return format_lazy("{} {}", HELP[item], _("The persons are told this, too."))


class DeskForm(forms.Form):
    """The nine items; each is written once for all reports of the case."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, content: Mapping[str, Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = mark_of(content)
        for item in Item:
            now = content[item]
            self.fields[item.value] = forms.CharField(
                label=pgettext_lazy("measures", "Done") if item == Item.PREVENTION else item.label,
                help_text=_help(item),
                required=False,
                initial=now["text"],
                widget=forms.Textarea(attrs={"rows": 5}),
            )
            if item == Item.PREVENTION:
                self.fields[item.value + PLANNED] = forms.CharField(
                    label=_("Planned"),
                    required=False,
                    initial=now["planned"],
                    widget=forms.Textarea(attrs={"rows": 3}),
                )
            self.fields[item.value + KNOWN] = forms.BooleanField(
                label=_("All of it is known"), required=False, initial=now["is_known"]
            )

    def words(self) -> dict[str, Words]:
        """What was written, by item."""
        facts = self.cleaned_data
        return {
            item.value: Words(
                facts[item.value], facts.get(item.value + PLANNED, ""), facts[item.value + KNOWN]
            )
            for item in Item
        }


class FilingForm(forms.Form):
    """To whom a report went, and when."""

    receiver = forms.CharField(label=_("Receiver"), max_length=100)
    filed_on = forms.DateField(label=_("Filed on"), widget=DayInput)
    receipt_number = forms.CharField(
        label=_("Receipt number"),
        max_length=60,
        required=False,
        help_text=_("What the receiver called it. It can be left empty."),
    )
    note = forms.CharField(
        label=_("Note on the difference to the version before"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DifferenceForm(forms.Form):
    """What the change of facts means for what was filed."""

    note = forms.CharField(
        label=_("What changed, and why what was filed stays right"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WaiverForm(forms.Form):
    """By which rule something need not be done, and why it holds."""

    rule = forms.CharField(
        label=_("Article or rule"),
        max_length=200,
        help_text=_("E.g. APPI art. 26 (1), proviso."),
    )
    reason = forms.CharField(label=_("Why it holds here"), widget=forms.Textarea(attrs={"rows": 4}))


class WhyForm(forms.Form):
    """A reason that is kept."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}))
