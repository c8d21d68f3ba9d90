"""What the database keeps: the approval of a plan, and the dates that were planned first."""

from django.db import migrations

from pms.core.triggers import guard

IN_FORCE = (
    "EXISTS (SELECT 1 FROM cycles_yearplan WHERE status = 'approved' AND cycle_id = OLD.cycle_id)"
)
CHANGED = (
    "(NEW.first_due_on <> OLD.first_due_on OR NEW.title <> OLD.title OR NEW.phase <> OLD.phase"
    " OR NEW.cycle_id <> OLD.cycle_id OR NEW.fulfilment <> OLD.fulfilment"
    " OR (OLD.missed_on IS NOT NULL"
    " AND (NEW.missed_on IS NULL OR NEW.missed_on <> OLD.missed_on)))"
)


class Migration(migrations.Migration):
    """An approved plan stays approved; its milestones keep their first dates and that they were
    missed; extensions that were decided stay as they were."""

    dependencies = [("cycles", "0004_plan_the_year")]
    operations = [
        *guard(
            "cycles_yearplan",
            "cycles_yearplan_approved",
            ["UPDATE", "DELETE"],
            "OLD.status = 'approved'",
            "the plan is approved and stays as it is",
        ),
        *guard(
            "cycles_milestone",
            "cycles_milestone_planned",
            ["UPDATE"],
            f"{CHANGED} AND {IN_FORCE}",
            "the plan is approved and what it planned stays as it is",
        ),
        *guard(
            "cycles_milestone",
            "cycles_milestone_kept",
            ["DELETE"],
            IN_FORCE,
            "the plan is approved and its milestones stay",
        ),
        *guard(
            "cycles_extension",
            "cycles_extension_decided",
            ["UPDATE", "DELETE"],
            "OLD.status <> 'requested'",
            "the request has been decided",
        ),
    ]
