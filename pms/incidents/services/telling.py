"""Who hears of an incident, in the transaction in which it happens.

Notifications name the number and nothing else: what happened is read behind the link.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.cycles.services.telling import who_may
from pms.incidents.models import Incident, IncidentSettings, Member, Obligation
from pms.notifications.services import notify
from pms.organization.models import Appointment, Department


def alert(incident: Incident, *, now: datetime) -> list[User]:
    """Tell at once who handles incidents, and let in by rule whom it concerns besides.

    Returns:
        Those who were let in by rule.
    """
    let_in = _by_rule(incident, now)
    Member.objects.bulk_create(
        [
            Member(incident=incident, user=user, reason=reason, added_by=None, added_at=now)
            for user, reason in let_in
        ]
    )
    notify(
        [*who_may("incidents.handle_incident", now), *(user for user, _reason in let_in)],
        kind="incidents.reported",
        key=f"incidents.reported:{incident.pk}",
        url=incident.get_absolute_url(),
        facts={"incident": incident},
        is_duty=True,
        now=now,
    )
    return [user for user, _reason in let_in]


def _by_rule(incident: Incident, now: datetime) -> list[tuple[User, str]]:
    """The department's manager and the information system officer, where the rules say so."""
    rules = IncidentSettings.current()
    posts = (
        Appointment.objects.on(timezone.localdate(now))
        .order_by("pk")
        .select_related("person__user")
    )
    found: dict[int, tuple[User, str]] = {}
    if rules.tells_department_manager and incident.department_id:
        above = Department.objects.above_ids(incident.department_id)
        _add(found, posts.filter(role=Role.DEPARTMENT_MANAGER, department__in=above))
    if rules.tells_system_officer:
        _add(found, posts.filter(role=Role.SYSTEM_OFFICER))
    handlers = {user.pk for user in who_may("incidents.view_incident", now)}
    return [it for key, it in found.items() if key not in handlers]


def _add(found: dict[int, tuple[User, str]], posts: Iterable[Appointment]) -> None:
    for post in posts:
        user = post.person.user
        if user and user.is_active:
            found.setdefault(user.pk, (user, post.role))


def tell_of_words(incident: Incident, key: str, *, now: datetime, but: Any) -> None:
    """Those who handle incidents hear that who reported has added something."""
    notify(
        who_may("incidents.handle_incident", now, but=(but,)),
        kind="incidents.words_added",
        key=f"incidents.words_added:{key}",
        url=incident.get_absolute_url(),
        facts={"incident": incident},
        is_duty=True,
        now=now,
    )


def tell_approvers(obligation: Obligation, *, permission: str, now: datetime, but: Any) -> None:
    """A report waits for approval."""
    notify(
        who_may(permission, now, but=(but,)),
        kind="incidents.report_submitted",
        key=f"incidents.report_submitted:{obligation.pk}:{now.isoformat()}",
        url=obligation.incident.get_absolute_url(),
        facts={"incident": obligation.incident, "obligation": obligation},
        is_duty=True,
        now=now,
    )
