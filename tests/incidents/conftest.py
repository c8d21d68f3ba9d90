"""What the pages of incidents need."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from pms.incidents.views import anonymous


@pytest.fixture(autouse=True)
def _no_visits() -> None:
    """Let no test find a limit that another has used up."""
    for limit in (anonymous.REPORTS, anonymous.QUESTIONS):
        limit.forget()


@pytest.fixture
def in_english() -> Iterator[None]:
    """Read what is refused in the language that the tests are written in."""
    with translation.override("en"):
        yield
