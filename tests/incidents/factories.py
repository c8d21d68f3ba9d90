"""Incidents in named states; all through services."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pms.incidents import services
from pms.incidents.choices import Answer, CountKind, Event, FactCode, Item, Kind
from pms.incidents.models import Category, Incident, IncidentSettings
from pms.incidents.services import FirstWords, Known, Words
from tests.accounts.factories import UserFactory

JAPAN = ZoneInfo("Asia/Tokyo")
# A Friday before a long weekend: Monday the 23rd is a holiday.
NOTICED_AT = datetime(2026, 11, 20, 22, 5, tzinfo=JAPAN)
NOW = datetime(2026, 11, 20, 22, 40, tzinfo=JAPAN)
TODAY = NOW.date()
WORDS = {"what": "鞄を電車に置き忘れました。", "noticed_at": NOTICED_AT}
NOTHING = dict.fromkeys(FactCode.values, Answer.NO)


def words(**facts: Any) -> FirstWords:
    """What somebody reports; `facts` in place of the usual ones."""
    return FirstWords(**WORDS | facts)


def report(*, actor: Any = None, now: datetime = NOW, **facts: Any) -> Incident:
    """Report a lost bag, as somebody."""
    said = {name: facts.pop(name) for name in list(facts) if name in FirstWords.__slots__}
    return services.report(words(**said), actor=actor or UserFactory(roles=[]), now=now, **facts)


def known(*yes: str, **facts: Any) -> Known:
    """What is known of a leak of one person's personal data; everything else denied."""
    answers = NOTHING | dict.fromkeys([FactCode.PERSONAL_DATA, *yes], Answer.YES)
    usual = {"events": [Event.LEAK], "persons_kind": CountKind.EXACT, "persons": 1}
    return Known(answers=answers | facts.pop("answers", {}), **usual | facts)


def assess(incident: Incident, *yes: str, actor: Any = None, now: datetime = NOW, **facts: Any):
    """Judge a case; see `known`."""
    made = services.assess(
        incident.pk,
        known=known(*yes, **facts),
        actor=actor or UserFactory(),
        today=now.date(),
        now=now,
    )
    incident.refresh_from_db()
    return made


def allow_anonymous() -> None:
    """Take reports without a name."""
    IncidentSettings.objects.update_or_create(pk=1, defaults={"allows_anonymous": True})


def category(name: str, code: str) -> Category:
    """A line of the examining bodies' lists."""
    return Category.objects.get(list=name, code=code)


def submit_report(incident: Incident, kind: str = Kind.PPC_PRELIMINARY, *, actor: Any = None):
    """Write all items and ask for approval of a report."""
    items = {item: Words("分かったこと", is_known=True) for item in Item.values}
    actor = actor or UserFactory()
    services.write_items(incident.pk, items=items, actor=actor)
    obligation = incident.obligations.get(kind=kind)
    return services.submit_report(obligation.pk, actor=actor, now=NOW)
