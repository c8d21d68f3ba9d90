"""One noun for whoever answers for something; only the label changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0002_freeze_what_is_settled"),
    ]

    operations = [
        migrations.AlterField(
            model_name="trainingplan",
            name="responsible",
            field=models.CharField(blank=True, max_length=100, verbose_name="person responsible"),
        ),
    ]
