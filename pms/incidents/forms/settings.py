"""The company's own rules for incidents, and versions of the rules of the law."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pms.core.forms import DayInput
from pms.incidents.choices import Event, FactCode, HandlingRole
from pms.incidents.models import IncidentSettings, ObligationRule
from pms.incidents.rulebook import rule_of

# A rule that says nothing; each list of words is tried on it by itself.
EMPTY: Final[Mapping[str, Any]] = {
    field.name: field.get_default() for field in ObligationRule._meta.concrete_fields
} | {"kind": "voluntary", "valid_from": "", "days": None}
WORDS: Final = ("conditions", "events", "roles", "lifted_by")


class SettingsForm(forms.ModelForm):
    """What the company decides by itself."""

    groups: ClassVar = [
        (_("Reports"), "", ["allows_anonymous"]),
        (
            _("Who is told at once"),
            _("The privacy manager and the deputy are always told."),
            ["tells_department_manager", "tells_system_officer"],
        ),
        (_("Reports to authorities"), "", ["top_management_approves"]),
        (_("Notice to the persons"), "", ["keeps_addresses_days"]),
    ]

    class Meta:
        model = IncidentSettings
        fields = (
            "allows_anonymous",
            "tells_department_manager",
            "tells_system_officer",
            "top_management_approves",
            "keeps_addresses_days",
        )
        help_texts: ClassVar = {
            "allows_anonymous": _(
                "A page that needs no sign-in; whoever reports gets a code instead of a name. It "
                "is linked from the sign-in page and from the report form."
            ),
        }

    def _post_clean(self) -> None:
        """The service judges; here only each field by itself."""


class RuleForm(forms.ModelForm):
    """A version of a rule; what it will do is shown before it is registered."""

    groups: ClassVar = [
        (
            _("Which rule"),
            "",
            ["code", "kind", "trigger", "valid_from", "valid_to"],
        ),
        (
            _("When it binds"),
            _("Written in the words of the list below the form."),
            [
                "conditions",
                "events",
                "roles",
                "count",
                "over",
                "lifted_by",
                "is_freed_by_consignor",
                "needs_privacy_mark",
            ],
        ),
        (_("Until when"), "", ["days", "target_days", "moves"]),
        (
            _("Where it is written"),
            "",
            ["article", "sentence", "sentence_en", "source", "confidence"],
        ),
    ]
    # Which version was shown in whole sentences before it was sent.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    count = forms.ChoiceField(
        label=_("number that counts"),
        required=False,
        choices=[
            ("", _("none")),
            ("persons", _("persons")),
            ("my_number_persons", _("persons with their My Number")),
        ],
    )

    class Meta:
        model = ObligationRule
        fields = (
            "code",
            "kind",
            "trigger",
            "valid_from",
            "valid_to",
            *("conditions", "events", "roles", "count", "over", "lifted_by"),
            *("is_freed_by_consignor", "needs_privacy_mark", "days", "target_days", "moves"),
            *("article", "sentence", "sentence_en", "source", "confidence"),
        )
        labels: ClassVar = {"code": _("Name of the rule"), "confidence": _("How sure it is")}
        widgets: ClassVar = {
            "valid_from": DayInput,
            "valid_to": DayInput,
            "sentence": forms.Textarea({"rows": 3}),
            "sentence_en": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, former: ObligationRule | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if former is not None:
            for name in ("code", "kind", "trigger"):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Each list of words holds only words that the engine knows."""
        facts = super().clean() or {}
        for name in WORDS:
            try:
                rule_of({**EMPTY, name: facts.get(name, "")})
            except ValidationError as refusal:
                self.add_error(name, refusal)
        return facts

    def _post_clean(self) -> None:
        """The service judges the whole."""

    def facts(self) -> dict[str, Any]:
        """The fields of the version."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def mark(self) -> str:
        """What stands for exactly these words."""
        words = repr(sorted((name, str(it)) for name, it in self.facts().items()))
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def show_as_seen(self, mark: str) -> None:
        """Come back with the mark of what is shown."""
        data: Any = self.data.copy()
        data["seen"] = mark
        self.data = data

    @staticmethod
    def vocabulary() -> list[tuple[Any, list[tuple[str, Any]]]]:
        """The words that a rule may be written in."""
        return [
            (pgettext_lazy("rule", "Facts"), list(FactCode.choices)),
            (_("Events"), list(Event.choices)),
            (_("Our role"), list(HandlingRole.choices)),
        ]


class RuleEndForm(forms.Form):
    """Until when a version holds, and why."""

    valid_to = forms.DateField(
        label=pgettext_lazy("version of a rule", "Last day"),
        help_text=_("Leave it empty if the version stays in force after all."),
        required=False,
        widget=DayInput,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class RuleWithdrawForm(forms.Form):
    """Why a version goes that has not begun, and what becomes of the one before."""

    holds_on = forms.BooleanField(
        label=_("The version before it is valid without an end date again"),
        required=False,
        initial=True,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, before: ObligationRule | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if before is None:
            del self.fields["holds_on"]
        else:
            first = date_format(before.valid_from)
            text = _("The version from %(first)s on: %(rule)s")
            self.fields["holds_on"].help_text = text % {"first": first, "rule": before.label}
