"""A cycle is called what the company calls it, a fiscal year; only labels change."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0006_name_the_person_responsible"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="cycle",
            options={
                "ordering": ["-starts_on"],
                "verbose_name": "fiscal year",
                "verbose_name_plural": "fiscal years",
            },
        ),
        migrations.AlterField(
            model_name="milestone",
            name="cycle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="milestones",
                to="cycles.cycle",
                verbose_name="fiscal year",
            ),
        ),
        migrations.AlterField(
            model_name="objective",
            name="cycle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objectives",
                to="cycles.cycle",
                verbose_name="fiscal year",
            ),
        ),
        migrations.AlterField(
            model_name="yearplan",
            name="cycle",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan",
                to="cycles.cycle",
                verbose_name="fiscal year",
            ),
        ),
    ]
