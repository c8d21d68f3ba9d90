"""Editions of the guideline and their clauses; on each day at most one edition holds."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from pms.core.triggers import guard

SHARES_A_DAY = (
    "EXISTS (SELECT 1 FROM cycles_guidelineedition other WHERE other.id <> NEW.id"
    " AND (other.ends_on IS NULL OR other.ends_on >= NEW.starts_on)"
    " AND (NEW.ends_on IS NULL OR other.starts_on <= NEW.ends_on))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="GuidelineEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=100, verbose_name="name in English"),
                ),
                (
                    "applies_to",
                    models.CharField(blank=True, max_length=200, verbose_name="what it applies to"),
                ),
                (
                    "applies_to_en",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="what it applies to, in English"
                    ),
                ),
            ],
            options={
                "verbose_name": "edition of the guideline",
                "verbose_name_plural": "editions of the guideline",
                "ordering": ["-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="guidelineedition_dates_in_order",
                        violation_error_message="The period ends before it starts.",
                    ),
                    models.UniqueConstraint(
                        fields=("starts_on",), name="guidelineedition_one_per_start"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^J(?:\\.[1-9]\\d*)+\\Z",
                                "A number like J.3.1.3: the letter J, dots and numbers.",
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        help_text="J.10 comes after J.9, unlike in a sort by letters.",
                        verbose_name="place in the order",
                    ),
                ),
                ("is_section", models.BooleanField(default=False, verbose_name="heading only")),
                ("title", models.CharField(max_length=100, verbose_name="title")),
                (
                    "title_en",
                    models.CharField(blank=True, max_length=100, verbose_name="title in English"),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("plan", "Plan"),
                            ("do", "Do"),
                            ("check", "Check"),
                            ("act", "Act"),
                        ],
                        max_length=10,
                        verbose_name="phase",
                    ),
                ),
                (
                    "evidence",
                    models.TextField(blank=True, verbose_name="what an examiner expects to see"),
                ),
                (
                    "evidence_en",
                    models.TextField(
                        blank=True, verbose_name="what an examiner expects to see, in English"
                    ),
                ),
                (
                    "jis_2017",
                    models.CharField(blank=True, max_length=60, verbose_name="JIS Q 15001:2017"),
                ),
                (
                    "jis_2023",
                    models.CharField(blank=True, max_length=60, verbose_name="JIS Q 15001:2023"),
                ),
                (
                    "act_article",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[1-9]\\d*(?:-[1-9]\\d*|\\([1-9]\\d*\\))?(?:;[1-9]\\d*(?:-[1-9]\\d*|\\([1-9]\\d*\\))?)*\\Z",
                                "Articles like 23, 20(1) or 43-46, with a semicolon between them.",
                            )
                        ],
                        verbose_name="articles of the Act",
                    ),
                ),
                (
                    "title_confidence",
                    models.CharField(
                        choices=[
                            ("verified", "Read in the source"),
                            ("secondary", "Read in a secondary source"),
                            ("to_be_checked", "To be checked"),
                        ],
                        max_length=20,
                        verbose_name="source of number and title",
                    ),
                ),
                (
                    "mapping_confidence",
                    models.CharField(
                        choices=[
                            ("verified", "Read in the source"),
                            ("secondary", "Read in a secondary source"),
                            ("to_be_checked", "To be checked"),
                        ],
                        max_length=20,
                        verbose_name="source of the mapping",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "note_en",
                    models.CharField(blank=True, max_length=200, verbose_name="note in English"),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clauses",
                        to="cycles.guidelineedition",
                        verbose_name="edition of the guideline",
                    ),
                ),
            ],
            options={
                "verbose_name": "clause of the guideline",
                "verbose_name_plural": "clauses of the guideline",
                "ordering": ["edition", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "code"),
                        name="clause_code_once_per_edition",
                        violation_error_message="This edition has a clause of this number already.",
                    ),
                    models.UniqueConstraint(
                        fields=("edition", "position"), name="clause_position_once_per_edition"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phase__in", ["plan", "do", "check", "act"])),
                        name="clause_phase_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mapping_confidence__in", ["verified", "secondary", "to_be_checked"]),
                            ("title_confidence__in", ["verified", "secondary", "to_be_checked"]),
                        ),
                        name="clause_confidence_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_section", False),
                            models.Q(("evidence", ""), ("evidence_en", "")),
                            _connector="OR",
                        ),
                        name="clause_heading_asks_for_nothing",
                        violation_error_message="A heading asks for no evidence.",
                    ),
                ],
            },
        ),
        *guard(
            "cycles_guidelineedition",
            "guidelineedition_alone",
            ["INSERT", "UPDATE"],
            SHARES_A_DAY,
            "two editions of the guideline share a day",
        ),
    ]
