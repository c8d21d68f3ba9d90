"""Rules that no constraint can say, kept by the database itself on SQLite and PostgreSQL.

A migration adds one with `*guard(...)` (or `*append_only(...)`) in its operations. What the
rule forbids is refused to every writer: the ORM, bulk updates and hand-written SQL.

SQLite forgets the triggers of a table whenever a migration changes one of its columns, because the
table is made anew; such a migration has to add them again. A test misses every one that is gone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: before `event` on `table`, when `condition` holds, refuse with `message`.

    `condition` is SQL that both engines read; it may name OLD, NEW and other tables.
    """

    table: str
    name: str
    event: str
    condition: str
    message: str

    def create_sql(self, vendor: str) -> str:
        """The statements that make this trigger on `vendor`."""
        if vendor == "sqlite":
            return (
                f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
                f"WHEN {self.condition} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            )
        # PL/pgSQL instead of WHEN (...): only there may a condition look into other tables.
        result = "OLD" if self.event == "DELETE" else "NEW"
        return (
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {self.condition} THEN RAISE EXCEPTION '{self.message}' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {result}; END $$;"
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.name}()"
        )

    def drop_sql(self, vendor: str) -> str:
        """The statements that remove this trigger on `vendor`."""
        if vendor == "sqlite":
            return f"DROP TRIGGER {self.name}"
        return f"DROP TRIGGER {self.name} ON {self.table}; DROP FUNCTION {self.name}()"


class GuardOperation(Operation):
    """What making and removing one guard have in common.

    Not a `RunPython`: that has every model of the moment built anew, for each single trigger.
    """

    category = OperationCategory.SQL

    def __init__(self, one: Guard) -> None:
        self.guard = one

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models as they are: they know nothing of triggers."""

    def _create(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        sql = self.guard.create_sql(schema_editor.connection.vendor)
        schema_editor.execute(sql, params=None)

    def _drop(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        sql = self.guard.drop_sql(schema_editor.connection.vendor)
        schema_editor.execute(sql, params=None)


class CreateGuard(GuardOperation):
    """Migration operation: make the trigger of one guard."""

    database_forwards = GuardOperation._create
    database_backwards = GuardOperation._drop

    def describe(self) -> str:
        """Say it for `migrate --plan`."""
        return f"Guard {self.guard.table}: {self.guard.name}"


class DropGuard(GuardOperation):
    """Migration operation: remove the trigger of one guard."""

    database_forwards = GuardOperation._drop
    database_backwards = GuardOperation._create

    def describe(self) -> str:
        """Say it for `migrate --plan`."""
        return f"Stop guarding {self.guard.table}: {self.guard.name}"


def lifted(operations: Sequence[CreateGuard]) -> list[DropGuard]:
    """Migration operations that undo those of `guard`.

    Around a change of a column they drop the rules first, so that the same migration can make them
    again on both engines.
    """
    return [DropGuard(it.guard) for it in reversed(operations)]


def guard(
    table: str, name: str, events: Sequence[str], condition: str, message: str
) -> list[CreateGuard]:
    """Migration operations: refuse each of `events` on `table` when `condition` holds.

    Args:
        table: database table.
        name: name of the rule; the event is added to it.
        events: of "INSERT", "UPDATE", "DELETE".
        condition: SQL for both engines, naming OLD or NEW as the event allows. Where a rule
            differs by event, write `ROW` for the row that the event has (OLD, except on INSERT).
        message: what the database answers, in English and without quotation marks.
    """
    operations = []
    for event in events:
        row = "NEW" if event == "INSERT" else "OLD"
        one = Guard(
            table, f"{name}_{event.lower()}", event, condition.replace("ROW.", f"{row}."), message
        )
        operations.append(CreateGuard(one))
    return operations


def append_only(table: str) -> list[CreateGuard]:
    """Migration operations: rows of `table` can be added and never changed or removed."""
    return guard(
        table, f"{table}_append_only", ["UPDATE", "DELETE"], "1=1", f"{table} is append-only"
    )


@contextmanager
def suspended(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Lift every trigger while the block runs; for emptying a test database and nothing else."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for _, sql in triggers:
                    cursor.execute(sql)
            else:
                cursor.execute("SET session_replication_role = DEFAULT")
