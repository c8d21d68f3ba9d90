"""One row of a roster, read and checked without the database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from pms.core.dates import DateError, parse_date
from pms.core.text import fold, fold_code, listed
from pms.transfer.previews import clip
from pms.transfer.readers import Cell

from .models import Affiliation, Department, Person
from .resources import KIND_WORDS, kind_of
from .stays import Place

TEXTS: Final = ("family_name", "given_name", "family_kana", "given_kana")
# A single column that holds two of them, and which.
PAIRS: Final = {"name": ("family_name", "given_name"), "kana": ("family_kana", "given_kana")}


def _length(model: Any, name: str) -> int:
    return model._meta.get_field(name).max_length


LENGTHS: Final = {name: _length(Person, name) for name in ("employee_number", "email", *TEXTS)}
# What nearly every address looks like; only the others need the slow validator.
_USUAL_EMAIL: Final = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,20}"
)
POST_LENGTH: Final = _length(Affiliation, "post")


@dataclass(slots=True)
class Entry:
    """What one row says; what it does not say is not in it, or None.

    Attributes:
        number: employee number.
        facts: fields of the person.
        place: department, kind and post.
        effective_on: the day from which a change holds.
        errors: (column, message).
    """

    number: str
    facts: dict[str, Any]
    place: Place
    effective_on: date | None
    errors: list[tuple[str, str]]

    @property
    def label(self) -> str:
        """The name of the person."""
        return f"{self.facts.get('family_name', '')} {self.facts.get('given_name', '')}".strip()


class DepartmentFinder:
    """Departments by code, by name, or by both; each pair of cells is looked up once."""

    def __init__(
        self, departments: Sequence[Department], former_names: Mapping[int, set[str]]
    ) -> None:
        self._names = {
            it.pk: {it.name, it.name_en} | former_names.get(it.pk, set()) for it in departments
        }
        self.by_id = {it.pk: it for it in departments}
        self._by_code = {it.code: it for it in departments}
        self._by_name: dict[str, list[Department]] = {}
        for department in departments:
            for name in {department.name, department.name_en} - {""}:
                self._by_name.setdefault(fold(name), []).append(department)
        self._found: dict[tuple[Cell, Cell], int] = {}

    def find(self, code: Cell, name: Cell) -> tuple[int | None, tuple[str, str] | None]:
        """The id, or what is wrong: a column and a message; neither for two empty cells."""
        known = self._found.get((code, name))
        if known is not None:
            return known, None
        found, error = self._find(fold_code(str(code)), fold(str(name)))
        if found is not None:
            self._found[code, name] = found
        return found, error

    def _find(self, code: str, name: str) -> tuple[int | None, tuple[str, str] | None]:
        if not code:
            return self._find_by_name(name) if name else (None, None)
        department = self._by_code.get(code)
        if department is None:
            message = _(
                "There is no department with the code “%(code)s”. Please correct the code, or "
                "register the department first."
            ) % {"code": clip(code)}
            return None, ("department_code", message)
        if name and name not in map(fold, self._names[department.pk]):
            message = _(
                "The code %(code)s is the department “%(department)s”, but “%(name)s” stands "
                "beside it. Please correct one of the two, or leave the name empty."
            ) % {"code": code, "department": department.name, "name": clip(name)}
            return None, ("department", message)
        return department.pk, None

    def _find_by_name(self, name: str) -> tuple[int | None, tuple[str, str] | None]:
        found = self._by_name.get(name, [])
        if len(found) == 1:
            return found[0].pk, None
        if name in self._by_code:  # a column 所属 may well hold codes
            return self._by_code[name].pk, None
        if not found:
            message = _(
                "There is no department “%(name)s”. Please correct the name, or register the "
                "department first."
            ) % {"name": clip(name)}
        else:
            message = _(
                "There are several departments “%(name)s”: %(codes)s. Please give the code in a "
                "column 部門コード."
            ) % {"name": clip(name), "codes": listed(it.code for it in found)}
        return None, ("department", message)


class RowReader:
    """Reads rows that all have the same columns."""

    def __init__(self, columns: frozenset[str], departments: DepartmentFinder) -> None:
        self.departments = departments
        self._texts = [(name, LENGTHS[name]) for name in TEXTS if name in columns]
        self._pairs = [(column, pair) for column, pair in PAIRS.items() if column in columns]
        self._dates = [name for name in ("joined_on", "left_on") if name in columns]
        self._has_email = "email" in columns
        self._has_place = not columns.isdisjoint(("department_code", "department"))
        self._kinds: dict[Cell, str | None] = {"": None}
        self._posts: dict[Cell, str] = {}

    def read(self, values: Mapping[str, Cell]) -> Entry:
        """What a row says; its errors are in it."""
        errors: list[tuple[str, str]] = []
        facts: dict[str, Any] = {}
        for name, length in self._texts:
            text = facts[name] = fold(str(values[name]))
            if len(text) > length:
                errors.append((name, too_long(text, length)))
        for column, pair in self._pairs:
            self._read_pair(values[column], column, pair, facts, errors)
        if not facts.get("family_name"):
            column = "family_name" if "family_name" in values else "name"
            errors.append((column, _("The name is missing. Please enter it.")))
        if self._has_email:
            facts["email"] = read_email(values["email"], errors)
        for column in self._dates:
            facts[column] = read_date(values[column], column, errors)
        if facts.get("joined_on") is None:
            facts.pop("joined_on", None)
        return Entry(
            number=self._read_number(values["employee_number"], errors),
            facts=facts,
            place=self._read_place(values, errors),
            effective_on=read_date(values.get("effective_on", ""), "effective_on", errors),
            errors=errors,
        )

    def _read_number(self, cell: Cell, errors: list[tuple[str, str]]) -> str:
        number = fold_code(str(cell))
        length = LENGTHS["employee_number"]
        if not number:
            message = _("The employee number is missing. Please enter it.")
            errors.append(("employee_number", message))
        elif len(number) > length:
            errors.append(("employee_number", too_long(number, length)))
        return number

    def _read_pair(
        self,
        cell: Cell,
        column: str,
        pair: tuple[str, str],
        facts: dict[str, Any],
        errors: list[tuple[str, str]],
    ) -> None:
        """A full name: what stands before the first space is the family name."""
        if facts.get(pair[0]):
            return
        for name, text in zip(pair, fold(str(cell)).partition(" ")[::2], strict=True):
            facts[name] = text
            if len(text) > LENGTHS[name]:
                errors.append((column, too_long(text, LENGTHS[name])))

    def _read_place(self, values: Mapping[str, Cell], errors: list[tuple[str, str]]) -> Place:
        department_id = None
        if self._has_place:
            department_id, error = self.departments.find(
                values.get("department_code", ""), values.get("department", "")
            )
            if error:
                errors.append(error)
        return Place(
            department_id,
            self._read_kind(values["employment_kind"], errors),
            self._read_post(values["post"], errors) if "post" in values else None,
        )

    def _read_kind(self, cell: Cell, errors: list[tuple[str, str]]) -> str | None:
        if cell not in self._kinds:
            word = fold(str(cell))
            kind = kind_of(word)
            if word and kind is None:
                message = _(
                    "“%(value)s” is not a kind of employment. Please write one of %(words)s."
                )
                words = listed(words[0] for words in KIND_WORDS.values())
                errors.append(("employment_kind", message % {"value": clip(word), "words": words}))
                return None
            self._kinds[cell] = kind
        return self._kinds[cell]

    def _read_post(self, cell: Cell, errors: list[tuple[str, str]]) -> str:
        if cell not in self._posts:
            post = fold(str(cell))
            if len(post) > POST_LENGTH:
                errors.append(("post", too_long(post, POST_LENGTH)))
                return post
            self._posts[cell] = post
        return self._posts[cell]


def read_date(cell: Cell, column: str, errors: list[tuple[str, str]]) -> date | None:
    """The day that a cell holds; None for an empty one, and for one that holds no day."""
    if not cell or (isinstance(cell, str) and cell.isspace()):
        return None
    try:
        return parse_date(clip(cell, 60) if isinstance(cell, str) else cell)
    except DateError as error:
        errors.append((column, str(error)))
        return None


def read_email(cell: Cell, errors: list[tuple[str, str]]) -> str:
    """The address that a cell holds, in lower case."""
    email = fold(str(cell)).lower()
    if not email:
        return ""
    if not _USUAL_EMAIL.fullmatch(email):
        try:
            validate_email(email)
        except ValidationError:
            message = _("“%(value)s” is not an email address. Please correct it or leave it empty.")
            errors.append(("email", message % {"value": clip(email)}))
    if len(email) > LENGTHS["email"]:
        errors.append(("email", too_long(email, LENGTHS["email"])))
    return email


def too_long(text: str, length: int) -> str:
    """The message for a text that does not fit."""
    return _("“%(value)s” is longer than %(length)d characters. Please shorten it.") % {
        "value": clip(text, 40),
        "length": length,
    }
