"""Headings of a file, matched with the columns that an import knows."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

# What offices add to a heading for the person who fills in the form.
_HINT = re.compile(r"[(\[【〔<《「]\s*(?:必須|任意|required|optional)\s*[)\]】〕>》」]")
_SEPARATORS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class HeadingSpec:
    """A column that an import knows.

    Attributes:
        name: the field, as the code calls it; matches as a heading too.
        labels: the headings that mean it, the likeliest first.
        required: whether an import needs it.
    """

    name: str
    labels: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """Which column of a file is which field.

    Attributes:
        columns: field name → index of the column, from 0.
        missing: required fields that no heading means.
        unknown: headings that mean no field, in their order; neither the empty ones nor those
            that somebody decided to leave out.
    """

    columns: dict[str, int] = field(default_factory=dict)
    missing: list[HeadingSpec] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@lru_cache(maxsize=4096)
def heading_key(heading: str) -> str:
    """Return what two spellings of one heading have in common; empty if nothing is left.

    Width, case, spaces, underscores, punctuation, ※ and hints such as （必須） do not count.
    """
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return _SEPARATORS.sub("", _HINT.sub("", plain))


def count_known(headings: Iterable[str], expected: Iterable[str]) -> int:
    """How many of `headings` are among the `expected` ones, in any spelling."""
    keys = {heading_key(heading) for heading in expected}
    return len(keys.intersection(map(heading_key, headings)) - {""})


def match_headings(
    headings: Sequence[str],
    fields: Sequence[HeadingSpec],
    *,
    remembered: Mapping[str, str] | None = None,
) -> HeadingMatch:
    """Find the column of each field.

    What was remembered goes first, then the labels of each field in their order, so that a file
    with 氏名 and 名前 takes the likelier one and reports the other as unknown.

    Args:
        headings: of the file, in order.
        fields: what the import knows; no label may belong to two fields.
        remembered: heading → field name, as somebody chose before; an empty name (or one that
            is no field any more) leaves the column out.

    Returns:
        The columns found, and what is missing or unknown.
    """
    index_of: dict[str, int] = {}
    for index, heading in enumerate(headings):
        if key := heading_key(heading):
            index_of.setdefault(key, index)
    names = {spec.name for spec in fields}
    columns: dict[str, int] = {}
    for heading, name in (remembered or {}).items():
        key = heading_key(heading)
        if key in index_of and name not in columns:
            index = index_of.pop(key)
            if name in names:
                columns[name] = index
    for spec in fields:
        keys = [heading_key(label) for label in (*spec.labels, spec.name)]
        found = next((key for key in keys if key in index_of), None)
        if spec.name not in columns and found is not None:
            columns[spec.name] = index_of.pop(found)
    return HeadingMatch(
        columns=columns,
        missing=[spec for spec in fields if spec.required and spec.name not in columns],
        unknown=[headings[index] for index in sorted(index_of.values())],
    )
