"""One box for everything that the asking account may see: people, training, incidents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from pms.core.text import fold, search_key
from pms.incidents.models import Incident
from pms.organization.models import Person
from pms.training.models import Campaign, Course

# So many of each kind; whoever wants more goes to the list.
LIMIT = 20


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought, at most LIMIT of each kind, and whether there is more.

    Attributes:
        people: with their main affiliation of the day in `primary`.
        campaigns, courses: by title.
        incidents: by number or title.
        has_more_people: whether further people match.
    """

    people: Sequence[Person] = ()
    campaigns: Sequence[Campaign] = ()
    courses: Sequence[Course] = ()
    incidents: Sequence[Incident] = ()
    has_more_people: bool = False

    def __bool__(self) -> bool:
        return bool(self.people or self.campaigns or self.courses or self.incidents)


def find(text: str, *, user: Any, today: date) -> Found:
    """Search for `text` in five queries, however much there is.

    Args:
        text: words that must all match; spelling variants of names meet.
        user: sees only what its posts open.
        today: whose affiliations are shown.
    """
    if not search_key(text):
        return Found()
    people = Person.objects.visible_to(user).search(text).order_by("employee_number")
    shown = list(people.with_primary_on(today)[: LIMIT + 1])
    campaigns = _titled(Campaign.objects.visible_to(user), text, "title", "title_en")
    courses = _titled(Course.objects.visible_to(user), text, "code", "title", "title_en")
    incidents = _titled(Incident.objects.visible_to(user), text, "number", "title")
    return Found(
        people=shown[:LIMIT],
        has_more_people=len(shown) > LIMIT,
        campaigns=list(campaigns.order_by("-starts_on", "-pk")[:LIMIT]),
        courses=list(courses.order_by("code")[:LIMIT]),
        incidents=list(incidents.order_by("-reported_at", "-pk")[:LIMIT]),
    )


def _titled(rows: QuerySet, text: str, *fields: str) -> QuerySet:
    """Rows with every word in one of the fields, as typed or with full-width letters folded."""
    for word in text.split():
        condition = Q()
        for field in fields:
            condition |= Q(**{f"{field}__icontains": word})
            condition |= Q(**{f"{field}__icontains": fold(word)})
        rows = rows.filter(condition)
    return rows
