"""The tag that repeats the markup of a row."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import mark_safe

LINES = [
    SimpleNamespace(name="髙橋 <健>", number="0012", status=mark_safe("<b>here</b>")),
    SimpleNamespace(name="& Söhne", number="=1", status="there"),
]


def render(markup, lines=LINES):
    source = "{% load rows %}{% rows lines as line %}" + markup + "{% endrows %}"
    return Template(source).render(Context({"lines": lines, "word": "R&D"}))


def test_repeats_the_markup_with_the_values_of_each_row():
    assert render("<i>{{ line.number }}</i>", LINES) == "<i>0012</i><i>=1</i>"


def test_escapes_values_and_trusts_what_is_safe():
    found = render("{{ line.name }} {{ line.status }};")

    assert found == "髙橋 &lt;健&gt; <b>here</b>;&amp; Söhne there;"


def test_has_what_is_the_same_for_all_rows_in_each():
    assert render("{{ word }} {{ line.number }},") == "R&amp;D 0012,R&amp;D =1,"


def test_uses_a_value_as_often_as_it_stands_there():
    assert render("{{ line.number }}{{ line.number }} ", LINES[:1]) == "00120012 "


@pytest.mark.parametrize("lines", [[], ()])
def test_shows_nothing_without_rows(lines):
    assert render("<i>{{ line.number }}</i>", lines) == ""


@pytest.mark.parametrize(
    "markup", ["{% if line.name %}x{% endif %}", "{{ line.name|default:'–' }}"]
)
def test_refuses_what_would_depend_on_one_row(markup):
    with pytest.raises(TemplateSyntaxError, match="prepare"):
        render(markup)
