"""Many rows written at once."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection, models

BATCH = 1_000


def insert_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows without making an object of each; many times as fast as `bulk_create`.

    Nothing is checked, defaulted or given back but what the database itself does.

    Args:
        model: of the table.
        fields: names of fields.
        rows: values in the order of `fields`, as the database takes them (a JSON field's is
            text, a moment's what `connection.ops.adapt_datetimefield_value` gives).
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(str(model._meta.get_field(name).column)) for name in fields)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(statement, rows)


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
