"""What is done in a case, in whatever order real life brings it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.core.exceptions import DomainError
from pms.history.context import as_actor
from pms.history.services import record
from pms.incidents.choices import Entry, Publication
from pms.incidents.deadlines import day_in_japan
from pms.incidents.models import Category, Incident, Member, TimelineEntry

from .assessing import judge_anew
from .lines import add_line
from .locking import lock_incident, require_open, require_text
from .telling import follow_posts, tell_let_in

# What may be set right on the record; the words of the first report are kept beside it.
DESCRIBED: Final = ("title", "department", "third_party", "occurred_at", "noticed_at")


@transaction.atomic
@as_actor
def describe(
    incident_id: int,
    *,
    actor: Any,
    now: datetime,
    reason: str = "",
    seen_at: datetime | None = None,
    **facts: Any,
) -> Incident:
    """Set right what the record says; the first report's own words stay as they were.

    When it was noticed on another day, a case that was judged is judged again at once: all days
    of the law are counted from there (guideline 3-5-3-3). When it happened in another department,
    whom the rule lets in changes with it.

    Args:
        incident_id: the case.
        actor: who does it.
        now: the moment.
        reason: needed when the time of noticing changes, because the legal days hang on it.
        seen_at: when the record was read that is set right here; it must not have changed since.
        facts: of DESCRIBED.

    Raises:
        DomainError: it is closed, was changed meanwhile, a time is wrong, or a reason is missing.
    """
    incident = lock_incident(incident_id)
    require_open(incident)
    if seen_at and incident.updated_at != seen_at:
        raise DomainError(
            _("Somebody else has changed this meanwhile. Look at it and write yours again.")
        )
    _require_past(facts, now)
    noticed_at = facts.get("noticed_at", incident.noticed_at)
    if noticed_at != incident.noticed_at and not reason.strip():
        raise DomainError(
            {"reason": _("The legal days hang on this time. Say why another one is right.")}
        )
    is_moved = day_in_japan(noticed_at) != day_in_japan(incident.noticed_at)
    is_elsewhere = facts.get("department", incident.department) != incident.department
    for name in DESCRIBED:
        if name in facts:
            setattr(incident, name, facts[name])
    incident.full_clean()
    incident.save()
    record("incidents.described", incident, actor=actor, reason=reason)
    if is_elsewhere:
        follow_posts(incident, now=now)
    if is_moved:
        judge_anew(incident, reason=reason.strip(), actor=actor, today=day_in_japan(now), now=now)
    return incident


def _require_past(facts: Mapping[str, Any], now: datetime) -> None:
    for name in ("occurred_at", "noticed_at"):
        if facts.get(name) and facts[name] > now:
            raise DomainError({name: _("This time is in the future.")})


@transaction.atomic
@as_actor
def contain(
    incident_id: int, *, contained_at: datetime, containment: str, actor: Any, now: datetime
) -> Incident:
    """Note what stopped the damage from growing, and when.

    Raises:
        DomainError: nothing is said, or the time is in the future or before it was noticed.
    """
    incident = lock_incident(incident_id)
    require_open(incident)
    incident.containment = require_text(
        containment, "containment", _("Write what was done to stop it.")
    )
    if contained_at > now:
        raise DomainError({"contained_at": _("This time is in the future.")})
    if incident.occurred_at and contained_at < incident.occurred_at:
        raise DomainError({"contained_at": _("This lies before it occurred.")})
    incident.contained_at = contained_at
    incident.save()
    _note(incident, contained_at, Entry.DONE, incident.containment, actor, now)
    record("incidents.contained", incident, actor=actor)
    return incident


@transaction.atomic
@as_actor
def record_cause(
    incident_id: int,
    *,
    cause_category: Category,
    cause: str,
    why_not_earlier: str,
    elsewhere: str,
    actor: Any,
) -> Incident:
    """Say why it happened, why it was not found earlier, and where else it could happen.

    What is not known yet stays empty; closing asks for all of it.
    """
    incident = lock_incident(incident_id)
    require_open(incident)
    incident.cause_category = cause_category
    incident.cause = cause.strip()
    incident.why_not_earlier = why_not_earlier.strip()
    incident.elsewhere = elsewhere.strip()
    incident.full_clean()
    incident.save()
    record("incidents.cause_recorded", incident, actor=actor)
    return incident


@transaction.atomic
@as_actor
def record_no_action(incident_id: int, *, reason: str, actor: Any) -> Incident:
    """Say why no corrective action is needed."""
    incident = lock_incident(incident_id)
    require_open(incident)
    incident.no_action_reason = require_text(
        reason, "reason", _("Say why no corrective action is needed.")
    )
    incident.save()
    record("incidents.no_action_needed", incident, actor=actor, reason=incident.no_action_reason)
    return incident


@transaction.atomic
@as_actor
def decide_publication(
    incident_id: int,
    *,
    publication: str,
    reason: str,
    published_at: str = "",
    actor: Any,
    today: date,
    now: datetime,
) -> Incident:
    """Decide, as top management, whether the case is published.

    Raises:
        DomainError: no reason is given, or not where it was published.
    """
    incident = lock_incident(incident_id)
    require_open(incident)
    reason = require_text(reason, "reason", _("Say why."))
    if publication == Publication.PUBLISHED:
        published_at = require_text(
            published_at, "published_at", _("Say where, e.g. the address of the page.")
        )
    incident.publication, incident.publication_reason = publication, reason
    incident.published_at = published_at.strip()
    incident.publication_decided_on, incident.publication_decided_by = today, actor
    incident.save()

    def words() -> str:
        facts = {"label": Publication(publication).label, "value": reason}
        return _("%(label)s: %(value)s") % facts

    _note(incident, now, Entry.DECIDED, words, actor, now, is_reserved=True)
    record("incidents.publication_decided", incident, actor=actor, reason=reason)
    return incident


@transaction.atomic
@as_actor
def tell_timeline(
    incident_id: int, *, happened_at: datetime, kind: str, text: str, actor: Any, now: datetime
) -> TimelineEntry:
    """Add a line to the timeline; one that is added late shows it.

    Raises:
        DomainError: nothing is said, or the time is in the future.
    """
    incident = lock_incident(incident_id)
    text = require_text(text, "text", _("Write what was known or done."))
    if happened_at > now:
        raise DomainError({"happened_at": _("This time is in the future.")})
    entry = _note(incident, happened_at, kind, text, actor, now)
    record("incidents.timeline_told", incident, actor=actor)
    return entry


def _note(
    incident: Incident,
    happened_at: datetime,
    kind: str,
    words: str | Callable[[], str],
    actor: Any,
    now: datetime,
    *,
    is_reserved: bool = False,
) -> TimelineEntry:
    facts = {"kind": kind, "happened_at": happened_at, "actor": actor, "now": now}
    return add_line(incident, words, **facts, is_reserved=is_reserved)


@transaction.atomic
@as_actor
def let_in(incident_id: int, *, user: User, reason: str, actor: Any, now: datetime) -> Member:
    """Let somebody know of the case who does not by their post.

    Raises:
        DomainError: no reason is given, or they know already.
    """
    incident = lock_incident(incident_id)
    reason = require_text(reason, "reason", _("Say why they have to know."))
    if Incident.objects.visible_to(user).filter(pk=incident.pk).exists():
        raise DomainError({"user": _("%(user)s may see this already.") % {"user": user}})
    # A rule may have let them in once.
    incident.members.filter(user=user).delete()
    member = Member.objects.create(
        incident=incident, user=user, reason=reason, added_by=actor, added_at=now
    )
    record("incidents.let_in", incident, actor=actor, reason=reason, details=_who(user))
    tell_let_in(member, now=now)
    return member


@transaction.atomic
@as_actor
def exclude(incident_id: int, *, member_id: int, actor: Any) -> None:
    """Let somebody know no more; what they have read stays in the journal."""
    incident = lock_incident(incident_id)
    member = incident.members.select_related("user").get(pk=member_id)
    record("incidents.excluded", incident, actor=actor, details=_who(member.user))
    if member.added_by_id:
        member.delete()
    else:
        member.is_shut_out = True
        member.save()


def _who(user: User) -> Mapping[str, Any]:
    return {"user": str(user)}
