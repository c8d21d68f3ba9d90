"""Numbering records by fiscal year."""

from datetime import date

from django.db import transaction

from pms.organization.models import Company, NumberSeries


@transaction.atomic
def next_number(prefix: str, *, day: date) -> str:
    """The next number of a series, e.g. "INC-2026-001"; call it in the record's own transaction.

    Who takes a number makes all others wait until the record is stored or given up, so that no
    number is given twice and none is left out.

    Args:
        prefix: the kind of record.
        day: its day; the fiscal year is called by the calendar year in which it begins.
    """
    first_month = Company.objects.current().first_month
    year = day.year if day.month >= first_month else day.year - 1
    NumberSeries.objects.get_or_create(prefix=prefix, year=year)
    series = NumberSeries.objects.select_for_update().get(prefix=prefix, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return str(series)
