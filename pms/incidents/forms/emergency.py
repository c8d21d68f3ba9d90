"""Forms of the emergency contact list and procedure."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pms.incidents.models import EmergencyContact, EmergencyProcedure


class ContactForm(forms.ModelForm):
    """A line of the list."""

    class Meta:
        model = EmergencyContact
        fields = ["role", "role_en", "name", "phone", "email", "hours", "position"]
        help_texts = {
            "role": _("For example “First report at night and on holidays”."),
            "position": _("The smallest number stands first."),
        }


class ProcedureForm(forms.ModelForm):
    """What everybody does."""

    class Meta:
        model = EmergencyProcedure
        fields = ["text", "text_en"]
        widgets = {
            "text": forms.Textarea({"rows": 18}),
            "text_en": forms.Textarea({"rows": 18}),
        }
        help_texts = {
            "text": _("Markdown: ## heading, 1. numbered list, **important**."),
        }
