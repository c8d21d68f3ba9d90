"""How the sign-in library behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the office, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False
