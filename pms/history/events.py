"""The journal's own events, and the table of all others.

Each app says in a module `events` how its events read: `EVENTS` maps the name of an event to a
sentence, which may name `actor`, `record` (as it was called then) and the event's details.
`CHOICES` maps an event to those details that are kept as codes, and each to its choices: they are
told in the reader's language. `GUARDED_FIELDS` names fields whose values need a permission of their
own to be read.
"""

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

EVENTS = {
    "history.read": _("%(actor)s opened “%(record)s”."),
    "history.exported": _("%(actor)s downloaded %(rows)s rows as the file “%(record)s”."),
}


@cache
def event_sentences() -> dict[str, Any]:
    """The sentence of every event, by its name."""
    found: dict[str, Any] = {}
    for module in _event_modules():
        found |= module.EVENTS
    return found


@cache
def event_choices() -> dict[str, dict[str, Any]]:
    """The details of events that are codes, each with its choices, by the name of the event."""
    found: dict[str, dict[str, Any]] = {}
    for module in _event_modules():
        found |= getattr(module, "CHOICES", {})
    return found


@cache
def guarded_fields() -> dict[str, str]:
    """The permission that the values of a field ask for, by "app.model.field"."""
    found: dict[str, str] = {}
    for module in _event_modules():
        found |= getattr(module, "GUARDED_FIELDS", {})
    return found


def _event_modules() -> list[ModuleType]:
    # By name, because the apps that have events stand on the floors above.
    return [
        import_module(f"{app.name}.events")
        for app in apps.get_app_configs()
        if app.name.startswith("pms.") and module_has_submodule(app.module, "events")
    ]
