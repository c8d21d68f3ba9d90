"""What the organization refuses."""

from pms.core.exceptions import DomainError


class OverlapError(DomainError):
    """Two periods of which only one can hold share a day."""


class DutyConflictError(DomainError):
    """A post of the management system may not be held by this person in this period."""
