"""What may be refused, in the user's words."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError


class DomainError(ValidationError):
    """A rule of the management system refuses this; forms and the admin show the message."""


class InvalidTransitionError(DomainError):
    """The record's state does not allow this move."""


def refuse(obstacles: Iterable[str]) -> None:
    """Refuse what something still speaks against, all of it named at once; nothing if nothing does.

    Raises:
        DomainError: with one message for each obstacle.
    """
    if found := list(obstacles):
        raise DomainError(found)
