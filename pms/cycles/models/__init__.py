"""The year's tables, one file per aggregate."""

from .years import Cycle, CycleQuerySet, year_end

__all__ = ["Cycle", "CycleQuerySet", "year_end"]
