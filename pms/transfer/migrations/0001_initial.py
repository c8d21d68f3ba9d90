import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import pms.transfer.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HeadingMemory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("importer", models.CharField(max_length=40)),
                ("heading", models.CharField(max_length=200)),
                ("column", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "verbose_name": "remembered heading",
                "verbose_name_plural": "remembered headings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("importer", "heading"), name="headingmemory_one_per_heading"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("importer", models.CharField(max_length=40, verbose_name="kind")),
                (
                    "file",
                    models.FileField(
                        storage=pms.transfer.models.storage,
                        upload_to=pms.transfer.models.random_name,
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="file name")),
                ("size", models.PositiveBigIntegerField(help_text="bytes", verbose_name="size")),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("encoding", models.CharField(blank=True, max_length=20, verbose_name="encoding")),
                (
                    "mapping",
                    models.JSONField(default=dict, help_text="heading in the file → our column"),
                ),
                ("options", models.JSONField(default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("uploaded", "Uploaded"),
                            ("checking", "Being checked"),
                            ("previewed", "Ready to confirm"),
                            ("refused", "Has errors"),
                            ("writing", "Being written"),
                            ("done", "Imported"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                            ("undone", "Undone"),
                        ],
                        default="uploaded",
                        editable=False,
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("counts", models.JSONField(default=dict, editable=False)),
                ("preview", models.JSONField(default=dict, editable=False)),
                ("plan_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("progress", models.PositiveIntegerField(default=0, editable=False)),
                ("total", models.PositiveIntegerField(editable=False, null=True)),
                ("failure", models.TextField(blank=True, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded at")),
                ("started_at", models.DateTimeField(editable=False, null=True)),
                (
                    "finished_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="imported at"),
                ),
                (
                    "undone_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="undone at"),
                ),
                (
                    "undo_reason",
                    models.TextField(blank=True, editable=False, verbose_name="reason for undoing"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                (
                    "finished_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["importer", "status"], name="importrun_by_kind")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "uploaded",
                                    "checking",
                                    "previewed",
                                    "refused",
                                    "writing",
                                    "done",
                                    "failed",
                                    "cancelled",
                                    "undone",
                                ],
                            )
                        ),
                        name="importrun_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "undone"),
                            ("undone_at__isnull", False),
                            _connector="XOR",
                            _negated=True,
                        ),
                        name="importrun_undone_iff_dated",
                    ),
                ],
            },
        ),
    ]
