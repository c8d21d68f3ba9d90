from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0002_describe_the_company"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "day",
                    models.DateField(
                        error_messages={"unique": "The company is closed on this day already."},
                        unique=True,
                        verbose_name="date",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=60, verbose_name="name in English"),
                ),
            ],
            options={
                "verbose_name": "closed day",
                "verbose_name_plural": "closed days",
                "ordering": ["-day"],
            },
        ),
    ]
