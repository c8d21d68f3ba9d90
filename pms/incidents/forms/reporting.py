"""What somebody says who reports: in their own words, and "I do not know" is an answer."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pms.core.forms import MomentInput
from pms.evidence.forms import MultipleEvidenceField
from pms.incidents.choices import Answer, Channel, RecordKind
from pms.incidents.services import FirstWords
from pms.organization.forms import DepartmentField

PICTURES = ".jpg,.jpeg,.png,image/jpeg,image/png"

# What a reporter can say without knowing; the words themselves are kept.
HOW_MANY = (
    _("1 person"),
    _("2 to 10 people"),
    _("11 to 100 people"),
    _("101 to 1,000 people"),
    _("more than 1,000 people"),
)
UNKNOWN = "unknown"
KINDS = (
    (RecordKind.INCIDENT, _("It happened, or it may have happened")),
    (RecordKind.NEAR_MISS, _("It nearly happened; it was noticed in time (near miss)")),
)
GOING_ON = (
    (Answer.YES, _("Yes, it is still going on")),
    (Answer.NO, _("No, it is over")),
    (Answer.UNKNOWN, _("I do not know")),
)


class WordsForm(forms.Form):
    """The questions that everybody is asked who reports something."""

    kind = forms.ChoiceField(
        label=_("Did it happen?"),
        choices=KINDS,
        required=False,
        initial=RecordKind.INCIDENT,
        widget=forms.RadioSelect,
    )
    what = forms.CharField(
        label=_("What happened?"),
        help_text=_("In your own words, as far as you know. Nothing needs to be complete."),
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": _("Write what happened, in your own words.")},
    )
    noticed_at = forms.DateTimeField(
        label=_("When was it noticed?"),
        help_text=_("When somebody of the department first noticed it; roughly is enough."),
        widget=MomentInput,
    )
    noticed_by = forms.CharField(label=_("Who noticed it?"), required=False, max_length=100)
    what_data = forms.CharField(
        label=_("What data is it about?"),
        help_text=_("For example names and addresses of customers, or a health check-up."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    data_unknown = forms.BooleanField(label=_("I do not know what data it is"), required=False)
    how_many = forms.ChoiceField(
        label=_("Roughly how many people does it concern?"),
        choices=(),
        required=False,
        initial=UNKNOWN,
        widget=forms.RadioSelect,
    )
    is_going_on = forms.ChoiceField(
        label=_("Is it still going on?"),
        choices=GOING_ON,
        required=False,
        initial=Answer.UNKNOWN,
        widget=forms.RadioSelect,
    )
    department = DepartmentField(
        label=_("In which department?"), required=False, empty_label=_("I do not know")
    )
    files = MultipleEvidenceField(  # type: ignore[assignment]
        label=_("Photos and files"),
        required=False,
        help_text=_("If there are any. Please take no screenshot of more data than needed."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["department"].offer(today)
        fields["how_many"].choices = [
            *((str(number), words) for number, words in enumerate(HOW_MANY)),
            (UNKNOWN, _("I do not know")),
        ]

    def clean_kind(self) -> str:
        """Whoever says nothing means that it happened."""
        return self.cleaned_data["kind"] or RecordKind.INCIDENT

    def words(self) -> FirstWords:
        """What was said."""
        facts = self.cleaned_data
        number = facts["how_many"]
        unknown = gettext("I do not know")
        return FirstWords(
            what=facts["what"],
            noticed_at=facts["noticed_at"],
            noticed_by=facts["noticed_by"],
            data=facts["what_data"] or (unknown if facts["data_unknown"] else ""),
            how_many=str(HOW_MANY[int(number)]) if number.isdecimal() else unknown,
            is_going_on=facts["is_going_on"] or Answer.UNKNOWN,
            occurred_at=facts.get("occurred_at"),
        )


class ReportForm(WordsForm):
    """A report with one's own name."""

    groups: ClassVar = [
        ("", "", ["kind", "what"]),
        ("", "", ["noticed_at", "noticed_by"]),
        ("", "", ["what_data", "data_unknown", "how_many"]),
        ("", "", ["is_going_on", "department", "files"]),
    ]


class AnonymousForm(WordsForm):
    """A report without a name."""

    groups = ReportForm.groups

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["noticed_by"].help_text = _(
            "Please do not write your own name if you want to stay unknown; “somebody of the "
            "department” is enough."
        )
        only_pictures(self.fields["files"])


class OfficeForm(WordsForm):
    """What somebody told the office, who has no account or no time; or a drill."""

    groups: ClassVar = [
        (
            _("Who told it"),
            _("The words are kept as they are written here; they cannot be changed later."),
            ["channel", "told_by", "third_party", "reported_at"],
        ),
        (
            _("What was said"),
            "",
            [
                "kind",
                "what",
                "occurred_at",
                "noticed_at",
                "noticed_by",
                "what_data",
                "data_unknown",
                "how_many",
                "is_going_on",
                "department",
                "files",
            ],
        ),
        (_("Drill"), "", ["is_drill"]),
    ]

    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[
            (it.value, it.label) for it in (Channel.OFFICE, Channel.CONTRACTOR, Channel.COMPLAINANT)
        ],
        initial=Channel.OFFICE,
        widget=forms.RadioSelect,
    )
    told_by = forms.CharField(
        label=_("Who told it"),
        help_text=_("Name and company or department; for a drill it may stay empty."),
        required=False,
        max_length=100,
    )
    third_party = forms.CharField(
        label=_("Contractor, client or service concerned"), required=False, max_length=100
    )
    reported_at = forms.DateTimeField(label=_("When it was told"), widget=MomentInput)
    occurred_at = forms.DateTimeField(
        label=_("When it happened"),
        help_text=_("Only if it is known."),
        required=False,
        widget=MomentInput,
    )
    is_drill = forms.BooleanField(
        label=_("This is a drill"),
        help_text=_(
            "Everything runs as in an emergency, the alerts too; every page says that it is a "
            "drill, and no statistics count it."
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Somebody told it, unless it is a drill."""
        facts = super().clean() or {}
        if not facts.get("told_by") and not facts.get("is_drill"):
            self.add_error("told_by", gettext("Write who told it."))
        if facts.get("channel") == Channel.CONTRACTOR and not facts.get("third_party"):
            self.add_error("third_party", gettext("Write which contractor it is."))
        return facts


class AddForm(forms.Form):
    """Something more to say; what was said before stays."""

    what = forms.CharField(
        label=_("What do you want to add?"),
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Write what you want to add.")},
    )
    files = MultipleEvidenceField(  # type: ignore[assignment]
        label=_("Photos and files"), required=False
    )


class FollowUpForm(forms.Form):
    """The code that stands for a name."""

    code = forms.CharField(
        label=_("Follow-up code"),
        help_text=_("16 letters and digits; blanks, hyphens and small letters do not matter."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )


class FollowUpAddForm(AddForm):
    """Something more to say without a name."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_pictures(self.fields["files"])


def only_pictures(field: Any) -> None:
    """Offer pictures alone: other files tell who made them."""
    field.label = _("Photos")
    field.help_text = _(
        "JPEG or PNG. Place, time, device and the name of the file are removed before it is kept. "
        "Please look whether the picture itself shows who you are."
    )
    field.widget.attrs["accept"] = PICTURES
