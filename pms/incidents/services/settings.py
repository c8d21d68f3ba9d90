"""The company's own rules for incidents."""

from typing import Any

from django.db import transaction

from pms.history.context import as_actor
from pms.incidents.models import IncidentSettings


@transaction.atomic
@as_actor
def change_settings(*, actor: Any, **rules: Any) -> IncidentSettings:
    """Set the rules; what they rule from now on is the actor's answer.

    Raises:
        ValidationError: a number is out of range.
    """
    row = IncidentSettings.current()
    for name, value in rules.items():
        setattr(row, name, value)
    row.full_clean(exclude=["id"])
    row.save()
    return row


def days_kept() -> int:
    """How many days after a notice its list of addressees is kept."""
    return IncidentSettings.current().keeps_addresses_days
