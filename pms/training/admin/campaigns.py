"""Campaigns, their sessions and their reports in the admin.

Opening, extending and closing are weighty acts with pages of their own.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from pms.accounts.roles import Role
from pms.history.admin import RecordedModelAdmin
from pms.organization.admin import ReadOnlyInline
from pms.organization.choices import WORKER_KINDS
from pms.organization.models import in_language
from pms.training import services
from pms.training.admin_resources import CampaignResource, SessionResource
from pms.training.choices import CampaignStatus
from pms.training.models import Campaign, CampaignQuestion, Report, Session
from pms.training.reports import target_in_words
from pms.transfer.admin import ExportModelAdmin

from .courses import changed


def is_closed(campaign: Model | None) -> bool:
    """Whether nothing of the campaign may change any more."""
    return isinstance(campaign, Campaign) and campaign.status == CampaignStatus.CLOSED


class CampaignAdminForm(forms.ModelForm):
    """A campaign; kinds and posts of the audience are ticked."""

    audience_kinds = forms.MultipleChoiceField(
        label=_("employment kinds"),
        choices=[(kind.value, kind.label) for kind in WORKER_KINDS],
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Without a choice: all but outsiders."),
    )
    audience_posts = forms.MultipleChoiceField(
        label=_("posts"),
        choices=Role,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Without a choice: with or without a post of the management system."),
    )


class QuestionInline(ReadOnlyInline):
    """What was asked, as it was frozen at the opening."""

    model = CampaignQuestion
    fields = ["position", "topic", "asked"]
    readonly_fields = fields
    show_change_link = show_title = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Who may know the question bank."""
        return request.user.has_perm("training.view_question")

    @admin.display(description=_("question"))
    def asked(self, question: CampaignQuestion) -> str:
        """The text of that day."""
        return in_language(question.content["text"], question.content["text_en"])


class SessionInline(ReadOnlyInline):
    """Class-room hours and make-up sessions; each has a page of its own."""

    model = Session
    fields = ["held_on", "place", "lecturer", "is_make_up", "note"]


@admin.register(Campaign)
class CampaignAdmin(ExportModelAdmin):
    """Campaigns: all of a draft is edited, of an open one the titles and the lecturer."""

    form = CampaignAdminForm
    resource_classes = [CampaignResource]
    list_display = ["title", "cycle", "course", "starts_on", "ends_on", "status_badge"]
    list_filter = [
        ("cycle", RelatedDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("course", RelatedDropdownFilter),
        ("starts_on", RangeDateFilter),
    ]
    list_select_related = ["cycle", "course"]
    search_fields = ["title", "title_en", "course__code", "lecturer"]
    ordering = ["-starts_on", "-id"]
    inlines = [SessionInline, QuestionInline]
    filter_horizontal = ["audience_departments"]
    state = [
        *("status", "course_version", "population_on"),
        *("opened_at", "opened_by", "closed_at", "closed_by", "target"),
    ]
    changeable_while_open = ["title", "title_en", "lecturer"]
    window = ["cycle", "course", "starts_on", "ends_on", "pass_mark", "question_count"]
    audience = [
        *("audience_departments", "audience_kinds", "audience_posts", "audience_joined_since"),
        *("joiner_rule", "joiner_days"),
    ]

    @display(
        description=_("status"),
        ordering="status",
        label=dict.fromkeys(CampaignStatus, "default")
        | {CampaignStatus.OPEN: "info", CampaignStatus.CLOSED: "success"},
    )
    def status_badge(self, campaign: Campaign) -> tuple[str, str]:
        """The state as a coloured word."""
        return campaign.status, campaign.get_status_display()

    @admin.display(description=_("for whom"))
    def target(self, campaign: Campaign) -> str:
        """The audience rule in words."""
        return target_in_words(campaign)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Sessions once it is stored, questions once they are frozen."""
        if obj is None:
            return []
        return [SessionInline] if obj.status == CampaignStatus.DRAFT else self.inlines

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[tuple[Any, Any]]:
        """The audience is chosen while it is prepared, and told afterwards."""
        is_draft = obj is None or obj.status == CampaignStatus.DRAFT
        facts = [
            *("title", "title_en", ("cycle", "course"), ("starts_on", "ends_on")),
            *(("pass_mark", "question_count"), "lecturer"),
        ]
        if is_draft:
            return [(None, {"fields": facts}), (_("Audience"), {"fields": self.audience})]
        opened = [
            *(("status", "course_version"), "target", "population_on"),
            *(("opened_at", "opened_by"), ("closed_at", "closed_by")),
        ]
        return [(None, {"fields": facts}), (_("Facts"), {"fields": opened})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What people were promised stays once it is open."""
        is_draft = obj is None or obj.status == CampaignStatus.DRAFT
        return self.state if is_draft else [*self.state, *self.window, *self.audience]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Until it is closed."""
        return not is_closed(obj) and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """As on the pages."""
        if change:
            services.change_campaign(obj.pk, actor=request.user, **changed(form))
            return
        made = services.create_campaign(**form.cleaned_data, actor=request.user)
        obj.pk, obj._state.adding = made.pk, False


@admin.register(Session)
class SessionAdmin(ExportModelAdmin):
    """Sessions; one that nobody was logged for can be removed."""

    may_delete = True
    actions = None  # sessions are removed one by one, each as far as it may be
    resource_classes = [SessionResource]
    list_display = ["held_on", "campaign", "place", "lecturer", "is_make_up"]
    list_filter = [
        ("campaign", RelatedDropdownFilter),
        "is_make_up",
        ("held_on", RangeDateFilter),
    ]
    list_select_related = ["campaign"]
    search_fields = ["campaign__title", "place", "lecturer", "note"]
    ordering = ["-held_on", "-id"]
    fields = ["campaign", "held_on", "place", "lecturer", "is_make_up", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """A session stays with its campaign."""
        return ["campaign"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Nothing is added to a closed campaign."""
        if db_field.name == "campaign":
            kwargs["queryset"] = Campaign.objects.exclude(status=CampaignStatus.CLOSED)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Until the campaign is closed."""
        return not (obj and is_closed(obj.campaign)) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """While no record names it, until the campaign is closed."""
        is_needed = obj and (is_closed(obj.campaign) or obj.records.exists())
        return not is_needed and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """As on the pages."""
        if change:
            services.change_session(obj.pk, actor=request.user, **changed(form))
            return
        facts = dict(form.cleaned_data)
        made = services.add_session(facts.pop("campaign").pk, actor=request.user, **facts)
        obj.pk, obj._state.adding = made.pk, False

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """As on the pages."""
        services.remove_session(obj.pk, actor=request.user)


@admin.register(Report)
class ReportAdmin(RecordedModelAdmin):
    """Reports: the words are edited until approval, the figures come from the records."""

    list_display = ["campaign", "reported_to", "reported_on", "approved_on"]
    list_filter = [
        ("campaign__cycle", RelatedDropdownFilter),
        ("approved_on", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["campaign"]
    search_fields = ["campaign__title", "effectiveness", "improvements", "opinions"]
    ordering = ["-campaign__starts_on"]
    readonly_fields = ["campaign", "page", "created_by", "approved_by", "approved_on"]
    fieldsets = [
        (None, {"fields": [("campaign", "page")]}),
        (_("Evaluation"), {"fields": ["opinions", "effectiveness", "improvements"]}),
        (_("Report to top management"), {"fields": [("reported_to", "reported_on")]}),
        (_("Approval"), {"fields": ["created_by", ("approved_by", "approved_on")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Of campaigns that the account may see."""
        seen = Campaign.objects.visible_to(request.user).order_by().values("pk")
        return super().get_queryset(request).filter(campaign__in=seen)

    @admin.display(description=_("figures"))
    def page(self, report: Report) -> str:
        """The link to the report with its figures."""
        return format_html('<a href="{}">{}</a>', report.get_absolute_url(), _("Open the report"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never here: a report begins on its campaign's page, or with the closing."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Until it is approved."""
        is_approved = obj is not None and obj.approved_on is not None
        return not is_approved and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """As on the pages."""
        services.write_report(obj.campaign_id, actor=request.user, **form.cleaned_data)
