"""Templates: no inline code, components that say what they need and get nothing else."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDERS = [settings.ROOT / "templates", *sorted((settings.ROOT / "pms").glob("*/templates"))]
TEMPLATES = [
    pytest.param(path, id=path.relative_to(settings.ROOT).as_posix())
    for folder in FOLDERS
    for path in sorted(folder.rglob("*"))
    if path.suffix in {".html", ".txt"}
]
COMPONENTS = [it for it in TEMPLATES if it.values[0].parent.name == "components"]

# The Content Security Policy refuses all of these; the page would only seem to work.
INLINE_CODE = re.compile(
    r"""
    <script(?![^>]*\ssrc=)[^>]*>     # a script that is not a file
    | <style\b
    | \sstyle\s*=                    # looks belong to a class, lengths to attributes of SVG
    | \son[a-z]+\s*=\s*["']
    | \shx-on[:\w.-]*\s*=
    | javascript:
    """,
    re.VERBOSE | re.IGNORECASE,
)
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}", re.DOTALL)
CONTRACT = re.compile(r"\{# .+?\. Needs: .+? #\}")
USE_OF_COMPONENT = re.compile(r"""\{%\s*include\s+["']components/[^%]*%\}""")


@pytest.mark.parametrize("path", TEMPLATES)
class TestTemplate:
    def test_can_be_read(self, path):
        folder = next(folder for folder in FOLDERS if path.is_relative_to(folder))

        get_template(path.relative_to(folder).as_posix())

    def test_has_no_inline_code(self, path):
        assert INLINE_CODE.findall(COMMENT.sub("", path.read_text())) == []

    def test_gives_components_only_what_they_need(self, path):
        uses = USE_OF_COMPONENT.findall(path.read_text())

        assert [use for use in uses if not re.search(r"\sonly\s*%\}$", use)] == []


@pytest.mark.parametrize("path", COMPONENTS)
def test_component_states_its_needs_in_its_first_line(path):
    first_line = path.read_text().partition("\n")[0]

    assert CONTRACT.match(first_line), "{# What it is. Needs: … #}"
