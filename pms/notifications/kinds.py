"""The table of what people may be told.

Each app that tells people something says in its module `events` what its kinds are called:
`NOTICES` maps the name of a kind to its label. `GUARDED_NOTICES` names kinds of which only who
holds a permission may know that others were told so.
"""

from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@cache
def kind_labels() -> dict[str, Any]:
    """The label of every kind, by its name."""
    return _said("NOTICES")


@cache
def guarded_kinds() -> dict[str, str]:
    """The permission that it takes to know that others were told such a thing, by kind."""
    return _said("GUARDED_NOTICES")


def _said(name: str) -> dict[str, Any]:
    """What all apps say under `name`."""
    found: dict[str, Any] = {}
    for app in apps.get_app_configs():
        # By name, because the apps that tell something stand on the floors above.
        if app.name.startswith("pms.") and module_has_submodule(app.module, "events"):
            found |= getattr(import_module(f"{app.name}.events"), name, {})
    return found


def kind_choices() -> list[tuple[str, str]]:
    """Every kind, by its label."""
    labels = ((kind, str(label)) for kind, label in kind_labels().items())
    return sorted(labels, key=lambda choice: choice[1])
