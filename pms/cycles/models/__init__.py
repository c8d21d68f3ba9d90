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
from .plans import Extension, Milestone, MilestoneQuerySet, Objective, YearPlan
from .years import Cycle, CycleQuerySet, year_end

__all__ = [
    "ARTICLES",
    "CODE",
    "Clause",
    "ClauseQuerySet",
    "Cycle",
    "CycleQuerySet",
    "Extension",
    "GuidelineEdition",
    "GuidelineEditionQuerySet",
    "Milestone",
    "MilestoneQuerySet",
    "Objective",
    "YearPlan",
    "natural_order",
    "year_end",
]
