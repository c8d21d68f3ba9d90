"""Forms of courses, their versions and the question bank."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pms.training.choices import QuestionKind, Topic
from pms.training.models import Choice, Course, CourseVersion, Question

from .inputs import ListedRows, rows

# As many as most questions have; a button adds another.
CHOICE_ROWS = 4
MAX_CHOICES = 10


class CourseForm(forms.ModelForm):
    """A course's own facts; what is taught stands in its versions."""

    groups = [
        ("", "", ["code", "kind", "is_active"]),
        (_("Title"), _("People see it in their duties."), ["title", "title_en"]),
        (_("Summary"), "", ["summary", "summary_en"]),
    ]

    class Meta:
        model = Course
        fields = ["code", "kind", "title", "title_en", "summary", "summary_en", "is_active"]
        widgets = {"summary": rows(3), "summary_en": rows(3)}


class VersionForm(forms.ModelForm):
    """The material of a version that is not yet published."""

    groups = [
        (
            _("Material"),
            _("Written in Markdown: # heading, - list, **bold**, tables. Files come afterwards."),
            ["text", "text_en", "link"],
        ),
        (
            _("Topics covered"),
            _("The four things that everyone must be made aware of."),
            [f"covers_{topic.value}" for topic in Topic],
        ),
        (_("Since the version before"), "", ["changes"]),
    ]

    class Meta:
        model = CourseVersion
        fields = [
            "text",
            "text_en",
            "link",
            *[f"covers_{topic.value}" for topic in Topic],
            "changes",
        ]
        widgets = {"text": rows(24), "text_en": rows(12), "changes": rows(3)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text", "text_en"):
            self.fields[name].widget.attrs |= {
                "hx-post": reverse("training:version_preview"),
                "hx-params": name,
                "hx-trigger": "input changed delay:600ms, focus",
                "hx-target": "#preview",
                "spellcheck": "false",
            }


class QuestionForm(forms.ModelForm):
    """A question of the bank; its answers are a formset below it."""

    groups = [
        ("", "", ["course", "code", "kind"]),
        (_("Question"), "", ["text", "text_en"]),
        (
            _("Explanation"),
            _("Shown with the result, so that a wrong answer teaches something."),
            ["explanation", "explanation_en"],
        ),
        (_("For the report"), "", ["topic", "clause", "difficulty", "is_active"]),
    ]

    class Meta:
        model = Question
        fields = [
            *("course", "code", "kind", "text", "text_en", "explanation", "explanation_en"),
            *("topic", "clause", "difficulty", "is_active"),
        ]
        widgets = {
            "kind": forms.RadioSelect,
            **dict.fromkeys(("text", "text_en", "explanation", "explanation_en"), rows(3)),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = QuestionKind.choices


class ChoiceFormSet(ListedRows):
    """The answers of a question, in the order in which they are typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra = max(CHOICE_ROWS - self.initial_form_count(), 0)

    def answers(self) -> list[Choice]:
        """The answers as they should be, in the order of the rows; empty and removed ones left out.

        Only after the formset proved valid.
        """
        return [
            form.instance
            for form in self.forms
            if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]


ChoiceRows = forms.inlineformset_factory(
    Question,
    Choice,
    formset=ChoiceFormSet,
    fields=["text", "text_en", "is_correct"],
    can_delete_extra=False,
    max_num=MAX_CHOICES,
    absolute_max=MAX_CHOICES,
    widgets={"text": forms.TextInput, "text_en": forms.TextInput},
)
