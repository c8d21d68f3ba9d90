"""Forms of the training plan."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pms.core.forms import BLANK_CHOICE_LABEL
from pms.cycles.models import Cycle
from pms.training.models import Course, PlanItem, TrainingPlan

from .inputs import ListedField, ListedRows, MonthField, rows

ITEM_ROWS = 3
MAX_ITEMS = 40


class PlanCreateForm(forms.Form):
    """Where a new plan starts from."""

    cycle = forms.ModelChoiceField(label=_("fiscal year"), queryset=Cycle.objects.none())
    source = forms.ChoiceField(
        label=_("Start from"),
        choices=[("last", _("the plan of the year before")), ("empty", _("an empty plan"))],
        initial="last",
        widget=forms.RadioSelect,
    )
    purpose = forms.CharField(
        label=_("purpose"),
        required=False,
        widget=rows(3),
        help_text=_("Leave empty to take over the purpose of the year before."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = Cycle.objects.exclude(training_plans__isnull=False)

    def clean(self) -> dict[str, Any]:
        """An empty plan needs a purpose, and last year's plan must be there."""
        data = super().clean() or {}
        cycle = data.get("cycle")
        if data.get("source") == "empty" and not data.get("purpose"):
            self.add_error("purpose", _("Say what the year's training is for."))
        if cycle and data.get("source") == "last" and self.former_plan(cycle) is None:
            self.add_error(
                "source", _("There is no plan of the year before. Please start from an empty one.")
            )
        return data

    @staticmethod
    def former_plan(cycle: Cycle) -> TrainingPlan | None:
        """The latest version of the plan of the year before."""
        former = cycle.previous()
        return former.training_plans.order_by("-version").first() if former else None


class PlanForm(forms.ModelForm):
    """What a plan says of the year as a whole."""

    class Meta:
        model = TrainingPlan
        fields = ["purpose", "follow_up_rule", "responsible"]
        widgets = {"purpose": rows(4), "follow_up_rule": rows(4)}


class PlanItemForm(forms.ModelForm):
    """One line of the plan."""

    planned_month = MonthField(label=_("planned month"))

    class Meta:
        model = PlanItem
        fields = [
            *("course", "target", "planned_month", "method", "lecturer", "comprehension"),
            "pass_mark",
        ]


class PlanItemFormSet(ListedRows):
    """The lines of a plan; each row offers the same courses, which are read once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra = max(ITEM_ROWS - self.initial_form_count(), 1)
        self.courses = list(Course.objects.filter(Q(is_active=True) | Q(pk__in=self.planned())))

    def planned(self) -> QuerySet:
        """Courses of the lines that are there; one that is no longer in use stays."""
        return PlanItem.objects.filter(plan=self.instance.pk).values("course")

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Offer the courses that were read once."""
        super().add_fields(form, index)
        form.fields["course"] = ListedField(
            self.courses, label=_("course"), empty_label=BLANK_CHOICE_LABEL
        )

    def lines(self) -> list[PlanItem]:
        """New and changed lines; only after the formset proved valid."""
        return [
            form.instance
            for form in self.forms
            if form.has_changed() and form not in self.deleted_forms
        ]

    def removed(self) -> list[PlanItem]:
        """Stored lines that shall go."""
        return [form.instance for form in self.deleted_forms if form.instance.pk]


PlanItemRows = forms.inlineformset_factory(
    TrainingPlan,
    PlanItem,
    form=PlanItemForm,
    formset=PlanItemFormSet,
    can_delete_extra=False,
    max_num=MAX_ITEMS,
    absolute_max=MAX_ITEMS,
)
