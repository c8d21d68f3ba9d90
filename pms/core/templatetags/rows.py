"""Long tables, quickly: the markup of a row is rendered once and filled in for each row."""

from collections.abc import Iterator
from itertools import batched
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

from pms.core.text import escaped

register = template.Library()

# No text that is shown holds it: XML and HTML forbid the character.
_MARK = "\0"


class _Gap(SafeString):
    """Stands for a value of the row while the markup is rendered; it can only be written out."""

    def __bool__(self) -> bool:
        raise template.TemplateSyntaxError(
            "Inside {% rows %}, a value of the row can be written out and nothing else: prepare "
            "what depends on it in the view."
        )


class _AnyRow:
    """A row whose every attribute is a gap."""

    def __getattr__(self, name: str) -> _Gap:
        if name.startswith("_"):
            raise AttributeError(name)
        return _Gap(f"{_MARK}{name}{_MARK}")


class RowsNode(template.Node):
    """What `{% rows %}` becomes."""

    def __init__(self, rows: FilterExpression, name: str, markup: NodeList) -> None:
        self.rows, self.name, self.markup = rows, name, markup

    def render(self, context: template.Context) -> SafeString:
        """The markup for each row, values escaped."""
        with context.push(**{self.name: _AnyRow()}):
            pieces = self.markup.render(context).split(_MARK)
        *filled, (last, *_none) = batched([*pieces, ""], 2)
        return mark_safe("".join(self._write(self.rows.resolve(context), filled, last)))  # noqa: S308

    def _write(self, rows: Any, filled: list[tuple[str, ...]], last: str) -> Iterator[str]:
        for row in rows:
            for markup, name in filled:
                yield markup
                yield escaped(getattr(row, name))
            yield last


@register.tag
def rows(parser: Parser, token: Token) -> RowsNode:
    """Repeat the markup for each row: `{% rows lines as line %} … {{ line.name }} … {% endrows %}`.

    A row's attributes can only be written out, without filters and conditions: the markup is
    rendered once, and the escaped values are filled in. Everything else (texts, includes) is the
    same for all rows. It is several times quicker than `{% for %}`.
    """
    _tag, source, _as, name = token.split_contents()
    markup = parser.parse(("endrows",))
    parser.delete_first_token()
    return RowsNode(parser.compile_filter(source), name, markup)
