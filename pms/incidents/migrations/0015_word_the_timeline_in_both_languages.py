"""Lines that the system words are kept in both languages; what somebody wrote stays as it is."""

from django.db import migrations, models

from pms.core.triggers import append_only, lifted

# SQLite makes the table anew and forgets them.
GUARDS = append_only("incidents_timelineentry")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0014_count_what_came_back")]

    operations = [
        *lifted(GUARDS),
        migrations.AddField(
            "timelineentry",
            "text_en",
            models.TextField("what, in English", blank=True, default=""),
            preserve_default=False,
        ),
        *GUARDS,
    ]
