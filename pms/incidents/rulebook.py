"""The rules as a table: one line a rule and version, as it is shipped and as it can be added to.

Conditions are groups joined by `&`, of which each needs one of its facts; what lifts a rule stands
as `fact: events`, joined by `;`, without events where the fact lifts it whatever happened.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError

from .choices import Event, FactCode, HandlingRole, Kind
from .judging import Rule

SHIPPED: Final = Path(__file__).with_name("rules.csv")


def shipped_rows() -> list[dict[str, str]]:
    """The lines of the table that comes with the system."""
    with SHIPPED.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def rule_of(row: Mapping[str, Any], *, pk: int | None = None) -> Rule:
    """The rule that a line says, texts or values as a model holds them.

    Raises:
        DomainError: a word is none that the engine knows.
    """
    return Rule(
        code=row["code"],
        kind=_known(row["kind"], Kind.values),
        trigger=row["trigger"],
        conditions=tuple(_groups(row["conditions"])),
        events=frozenset(_words(row["events"], Event.values)),
        roles=frozenset(_words(row["roles"], HandlingRole.values)),
        lifted_by=dict(_lifts(row["lifted_by"])),
        is_freed_by_consignor=bool(row["is_freed_by_consignor"]),
        needs_privacy_mark=bool(row["needs_privacy_mark"]),
        count=row["count"],
        over=int(row["over"] or 0),
        days=_number(row["days"]),
        target_days=_number(row["target_days"]),
        moves=bool(row["moves"]),
        valid_from=_day(row["valid_from"]) or date.min,
        valid_to=_day(row["valid_to"]),
        article=row["article"],
        sentence=row["sentence"],
        sentence_en=row["sentence_en"],
        pk=pk,
    )


def shipped_rules() -> list[Rule]:
    """The rules that come with the system."""
    return [rule_of(row) for row in shipped_rows()]


def _groups(text: str) -> Iterator[tuple[str, ...]]:
    for group in filter(None, (part.strip() for part in text.split("&"))):
        yield _words(group, FactCode.values)


def _lifts(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for part in filter(None, (part.strip() for part in text.split(";"))):
        fact, _colon, events = part.partition(":")
        yield _known(fact.strip(), FactCode.values), _words(events, Event.values)


def _words(text: str, known: list[str]) -> tuple[str, ...]:
    return tuple(_known(word, known) for word in text.split())


def _known(word: str, known: list[str]) -> str:
    if word not in known:
        raise DomainError(
            _("“%(word)s” is not a word that rules use. Use one of these: %(known)s.")
            % {"word": word, "known": ", ".join(known)}
        )
    return word


def _number(value: str | int | None) -> int | None:
    return int(value) if value not in ("", None) else None


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None
