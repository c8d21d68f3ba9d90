"""Records are numbered by fiscal year, without gaps, whoever comes at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction

from pms.organization.models import Company, NumberSeries
from pms.organization.services import next_number

DAY = date(2026, 11, 22)


@pytest.mark.django_db
def test_counts_within_the_fiscal_year():
    days = [date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1)]
    assert [next_number("INC", day=day) for day in days] == [
        "INC-2026-001",
        "INC-2026-002",
        "INC-2027-001",
    ]


@pytest.mark.django_db
def test_the_fiscal_year_begins_where_the_company_says():
    Company.objects.update_or_create(pk=1, defaults={"name": "みなと", "first_month": 1})
    assert next_number("INC", day=date(2027, 3, 31)) == "INC-2027-001"


@pytest.mark.django_db
def test_each_kind_of_record_has_its_own():
    assert [next_number(prefix, day=DAY) for prefix in ("INC", "CA")] == [
        "INC-2026-001",
        "CA-2026-001",
    ]


@pytest.mark.django_db
def test_a_record_that_is_given_up_leaves_no_gap():
    with transaction.atomic():
        next_number("INC", day=DAY)
        transaction.set_rollback(True)
    assert next_number("INC", day=DAY) == "INC-2026-001"


@pytest.mark.django_db(transaction=True)
def test_who_comes_at_once_gets_one_number_each():
    gate = Barrier(4)

    def take(_number):
        gate.wait()
        try:
            return [next_number("INC", day=DAY) for _time in range(5)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = [number for numbers in pool.map(take, range(4)) for number in numbers]

    assert sorted(taken) == [f"INC-2026-{number:03}" for number in range(1, 21)]
    assert NumberSeries.objects.get().last == 20
