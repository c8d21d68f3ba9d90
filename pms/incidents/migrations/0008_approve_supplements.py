"""A supplement to what was filed is approved like the report; a version keeps the day of it.

SQLite makes the table anew and forgets its triggers: they are lifted before and made again.
"""

from django.db import migrations, models

from pms.core.triggers import guard, lifted

GUARDS = [
    *guard(
        "incidents_obligation",
        "incidents_obligation_filed",
        ["UPDATE"],
        "OLD.status = 'filed' AND (NEW.status <> 'filed' OR NEW.filed_on <> OLD.filed_on)",
        "what was filed stays filed",
    ),
    *guard(
        "incidents_obligation",
        "incidents_obligation_kept",
        ["DELETE"],
        "1=1",
        "obligations are kept",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("incidents", "0007_keep_rules_that_began")]

    operations = [
        *lifted(GUARDS),
        migrations.AddField(
            model_name="filedreport",
            name="approved_on",
            field=models.DateField(blank=True, null=True, verbose_name="approved on"),
        ),
        migrations.AddField(
            model_name="obligation",
            name="supplement_asked_on",
            field=models.DateField(
                editable=False, null=True, verbose_name="approval of a supplement asked for on"
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supplement_asked_on__isnull", True), ("status", "filed"), _connector="OR"
                ),
                name="obligation_supplement_to_what_was_filed",
            ),
        ),
        *GUARDS,
    ]
