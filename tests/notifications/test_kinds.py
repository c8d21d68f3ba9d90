"""Every template has a sender, every sender a template, and every kind a name."""

import ast

import pytest
from django.conf import settings
from django.template import engines

from pms.notifications.kinds import kind_labels

FOLDER = settings.ROOT / "templates" / "notifications"
# How a kind is given: to `notify` and `Notice` by name, or to `Notice` and `_tell` in its place.
SENDERS = {"notify", "Notice", "_tell"}


def kinds_with_template():
    """The kinds that words are written for."""
    return {
        ".".join(path.relative_to(FOLDER).with_suffix("").parts) for path in FOLDER.rglob("*.txt")
    }


def kinds_sent():
    """The kinds that the code names when it tells something."""
    return {
        kind
        for path in (settings.ROOT / "pms").rglob("*.py")
        for kind in kinds_in(ast.parse(path.read_text()))
    }


def kinds_in(tree):
    """The kinds named in one file."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name not in SENDERS:
            continue
        given = [it.value for it in node.keywords if it.arg == "kind"]
        if name in {"Notice", "_tell"} and len(node.args) > 1:
            given.append(node.args[1])
        yield from (it.value for it in given if isinstance(it, ast.Constant))


def test_every_template_has_a_sender_and_every_sender_a_template():
    assert kinds_with_template() == kinds_sent()


def test_every_kind_has_a_name():
    assert set(kind_labels()) == kinds_with_template()


@pytest.mark.parametrize("kind", sorted(kinds_with_template()))
def test_every_template_can_be_read(kind):
    engines["django"].get_template(f"notifications/{kind.replace('.', '/')}.txt")


class TestFindingKinds:
    def test_reads_every_way_of_telling(self):
        source = """
notify(users, kind="a.b", key="k", url="/", now=now)
services.notify(users, kind="a.c", key="k", url="/", now=now)
Notice(user, "a.d", "k", "/")
Notice(recipient=user, kind="a.e", key="k", url="/")
Notice(user, notice.kind, "k", "/")
other(kind="a.f")
"""

        assert list(kinds_in(ast.parse(source))) == ["a.b", "a.c", "a.d", "a.e"]
