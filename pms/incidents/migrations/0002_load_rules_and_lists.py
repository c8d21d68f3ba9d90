"""The law and the lists of the examining bodies, as they were when this system was delivered.

`pms/incidents/rules.csv` and `categories.csv` belong to this migration. A later rule is another
version, added on the page of the rules or in the administration.
"""

import csv
from pathlib import Path
from typing import Any

from django.db import migrations

FOLDER = Path(__file__).parents[1]
FLAGS = ("is_freed_by_consignor", "needs_privacy_mark", "moves")
NUMBERS = (
    "days",
    "target_days",
    "valid_to",
    "first_year",
    "last_year",
    "share",
    "share_year",
)


def read(name: str) -> list[dict[str, Any]]:
    """The lines of one table, with empty numbers and days as none."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    for row in rows:
        row |= {field: bool(row[field]) for field in FLAGS if field in row}
        row |= {field: row[field] or None for field in NUMBERS if field in row}
        if "over" in row:
            row["over"] = row["over"] or 0
    return rows


def load(apps: Any, editor: Any) -> None:
    """Store both tables."""
    rule = apps.get_model("incidents", "ObligationRule")
    rule.objects.bulk_create(rule(**row) for row in read("rules.csv"))
    category = apps.get_model("incidents", "Category")
    category.objects.bulk_create(
        category(position=position, **row)
        for position, row in enumerate(read("categories.csv"), start=1)
    )


def unload(apps: Any, editor: Any) -> None:
    """Empty both tables."""
    apps.get_model("incidents", "ObligationRule").objects.all().delete()
    apps.get_model("incidents", "Category").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]

    operations = [migrations.RunPython(load, unload)]
