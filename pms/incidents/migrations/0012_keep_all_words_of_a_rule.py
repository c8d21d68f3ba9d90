"""Whose knowing starts the clock, and the own target, belong to a version like its other words."""

from importlib import import_module

from django.db import migrations

from pms.core.triggers import guard, lifted

before = import_module("pms.incidents.migrations.0003_keep_what_was_said")
CHANGED = f"{before.RULE_CHANGED} OR {before.RULE_DAYS}"


def kept(condition):
    """The rule that a version is ended, not changed."""
    return guard(
        "incidents_obligationrule",
        "obligationrule_kept",
        ["UPDATE"],
        condition,
        "a version of a rule is ended, not changed",
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0011_keep_the_lines_of_the_lists")]

    operations = [
        *lifted(kept(CHANGED)),
        *kept(
            f"{CHANGED} OR NEW.trigger <> OLD.trigger"
            " OR COALESCE(NEW.target_days, 0) <> COALESCE(OLD.target_days, 0)"
        ),
    ]
