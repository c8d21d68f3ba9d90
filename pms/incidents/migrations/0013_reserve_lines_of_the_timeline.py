"""Why something is waived or published is not for who was let in to know of a case (ADR 15)."""

from django.db import migrations, models

from pms.core.triggers import append_only, lifted

# SQLite makes the table anew and forgets them.
GUARDS = append_only("incidents_timelineentry")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0012_keep_all_words_of_a_rule")]

    operations = [
        *lifted(GUARDS),
        migrations.AddField(
            "timelineentry",
            "is_reserved",
            models.BooleanField("only for who knows of all cases", default=False, editable=False),
        ),
        *GUARDS,
    ]
