"""`.env.example` explains every variable that the settings read, and changes none."""

import re

from django.conf import settings

READ = re.compile(r'\benv(?:\.\w+)?\(\s*"(\w+)"')
EXPLAINED = re.compile(r"^# ([A-Z_]+)=", re.MULTILINE)
EXAMPLE = settings.ROOT / ".env.example"
# Read by the suite, not by the settings.
OTHERS = {"PMS_CHROMIUM"}


def test_every_variable_is_explained():
    sources = [path.read_text() for path in (settings.ROOT / "pms/settings").glob("*.py")]
    read = {name for source in sources for name in READ.findall(source)}

    assert set(EXPLAINED.findall(EXAMPLE.read_text())) == read | OTHERS


def test_copying_the_example_changes_nothing():
    lines = EXAMPLE.read_text().splitlines()

    assert [line for line in lines if line and not line.startswith("# ")] == []
