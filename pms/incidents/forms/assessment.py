"""The checklist of facts by which a case is judged."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pms.core.forms import DayInput
from pms.incidents.choices import (
    Answer,
    ByWhom,
    CategoryList,
    CountKind,
    Event,
    FactCode,
    HandlingRole,
    Medium,
)
from pms.incidents.judging import Rule
from pms.incidents.models import Category
from pms.incidents.reports import sentence_of
from pms.incidents.services import Known

# As they are asked: what is sure on one side, what is not on the other, "not known yet" between.
ANSWERS: Final = [
    (it.value, it.label) for it in (Answer.YES, Answer.SUSPECTED, Answer.UNKNOWN, Answer.NO)
]
FACT: Final = "fact_"
KNOWN_ON: Final = "known_"
MN_KINDS: Final = [("", _("As many as persons")), *CountKind.choices]


class FactsForm(forms.Form):
    """What is known of a case, whether or not it brings anything.

    Args:
        asked: the facts that rules ask for.
        triggers: every trigger of the rules, with a rule that says what it is.
        draft: what the last assessment said.
        is_anew: whether the case was judged before; then a reason is needed, else only for days
            of knowing that are later than the noticing.
        year: the statistical year of the classes.
        number: of the last assessment, to notice another one between reading and sending.
    """

    events = forms.MultipleChoiceField(
        label=_("What happened to the information"),
        choices=Event,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked means that it is not known yet."),
    )
    event_class = forms.ModelChoiceField(
        label=_("class of the event"),
        queryset=Category.objects.none(),
        required=False,
        help_text=_("As the examining bodies count it."),
    )
    role = forms.ChoiceField(
        label=_("Our role"),
        choices=HandlingRole,
        initial=HandlingRole.OWN,
        required=False,
        widget=forms.RadioSelect,
    )
    by_whom = forms.ChoiceField(
        label=_("By whose hand"),
        choices=ByWhom,
        initial=ByWhom.UNKNOWN,
        required=False,
        widget=forms.RadioSelect,
    )
    data_items = forms.CharField(
        label=_("Items of data"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("E.g. name, address, telephone number."),
    )
    medium = forms.ChoiceField(
        label=pgettext_lazy("of data", "Medium"),
        choices=Medium,
        initial=Medium.UNKNOWN,
        required=False,
        widget=forms.RadioSelect,
    )
    consignor_told_on = forms.DateField(
        label=_("Client told on"),
        required=False,
        widget=DayInput,
        help_text=_("Only for data that a client entrusted to us."),
    )
    persons_kind = forms.ChoiceField(
        label=_("How well the number is known"),
        choices=CountKind,
        initial=CountKind.UNKNOWN,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("As long as only the possible maximum is known, it decides."),
    )
    persons = forms.IntegerField(
        label=_("How many persons"), required=False, min_value=0, max_value=2_000_000_000
    )
    my_number_kind = forms.ChoiceField(
        label=_("Of them with My Number"),
        choices=MN_KINDS,
        required=False,
        widget=forms.RadioSelect,
    )
    my_number_persons = forms.IntegerField(
        label=_("How many with My Number"), required=False, min_value=0, max_value=2_000_000_000
    )
    note = forms.CharField(
        label=_("Why it is assessed again"), widget=forms.Textarea(attrs={"rows": 2})
    )
    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        asked: Iterable[FactCode],
        triggers: Mapping[str, Rule],
        draft: Known,
        is_anew: bool,
        year: int,
        number: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.triggers, self.latest_number = list(asked), triggers, number
        self.draft = draft
        for code in self.asked:
            self.fields[f"{FACT}{code}"] = forms.ChoiceField(
                label=code.label,
                choices=ANSWERS,
                required=False,
                initial=draft.answers.get(code, Answer.UNKNOWN),
                widget=forms.RadioSelect,
            )
        for trigger, rule in triggers.items():
            self.fields[f"{KNOWN_ON}{trigger}"] = forms.DateField(
                label=sentence_of(rule),
                required=False,
                widget=DayInput,
                initial=draft.known_on.get(trigger),
            )
        classes = Category.objects.of(CategoryList.CLASS, year)
        self.fields["event_class"].queryset = classes
        self.fields["number"].initial = number
        if not is_anew:
            note = self.fields["note"]
            note.label, note.required = _("Remark"), False
            note.help_text = _("Needed where something became known later than it was noticed.")

    @property
    def groups(self) -> list[tuple[Any, Any, list[str]]]:
        """The order in which it is filled in; the days of knowing stand beside the preview."""
        return [
            (_("The event"), "", ["events", "event_class", "role", "by_whom"]),
            (
                _("Facts that the rules ask for"),
                _("“Not known yet” is an answer: the days are counted until it is known."),
                [f"{FACT}{code}" for code in self.asked],
            ),
            (
                _("How many persons"),
                "",
                ["persons_kind", "persons", "my_number_kind", "my_number_persons"],
            ),
            (_("Data"), "", ["data_items", "medium", "consignor_told_on"]),
        ]

    def asks_days_at_once(self, fields: Iterable[forms.BoundField]) -> bool:
        """Whether a day of knowing was stated, or refused, so that the days are shown unasked."""
        return any(field.value() or field.errors for field in fields)

    def known_on_fields(self, met: Mapping[str, Rule]) -> list[forms.BoundField]:
        """The days of knowing of the triggers that are met, each called by the rule that is."""
        fields = []
        for code, rule in met.items():
            if code in self.triggers:
                field = self[f"{KNOWN_ON}{code}"]
                field.label = sentence_of(rule)
                fields.append(field)
        return fields

    def clean_number(self) -> int:
        """Refuse to judge by facts that somebody has replaced since they were read."""
        number = self.cleaned_data["number"]
        if number != self.latest_number:
            raise forms.ValidationError(
                gettext(
                    "Somebody else has assessed this case in the meantime. Open it in another "
                    "window, compare, and assess it again."
                )
            )
        return number

    def known(self) -> Known:
        """What was filled in, as far as it makes sense."""
        facts = self.cleaned_data
        return Known(
            answers={
                code.value: facts.get(f"{FACT}{code}") or Answer.UNKNOWN for code in self.asked
            }
            | {
                # What no rule asks for any more stays as it was said.
                name: answer
                for name, answer in self.draft.answers.items()
                if name not in self.asked
            },
            events=tuple(facts.get("events") or ()),
            data_items=facts.get("data_items", ""),
            medium=facts.get("medium") or Medium.UNKNOWN,
            by_whom=facts.get("by_whom") or ByWhom.UNKNOWN,
            role=facts.get("role") or HandlingRole.OWN,
            persons_kind=facts.get("persons_kind") or CountKind.UNKNOWN,
            persons=facts.get("persons"),
            my_number_kind=facts.get("my_number_kind", ""),
            my_number_persons=facts.get("my_number_persons"),
            known_on=dict(self.draft.known_on)
            | {
                # A day that was not asked for stays; one that was emptied is taken back.
                code: facts.get(f"{KNOWN_ON}{code}")
                for code in self.triggers
                if self.add_prefix(f"{KNOWN_ON}{code}") in self.data
            },
            consignor_told_on=facts.get("consignor_told_on"),
            event_class=facts.get("event_class"),
            note=facts.get("note", ""),
        )
