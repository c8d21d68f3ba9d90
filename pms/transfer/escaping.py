"""Texts that a spreadsheet would run as a formula: made harmless, and given back unharmed.

A cell that begins with one of the characters below may be run when the file is opened. It gets
an apostrophe in front. So that nothing is lost, a text that begins with an apostrophe of its own
and could be taken for such a cell gets one more; `restore` takes exactly one away. Ordinary
texts, also 'tis and a lone apostrophe, stay as they are in both directions.

Full-width ＝＋－＠ are among the characters: Japanese spreadsheets take them for the half-width
ones when a cell is edited. Numbers are no texts: a negative amount stays a number.
"""

from typing import Final

FORMULA_STARTS: Final = frozenset("=+-@\t\r\n＝＋－＠")
_MARK: Final = "'"
_SUSPECT_STARTS: Final = FORMULA_STARTS | {_MARK}


def neutralise(text: str) -> str:
    """Return `text` so that no spreadsheet runs it; `restore` is the way back."""
    first = text[:1]
    if first in FORMULA_STARTS or (first == _MARK and text[1:2] in _SUSPECT_STARTS):
        return _MARK + text
    return text


def restore(text: str) -> str:
    """Return the text that `neutralise` was given; any other text as it is."""
    if text[:1] == _MARK and text[1:2] in _SUSPECT_STARTS:
        return text[1:]
    return text
