import django.db.models.deletion
from django.db import migrations, models

from pms.core.triggers import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("notifications", "0002_words_stay_as_they_were_written"),
        ("organization", "0003_add_closed_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=60, verbose_name="rule")),
                ("object_id", models.PositiveBigIntegerField(verbose_name="number of the record")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("step", models.CharField(max_length=30, verbose_name="step")),
                ("title", models.CharField(max_length=200, verbose_name="what it was about")),
                (
                    "planned_on",
                    models.DateField(
                        help_text="The working day that the step falls on.",
                        verbose_name="planned for",
                    ),
                ),
                ("told_on", models.DateField(null=True, verbose_name="told on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("told", "Told"),
                            ("through_manager", "Told through the manager"),
                            ("overtaken", "Overtaken by a later step"),
                            ("untold", "Not told"),
                        ],
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("left", "The person has left"),
                            ("nobody", "Nobody could be reached"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="kind of record",
                    ),
                ),
                (
                    "notification",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="notifications.notification",
                        verbose_name="notification",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Who is told; of a manager's step the manager.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="organization.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "told_through",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The manager who was asked to pass it on.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.person",
                        verbose_name="told through",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ["-id"],
                "permissions": [
                    ("view_own_reminders", "Can see the reminders of oneself and own people")
                ],
                "indexes": [
                    models.Index(fields=["person", "-id"], name="reminder_of_person"),
                    models.Index(fields=["content_type", "object_id"], name="reminder_of_object"),
                    models.Index(fields=["rule", "planned_on"], name="reminder_by_rule"),
                    models.Index(fields=["state", "-id"], name="reminder_by_state"),
                    models.Index(fields=["told_on"], name="reminder_by_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "content_type", "object_id", "person", "due_on", "step"),
                        name="reminder_once_per_step",
                        violation_error_message="This step is in the ledger already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["told", "through_manager", "overtaken", "untold"])
                        ),
                        name="reminder_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("notification__isnull", False),
                                ("state__in", ("told", "through_manager")),
                                ("told_on__isnull", False),
                            ),
                            models.Q(
                                models.Q(("state__in", ("told", "through_manager")), _negated=True),
                                ("notification__isnull", True),
                                ("told_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="reminder_told_iff_notified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "through_manager"),
                            ("told_through__isnull", False),
                            _connector="XOR",
                            _negated=True,
                        ),
                        name="reminder_through_iff_manager_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason__in", ["left", "nobody"]), ("state", "untold")),
                            models.Q(models.Q(("state", "untold"), _negated=True), ("reason", "")),
                            _connector="OR",
                        ),
                        name="reminder_untold_iff_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("told_on__isnull", True),
                            ("told_on__gte", models.F("planned_on")),
                            _connector="OR",
                        ),
                        name="reminder_not_told_too_early",
                    ),
                ],
            },
        ),
        *append_only("reminders_reminder"),
    ]
