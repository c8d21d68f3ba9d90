"""Personal settings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pms.accounts.models import User


class SettingsForm(forms.ModelForm):
    """Language and calendar of one's own account."""

    class Meta:
        model = User
        fields = ["language", "uses_wareki"]
        help_texts = {
            "language": _("Without a choice, pages follow the language of the browser."),
            "uses_wareki": _("Printed papers then say 令和8年11月21日 instead of 2026年11月21日."),
        }
