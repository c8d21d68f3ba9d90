"""The edition in force, as it was when this system was first delivered.

`pms/cycles/clauses.csv` belongs to this migration. A later edition is another file, which comes in
with `manage.py load_guideline`.
"""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.db import migrations

CSV = Path(__file__).parents[1] / "clauses.csv"
EDITION = "2023-1.0"


def load(apps: Any, editor: Any) -> None:
    """Store the edition and its clauses, in the order of the file."""
    edition = apps.get_model("cycles", "GuidelineEdition").objects.create(
        code=EDITION,
        name="構築・運用指針（JIS Q 15001:2023準拠 ver1.0）",
        name_en="PMS guideline (JIS Q 15001:2023, ver. 1.0)",
        starts_on=date(2024, 10, 1),
        applies_to="2024年10月1日以降のプライバシーマーク付与適格性審査の申請",
        applies_to_en="Applications for PrivacyMark assessment from 1 October 2024 on",
    )
    clause = apps.get_model("cycles", "Clause")
    with CSV.open(encoding="utf-8", newline="") as file:
        clause.objects.bulk_create(
            clause(
                edition=edition,
                position=position,
                **row | {"is_section": row["is_section"] == "1"},
            )
            for position, row in enumerate(csv.DictReader(file), start=1)
        )


def unload(apps: Any, editor: Any) -> None:
    """Remove what `load` stored, and no other edition."""
    apps.get_model("cycles", "Clause").objects.filter(edition__code=EDITION).delete()
    apps.get_model("cycles", "GuidelineEdition").objects.filter(code=EDITION).delete()


class Migration(migrations.Migration):
    dependencies = [("cycles", "0002_state_the_guideline")]

    operations = [migrations.RunPython(load, unload)]
