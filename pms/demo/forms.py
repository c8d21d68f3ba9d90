"""Whom to sign in as."""

from django import forms

from .company import KNOWN_PEOPLE


class DemoSignInForm(forms.Form):
    """One of the known faces."""

    key = forms.ChoiceField(choices=[(face.key, face.label) for face in KNOWN_PEOPLE])
