"""Why something has to be done, in a sentence that a privacy manager can show."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from pms.core.text import listed

from .choices import FactCode, Verdict
from .judging import Judged, Rule


def reason_of(judged: Judged, language: str) -> str:
    """Why the rules say so, in the language "ja" or "en"."""
    with override(language):
        # Japanese sentences follow one another without a space.
        return ("" if _is_japanese() else " ").join(_sentences(judged))


def articles_of(judged: Judged) -> str:
    """Where it is written, each place once."""
    rules = (*judged.needed, *judged.open, *(rule for rule, _by in judged.lifted))
    return "; ".join(dict.fromkeys(rule.article for rule in rules if rule.article))


def _sentences(judged: Judged) -> Iterable[str]:
    if judged.is_freed:
        yield _("We handled the data for a client and told the client in time: we are free of it.")
        return
    yield from _rules(judged)
    if judged.last_day and judged.due_on and judged.counted_from:
        yield _counted(judged.counted_from, judged.days or 0, judged.last_day, judged.due_on)
    elif judged.counted_from and judged.verdict in {Verdict.NEEDED, Verdict.OPEN}:
        yield _("It has to be done promptly; no number of days is written.")
    if judged.free_until:
        yield _(
            "We handle the data for a client: only telling the client by %(day)s frees us of it."
        ) % {"day": judged.free_until}


def _rules(judged: Judged) -> Iterable[str]:
    """Which rules are met, may be, or would be."""
    yield from _said(judged.needed)
    if judged.open:
        yield _("Not known yet is whether this holds:")
        yield from _said(judged.open)
    if judged.verdict == Verdict.OPEN:
        yield _("Until that is known, the days are counted as if it did.")
    for rule, facts in judged.lifted:
        yield _("“%(rule)s” does not bind here: %(facts)s.") % {
            "rule": _sentence(rule).rstrip("。."),
            "facts": listed(FactCode(code).label for code in facts),
        }
    if judged.verdict == Verdict.NOT_NEEDED and not judged.lifted:
        yield _("No rule that asks for it is met.")


def _counted(first: date, days: int, last: date, due: date) -> str:
    facts = {"first": first, "days": days, "last": last, "due": due}
    if due != last:
        return (
            _(
                "%(first)s is day 1; day %(days)s is %(last)s, on which the authorities are "
                "closed; the last day is %(due)s."
            )
            % facts
        )
    return _("%(first)s is day 1; day %(days)s, the last one, is %(due)s.") % facts


def _said(rules: Iterable[Rule]) -> Iterable[str]:
    """What the rules say, each sentence once."""
    return dict.fromkeys(_sentence(rule) for rule in rules)


def _sentence(rule: Rule) -> str:
    return rule.sentence if _is_japanese() else rule.sentence_en or rule.sentence


def _is_japanese() -> bool:
    return (get_language() or "ja").startswith("ja")
