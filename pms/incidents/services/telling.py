"""Who hears of an incident, in the transaction in which it happens.

Notifications name the number and nothing else: what happened is read behind the link.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.cycles.services.telling import who_may
from pms.history.services import record
from pms.incidents.models import Incident, IncidentSettings, Member, Obligation
from pms.notifications.services import notify
from pms.organization.models import Appointment, Department

from .locking import lock_incident


class Post(NamedTuple):
    """Somebody whom the rule lets in, and for which post; a manager, of which department."""

    user: User
    role: str
    department_id: int | None


class Followed(NamedTuple):
    """How many were let in, and how many may know no more, by the posts that they hold."""

    let_in: int
    out: int


def alert(incident: Incident, *, now: datetime) -> list[User]:
    """Tell at once who handles incidents, and let in by rule whom it concerns besides.

    Returns:
        Those who were let in by rule.
    """
    let_in = list(_by_rule(incident, now).values())
    Member.objects.bulk_create(_member(incident, post, now) for post in let_in)
    users = [post.user for post in let_in]
    notify(
        [*who_may("incidents.handle_incident", now), *users],
        kind="incidents.reported",
        key=f"incidents.reported:{incident.pk}",
        url=incident.get_absolute_url(),
        facts={"incident": incident},
        is_duty=True,
        now=now,
    )
    return users


def follow_posts(incident: Incident, *, now: datetime) -> Followed:
    """Let the rule say anew whom an incident concerns; call it with the incident held.

    Whoever was let in for a post that they hold no more, or for a department where it did not
    happen, may know no more. Whom the rule names now is let in and told, but for those whom
    somebody has shut out.
    """
    named = _by_rule(incident, now)
    there = {it.user_id: it for it in incident.members.select_related("user", "department")}
    held = set(incident.members.in_force(timezone.localdate(now)).values_list("pk", flat=True))
    concerned = {None, *_above(incident)}
    out = 0
    for member in there.values():
        if member.added_by_id or member.is_shut_out:
            continue
        if post := named.get(member.user_id):
            if (member.reason, member.department_id) != (post.role, post.department_id):
                member.reason, member.department_id = post.role, post.department_id
                member.save()
        elif member.pk not in held or member.department_id not in concerned:
            _lapse(member)
            out += 1
    new = [_member(incident, post, now) for key, post in named.items() if key not in there]
    for member in new:
        member.save()
        record("incidents.let_in_by_rule", incident, actor=None, details={"user": str(member.user)})
        tell_let_in(member, now=now, is_duty=True)
    return Followed(len(new), out)


def follow_posts_everywhere(*, now: datetime) -> Followed:
    """The same for all that are open; in the others, nobody keeps what belongs to a former post."""
    let_in = out = 0
    for key in list(Incident.objects.open().order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            followed = follow_posts(lock_incident(key), now=now)
        let_in, out = let_in + followed.let_in, out + followed.out
    with transaction.atomic():
        today = timezone.localdate(now)
        rows = Member.objects.filter(added_by=None, is_shut_out=False).exclude(
            pk__in=Member.objects.in_force(today).values("pk")
        )
        for member in rows.select_related("user", "incident"):
            _lapse(member)
            out += 1
    return Followed(let_in, out)


def _lapse(member: Member) -> None:
    details = {"user": str(member.user)}
    record("incidents.lapsed", member.incident, actor=None, details=details)
    member.delete()


def _member(incident: Incident, post: Post, now: datetime) -> Member:
    return Member(
        incident=incident,
        user=post.user,
        reason=post.role,
        department_id=post.department_id,
        added_at=now,
    )


def _above(incident: Incident) -> list[int]:
    """The department and those above it."""
    key = incident.department_id
    return Department.objects.above_ids(key) if key else []


def _by_rule(incident: Incident, now: datetime) -> dict[int, Post]:
    """The department's manager and the information system officer, where the rules say so."""
    rules = IncidentSettings.current()
    posts = (
        Appointment.objects.on(timezone.localdate(now))
        .order_by("pk")
        .select_related("person__user")
    )
    found: dict[int, Post] = {}
    if rules.tells_department_manager and incident.department_id:
        _add(found, posts.filter(role=Role.DEPARTMENT_MANAGER, department__in=_above(incident)))
    if rules.tells_system_officer:
        _add(found, posts.filter(role=Role.SYSTEM_OFFICER))
    handlers = {user.pk for user in who_may("incidents.view_incident", now)}
    return {key: post for key, post in found.items() if key not in handlers}


def _add(found: dict[int, Post], posts: Iterable[Appointment]) -> None:
    for it in posts:
        user = it.person.user
        if user and user.is_active:
            found.setdefault(user.pk, Post(user, it.role, it.department_id))


def tell_let_in(member: Member, *, now: datetime, is_duty: bool = False) -> None:
    """Somebody may know of an incident from now on."""
    notify(
        [member.user],
        kind="incidents.let_in",
        key=f"incidents.let_in:{member.pk}",
        url=member.incident.get_absolute_url(),
        facts={"incident": member.incident},
        is_duty=is_duty,
        now=now,
    )


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
