"""The bell's page, one's own settings, and the office's list of who was told what."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from pms.core.pages import FormPageView

from .forms import PreferenceForm
from .models import Preference
from .services import change_preference


class PreferenceView(FormPageView):
    """Whether one wants news by mail."""

    title = _("Notification settings")
    lead = _("What you have to do is always mailed. News can be read here as well.")
    submit_label = _("Save the settings")
    permission_required = "notifications.read_own"
    form_class = PreferenceForm
    success_url = reverse_lazy("dashboard:settings")
    success_message = _("Your settings have been saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form shows the present choice."""
        present = Preference.objects.filter(user=self.request.user).first()
        return super().get_form_kwargs() | {
            "instance": present or Preference(user=self.request.user)
        }

    def carry_out(self, form: PreferenceForm) -> None:
        """Store the choice."""
        change_preference(actor=self.request.user, **form.cleaned_data)
