"""The day on which training's pages are looked at, and who looks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pms.accounts.models import User
from pms.accounts.roles import Role
from tests.accounts.factories import UserFactory
from tests.training.factories import at

# Within the window of the campaigns that the factories make.
MID_SEPTEMBER = date(2026, 9, 15)


@pytest.fixture
def mid_september(monkeypatch: pytest.MonkeyPatch) -> date:
    """Pages see 15 September 2026: the edge where today is asked for stands still."""
    monkeypatch.setattr(timezone, "localdate", lambda value=None, zone=None: MID_SEPTEMBER)
    monkeypatch.setattr(timezone, "now", lambda: at(MID_SEPTEMBER))
    return MID_SEPTEMBER


@pytest.fixture
def sign_in(client: Client, mid_september: date) -> Callable[..., User]:
    """Signs somebody in who holds these posts and reads English; gives the account."""

    def enter(*roles: str, **facts: Any) -> User:
        user: User = UserFactory(roles=list(roles), language="en", **facts)
        client.force_login(user)
        return user

    return enter


@pytest.fixture
def officer(sign_in: Callable[..., User]) -> User:
    """The training officer, signed in."""
    return sign_in(Role.TRAINING_OFFICER)
