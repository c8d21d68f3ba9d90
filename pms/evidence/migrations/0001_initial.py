import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import pms.evidence.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("object_id", models.PositiveBigIntegerField(verbose_name="record number")),
                (
                    "file",
                    models.FileField(
                        editable=False,
                        storage=pms.evidence.models.storage,
                        upload_to=pms.evidence.models.random_name,
                        verbose_name="file",
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="file name")),
                ("size", models.PositiveBigIntegerField(help_text="bytes", verbose_name="size")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("media_type", models.CharField(max_length=100, verbose_name="media type")),
                (
                    "stated_on",
                    models.DateField(
                        blank=True,
                        help_text="The date that the document itself bears, where it bears one.",
                        null=True,
                        verbose_name="date of the document",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "uploaded_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="uploaded at"),
                ),
                (
                    "scan_state",
                    models.CharField(
                        choices=[
                            ("not_scanned", "Not scanned for viruses"),
                            ("clean", "No virus found"),
                            ("infected", "Virus found"),
                        ],
                        default="not_scanned",
                        max_length=11,
                        verbose_name="virus scan",
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
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="evidence.evidencefile",
                        verbose_name="supersedes",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence file",
                "verbose_name_plural": "evidence files",
                "ordering": ["-id"],
                "permissions": [
                    ("download_evidencefile", "Can download the files of records that one may see")
                ],
                "indexes": [
                    models.Index(fields=["content_type", "object_id"], name="evidence_by_record")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scan_state__in", ["not_scanned", "clean", "infected"])
                        ),
                        name="evidencefile_scan_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("supersedes", models.F("id")), _negated=True),
                        name="evidencefile_supersedes_another",
                    ),
                ],
            },
        ),
    ]
