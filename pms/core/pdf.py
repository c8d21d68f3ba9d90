"""Papers: facts in, PDF out.

A paper is a fixed typst template in the folder ``papers`` of an app. It never meets the user's
words as source: the facts travel as JSON in one input string and are set as plain text, so
markup, ``#read``, ``$``, ``@`` or HTML in a name come out on paper exactly as they were typed.
The compiler sees the package folder only, no system font, and no download.

    pdf = render_pdf(
        "training/report",                      # pms/training/papers/report.typ
        {"masthead": Masthead(company="…"), "columns": [...], "rows": [...]},
        title=_("Training report"),
        language="ja",
        issued_at=now,
    )

A template starts with these two lines; what it can use is described at the top of
``core/papers/base.typ``. Paths in a template are rooted at the package.

    #import "/core/papers/base.typ": *
    #show: sheet.with(..facts.masthead)

Facts may be mappings or dataclasses and may hold dates, decimals, UUIDs and lazy texts; whatever a
reader sees (dates in words, numbers with units, labels) is worded in Python, in the language of
the paper.

A paper of 50 rows takes 0.04 s, 1,000 rows about 0.6 s and 400 MB, 10,000 rows 8 s and 1.4 GB (2
cores), and typst has no limit of its own: what can exceed a few thousand rows is printed in
parts, or is an export and not a paper.
"""

from __future__ import annotations

import json
import re
import struct
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
from django.core.exceptions import ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation
from django.utils.translation import pgettext, pgettext_lazy

if TYPE_CHECKING:
    from datetime import datetime

    import typst

__all__ = [
    "APPROVED",
    "CHECKED",
    "PREPARED",
    "Approval",
    "Column",
    "Masthead",
    "Pair",
    "missing_glyphs",
    "render_pdf",
]

FONT_FAMILY: Final = "Noto Sans CJK JP"
PACKAGE_ROOT: Final = Path(__file__).resolve().parents[1]

Standard = Literal["a-3b", "ua-1"]

APPROVED: Final = pgettext_lazy("approval box", "Approved")
CHECKED: Final = pgettext_lazy("approval box", "Checked")
PREPARED: Final = pgettext_lazy("approval box", "Prepared")


# What templates take, as types; the field names are the parameter names in base.typ.


@dataclass(frozen=True)
class Approval:
    """One approval box. Without a name it is printed empty, to be stamped by hand."""

    label: str
    name: str = ""
    on: str = ""


@dataclass(frozen=True, kw_only=True)
class Masthead:
    """Head and foot of a sheet: who issues it, which document, from which data.

    ``source`` and ``as_of`` say where the figures come from and at what moment they were read;
    ``seal`` is the head of the journal where the paper is a record that must be checkable later.
    """

    company: str
    number: str = ""
    issued: str = ""
    addressee: str = ""
    lead: str = ""
    source: str = ""
    as_of: str = ""
    seal: str = ""
    approvals: Sequence[Approval] = ()


@dataclass(frozen=True)
class Column:
    """A column of ``data-table``.

    ``kind``: ``text`` wraps; ``code`` never breaks (employee numbers, dates); ``number`` is
    right-aligned; ``mark`` is centred; ``sign`` is left empty for a signature. ``width``: a share
    of the free width, or None for what the kind suggests (text shares, the others are as wide as
    their content).
    """

    label: str
    kind: Literal["text", "code", "number", "mark", "sign"] = "text"
    width: float | None = None


@dataclass(frozen=True)
class Pair:
    """A label and its value in ``key-values``; ``wide`` takes the whole row (long texts)."""

    label: str
    value: Any
    wide: bool = False


# The engine.


def render_pdf(
    paper: str,
    facts: Any,
    *,
    title: str,
    language: str = "ja",
    standard: Standard | None = None,
    issued_at: datetime | None = None,
    root: Path = PACKAGE_ROOT,
) -> bytes:
    """Print the facts on a paper.

    Args:
        paper: ``"<app>/<name>"`` for ``pms/<app>/papers/<name>.typ``, or ``"<name>"`` for one of
            core's own.
        facts: A mapping or a dataclass of what the template prints, nested as it likes.
        title: The document's title, shown in its head and written into the metadata.
        language: ``ja`` or ``en``: the language of the document and of the few words the frame
            itself says.
        standard: ``"a-3b"`` to archive, ``"ua-1"`` for strict accessibility; plain PDF (tagged as
            well) by default.
        issued_at: The moment written into the metadata (aware). The same facts issued at the same
            moment give the same bytes, so a stored digest can be checked again. Without it typst
            writes the present moment.
        root: The folder the templates live under; tests give their own.

    Returns:
        The PDF. Characters that the font cannot draw are printed as 〓 (see
        :func:`missing_glyphs`).

    Raises:
        ValueError: ``paper`` is not a name as above.
        FileNotFoundError: there is no such template.
        typst.TypstError: the template and the facts do not fit each other (a bug, never a matter
            of wording).
    """
    import typst  # by the first paper: what a worker never prints with takes no memory

    template = _template(paper, root)
    compiler = typst.Compiler(
        # A compiler cannot be used by two threads at once and costs nothing to make: the fonts and
        # typst's own memory of unchanged parts are what is worth keeping, and both outlive it.
        input=str(template),
        root=str(root),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"envelope": _envelope(facts, title=title, language=language)},
    )
    pdf, complaints = compiler.compile_with_warnings(
        format="pdf",
        pdf_standards=standard or [],
        timestamp=None if issued_at is None else int(issued_at.timestamp()),
    )
    for complaint in complaints:
        warnings.warn(complaint, stacklevel=2)
    if not isinstance(pdf, bytes):
        raise TypeError("A PDF is one stream of bytes.")
    return pdf


_PAPER_NAME: Final = re.compile(r"(?:(?P<app>[a-z][a-z0-9_]*)/)?(?P<name>[a-z][a-z0-9_]*)")


def _template(paper: str, root: Path) -> Path:
    match = _PAPER_NAME.fullmatch(paper)
    if match is None:
        raise ValueError(
            f"A paper is named 'app/name' in small letters, digits and underscores, not {paper!r}."
        )
    template = root / (match["app"] or "core") / "papers" / f"{match['name']}.typ"
    if not template.is_file():
        raise FileNotFoundError(template)
    return template


def _envelope(facts: Any, *, title: str, language: str) -> str:
    with translation.override(language):
        words = {
            "number": pgettext("paper", "Document no."),
            "issued": pgettext("paper", "Issued on"),
            "source": pgettext("paper", "Source"),
            "as_of": pgettext("paper", "As of"),
            "seal": pgettext("paper", "Journal seal"),
            "empty": pgettext("paper", "None"),
        }
        envelope = {"title": title, "language": language[:2], "words": words, "facts": facts}
        return json.dumps(_settable(envelope), cls=_FactsEncoder, ensure_ascii=False)


class _FactsEncoder(DjangoJSONEncoder):
    """JSON of facts: dates, decimals, UUIDs and lazy texts as text."""

    def default(self, o: Any) -> Any:
        text = super().default(o)
        return _settable_text(text) if isinstance(text, str) else text


def _settable(value: Any) -> Any:
    """The same facts, every text made fit to be set; dataclasses become mappings."""
    if isinstance(value, str):
        return _settable_text(value)
    if isinstance(value, Mapping):
        return {str(key): _settable(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _settable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_settable(item) for item in value]
    return value


# typst breaks a line at spaces, hyphens and between kanji, never inside a long mail address, file
# name or hash: they would run out of their cell. Zero-width spaces allow it, after a separator if
# there is one.
_ZERO_WIDTH_SPACE: Final = "\u200b"
_LONG_WORD: Final = re.compile(  # of anything but kana, kanji and hangul
    r"[!-\u10ff\u1e00-\u2e7f\ufb00-\ufb4f]{16,}"
)
_BREAK_INSIDE: Final = re.compile(r"((?:[^@/\\._:;,=&?+|-]{0,8}[@/\\._:;,=&?+|-]{1,8}|.{9}))(?!$)")
_LINE_ENDS: Final = re.compile(r"\r\n?|[\v\f\u0085\u2028\u2029]")
_GETA: Final = "〓"
# The font lacks one sign of JIS X 0208 and the tab; these say the same.
_SAME_MEANING: Final = str.maketrans({"≒": "≈", "\t": " "})


def _settable_text(text: str) -> str:
    text = _LINE_ENDS.sub("\n", text).translate(_SAME_MEANING)
    missing = missing_glyphs(text)
    if missing:
        text = "".join(_GETA if character in missing else character for character in text)
    if len(text) < 16:
        return text
    return _LONG_WORD.sub(lambda word: _BREAK_INSIDE.sub(rf"\1{_ZERO_WIDTH_SPACE}", word[0]), text)


# The fonts.


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Regular and bold, loaded once for the process; nothing the machine happens to have."""
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[
            noto_cjk_sans_jp_regular.FONT_PATH.parent,
            noto_cjk_sans_jp_bold.FONT_PATH.parent,
        ],
    )
    weights = {font.weight for font in fonts.fonts() if font.family == FONT_FAMILY}
    if not weights >= {400, 700}:
        # typst would go on with whatever it has, and a Japanese name would come out as boxes.
        raise ImproperlyConfigured(f"Papers need the font {FONT_FAMILY} in regular and bold.")
    return fonts


def missing_glyphs(text: str) -> set[str]:
    """The characters of a text that cannot be printed: the paper's font does not have them.

    Every kanji of JIS X 0213 is there (髙, 﨑, 𠮷 …), emoji and most other scripts are not. Line
    ends and tabs are layout and never missing; a variation selector asks for a shape of the kanji
    before it and is never missing either.
    """
    return set(text) - _drawable()


@lru_cache(maxsize=1)
def _drawable() -> frozenset[str]:
    """All characters the font maps to a glyph (OpenType 1.9: ``cmap``, subtable format 12)."""
    font = noto_cjk_sans_jp_regular.FONT_PATH.read_bytes()
    (number_of_tables,) = struct.unpack_from(">4xH", font)
    cmap = next(
        offset
        for tag, offset in struct.iter_unpack(">4s4xI4x", font[12 : 12 + 16 * number_of_tables])
        if tag == b"cmap"
    )
    (number_of_encodings,) = struct.unpack_from(">2xH", font, cmap)
    for index in range(number_of_encodings):
        platform, encoding, offset = struct.unpack_from(">HHI", font, cmap + 4 + 8 * index)
        if (platform, encoding) == (3, 10):
            (number_of_groups,) = struct.unpack_from(">12xI", font, cmap + offset)
            first = cmap + offset + 16
            groups = struct.iter_unpack(">II4x", font[first : first + 12 * number_of_groups])
            mapped = {chr(code) for start, end in groups for code in range(start, end + 1)}
            return frozenset(mapped | _NOT_DRAWN)
    raise ImproperlyConfigured(f"The font {FONT_FAMILY} has no full Unicode table.")


_NOT_DRAWN: Final = frozenset(
    {"\n", "\t", _ZERO_WIDTH_SPACE}
    | {chr(code) for code in range(0xFE00, 0xFE10)}  # variation selectors
    | {chr(code) for code in range(0xE0100, 0xE01F0)}  # ideographic variation selectors
)
