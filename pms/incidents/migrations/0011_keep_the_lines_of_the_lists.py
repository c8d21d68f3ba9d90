"""Lines of the lists begin and end; none is rewritten, and no two versions share a year."""

from django.db import migrations

from pms.core.triggers import guard

TABLE = "incidents_category"
CHANGED = " OR ".join(
    f"NEW.{it} <> OLD.{it}" for it in ("list", "code", "label_ja", "label_en", "first_year")
)
SHARES_A_YEAR = (
    "EXISTS (SELECT 1 FROM incidents_category other"
    " WHERE other.list = NEW.list AND other.code = NEW.code AND other.id <> NEW.id"
    " AND (other.last_year IS NULL OR other.last_year >= NEW.first_year)"
    " AND (NEW.last_year IS NULL OR other.first_year <= NEW.last_year))"
)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0010_let_in_while_a_post_is_held")]

    operations = [
        *guard(
            TABLE,
            "incidents_category_kept",
            ["UPDATE"],
            CHANGED,
            "a line of a list is ended, not changed",
        ),
        *guard(
            TABLE,
            "incidents_category_alone",
            ["INSERT", "UPDATE"],
            SHARES_A_YEAR,
            "two versions of a line share a year",
        ),
    ]
