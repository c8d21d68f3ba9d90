"""What may be refused, in the user's words."""

from django.core.exceptions import ValidationError


class DomainError(ValidationError):
    """A rule of the management system refuses this; forms and the admin show the message."""


class InvalidTransitionError(DomainError):
    """The record's state does not allow this move."""
