"""Weighty moments of a campaign: whom it reaches, its opening, its dated rules, its closing."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from pms.core.pages import ConfirmView
from pms.core.pagination import paginate
from pms.core.views import is_htmx, with_query
from pms.organization.choices import EmploymentKind
from pms.organization.models import Affiliation
from pms.training import services
from pms.training.choices import ExcuseStatus
from pms.training.filters import OPEN

from .campaigns import STEPS, DraftCampaignMixin, OpenCampaignMixin


class CampaignAudienceView(DraftCampaignMixin, PermissionRequiredMixin, TemplateView):
    """Whom the campaign would reach today, counted and listed; who stays outside, and why."""

    permission_required = "training.change_campaign"
    template_name = "training/campaign_audience.html"

    def get_template_names(self) -> list[str]:
        names = super().get_template_names()
        return [f"{name}#table" for name in names] if is_htmx(self.request) else names

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The counts and one page of the list."""
        today = timezone.localdate()
        preview = services.preview_audience(self.row, today=today)
        people = self.row.audience_on(today).select_related("person", "department")
        page = paginate(
            people, ("person__employee_number", "id"), self.request.GET.get("page", ""), 50
        )
        kinds = dict(EmploymentKind.choices)
        everybody = Affiliation.objects.population_on(today).count()
        return super().get_context_data(
            campaign=self.row,
            crumbs=self.get_crumbs(),
            steps=STEPS,
            preview=preview,
            by_kind=[(kinds[kind], count) for kind, count in preview.by_kind],
            outside_rule=everybody - preview.total,
            page=page,
            query="",
            today=today,
            **kwargs,
        )


class CampaignOpenView(DraftCampaignMixin, ConfirmView):
    """The last step: in numbers, what opening does."""

    permission_required = "training.open_campaign"
    template_name = "training/campaign_open.html"
    title = gettext_lazy("Open the campaign")
    is_calm = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is still missing; without that, the numbers."""
        today = timezone.localdate()
        preview = services.preview_audience(self.row, today=today)
        return super().get_context_data(
            campaign=self.row,
            steps=STEPS,
            preview=preview,
            obstacles=services.opening_obstacles(self.row, today=today),
            headline=ngettext(
                "The campaign opens for %(count)s person.",
                "The campaign opens for %(count)s people.",
                preview.total,
            )
            % {"count": f"{preview.total:,}"},
            submit_label=ngettext(
                "Open it for %(count)s person", "Open it for %(count)s people", preview.total
            )
            % {"count": f"{preview.total:,}"},
            audience_url=reverse("training:campaign_audience", args=[self.row.pk]),
            **kwargs,
        )

    def get_cancel_url(self) -> str:
        return reverse("training:campaign_audience", args=[self.row.pk])

    def carry_out(self, form: Any) -> str:
        campaign = services.open_campaign(
            self.row.pk,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )
        count = campaign.records.population().count()
        return ngettext(
            "The campaign is open for %(count)s person.",
            "The campaign is open for %(count)s people.",
            count,
        ) % {"count": f"{count:,}"}


class CampaignRulesView(OpenCampaignMixin, ConfirmView):
    """Brings the records in line with the personnel dates of today."""

    permission_required = "training.open_campaign"
    title = gettext_lazy("Apply the dated rules now")
    submit_label = gettext_lazy("Apply them now")
    is_calm = True
    text = gettext_lazy(
        "People who joined are added, people who left or are on long leave are excused, and who "
        "is back from leave is due again."
    )
    consequence = gettext_lazy(
        "This happens by itself every night; here it is done at once. Every change is recorded, "
        "and doing it twice changes nothing."
    )

    def carry_out(self, form: Any) -> str:
        done = services.apply_dated_rules(
            self.row.pk, today=timezone.localdate(), actor=self.request.user
        )
        if not any((done.added, done.excused, done.returned, done.elsewhere)):
            return _("Everything was up to date: nothing was changed.")
        return _(
            "Added: %(added)s. Excused: %(excused)s. Due again: %(returned)s. Left to the "
            "training on joining: %(elsewhere)s."
        ) % {
            "added": done.added,
            "excused": done.excused,
            "returned": done.returned,
            "elsewhere": done.elsewhere,
        }


class CampaignCloseView(OpenCampaignMixin, ConfirmView):
    """The end: refused while somebody is open without a decision, who is named here."""

    permission_required = "training.close_campaign"
    template_name = "training/campaign_close.html"
    title = gettext_lazy("Close the campaign")
    submit_label = gettext_lazy("Close the campaign")
    success_message = gettext_lazy("The campaign was closed. Its records are frozen.")
    text = gettext_lazy(
        "The records are frozen as they are, and the figures of the report as well."
    )
    consequence = gettext_lazy(
        "This cannot be undone: afterwards nothing of the campaign can be changed any more."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what stands in the way, each with the list where it is mended."""
        found = services.closing_obstacles(self.row, today=timezone.localdate())
        return super().get_context_data(
            campaign=self.row,
            obstacles=[(it, self.list_url(it.kind)) for it in found],
            rules_url=reverse("training:campaign_rules", args=[self.row.pk]),
            **kwargs,
        )

    def list_url(self, kind: str) -> str:
        """Where the people of one kind of obstacle are listed; empty if no list holds them."""
        if kind == "open":
            return with_query(reverse("training:record_list"), campaign=self.row.pk, status=OPEN)
        if kind == "waiting":
            return with_query(
                reverse("training:excuse_list"),
                campaign=self.row.pk,
                status=ExcuseStatus.REQUESTED,
            )
        return ""

    def carry_out(self, form: Any) -> None:
        services.close_campaign(
            self.row.pk,
            actor=self.request.user,
            today=timezone.localdate(),
            now=timezone.now(),
        )
