"""A milestone may be the deputy privacy manager's, and be fulfilled by a drill.

SQLite makes the table anew and forgets its triggers: they are lifted before and made again.
"""

from django.db import migrations, models

from pms.core.triggers import guard, lifted

# As in 0005.
IN_FORCE = (
    "EXISTS (SELECT 1 FROM cycles_yearplan WHERE status = 'approved' AND cycle_id = OLD.cycle_id)"
)
CHANGED = (
    "(NEW.first_due_on <> OLD.first_due_on OR NEW.title <> OLD.title OR NEW.phase <> OLD.phase"
    " OR NEW.cycle_id <> OLD.cycle_id OR NEW.fulfilment <> OLD.fulfilment"
    " OR (OLD.missed_on IS NOT NULL"
    " AND (NEW.missed_on IS NULL OR NEW.missed_on <> OLD.missed_on)))"
)
GUARDS = [
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
]


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("cycles", "0007_say_fiscal_year"),
        ("organization", "0006_add_the_deputy"),
    ]

    operations = [
        *lifted(GUARDS),
        migrations.RemoveConstraint(
            model_name="milestone",
            name="milestone_words_known",
        ),
        migrations.AlterField(
            model_name="milestone",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("top_management", "Top management"),
                    ("privacy_manager", "Privacy manager"),
                    ("deputy_privacy_manager", "Deputy privacy manager"),
                    ("audit_officer", "Privacy audit officer"),
                    ("auditor", "Auditor"),
                    ("training_officer", "Training officer"),
                    ("complaint_officer", "Complaint officer"),
                    ("system_officer", "Information system officer"),
                    ("department_manager", "Department privacy manager"),
                    ("my_number_handler", "My Number handler"),
                    ("pms_office", "PMS office"),
                    ("system_administrator", "System administrator"),
                ],
                help_text="Next year's plan names whoever holds this post then.",
                max_length=24,
                verbose_name="post that answers for it",
            ),
        ),
        migrations.AlterField(
            model_name="milestone",
            name="fulfilment",
            field=models.CharField(
                choices=[
                    ("by_hand", "Somebody says so"),
                    ("year_plan", "The plan of the year is approved"),
                    ("training_plan", "The training plan is approved"),
                    ("new_hire_training", "The training of new staff is closed"),
                    ("yearly_training", "The yearly training is closed"),
                    ("training_report", "The training report is approved"),
                    ("drill", "An emergency drill is over"),
                ],
                default="by_hand",
                max_length=20,
                verbose_name="done when",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "fulfilment__in",
                        [
                            "by_hand",
                            "year_plan",
                            "training_plan",
                            "new_hire_training",
                            "yearly_training",
                            "training_report",
                            "drill",
                        ],
                    ),
                    ("phase__in", ["plan", "do", "check", "act"]),
                    (
                        "role__in",
                        [
                            "",
                            "top_management",
                            "privacy_manager",
                            "deputy_privacy_manager",
                            "audit_officer",
                            "auditor",
                            "training_officer",
                            "complaint_officer",
                            "system_officer",
                            "department_manager",
                            "my_number_handler",
                            "pms_office",
                            "system_administrator",
                        ],
                    ),
                    ("status__in", ["planned", "missed", "done", "dropped"]),
                ),
                name="milestone_words_known",
            ),
        ),
        *GUARDS,
    ]
