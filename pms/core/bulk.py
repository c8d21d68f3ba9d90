"""Many rows written at once."""

from collections.abc import Collection, Sequence

from django.db import models

BATCH = 1_000


def update_rows(records: Sequence[models.Model], fields: Collection[str]) -> None:
    """Write `fields` of stored records of one model, whatever value each of them has.

    One upsert a batch: `bulk_update` compares every row with every other one, which costs
    several times as much. The records must be loaded whole, and signals are not sent: the
    caller writes the journal.

    Args:
        records: of one model, with primary keys that exist.
        fields: names of the fields to write; others stay as the database has them.
    """
    if records and fields:
        model = type(records[0])
        model._base_manager.bulk_create(
            records,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=[model._meta.pk.name],
            update_fields=sorted(fields),
        )
