"""Pages found by key instead of by offset: the millionth row costs what the first does."""

import base64
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet

COUNT_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        rows: the records, in the order asked for.
        next, previous: cursors for `?page=`; empty at the ends.
        total: how many rows there are, at most COUNT_LIMIT.
        is_capped: whether there are more than `total`.
    """

    rows: list[Any]
    next: str = ""
    previous: str = ""
    total: int = 0
    is_capped: bool = False

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_other_pages(self) -> bool:
        """Whether there is anything to turn to."""
        return bool(self.next or self.previous)


def paginate(rows: QuerySet, ordering: tuple[str, ...], cursor: str, size: int) -> Page:
    """The page of `rows` that `cursor` names; the first if it names none.

    Args:
        rows: filtered, any order.
        ordering: fields, "-" for descending; the last is unique and none may be null.
        cursor: empty, "last", or what an earlier page gave as `next` or `previous`.
        size: rows on a page.

    Returns:
        The page, in one query for a list that fits on it; else in two: the rows, and their number
        up to COUNT_LIMIT.
    """
    backwards, key = _read(cursor, rows.model, ordering)
    order = tuple(_flip(field) for field in ordering) if backwards else ordering
    found = rows.order_by(*order)
    if key:
        found = found.filter(_beyond(order, key))
    window = list(found[: size + 1])
    more = len(window) > size
    # A list that fits on its first page is counted by looking at it.
    is_whole = not more and not key
    # Keys alone: what the rows carry beside would be computed for each that is counted.
    counted = rows.order_by().values("pk")[: COUNT_LIMIT + 1]
    total = len(window) if is_whole else counted.count()
    if cursor == "last" and total <= COUNT_LIMIT:
        size = total % size or size
    window = window[:size]
    if backwards:
        window.reverse()
        has_next, has_previous = bool(key), more
    else:
        has_next, has_previous = more, bool(key)
    return Page(
        rows=window,
        next=_write(window[-1], ordering, "f") if window and has_next else "",
        previous=_write(window[0], ordering, "b") if window and has_previous else "",
        total=min(total, COUNT_LIMIT),
        is_capped=total > COUNT_LIMIT,
    )


def _flip(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _beyond(order: tuple[str, ...], key: list[Any]) -> Q:
    """Rows after `key`. The first condition alone lets the database start in its index."""
    names = [field.lstrip("-") for field in order]
    signs = ["lt" if field.startswith("-") else "gt" for field in order]
    condition = Q()
    for position in range(len(names)):
        step = Q(**{f"{names[position]}__{signs[position]}": key[position]})
        for name, value in zip(names[:position], key[:position], strict=True):
            step &= Q(**{name: value})
        condition |= step
    return Q(**{f"{names[0]}__{signs[0]}e": key[0]}) & condition


def _write(record: Any, ordering: tuple[str, ...], direction: str) -> str:
    values = []
    for field in ordering:
        value = record
        for part in field.lstrip("-").split("__"):
            value = getattr(value, part)
        values.append(value.isoformat() if isinstance(value, date) else value)
    text = json.dumps([direction, *values], cls=DjangoJSONEncoder, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, model: type[Model], ordering: tuple[str, ...]) -> tuple[bool, list[Any]]:
    """Direction and key of a cursor; what is unreadable leads to the first page."""
    if cursor == "last":
        return True, []
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        direction, *key = json.loads(text)
        values = [_typed(model, *pair) for pair in zip(ordering, key, strict=True)]
    except (ValueError, TypeError, OverflowError, ValidationError):
        return False, []
    if direction not in ("f", "b"):
        return False, []
    return direction == "b", values


def _typed(model: type[Model], name: str, value: Any) -> Any:
    """`value` as the field `name` holds it; anybody can write an address, so it is not believed.

    Raises:
        ValueError, TypeError, OverflowError, ValidationError: the field cannot hold it.
    """
    if not isinstance(value, str | int | float) or "\0" in str(value):
        raise TypeError
    meta: Any = model._meta
    field: Any = None
    for part in name.lstrip("-").split("__"):
        try:
            field = meta.get_field(part)
        except FieldDoesNotExist:  # computed by the query
            return value
        meta = getattr(field.related_model, "_meta", None)
    return field.to_python(value)
