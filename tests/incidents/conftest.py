"""What the pages of incidents need."""

import pytest

from pms.incidents.views import anonymous


@pytest.fixture(autouse=True)
def _no_visits() -> None:
    """Let no test find a limit that another has used up."""
    for limit in (anonymous.REPORTS, anonymous.QUESTIONS):
        limit.forget()
