"""What the tests of the year count on."""

import importlib

import pytest
from django.apps import apps

from pms.cycles.models import GuidelineEdition

SHIPPED = importlib.import_module("pms.cycles.migrations.0003_load_the_guideline")


@pytest.fixture
def guideline(db):
    """The edition that is shipped, also where a test before has emptied the database."""
    if not GuidelineEdition.objects.filter(code=SHIPPED.EDITION).exists():
        SHIPPED.load(apps, None)
    return GuidelineEdition.objects.get(code=SHIPPED.EDITION)
