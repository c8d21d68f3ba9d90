import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Company",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=100, verbose_name="name in English"),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                (
                    "representative_title",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="title of the representative"
                    ),
                ),
                (
                    "first_month",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="first month of the fiscal year",
                    ),
                ),
                (
                    "privacy_mark_number",
                    models.CharField(blank=True, max_length=30, verbose_name="PrivacyMark number"),
                ),
            ],
            options={
                "verbose_name": "company",
                "verbose_name_plural": "company",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="company_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("first_month__range", (1, 12))),
                        name="company_first_month_is_a_month",
                    ),
                ],
            },
        ),
    ]
