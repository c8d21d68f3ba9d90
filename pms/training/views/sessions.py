"""Sessions of a campaign: class-room hours, viewings, make-up sessions."""

from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from pms.core.pages import AnyPermissionMixin, ConfirmView, Crumbs, RowFormView, StateMixin
from pms.training import services
from pms.training.choices import CampaignStatus
from pms.training.forms.campaigns import SessionForm
from pms.training.models import Campaign, Session

from .campaigns import SEE, CampaignMixin, campaign_crumbs


class SessionListView(CampaignMixin, AnyPermissionMixin, TemplateView):
    """When and where a campaign is held in person."""

    permission_required = SEE
    template_name = "training/session_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sessions, each with how many were logged for it."""
        return super().get_context_data(
            campaign=self.row,
            crumbs=self.get_crumbs(),
            sessions=self.row.sessions.annotate(record_count=Count("records")),
            is_closed=self.row.status == CampaignStatus.CLOSED,
            today=timezone.localdate(),
            **kwargs,
        )


class SessionCreateView(CampaignMixin, StateMixin, RowFormView):
    """Plans a session."""

    form_class = SessionForm
    permission_required = "training.add_session"
    title = gettext_lazy("New session")
    submit_label = gettext_lazy("Add the session")
    success_message = gettext_lazy("The session was added.")
    states = (CampaignStatus.DRAFT, CampaignStatus.OPEN)

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {
            "lecturer": self.row.lecturer,
            "is_make_up": self.request.GET.get("make_up") == "1",
        }

    def get_success_url(self) -> str:
        return reverse("training:session_list", args=[self.row.pk])

    def carry_out(self, form: SessionForm) -> None:
        services.add_session(self.row.pk, actor=self.request.user, **form.cleaned_data)


class SessionMixin:
    """A page about one session of a campaign that is not closed."""

    model = Session
    row: Session
    request: Any

    def get_rows(self) -> QuerySet:
        campaigns = Campaign.objects.visible_to(self.request.user).exclude(
            status=CampaignStatus.CLOSED
        )
        return Session.objects.filter(campaign__in=campaigns).select_related("campaign")

    def get_success_url(self) -> str:
        return reverse("training:session_list", args=[self.row.campaign_id])

    def get_crumbs(self) -> Crumbs:
        return [*campaign_crumbs(self.row.campaign), (_("Sessions"), self.get_success_url())]


class SessionEditView(SessionMixin, RowFormView):
    """Another day, another room."""

    form_class = SessionForm
    permission_required = "training.change_session"
    title = gettext_lazy("Edit the session")
    submit_label = gettext_lazy("Save the session")
    success_message = gettext_lazy("The session was saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.row}

    def carry_out(self, form: SessionForm) -> None:
        services.change_session(self.row.pk, actor=self.request.user, **form.cleaned_data)


class SessionRemoveView(SessionMixin, ConfirmView):
    """Takes a session out that nobody was logged for."""

    permission_required = "training.delete_session"
    title = gettext_lazy("Remove the session")
    submit_label = gettext_lazy("Remove the session")
    success_message = gettext_lazy("The session was removed.")
    consequence = gettext_lazy("It can be added again. The journal keeps that it was planned.")

    def get_text(self) -> str:
        return _("The session “%(session)s” of “%(campaign)s” is removed.") % {
            "session": self.row,
            "campaign": self.row.campaign,
        }

    def carry_out(self, form: Any) -> None:
        # A second sending finds nothing to remove, and its way back is known beforehand.
        services.remove_session(self.row.pk, actor=self.request.user)
