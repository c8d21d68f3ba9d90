"""What must not get into a log."""

import logging

import pytest

from pms.core.logs import SecretAddressFilter

TOKEN = "yqS8-1Qk_0v3oJ0Q7hOQm4mQyJmY1sO2b9xwqkZ3T9A"


def written(message, *args):
    """How a line reads that the filter has seen."""
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, args, None)
    assert SecretAddressFilter().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    "line", ["/calendar/{}.ics", "https://pms.example/calendar/{}.ics", "/calendar/{}"]
)
def test_secret_addresses_lose_their_end(line):
    read = written("Too Many Requests: %s", line.format(TOKEN))

    assert TOKEN[:8] not in read
    assert read.startswith("Too Many Requests: ")
    assert "/calendar/…" in read


@pytest.mark.parametrize("line", ["/me/calendar/", "/me/calendar/revoke/", "100 % done"])
def test_everything_else_stays_as_it_is(line):
    assert written("Not Found: %s", line) == f"Not Found: {line}"


def test_every_line_of_the_server_goes_through_it(settings):
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["secret_addresses"]
