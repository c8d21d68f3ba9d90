"""What every test may count on: its engine, its browser, and a database it can empty."""

import importlib
import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from pms.core.triggers import suspended
from tests import engines

# The migrations that fill tables with what is shipped.
SHIPPED = (
    "pms.cycles.migrations.0003_load_the_guideline",
    "pms.incidents.migrations.0002_load_rules_and_lists",
    "pms.incidents.migrations.0005_begin_with_a_procedure",
)

# A slow machine is no reason to fail, and what fails must fail again when it is run again.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("suite")


def pytest_report_header() -> str:
    """Say at the top which database the run is on."""
    database = settings.DATABASES["default"]
    return f"database: {connection.vendor} ({database['TEST']['NAME'] or database['NAME']})"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is for the other engine; skip, with the cure, what needs a missing browser."""
    missing = pytest.mark.skip(reason=engines.CHROMIUM_HELP)
    others = []
    for item in items:
        marker = item.get_closest_marker("engine")
        if marker and marker.args != (connection.vendor,):
            others.append(item)
        if item.get_closest_marker("browser"):
            item.user_properties.append(("browser", "yes"))
            if engines.chromium() is None:
                item.add_marker(missing)
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Let no test meet what another has left in the cache, e.g. that a form was sent."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _no_language_left() -> Iterator[None]:
    """Let no test speak the language of another one's last page: a request activates its own."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _flush_in_spite_of_triggers() -> Iterator[None]:
    """Let a test that really commits be cleaned up, although some tables refuse deletion.

    What migrations have brought along is brought again, so that the next test finds it.
    """
    empty = TransactionTestCase._fixture_teardown

    def empty_without_triggers(case: TransactionTestCase) -> None:
        with suspended(connection):
            empty(case)
        for name in SHIPPED:
            importlib.import_module(name).load(apps, None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_without_triggers)
        yield


@pytest.fixture(scope="session", autouse=True)
def _cut_off_stragglers(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """End the connections that outlive the tests: a browser keeps a server's thread alive.

    PostgreSQL does not drop a database that somebody is still connected to.
    """
    yield
    if connection.vendor != "postgresql":
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Drive the machine's own Chromium; its sandbox refuses to work for root."""
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": engines.chromium(), "args": args}
