"""Imports, relations and migrations run downwards only, between the apps and inside each."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

# Between apps: who raises, uses or reads, imports; neighbours on one floor do not know each other.
APP_FLOORS = {
    "core": 0,
    "accounts": 1,
    "history": 2,
    "evidence": 3,
    "transfer": 3,
    "notifications": 4,
    "organization": 5,
    "reminders": 6,
    "cycles": 7,
    "training": 8,
    "corrective_actions": 8,
    "incidents": 9,
    "dashboard": 10,
    "demo": 11,
}
# The roof may name everything; nobody names the roof.
ROOF = {"settings", "urls", "wsgi"}

# Inside an app, by file name; a file that is not listed only has to stay out of circles.
FILE_FLOORS = {
    name: floor
    for floor, names in enumerate(
        [
            ("choices", "exceptions", "deadlines"),
            ("models",),
            ("tasks", "permissions"),
            ("services", "http"),
            ("filters", "forms", "reports", "resources"),
            ("views", "admin", "management"),
            ("urls", "apps"),
        ]
    )
    for name in names
}


class Import(NamedTuple):
    """One import: of which module by which, both as full names, and where it stands."""

    importer: str
    imported: str
    place: str


@cache
def imports() -> list[Import]:
    """Every import of our own modules in `pms`, those inside functions included."""
    root = settings.ROOT
    return [
        found
        for path in sorted((root / "pms").rglob("*.py"))
        for found in imports_of(path, path.relative_to(root))
    ]


def imports_of(path: Path, name: Path) -> Iterator[Import]:
    """The imports of `pms` in one file, whose path from the project's root is `name`."""
    parts = name.with_suffix("").parts
    importer = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(parts[: len(parts) - node.level]) if node.level else ""
            module = ".".join(filter(None, [package, node.module]))
            targets = [imported_module(module, alias.name) for alias in node.names]
        else:
            continue
        for target in targets:
            if target.split(".")[0] == "pms":
                yield Import(importer, target, f"{name}:{node.lineno}")


def imported_module(module: str, name: str) -> str:
    """`from module import name` imports a module of that name, if there is one."""
    path = settings.ROOT.joinpath(*module.split("."), name)
    return f"{module}.{name}" if path.is_dir() or path.with_suffix(".py").exists() else module


def app_of(module: str) -> str:
    """The app, or the part of the roof, that a module belongs to; empty for `pms` itself."""
    return module.partition(".")[2].partition(".")[0]


def file_of(module: str) -> str:
    """The file, or the folder, of its app that a module belongs to."""
    return ".".join(module.split(".")[2:3])


def unit_of(module: str) -> str:
    """The module; for a part of a `models` folder the whole, which is one file too long to read."""
    return ".".join(module.split(".")[:3]) if file_of(module) == "models" else module


def circle_in(graph: dict[str, set[str]]) -> str:
    """One circle of modules that need each other, in order; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " → ".join(reversed(error.args[1]))
    return ""


class TestApps:
    def test_each_has_a_floor(self):
        ours = {config.label for config in apps.get_app_configs() if config.name.startswith("pms.")}

        assert ours == set(APP_FLOORS)

    def test_imports_run_downwards(self):
        upward = [
            f"{place}: {importer} imports {imported}"
            for importer, imported, place in imports()
            if app_of(importer) in APP_FLOORS
            and app_of(imported) in APP_FLOORS
            and app_of(importer) != app_of(imported)
            and APP_FLOORS[app_of(importer)] <= APP_FLOORS[app_of(imported)]
        ]

        assert upward == []

    def test_nobody_imports_the_roof(self):
        guilty = [
            f"{place}: {importer} imports {imported}"
            for importer, imported, place in imports()
            if app_of(imported) in ROOF and app_of(importer) not in ROOF
        ]

        assert guilty == []

    def test_relations_run_downwards(self):
        upward = [
            f"{field} points to {field.related_model._meta.label}"
            for model in apps.get_models(include_auto_created=True)
            for field in model._meta.get_fields()
            if field.is_relation and not field.auto_created and field.related_model
            for app, other in [(model._meta.app_label, field.related_model._meta.app_label)]
            if app != other
            and app in APP_FLOORS
            and other in APP_FLOORS
            and APP_FLOORS[app] <= APP_FLOORS[other]
        ]

        assert upward == []

    def test_migrations_run_downwards(self):
        upward = [
            f"{app}.{migration.name} depends on {other}.{name}"
            for (app, _), migration in MigrationLoader(None).disk_migrations.items()
            for other, name in migration.dependencies
            if app in APP_FLOORS and APP_FLOORS.get(other, -1) > APP_FLOORS[app]
        ]

        assert upward == []

    def test_core_has_no_tables(self):
        assert list(apps.get_app_config("core").get_models()) == []


class TestFiles:
    @pytest.mark.parametrize("app", APP_FLOORS)
    def test_imports_run_downwards(self, app):
        upward = [
            f"{place}: {importer} imports {imported}"
            for importer, imported, place in imports()
            if app_of(importer) == app_of(imported) == app
            and FILE_FLOORS.get(file_of(importer), 99) < FILE_FLOORS.get(file_of(imported), -1)
        ]

        assert upward == []

    def test_no_import_runs_in_a_circle(self):
        graph: dict[str, set[str]] = {}
        for importer, imported in [
            (unit_of(it.importer), unit_of(it.imported)) for it in imports()
        ]:
            # A package gathers what its modules offer; asking it from inside is not a circle.
            if importer != imported and not imported.startswith(f"{importer}."):
                graph.setdefault(importer, set()).add(imported)

        assert circle_in(graph) == ""
