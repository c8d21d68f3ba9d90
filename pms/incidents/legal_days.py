"""What is still to be done after incidents, for pages, calendars and numbers elsewhere."""

from datetime import date, datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from .choices import OPEN_STATUSES
from .deadlines import day_in_japan, nth_day
from .models import Incident, Obligation

# By which day a case is judged, the day of knowing being day 1: our own rule.
JUDGED_BY: Final = 2


def judge_by(noticed_at: datetime) -> date:
    """The day by which a case that was noticed then is judged."""
    return nth_day(day_in_japan(noticed_at), JUDGED_BY)


def open_duties(user: Any) -> QuerySet[Obligation]:
    """What somebody still has to do in open cases, for who handles incidents or decides on them.

    Who was let in to know of one case sees it on its page alone.
    """
    if not user.has_perm("incidents.view_incident"):
        return Obligation.objects.none()
    rows = Obligation.objects.visible_to(user).pending()
    return rows.filter(incident__status__in=OPEN_STATUSES).select_related("incident")


def cases_with_open_duty() -> QuerySet[Incident]:
    """Open cases in which something is still to be done; drills are none."""
    pending = Obligation.objects.pending().filter(incident=OuterRef("pk"))
    return Incident.objects.open().filter(Exists(pending), is_drill=False)
