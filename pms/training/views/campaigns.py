"""Campaigns: their list, their preparation and how far they are."""

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext
from django.views.generic import TemplateView

from pms.core.pages import (
    AnyPermissionMixin,
    ConfirmView,
    Crumbs,
    NewRowView,
    RowFormView,
    RowMixin,
    StateMixin,
)
from pms.core.views import with_query
from pms.training import services
from pms.training.choices import OPEN_STATUSES, CampaignStatus, RecordStatus
from pms.training.filters import OPEN, CampaignFilter
from pms.training.forms.campaigns import CampaignForm, CampaignTitleForm, ExtendForm
from pms.training.models import Campaign, FollowUp, TrainingRecord
from pms.training.models.records import TrainingRecordQuerySet
from pms.training.reports import ProgressRow, Tally, progress, record_lines
from pms.transfer.lists import Column, ExportListView

SEE = ("training.view_campaign", "training.view_own_people")
STEPS = (
    gettext_lazy("What, when and for whom"),
    gettext_lazy("Check the audience"),
    gettext_lazy("Open the campaign"),
)
# Whom the progress page names; the rest is in the list behind the number.
NAMED = 50


class CampaignListView(AnyPermissionMixin, ExportListView):
    """What is being prepared, what runs and what was held."""

    model = Campaign
    filterset_class = CampaignFilter
    permission_required = SEE
    template_name = "training/campaign_list.html"
    sorts = {
        "latest": ("-starts_on", "-id"),
        "starts": ("starts_on", "id"),
        "ends": ("ends_on", "id"),
        "status": ("status", "id"),
    }
    export_name = "training-campaigns"
    columns = (
        Column("年度", lambda it: it.cycle.name),
        Column("教育", lambda it: it.title, width=40),
        Column("講座コード", lambda it: it.course.code),
        Column("講座の種類", lambda it: it.course.get_kind_display()),
        Column("開始日", lambda it: it.starts_on),
        Column("終了日", lambda it: it.ends_on),
        Column("状態", lambda it: it.get_status_display()),
        Column("合格点", lambda it: it.pass_mark),
        Column("講師", lambda it: it.lecturer),
    )

    def get_queryset(self) -> QuerySet:
        """With how far the open ones are, as far as this account sees their people."""
        records = TrainingRecord.objects.visible_to(self.request.user)
        return (
            super()
            .get_queryset()
            .select_related("cycle", "course")
            .annotate(
                passed=_count_if_open(records.filter(status=RecordStatus.PASSED)),
                targeted=_count_if_open(
                    records.filter(status__in=(RecordStatus.PASSED, *OPEN_STATUSES))
                ),
            )
        )


def _count_if_open(records: QuerySet) -> Case:
    """How many of `records` an open campaign has; nothing is counted for the others."""
    counted = records.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    number = Subquery(counted.annotate(number=Count("pk")).values("number"))
    return Case(
        When(status=CampaignStatus.OPEN, then=Coalesce(number, 0)),
        output_field=IntegerField(),
    )


class CampaignMixin(RowMixin):
    """A page about one campaign."""

    model = Campaign

    def get_rows(self) -> QuerySet:
        return super().get_rows().select_related("cycle", "course", "course_version")

    def get_crumbs(self) -> Crumbs:
        return campaign_crumbs(self.row)


class DraftCampaignMixin(CampaignMixin, StateMixin):
    """A page about a campaign that is being prepared."""

    states = (CampaignStatus.DRAFT,)


class OpenCampaignMixin(CampaignMixin, StateMixin):
    """A page about a campaign that runs."""

    states = (CampaignStatus.OPEN,)


class CampaignDetailView(CampaignMixin, AnyPermissionMixin, TemplateView):
    """A campaign: before its opening its facts, then how far it is."""

    permission_required = SEE

    def get_template_names(self) -> list[str]:
        """Before the opening there is no progress to show."""
        name = "draft" if self.row.status == CampaignStatus.DRAFT else "detail"
        return [f"training/campaign_{name}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, and once it is open the numbers, each with the list that it counts."""
        campaign = self.row
        context = super().get_context_data(campaign=campaign, **kwargs)
        if campaign.status == CampaignStatus.DRAFT:
            return context | {
                "departments": campaign.audience_departments.all(),
                "kinds": labels(campaign, "audience_kinds"),
                "posts": labels(campaign, "audience_posts"),
            }
        records = campaign.records.visible_to(self.request.user)
        today = timezone.localdate()
        found = progress(campaign, records=records)
        waiting = not_yet_through(records, today)
        for record in waiting:
            record.campaign = campaign
        overdue = waiting[0].overdue_count if waiting else 0
        return context | {
            "progress": found,
            "rate": found.total.rate,
            "tiles": self.tiles(found.total, overdue),
            "departments": self.bars(found.departments, "unit"),
            "kinds": self.bars(found.kinds, "kind"),
            "waiting": waiting,
            "waiting_lines": record_lines(waiting),
            "waiting_url": self.list_url(status=OPEN),
            "is_partial": not self.request.user.has_perm("training.view_trainingrecord"),
        }

    def list_url(self, **values: Any) -> str:
        """The list of this campaign's records with a filter."""
        return with_query(self.record_list, campaign=self.row.pk, **values)

    @cached_property
    def record_list(self) -> str:
        """The list that every number of the page opens; one address for more than a hundred."""
        return reverse("training:record_list")

    def tiles(self, total: Tally, overdue: int) -> list[dict[str, Any]]:
        """The numbers at the top; passed + excused + open = population."""
        numbers: tuple[tuple[Any, int, dict[str, Any]], ...] = (
            (_("Population"), total.population, {}),
            (RecordStatus.PASSED.label, total.passed, {"status": RecordStatus.PASSED}),
            (RecordStatus.EXCUSED.label, total.excused, {"status": RecordStatus.EXCUSED}),
            (_("Not completed yet"), total.open, {"status": OPEN}),
            (_("Overdue"), overdue, {"overdue": 1}),
        )
        return [
            {
                "label": label,
                "value": value,
                "unit": npgettext("unit", "person", "people", value),
                "url": self.list_url(**values),
                "tone": "alert" if value and "overdue" in values else "",
            }
            for label, value, values in numbers
        ]

    def bars(self, rows: list[ProgressRow], name: str) -> list[dict[str, Any]]:
        """One bar for each row, cut into passed, excused and open."""
        return [
            {
                "label": row.label,
                "url": self.list_url(**{name: row.key}),
                "total": row.tally.population,
                "segments": [
                    {
                        "key": key,
                        "label": label,
                        "value": value,
                        "percent": 100 * value / row.tally.population,
                        "url": self.list_url(**{name: row.key}, status=status) if value else "",
                    }
                    for key, label, value, status in (
                        ("passed", RecordStatus.PASSED.label, row.tally.passed, "passed"),
                        ("excused", RecordStatus.EXCUSED.label, row.tally.excused, "excused"),
                        ("open", _("Not completed yet"), row.tally.open, OPEN),
                    )
                ],
            }
            for row in rows
            if row.tally.population
        ]


def not_yet_through(records: TrainingRecordQuerySet, today: date) -> list[TrainingRecord]:
    """The first of those who are not yet through, the longest overdue first, in one query.

    Each carries `followed_up_on`, the day on which somebody last approached the person, and who is
    overdue `overdue_count`, the number of all that are: 0 for the first if nobody is.
    """
    # Only the first few are looked at closely; sorting needs no more than their keys.
    order = ("due_on", F("failures").desc(), "employee_number", "id")
    first = records.open().order_by(*order).values("pk")[:NAMED]
    overdue = records.overdue(today).order_by().values("campaign").annotate(number=Count("pk"))
    latest = FollowUp.objects.filter(record=OuterRef("pk")).order_by("-done_on", "-id")
    return list(
        TrainingRecord.objects.filter(pk__in=first)
        .select_related("department")
        .annotate(
            # Nothing is counted while nobody is late, which is most of a campaign's time.
            overdue_count=Case(
                When(due_on__lt=today, then=Subquery(overdue.values("number"))), default=0
            ),
            followed_up_on=Subquery(latest.values("done_on")[:1]),
        )
        .order_by(*order)
    )


def labels(campaign: Campaign, name: str) -> list[str]:
    """The words of what the audience rule names; a title of an affiliation stands for itself."""
    choices = dict(CampaignForm.base_fields[name].choices)
    return [str(choices.get(value, value)) for value in getattr(campaign, name)]


class CampaignCreateView(NewRowView):
    """Prepares a campaign; nobody is concerned yet."""

    model = Campaign
    form_class = CampaignForm
    permission_required = "training.add_campaign"
    list_url = "training:campaign_list"
    template_name = "training/campaign_form.html"
    title = gettext_lazy("New training campaign")
    submit_label = gettext_lazy("Save and look at the audience")
    success_message = gettext_lazy("The campaign was saved. Nobody has been told yet.")

    def get_crumbs(self) -> Crumbs:
        return [(_("Training campaigns"), reverse("training:campaign_list"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"today": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """As the first step."""
        return super().get_context_data(steps=STEPS, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        given = self.request.GET
        return super().get_initial() | {"cycle": given.get("cycle"), "course": given.get("course")}

    def get_success_url(self) -> str:
        if "row" not in vars(self):
            return self.get_cancel_url()
        return reverse("training:campaign_audience", args=[self.row.pk])

    def carry_out(self, form: CampaignForm) -> None:
        facts = form.facts()
        self.row = services.create_campaign(
            facts.pop("cycle"), facts.pop("course"), actor=self.request.user, **facts
        )


class CampaignEditView(CampaignMixin, StateMixin, RowFormView):
    """Everything while it is prepared; once it is open, only what nobody was promised."""

    permission_required = "training.change_campaign"
    template_name = "training/campaign_form.html"
    title = gettext_lazy("Edit the campaign")
    success_message = gettext_lazy("The campaign was saved.")
    states = (CampaignStatus.DRAFT, CampaignStatus.OPEN)

    @cached_property
    def is_draft(self) -> bool:
        """Whether all of it may still change."""
        return self.row.status == CampaignStatus.DRAFT

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        return _("Save and look at the audience") if self.is_draft else _("Save the campaign")

    def get_form_class(self) -> Any:
        return CampaignForm if self.is_draft else CampaignTitleForm

    def get_form_kwargs(self) -> dict[str, Any]:
        extra = {"today": timezone.localdate()} if self.is_draft else {}
        return super().get_form_kwargs() | {"instance": self.row} | extra

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """As the first step, until it is open."""
        return super().get_context_data(steps=STEPS if self.is_draft else (), **kwargs)

    def get_success_url(self) -> str:
        name = "campaign_audience" if self.is_draft else "campaign_detail"
        return reverse(f"training:{name}", args=[self.row.pk])

    def get_cancel_url(self) -> str:
        return reverse("training:campaign_detail", args=[self.row.pk])

    def carry_out(self, form: Any) -> None:
        facts = form.facts() if self.is_draft else form.cleaned_data
        services.change_campaign(self.row.pk, actor=self.request.user, **facts)


class CampaignExtendView(OpenCampaignMixin, RowFormView):
    """A later last day."""

    form_class = ExtendForm
    permission_required = "training.open_campaign"
    title = gettext_lazy("Extend the campaign")
    submit_label = gettext_lazy("Move the last day")
    success_message = gettext_lazy("The last day was moved.")

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"ends_on": self.row.ends_on}

    def carry_out(self, form: ExtendForm) -> None:
        services.extend_campaign(self.row.pk, actor=self.request.user, **form.cleaned_data)


class CampaignDiscardView(DraftCampaignMixin, ConfirmView):
    """Removes what was never opened."""

    permission_required = "training.change_campaign"
    title = gettext_lazy("Discard the campaign")
    submit_label = gettext_lazy("Discard the campaign")
    success_message = gettext_lazy("The campaign was discarded.")
    consequence = gettext_lazy("This cannot be undone. The journal keeps what was prepared.")

    def get_text(self) -> str:
        return _("“%(campaign)s” was never opened, so nobody loses a record.") % {
            "campaign": self.row
        }

    def get_success_url(self) -> str:
        return reverse("training:campaign_list")

    def get_cancel_url(self) -> str:
        return reverse("training:campaign_detail", args=[self.row.pk])

    def carry_out(self, form: Any) -> None:
        services.discard_campaign(self.row.pk, actor=self.request.user)


def campaign_crumbs(campaign: Campaign) -> Crumbs:
    """The way to what lies below a campaign."""
    return [
        (_("Training campaigns"), reverse("training:campaign_list")),
        (str(campaign), campaign.get_absolute_url()),
    ]
