"""The rules and the calendar that cases are judged by, as they are in the database."""

from pms.organization.calendar import new_public_holidays, public_holidays

from .deadlines import OfficeDays
from .judging import Rule
from .models import ObligationRule


def all_rules() -> list[Rule]:
    """All versions of all rules, in one query."""
    return [row.as_rule() for row in ObligationRule.objects.order_by("code", "valid_from")]


def office_days() -> OfficeDays:
    """On which days the authorities are open, as far as anybody knows today."""
    return OfficeDays(public_holidays, new_public_holidays())
