"""Words to tell, which only the tests tell."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _words_of_the_tests(settings):
    """Find the templates of kinds that begin with "tests."."""
    (engine,) = settings.TEMPLATES
    folder = Path(__file__).with_name("templates")
    settings.TEMPLATES = [engine | {"DIRS": [folder, *engine["DIRS"]]}]
