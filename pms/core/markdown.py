"""Texts in Markdown, shown as pages: whatever was typed, what comes out is harmless."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# What Markdown can say, and nothing more; a heading, a table, a list and emphasis are enough for
# material that is read on a phone. Pictures are evidence files or links, never fetched from
# elsewhere by the reader's browser.
ALLOWED_TAGS = frozenset(
    (
        *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre"),
        *("code", "strong", "em", "s", "a", "table", "thead", "tbody", "tr", "th", "td", "div"),
    )
)
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "div": {"class", "tabindex"}}
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto"})
_DEEPEST_HEADING = 6
_BOX: Final[dict[str, str | int | float]] = {"class": "table-wrap", "tabindex": "0"}


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables and strike-through; raw HTML and pictures are plain text."""
    from markdown_it import MarkdownIt  # by the first text: few pages show one

    return (
        MarkdownIt("commonmark", {"html": False})
        .enable(["table", "strikethrough"])
        .disable("image")
    )


def render_markdown(text: str) -> SafeString:
    """Return `text`, written in Markdown, as HTML that is safe to put into a page.

    Headings move down one level, because the page has a first heading of its own. Tables come in
    a box of their own, so that a wide one scrolls by itself on a phone, by key as well. Links open
    only addresses of the web and of mail.

    Args:
        text: Markdown as somebody typed it; raw HTML in it is shown, not obeyed.

    Returns:
        HTML, empty for an empty text.
    """
    import nh3

    tokens = _parser().parse(text)
    html = _parser().renderer.render(_fit_into_page(tokens), _parser().options, {})
    clean = nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes={tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()},
        url_schemes=set(ALLOWED_SCHEMES),
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - this is where the text becomes safe


def _fit_into_page(tokens: list[Token]) -> list[Token]:
    from markdown_it.token import Token

    fitted = []
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, _DEEPEST_HEADING)}"
        if token.type == "table_open":
            fitted.append(Token("table_wrap_open", "div", 1, attrs=dict(_BOX)))
        fitted.append(token)
        if token.type == "table_close":
            fitted.append(Token("table_wrap_close", "div", -1))
    return fitted
