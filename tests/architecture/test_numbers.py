"""What an address names beside its path may be anything; a page bears it."""

import pytest

from .matrix import known_lines
from .world import VALUES, World

# Each page that reads a key of a row from its query.
PAGES = {
    "incidents:category_create": "from",
    "incidents:paper_text": "version",
    "incidents:rule_create": "from",
    "training:log_grid": "department",
    "transfer:upload": "again",
}


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["²", "9" * 25, "9" * 5_000], ids=["²", "25", "5000"])
def test_no_number_in_an_address_breaks_a_page(client, number):
    world = World()
    client.force_login(world.visitor("P"))
    lines = {address.name: (address, line) for address, line in known_lines()}
    for name, query in PAGES.items():
        address, line = lines[name]
        path = address.url(world.row(line.row), **VALUES)
        assert client.get(path, {query: number}).status_code in {200, 404}, name
