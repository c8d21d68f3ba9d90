"""A case that was none says since when: lists of its addressees are kept for a time from then."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import TruncDate

from pms.core.triggers import guard, lifted

# As in 0003.
kept = import_module("pms.incidents.migrations.0003_keep_what_was_said")
TABLE = "incidents_incident"
GUARDS = [
    *guard(
        TABLE,
        "incidents_incident_origin",
        ["UPDATE"],
        kept.ORIGIN_CHANGED,
        "how an incident was reported stays as it was",
    ),
    *guard(TABLE, "incidents_incident_kept", ["DELETE"], "1=1", "incidents are kept"),
]


def take_the_last_change(apps, schema_editor):
    """Nothing but opening it again changes a case that was dismissed."""
    rows = apps.get_model("incidents", "Incident").objects.filter(status="dismissed")
    rows.update(dismissed_on=TruncDate("updated_at"))


class Migration(migrations.Migration):
    dependencies = [("incidents", "0008_approve_supplements")]

    operations = [
        migrations.AddField(
            "incident",
            "dismissed_on",
            models.DateField("found to be no incident on", null=True, editable=False),
        ),
        migrations.RunPython(take_the_last_change, migrations.RunPython.noop),
        # SQLite makes the table anew for a constraint, and forgets its rules.
        *lifted(GUARDS),
        migrations.AddConstraint(
            "incident",
            models.CheckConstraint(
                condition=~Q(status="dismissed") | Q(dismissed_on__isnull=False),
                name="incident_dismissed_on_a_day",
            ),
        ),
        *GUARDS,
        migrations.AlterField(
            "incidentsettings",
            "keeps_addresses_days",
            models.PositiveSmallIntegerField(
                "lists of addressees are kept",
                default=180,
                help_text=(
                    "Days after the notice, or after the end of a case whose notice did not go "
                    "out; then they are erased with a certificate."
                ),
            ),
        ),
    ]
