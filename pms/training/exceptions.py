"""Why training refuses something, for callers that do more than show the words."""

from collections.abc import Sequence
from typing import Any

from pms.core.exceptions import DomainError


class OpeningRefusedError(DomainError):
    """The campaign lacks something that it must have before it opens; one message each."""


class ClosingRefusedError(DomainError):
    """Somebody is open without a decision.

    Attributes:
        obstacles: what stands in the way, as `services.Obstacle`.
    """

    def __init__(self, obstacles: Sequence[Any]) -> None:
        super().__init__([str(obstacle) for obstacle in obstacles])
        self.obstacles = list(obstacles)


class InterviewNeededError(DomainError):
    """After every third failure somebody has to talk with the person before the next attempt."""
