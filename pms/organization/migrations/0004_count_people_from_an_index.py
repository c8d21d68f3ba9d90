"""The index of the days of joining holds the last day, too: it counts who works here by itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organization", "0003_add_closed_days")]

    operations = [
        migrations.RemoveIndex(model_name="person", name="person_by_joining"),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["joined_on", "id", "left_on"], name="person_by_joining"),
        ),
    ]
