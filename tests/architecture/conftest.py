"""The small company of `world.py`, made once for all tests of a module."""

import copy
from collections.abc import Iterator
from functools import cached_property

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from .world import VISITORS, World


@pytest.fixture(scope="module")
def _whole_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Every visitor and every row, in a transaction around those of the module's tests."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        world = World()
        for letter in VISITORS:
            world.visitor(letter)
        for name, value in vars(World).items():
            if isinstance(value, cached_property):
                world.row(name)
    yield world
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def world(_whole_world: World, db: None) -> World:
    """The same company for each test, as if it were made for it: what is done to it is undone."""
    return copy.deepcopy(_whole_world)
