"""Personal settings."""

from django import forms

from .models import Preference


class PreferenceForm(forms.ModelForm):
    """Which mails somebody wants."""

    class Meta:
        model = Preference
        fields = ["mails_news"]
