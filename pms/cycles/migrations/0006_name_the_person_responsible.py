"""One noun for whoever answers for something; only the label changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0005_keep_what_was_planned"),
        ("organization", "0004_count_people_from_an_index"),
    ]

    operations = [
        migrations.AlterField(
            model_name="milestone",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="milestones",
                to="organization.person",
                verbose_name="person responsible",
            ),
        ),
        migrations.AlterField(
            model_name="objective",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objectives",
                to="organization.person",
                verbose_name="person responsible",
            ),
        ),
    ]
