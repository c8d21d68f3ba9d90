"""A rule in whole sentences, so that whoever enters one reads what it will do."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pms.core.text import listed

from .choices import Event, FactCode, HandlingRole, Kind
from .deadlines import OfficeDays, nth_day
from .judging import Rule


def events_in_words(codes: Iterable[str]) -> str:
    """What happened to the information, for reading; "" for not known yet.

    That it is only feared is no event beside the others, as it is on the list to be ticked: it is
    said of them.
    """
    happened = set(codes)
    events = _all_of(Event, happened - {Event.FEARED})
    if Event.FEARED not in happened:
        return events
    return _("%(events)s (feared)") % {"events": events} if events else _("Feared, nothing is sure")


def rule_in_words(rule: Rule, office: OfficeDays) -> list[str]:
    """What the rule demands of whom, when, until when, and what lifts it; one sentence each."""
    return [*_when(rule), *_until(rule, office), *_unless(rule), _validity(rule)]


def _when(rule: Rule) -> Iterator[str]:
    kind = str(Kind(rule.kind).label)
    if rule.conditions:
        groups = [_any_of(FactCode, group) for group in rule.conditions]
        facts = {"kind": kind, "facts": _(" and ").join(groups)}
        yield _("“%(kind)s” is needed when this holds: %(facts)s.") % facts
    else:
        yield _("“%(kind)s” is needed whatever the data.") % {"kind": kind}
    if rule.count:
        yield _("It takes more than %(over)s %(persons)s.") % {
            "over": f"{rule.over:,}",
            "persons": _count(rule.count),
        }
    if rule.events:
        yield _("Only for these events: %(events)s.") % {"events": _all_of(Event, rule.events)}
    if rule.roles:
        yield _("Only when the data is: %(roles)s.") % {"roles": _all_of(HandlingRole, rule.roles)}
    if rule.needs_privacy_mark:
        yield _("Only for companies with the mark.")


def _until(rule: Rule, office: OfficeDays) -> Iterator[str]:
    if rule.days is None:
        yield _("It has to be done promptly; no number of days is written.")
    else:
        last = nth_day(rule.valid_from, rule.days)
        due = office.next_open(last) if rule.moves else last
        yield _("The day of knowing is day 1, and day %(days)s is the last.") % {"days": rule.days}
        if rule.moves:
            yield _("A last day on which the authorities are closed moves to the next open day.")
        yield _("What becomes known on %(first)s is due on %(due)s.") % {
            "first": date_format(rule.valid_from),
            "due": date_format(due),
        }
    if rule.target_days is not None:
        yield _("Our own target is day %(days)s.") % {"days": rule.target_days}


def _unless(rule: Rule) -> Iterator[str]:
    for fact, events in rule.lifted_by.items():
        words = {"fact": FactCode(fact).label, "events": _all_of(Event, events)}
        if events:
            yield _("It does not bind when this is certain: %(fact)s (%(events)s).") % words
        else:
            yield _("It does not bind when this is certain: %(fact)s.") % words
    if rule.is_freed_by_consignor:
        yield _("A contractor who told the client in time is free of it.")


def _validity(rule: Rule) -> str:
    if rule.valid_to is None:
        return _("It holds for what becomes known from %(first)s on.") % {
            "first": date_format(rule.valid_from)
        }
    return _("It holds for what becomes known from %(first)s to %(last)s.") % {
        "first": date_format(rule.valid_from),
        "last": date_format(rule.valid_to),
    }


def _count(name: str) -> str:
    return _("persons with their My Number") if name == "my_number_persons" else _("persons")


def _any_of(words: Any, codes: Iterable[str]) -> str:
    return _(" or ").join(_("“%(words)s”") % {"words": words(code).label} for code in codes)


def _all_of(words: Any, codes: Iterable[str]) -> str:
    """In the order of the list, whatever order they were written in."""
    return listed(str(word.label) for word in words if word in set(codes))
