"""Whoever answered before checks no effect; that of an audit finding only the audit does."""

# ruff: noqa: S608 - the names of tables are our own, and nothing comes from outside.

import django.db.models.deletion
from django.db import migrations, models

from pms.core.triggers import append_only, guard

ACTION = "corrective_actions_correctiveaction"
ROUND = "corrective_actions_round"
MEASURE = "corrective_actions_measure"
HANDOVER = "corrective_actions_handover"

CHECKED = "NEW.verdict <> '' AND OLD.verdict = ''"
ANSWERED = (
    f"EXISTS (SELECT 1 FROM {HANDOVER} h"
    " WHERE h.round_id = NEW.id AND h.person_id = NEW.checker_id)"
)
SUBMITTED = (
    "EXISTS (SELECT 1 FROM organization_person p WHERE p.id = NEW.checker_id"
    " AND p.user_id = NEW.submitted_by_id)"
)
OF_THE_AUDIT = f"(SELECT source FROM {ACTION} WHERE id = NEW.action_id) = 'audit'"
AUDITOR = (
    "EXISTS (SELECT 1 FROM organization_appointment a WHERE a.person_id = NEW.checker_id"
    " AND a.role IN ('audit_officer', 'auditor') AND a.starts_on <= NEW.checked_on"
    " AND (a.ends_on IS NULL OR a.ends_on >= NEW.checked_on))"
)
ACTION_KEPT = (
    f"EXISTS (SELECT 1 FROM {HANDOVER} h"
    " WHERE h.round_id = OLD.current_id AND h.person_id = OLD.owner_id)"
)
MEASURE_KEPT = (
    f"EXISTS (SELECT 1 FROM {HANDOVER} h"
    " WHERE h.round_id = OLD.round_id AND h.person_id = OLD.owner_id)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("corrective_actions", "0002_keep_the_three_locks"),
        ("organization", "0006_add_the_deputy"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.person",
                        verbose_name="answered before",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="corrective_actions.round",
                        verbose_name="round",
                    ),
                ),
            ],
            options={
                "verbose_name": "handing over in a corrective action",
                "verbose_name_plural": "handings over in corrective actions",
                "ordering": ["round", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "person"), name="actionhandover_once")
                ],
            },
        ),
        *append_only(HANDOVER),
        *guard(
            ACTION,
            "corrective_action_owner_kept",
            ["UPDATE"],
            f"NEW.owner_id <> OLD.owner_id AND NOT {ACTION_KEPT}",
            "who answered for the action until now is written down",
        ),
        *guard(
            MEASURE,
            "corrective_action_measure_owner_kept",
            ["UPDATE"],
            f"NEW.owner_id <> OLD.owner_id AND OLD.first_due_on IS NOT NULL AND NOT {MEASURE_KEPT}",
            "who answered for the measure until now is written down",
        ),
        *guard(
            ROUND,
            "corrective_action_checked_by_new_eyes",
            ["UPDATE"],
            f"{CHECKED} AND ({ANSWERED} OR {SUBMITTED})",
            "the effect is checked by somebody who answers for nothing in it",
        ),
        *guard(
            ROUND,
            "corrective_action_checked_by_the_audit",
            ["UPDATE"],
            f"{CHECKED} AND {OF_THE_AUDIT} AND NOT {AUDITOR}",
            "the effect of an audit finding is checked by the audit",
        ),
    ]
