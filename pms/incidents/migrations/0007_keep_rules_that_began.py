"""A version of a rule may only go before it begins: afterwards cases were judged by it."""

from django.db import migrations

from pms.core.triggers import guard


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_link_corrective_actions")]

    operations = [
        *guard(
            "incidents_obligationrule",
            "obligationrule_begun",
            ["DELETE"],
            "OLD.valid_from <= CURRENT_DATE",
            "a version of a rule that began is kept",
        ),
    ]
