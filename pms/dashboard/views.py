"""Landing pages, search and personal settings."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic import RedirectView, TemplateView, View

from pms.accounts.services import change_settings
from pms.core.views import ServiceFormView
from pms.corrective_actions.models import CorrectiveAction

from .duties import duties_of
from .forms import SettingsForm
from .reports import largest, numbers, running_campaigns
from .search import find
from .system import failed_tasks, long_tasks, retry_task
from .tiles import alerts, bars, tiles_for
from .waiting import waiting_for


class StartView(PermissionRequiredMixin, RedirectView):
    """Where signing in leads: the overview for who has one, else one's own duties."""

    permission_required = "dashboard.view_duties"

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        """One of the two landing pages."""
        has_overview = self.request.user.has_perm("dashboard.view_overview")
        return reverse("dashboard:overview" if has_overview else "dashboard:home")


class HomeView(PermissionRequiredMixin, TemplateView):
    """What is due for the person who came in."""

    template_name = "dashboard/home.html"
    permission_required = "dashboard.view_duties"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The person's duties, seen today."""
        today = timezone.localdate()
        person = getattr(self.request.user, "person", None)
        return super().get_context_data(**kwargs) | {
            "today": today,
            "duties": duties_of(person, today),
            "has_part_in_actions": self.has_part_in_actions(),
        }

    def has_part_in_actions(self) -> bool:
        """Whether there are corrective actions to see for who has no register to find them in."""
        user = self.request.user
        if user.has_perm("corrective_actions.view_correctiveaction"):
            return False
        return CorrectiveAction.objects.visible_to(user).exists()


class OverviewView(PermissionRequiredMixin, TemplateView):
    """What is red, what is waiting, how far the running training is."""

    template_name = "dashboard/overview.html"
    permission_required = "dashboard.view_overview"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The facts of today."""
        today = timezone.localdate()
        campaigns = running_campaigns()
        counted = numbers(today)
        campaign = largest(campaigns, counted)
        # Both lead to the list of records, which not everybody with an overview may see.
        sees_records = self.request.user.has_perm("training.view_trainingrecord")
        return super().get_context_data(**kwargs) | {
            "today": today,
            "campaign": campaign,
            "tiles": tiles_for(self.request.user.has_perm, counted, campaign, today),
            "waiting": waiting_for(self.request.user, today, with_milestones=True),
            "alerts": alerts(campaigns, counted, today) if sees_records else [],
            "bars": bars(campaign, counted, today) if campaign and sees_records else [],
        }


class SearchView(PermissionRequiredMixin, TemplateView):
    """People, courses and campaigns that the account may see."""

    template_name = "dashboard/search.html"
    permission_required = "dashboard.view_duties"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was found, by kind."""
        text = self.request.GET.get("q", "")[:100].strip()
        found = find(text, user=self.request.user, today=timezone.localdate())
        return super().get_context_data(**kwargs) | {"text": text, "found": found}


class SystemView(PermissionRequiredMixin, TemplateView):
    """Work in the background that failed or takes long."""

    template_name = "dashboard/system.html"
    permission_required = "dashboard.view_system"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tasks of this moment."""
        return super().get_context_data(**kwargs) | {
            "failed": failed_tasks(),
            "long": long_tasks(now=timezone.now()),
        }


class TaskRetryView(PermissionRequiredMixin, View):
    """Have a failed task done again."""

    permission_required = "dashboard.view_system"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Put it back, once, and say so."""
        if retry_task(pk, actor=request.user):
            messages.success(request, _("The task will be done again."))
        else:
            messages.info(request, _("This task has not failed, or is on its way again."))
        return HttpResponseRedirect(reverse("dashboard:system"))


class SettingsView(ServiceFormView):
    """One's own language and calendar."""

    template_name = "dashboard/settings.html"
    permission_required = "dashboard.view_duties"
    form_class = SettingsForm
    success_url = reverse_lazy("dashboard:settings")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form shows the present settings."""
        return super().get_form_kwargs() | {"instance": self.request.user}

    def carry_out(self, form: SettingsForm) -> str:
        """Store the settings and say so in the new language."""
        change_settings(self.request.user.pk, **form.cleaned_data)
        with override(form.cleaned_data["language"] or self.request.LANGUAGE_CODE):
            return _("Your settings have been saved.")


@method_decorator(login_not_required, name="dispatch")
class LanguageView(View):
    """The language switch of the top bar: an account keeps the choice, a visitor's browser does."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store the language and go back to where the switch was pressed."""
        target = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
            target = reverse("dashboard:home")
        response = HttpResponseRedirect(target)
        language = request.POST.get("language", "")
        if language not in dict(settings.LANGUAGES):
            return response
        if request.user.is_authenticated:
            change_settings(request.user.pk, language=language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=timedelta(days=365),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
