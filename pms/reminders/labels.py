"""Rules and steps in words, for lists and files."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .rules import Audience


@cache
def rule_labels() -> dict[str, Any]:
    """The label of every rule, by its name.

    The table of rules is named by the settings, because it stands on a floor above.
    """
    return {rule.name: rule.label for rule in import_string(settings.REMINDER_RULES)}


@cache
def guarded_rules() -> tuple[tuple[str, str], ...]:
    """Rules of what not everybody may know of: name, and the permission to know."""
    rules = import_string(settings.REMINDER_RULES)
    return tuple((rule.name, rule.permission) for rule in rules if rule.permission)


def rule_choices() -> list[tuple[str, str]]:
    """Every rule, by its label."""
    choices = ((name, str(label)) for name, label in rule_labels().items())
    return sorted(choices, key=lambda choice: choice[1])


def rule_in_words(name: str) -> str:
    """The label of a rule; of one that is no more its name."""
    return str(rule_labels().get(name, name))


def step_in_words(key: str) -> str:
    """A step of the ledger, as people call it."""
    prefix = f"{Audience.MANAGER}:"
    step = key.removeprefix(prefix)
    name, __, number = step.partition(":")
    days = int(number or 0)
    words = {
        "start": _("At the start"),
        "on": _("On the due date"),
        "before": ngettext("%(days)s day before", "%(days)s days before", days),
        "after": ngettext("%(days)s day after", "%(days)s days after", days),
    }.get(name, step) % {"days": days}
    return _("%(step)s, to the manager") % {"step": words} if step != key else words
