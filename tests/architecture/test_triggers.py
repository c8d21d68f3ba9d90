"""Every rule that a migration gave to the database is still there after the last migration."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from pms.core.triggers import CreateGuard

GUARDS = {
    operation.guard.name
    for migration in MigrationLoader(None).disk_migrations.values()
    for operation in migration.operations
    if isinstance(operation, CreateGuard)
}


@pytest.mark.django_db
def test_no_guard_is_lost():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        present = {name for (name,) in cursor.fetchall()}

    assert GUARDS
    assert GUARDS - present == set()
