"""The figures of a campaign for its report, frozen at the closing."""

from dataclasses import dataclass

from pms.training.models import Campaign


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of a part of the population.

    Attributes:
        key: department id or employment kind, as text.
        name: as it was at the closing.
        population, excused, attended, passed_first, passed_later: numbers of people.
    """

    key: str
    name: str
    population: int
    excused: int
    attended: int
    passed_first: int
    passed_later: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a campaign, in numbers (教育実施報告書). Unknown is None, never zero.

    Attributes:
        starts_on, ends_on: the period, ISO dates.
        ...
    """

    starts_on: str
    ends_on: str


def report_figures(campaign: Campaign) -> Figures:
    """The frozen figures of a closed campaign, else those of this moment."""
    raise NotImplementedError
