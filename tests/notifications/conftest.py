"""Words to tell, which only the tests tell."""

from pathlib import Path

import pytest

from .mail_server import Mailbox, serving


@pytest.fixture(autouse=True)
def _words_of_the_tests(settings):
    """Find the templates of kinds that begin with "tests."."""
    (engine,) = settings.TEMPLATES
    folder = Path(__file__).with_name("templates")
    settings.TEMPLATES = [engine | {"DIRS": [folder, *engine["DIRS"]]}]


@pytest.fixture
def mailbox(settings):
    """A mail server that our mails go to."""
    mailbox = Mailbox()
    with serving(mailbox) as mailers:
        settings.MAILERS = mailers
        yield mailbox
