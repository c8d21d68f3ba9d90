"""The year's tables, one file per aggregate."""

from .clauses import (
    ARTICLES,
    CODE,
    Clause,
    ClauseQuerySet,
    GuidelineEdition,
    GuidelineEditionQuerySet,
    natural_order,
)
from .years import Cycle, CycleQuerySet, year_end

__all__ = [
    "ARTICLES",
    "CODE",
    "Clause",
    "ClauseQuerySet",
    "Cycle",
    "CycleQuerySet",
    "GuidelineEdition",
    "GuidelineEditionQuerySet",
    "natural_order",
    "year_end",
]
