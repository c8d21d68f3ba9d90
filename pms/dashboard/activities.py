"""When a year began, as each subject knows it: the explicit list. A new one joins with a row."""

from collections.abc import Callable
from datetime import date
from typing import Final

from pms.cycles.models import Cycle
from pms.training.models import Campaign


def training_began(cycle: Cycle) -> date | None:
    """The first day of the year's training."""
    return Campaign.objects.filter(cycle=cycle).began_on()


FIRST_ACTIVITIES: Final[tuple[Callable[[Cycle], date | None], ...]] = (training_began,)
