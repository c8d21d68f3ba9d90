"""Forms for what is done in a case."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pms.core.forms import MomentInput
from pms.corrective_actions.forms import RaiseForm
from pms.incidents.choices import CategoryList, Entry, Publication
from pms.incidents.models import Category, Incident
from pms.organization.forms import PersonField
from pms.organization.models import Department, Person


def _long(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DescribeForm(forms.ModelForm):
    """What the record says; the words of the first report stay beside it."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=_long(2),
        help_text=_("Needed when the time of noticing changes: the legal days hang on it."),
    )
    seen_at = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Incident
        fields = ("title", "department", "third_party", "occurred_at", "noticed_at")
        widgets = {"occurred_at": MomentInput, "noticed_at": MomentInput}
        labels = {
            "title": pgettext_lazy("incident", "Title"),
            "noticed_at": pgettext_lazy("incident", "Noticed at"),
        }
        help_texts = {
            "title": _("A few words by which the case is known; without names of persons."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.order_by("code")
        self.fields["seen_at"].initial = self.instance.updated_at.isoformat()


class ContainForm(forms.Form):
    """What stopped the damage from growing."""

    contained_at = forms.DateTimeField(label=_("When"), widget=MomentInput)
    containment = forms.CharField(
        label=_("What was done to stop it"),
        widget=_long(),
        help_text=_("E.g. recovered, access stopped, link closed, account locked."),
    )


class RaiseActionForm(RaiseForm):
    """A corrective action for a case; where it comes from is known."""

    source = source_label = cause_class = None  # type: ignore[assignment]
    received_on = is_repeated = None  # type: ignore[assignment]

    groups: ClassVar[list[Any]] = [
        (
            _("What was found"),
            _("Who works on the action reads this and the number of the case, nothing else."),
            ["title", "fact", "criterion", "clause", "found_on"],
        ),
        (_("Where, and how serious"), "", ["department", "grade"]),
        (_("Who answers for it"), "", ["owner", "due_on"]),
    ]


class CauseForm(forms.Form):
    """Why it happened; what is not known yet stays empty."""

    cause_category = forms.ModelChoiceField(label=_("cause"), queryset=Category.objects.none())
    cause = forms.CharField(label=_("Cause in words"), required=False, widget=_long())
    why_not_earlier = forms.CharField(
        label=_("Why it was not found earlier"), required=False, widget=_long(3)
    )
    elsewhere = forms.CharField(
        label=_("Where else it could happen"),
        required=False,
        widget=_long(3),
        help_text=_("Other departments, the same tool, the same contractor …"),
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause_category"].queryset = Category.objects.of(CategoryList.CAUSE, year)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), widget=_long(3))


class PublicationForm(forms.Form):
    """Whether the case is published, and where."""

    publication = forms.ChoiceField(
        label=pgettext_lazy("publication", "Decision"),
        choices=Publication,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), widget=_long(3))
    published_at = forms.CharField(
        label=_("Where it was published"),
        required=False,
        max_length=200,
        help_text=_("The address of the page, or the name of the paper."),
    )


class TimelineForm(forms.Form):
    """A line of the timeline; nothing in it is changed afterwards."""

    happened_at = forms.DateTimeField(label=_("When"), widget=MomentInput)
    kind = forms.ChoiceField(
        label=_("What it tells of"), choices=Entry, initial=Entry.DONE, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("What"), widget=_long(3))


class LetInForm(forms.Form):
    """Somebody who has to know, and why."""

    person = PersonField(
        label=_("Who"),
        help_text=_(
            "Employee number, or the name if nobody else is called so. They need an account, and "
            "are told at once."
        ),
    )
    reason = forms.CharField(label=_("Why they have to know"), max_length=200)

    def clean_person(self) -> Person:
        """Whoever cannot sign in cannot be let in."""
        person: Person = self.cleaned_data["person"]
        user = getattr(person, "user", None)
        if user is None or not user.is_active:
            raise forms.ValidationError(
                gettext("%(person)s has no account, and so cannot open the case."),
                params={"person": person},
            )
        return person


class CloseForm(forms.Form):
    """The last word on a case."""

    comment = forms.CharField(
        label=_("Closing comment"),
        widget=_long(),
        help_text=_("What top management and the next management review should know."),
    )


class FullExportForm(forms.Form):
    """Why the free words are taken out as well, and as what kind of file."""

    reason = forms.CharField(label=_("Reason"), widget=_long(2))
    form = forms.ChoiceField(
        label=_("File"),
        choices=[("xlsx", _("Excel")), ("csv", _("CSV"))],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
