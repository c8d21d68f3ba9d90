"""Migrations: complete, named for what they do, in one line per app, and never a one-way street."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = [config.label for config in apps.get_app_configs() if config.name.startswith("pms.")]
LOADER = MigrationLoader(None)
MIGRATIONS = [
    pytest.param(migration, id=f"{app}.{name}")
    for (app, name), migration in sorted(LOADER.disk_migrations.items())
    if app in OURS
]


@pytest.mark.django_db
def test_none_is_missing():
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)


@pytest.mark.parametrize("app", OURS)
def test_each_app_ends_in_one(app):
    assert len(LOADER.graph.leaf_nodes(app)) <= 1


@pytest.mark.parametrize("migration", MIGRATIONS)
def test_is_named_for_what_it_does(migration):
    assert re.fullmatch(r"\d{4}_(?!auto_)[a-z][a-z0-9_]+", migration.name)


@pytest.mark.parametrize("migration", MIGRATIONS)
def test_runs_backwards(migration):
    one_way = [
        operation.describe() for operation in migration.operations if not operation.reversible
    ]

    assert one_way == []
