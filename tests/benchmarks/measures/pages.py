"""Pages through the whole middleware, signed in; the same functions serve both sides."""

from datetime import date
from functools import cache
from itertools import count
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pms.accounts.models import User
from pms.history.models import HistoryEntry
from pms.organization.models import Department, Person
from pms.training.choices import CampaignStatus
from pms.training.models import Campaign, TrainingRecord

from .common import office, root, seconds

_numbers = count(1)


@cache
def browser() -> Client:
    """The training officer; in the plain admin somebody who may do everything."""
    return office() if apps.is_installed("unfold") else root()


def facts() -> dict[str, Any]:
    """Keys of records that the pages are about."""
    campaign = Campaign.objects.filter(status=CampaignStatus.OPEN).earliest("pk")
    record = campaign.records.order_by("employee_number")[20]
    return {
        "campaign": campaign.pk,
        "department": record.department_id,
        "person": record.person_id,
        "record": record.pk,
        "people": Person.objects.count(),
        "rows": TrainingRecord.objects.count(),
    }


def fetch(path: str, times: int) -> list[float]:
    """How long the page takes, each time; the first is not counted."""
    return [_get(path) for _ in range(times)]


def _get(path: str) -> float:
    def get() -> None:
        response = browser().get(path)
        if response.status_code != 200:
            raise AssertionError(f"{path}: {response.status_code}")
        response.getvalue() if response.streaming else response.content

    return seconds(get)[0]


def look(path: str) -> dict[str, Any]:
    """Queries and size of the page."""
    _get(path)
    with CaptureQueriesContext(connection) as queries:
        response = browser().get(path)
    return {"queries": len(queries), "bytes": len(response.content)}


def naive(times: int) -> list[float]:
    """What a page costs that counts with the ORM over all rows, as one would first write it."""

    def counted() -> None:
        rows = TrainingRecord.objects.values("campaign__title", "department__name", "status")
        list(rows.order_by().annotate(number=Count("id")))

    return seconds(counted, times)


def create_people(times: int, prefix: str) -> dict[str, Any]:
    """Register people through the page, each with the first affiliation; seconds and queries."""
    department = Department.objects.earliest("pk").pk
    is_ours = apps.is_installed("unfold")
    path = reverse("organization:person_create") if is_ours else "/admin/organization/person/add/"
    found, queries = [], 0
    for _ in range(times):
        number = f"{prefix}{next(_numbers):05}"
        facts = {
            "employee_number": number,
            "family_name": "計測",
            "given_name": "太郎",
            "family_kana": "ケイソク",
            "given_kana": "タロウ",
            "email": "",
        }
        stay = {"department": department, "employment_kind": "regular", "post": ""}
        day = date(2026, 4, 1).isoformat()
        if is_ours:
            facts |= stay | {"joined_on": day, "form_token": number}
        else:
            facts |= {"joined_on": day, "affiliations-0-starts_on": day}
            facts |= {"affiliations-0-is_primary": "on"}
            facts |= {f"affiliations-0-{name}": value for name, value in stay.items()}
            facts |= {"affiliations-TOTAL_FORMS": 1, "affiliations-INITIAL_FORMS": 0}

        def post(facts: dict[str, Any] = facts) -> None:
            response = browser().post(path, facts)
            if response.status_code != 302:
                raise AssertionError(response.content.decode()[:20_000])

        with CaptureQueriesContext(connection) as captured:
            pass
        if len(found) == times - 1:
            with CaptureQueriesContext(connection) as captured:
                post()
            queries = len(captured)
        else:
            found += seconds(post)
    return {"seconds": found, "queries": queries}


def written(prefix: str) -> dict[str, int]:
    """How many people of `create_people` there are, and how many of them the journal knows."""
    people = Person.objects.filter(employee_number__startswith=prefix)
    keys = people.values("pk")
    known = HistoryEntry.objects.filter(event="organization.person_registered", object_id__in=keys)
    return {"people": people.count(), "journal": known.values("object_id").distinct().count()}


def session_cookie() -> str:
    """The session of the browser, for a real one."""
    return browser().cookies["sessionid"].value


def users() -> int:
    """A query that wakes the connection."""
    return User.objects.count()
