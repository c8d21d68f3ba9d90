"""Forms of campaigns and their sessions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pms.accounts.roles import Role
from pms.core.forms import DayInput
from pms.organization.choices import WORKER_KINDS
from pms.organization.models import Department
from pms.training.models import Campaign, Course, Session
from pms.training.trees import indented

from .inputs import ReasonForm


class CampaignForm(forms.ModelForm):
    """A campaign that is being prepared."""

    audience_departments = forms.ModelMultipleChoiceField(
        label=_("Departments, each with those below it"),
        queryset=Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a choice: all."),
    )
    audience_kinds = forms.MultipleChoiceField(
        label=_("employment kinds"),
        choices=[(kind.value, kind.label) for kind in WORKER_KINDS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a choice: all but outsiders."),
    )
    audience_posts = forms.MultipleChoiceField(
        label=_("posts"),
        choices=Role,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a choice: with or without a post of the management system."),
    )

    groups = [
        (_("What and when"), "", ["cycle", "course", "title", "title_en", "starts_on", "ends_on"]),
        (
            _("Test"),
            _("Comprehension must be checked so that it can be judged objectively."),
            ["pass_mark", "question_count", "lecturer"],
        ),
        (
            _("Audience"),
            _("Everyone who works here, unless you narrow it down. The next page lists them."),
            [
                *("audience_departments", "audience_kinds", "audience_posts"),
                "audience_joined_since",
            ],
        ),
        (_("People who join meanwhile"), "", ["joiner_rule", "joiner_days"]),
    ]

    class Meta:
        model = Campaign
        fields = [
            *("cycle", "course", "title", "title_en", "starts_on", "ends_on"),
            *("pass_mark", "question_count", "lecturer"),
            *("audience_departments", "audience_kinds", "audience_posts", "audience_joined_since"),
            *("joiner_rule", "joiner_days"),
        ]
        widgets = {
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "audience_joined_since": DayInput(),
            "joiner_rule": forms.RadioSelect,
        }

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.filter(is_active=True)
        departments = Department.objects.current(today).order_by("code")
        field = self.fields["audience_departments"]
        field.queryset = departments
        field.choices = indented((it.pk, it.parent_id, str(it)) for it in departments)
        self.fields["joiner_rule"].choices = Campaign._meta.get_field("joiner_rule").choices

    def facts(self) -> dict[str, Any]:
        """What the service takes: every field that the form has."""
        return dict(self.cleaned_data)


class CampaignTitleForm(forms.ModelForm):
    """What may still change while people take the training."""

    class Meta:
        model = Campaign
        fields = ["title", "title_en", "lecturer"]


class ExtendForm(forms.Form):
    """A later last day, and why."""

    ends_on = forms.DateField(
        label=_("New last day"),
        widget=DayInput(),
        help_text=_("Whoever was due on the last day is due on the new one."),
    )
    reason = ReasonForm.base_fields["reason"]


class SessionForm(forms.ModelForm):
    """A class-room hour or a viewing."""

    class Meta:
        model = Session
        fields = ["held_on", "place", "lecturer", "is_make_up", "note"]
        widgets = {"held_on": DayInput()}
