"""A cycle is called what the company calls it, a fiscal year; only labels change."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0007_say_fiscal_year"),
        ("training", "0003_name_the_person_responsible"),
    ]

    operations = [
        migrations.AlterField(
            model_name="campaign",
            name="cycle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="campaigns",
                to="cycles.cycle",
                verbose_name="fiscal year",
            ),
        ),
        migrations.AlterField(
            model_name="trainingplan",
            name="cycle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="training_plans",
                to="cycles.cycle",
                verbose_name="fiscal year",
            ),
        ),
    ]
