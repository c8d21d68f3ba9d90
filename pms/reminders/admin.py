"""The ledger for the office's eyes: read, and nothing else."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeDateFilter,
)
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from pms.history.admin import ReadOnlyModelAdmin
from pms.organization.admin import SearchesPeople

from .choices import ReminderState
from .labels import rule_choices, rule_in_words, step_in_words
from .models import Reminder


class RuleFilter(DropdownFilter):
    """Of what."""

    title = _("rule")
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every rule by its label."""
        return rule_choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Rows of the rule."""
        return queryset.filter(rule=self.value()) if self.value() else queryset


@admin.register(Reminder)
class ReminderAdmin(SearchesPeople, ReadOnlyModelAdmin):
    """Who was told what; the database lets nobody rewrite it."""

    person_path = "person__"
    list_display = ["told_on", "person", "kind", "title", "due_on", "step_label", "state_badge"]
    list_display_links = ["title"]
    list_select_related = ["person"]
    list_filter = [RuleFilter, ("state", ChoicesDropdownFilter), ("told_on", RangeDateFilter)]
    search_fields = ["person__search_key"]
    search_help_text = _("Name, kana or employee number")
    ordering = ["-id"]
    paginator = InfinitePaginator
    fields = [
        ("told_on", "planned_on"),
        "person",
        "kind",
        "title",
        ("due_on", "step_label"),
        ("state", "reason"),
        "told_through",
        "notification",
    ]
    readonly_fields = ["kind", "step_label"]

    @display(description=_("rule"), ordering="rule")
    def kind(self, row: Reminder) -> str:
        """Of what."""
        return rule_in_words(row.rule)

    @display(description=_("step"), ordering="step")
    def step_label(self, row: Reminder) -> str:
        """Which step."""
        return step_in_words(row.step)

    @display(
        description=_("state"),
        ordering="state",
        label={
            ReminderState.TOLD: "success",
            ReminderState.THROUGH_MANAGER: "success",
            ReminderState.OVERTAKEN: "default",
            ReminderState.UNTOLD: "danger",
        },
    )
    def state_badge(self, row: Reminder) -> tuple[str, str]:
        """The state as a coloured word."""
        return row.state, row.get_state_display()
