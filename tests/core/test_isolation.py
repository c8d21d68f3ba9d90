"""No test meets what another one has left in its process."""

import pytest
from django.conf import settings
from django.utils import translation


@pytest.mark.parametrize("turn", ["one", "other"])
def test_no_language_is_left_by_a_test_before(turn: str):
    assert translation.get_language() == settings.LANGUAGE_CODE

    translation.activate("en")
