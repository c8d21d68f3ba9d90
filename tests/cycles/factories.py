"""Fiscal years."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from pms.cycles.models import Cycle, year_end


class CycleFactory(DjangoModelFactory):
    """The fiscal year 2026 from April on, or that of `year=`; the same year is the same row."""

    name = factory.LazyAttribute(lambda it: f"{it.year}年度")
    starts_on = factory.LazyAttribute(lambda it: date(it.year, 4, 1))
    ends_on = factory.LazyAttribute(lambda it: year_end(it.starts_on))

    class Meta:
        model = Cycle
        django_get_or_create = ["starts_on"]

    class Params:
        year = 2026
