"""What the nine items of a report could say, put together from what the record holds.

A proposal to be taken over and worked on, in Japanese, the language of the report; what each item
has to hold, guideline (general rules) 3-5-3-3 says.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from pms.corrective_actions.choices import Status as ActionStatus
from pms.corrective_actions.models import Measure

from .choices import Answer, ByWhom, Entry, FactCode, HandlingRole, Item, Kind, Medium
from .models import Assessment, Incident, Judgement, PersonsNotice
from .reports import count_in_words
from .services import Words
from .wording import events_in_words

# What says something of secondary damage, where it is certain.
_OF_DAMAGE: Final = (
    FactCode.RECOVERED,
    FactCode.ENCRYPTED,
    FactCode.FINANCIAL,
    FactCode.PUBLIC_VIEW,
    FactCode.GOING_ON,
)


def suggestions_of(incident: Incident) -> dict[str, Words]:
    """What each item could say; those of which the record knows nothing are left out.

    Args:
        incident: with department and cause category loaded; six more queries.
    """
    with override("ja"):
        latest = incident.assessments.order_by("-number").first()
        notices = list(incident.notices.all())
        found = {
            Item.OVERVIEW: _lines(_overview(incident, latest)),
            Item.DATA_ITEMS: _lines(_data_items(latest)),
            Item.PERSONS_COUNT: count_in_words(incident.persons_kind, incident.persons),
            Item.CAUSE: _lines(_cause(incident, latest)),
            Item.SECONDARY_DAMAGE: _lines(_damage(latest)),
            Item.RESPONSE: _lines(_response(incident, notices)),
            Item.PUBLICATION: _lines(_publication(incident)),
        }
        said = {item.value: Words(text) for item, text in found.items() if text}
    prevention = _prevention(incident)
    if prevention.text or prevention.planned:
        said[Item.PREVENTION.value] = prevention
    return said


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(it for it in parts if it)


def _labelled(label: str, value: Any) -> str:
    return _("%(label)s: %(value)s") % {"label": label, "value": value} if value else ""


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _overview(incident: Incident, latest: Assessment | None) -> Iterator[str]:
    yield _labelled(_("Occurred"), _moment(incident.occurred_at) or _("being looked into"))
    yield _labelled(_("Noticed"), _moment(incident.noticed_at))
    yield _labelled(_("Noticed in"), incident.department)
    if latest:
        yield _labelled(
            pgettext("examining body", "Event"),
            events_in_words(latest.events),
        )
    yield incident.title
    first = incident.first_reports.filter(is_addition=False).first()
    if first:
        yield first.what
    if latest:
        yield _labelled(_("Articles that apply"), _articles(latest))
        yield _labelled(_("Our role"), HandlingRole(latest.role).label)
    yield _labelled(_("Contractor, client or service concerned"), incident.third_party)
    course = incident.timeline.exclude(kind=Entry.DECIDED)
    lines = [f"{_moment(it.happened_at)}　{it.text}" for it in course]
    if lines:
        yield _("Course of events:")
        yield from lines


def _articles(latest: Assessment) -> str:
    """The articles by which the authority is told."""
    rows = Judgement.objects.filter(
        assessment=latest,
        obligation__kind__in=(Kind.PPC_FINAL, Kind.MN_FINAL),
        verdict="needed",
    )
    return "、".join(dict.fromkeys(rows.values_list("articles", flat=True)))


def _data_items(latest: Assessment | None) -> Iterator[str]:
    if latest:
        yield latest.data_items
        if latest.medium != Medium.UNKNOWN:
            yield _labelled(pgettext("data", "Medium"), Medium(latest.medium).label)


def _cause(incident: Incident, latest: Assessment | None) -> Iterator[str]:
    if not incident.cause:
        return
    yield str(incident.cause_category or "")
    yield incident.cause
    if latest and latest.by_whom != ByWhom.UNKNOWN:
        yield _labelled(_("Where it arose"), ByWhom(latest.by_whom).label)
    yield _labelled(_("Why it was not found earlier"), incident.why_not_earlier)


def _damage(latest: Assessment | None) -> Iterator[str]:
    if latest is None:
        return
    for code in _OF_DAMAGE:
        answer = latest.answers.get(code)
        if answer == Answer.YES:
            yield f"{FactCode(code).label}。"
        elif answer == Answer.SUSPECTED:
            yield _labelled(str(Answer.SUSPECTED.label), FactCode(code).label)


def _response(incident: Incident, notices: Iterable[PersonsNotice]) -> Iterator[str]:
    for notice in notices:
        facts = {
            "group": notice.group,
            "method": notice.get_method_display(),
            "day": notice.told_on,
            "sent": f"{notice.sent:,}",
            "returned": f"{notice.returned:,}",
        }
        if notice.told_on:
            yield _("%(group)s: told on %(day)s, %(method)s; sent %(sent)s, returned %(returned)s.") % facts  # fmt: skip  # noqa: E501
        else:
            yield _("%(group)s: will be told, %(method)s.") % facts
    yield _labelled(_("Why the persons are not told"), incident.not_told_reason)


def _prevention(incident: Incident) -> Words:
    """What was done and what is planned, which the authority's form asks for apart.

    A measure is planned once its plan is approved; before that it is an idea.
    """
    measures = (
        Measure.objects.filter(
            round__action__in=incident.action_links.values("action"),
            round__approved_on__isnull=False,
            round=F("round__action__current"),
        )
        .exclude(round__action__status=ActionStatus.WITHDRAWN)
        .order_by("due_on", "pk")
    )
    done = [f"{it.done_on:%Y-%m-%d}　{it.title}" for it in measures if it.done_on]
    planned = [f"{it.due_on:%Y-%m-%d}　{it.title}" for it in measures if not it.done_on]
    return Words(_lines([incident.containment, *done]), _lines(planned))


def _publication(incident: Incident) -> Iterator[str]:
    if incident.publication:
        yield str(incident.get_publication_display())
        yield _labelled(_("Where it was published"), incident.published_at)
        yield _labelled(_("Decided on"), incident.publication_decided_on)
