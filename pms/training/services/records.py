"""Correcting a record: the wrong row becomes void with its reason, a new one replaces it."""

from datetime import datetime
from typing import Any

from pms.accounts.models import User
from pms.training.models import TrainingRecord


def correct_record(
    record_id: int, *, actor: User, reason: str, now: datetime, **facts: Any
) -> TrainingRecord:
    """Replace a record by one with other facts.

    Args:
        record_id: the wrong row; it becomes void and keeps everything that it says.
        actor: who corrects it.
        reason: why.
        now: the moment of correcting.
        facts: what was wrong, as it should be: `passed` (bool), `attended_on`, `method`,
            `comprehension`, `score`, `lecturer`, `session`, `department`, `employment_kind`,
            `due_on`. What is not named is taken over; `passed` needs `attended_on`.

    Returns:
        The new row.

    Raises:
        DomainError: the campaign is not open, the row is void already, no reason is given, or a
            fact cannot be corrected.
        ValidationError: a fact is wrong.
    """
    raise NotImplementedError
