"""Departments in the order of their tree."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .models import Department


class Branch(NamedTuple):
    """A department and how deep it stands, from 0."""

    department: Department
    depth: int


def in_tree_order(departments: Iterable[Department]) -> Iterator[Branch]:
    """Each department after the one it belongs to, neighbours as they were given.

    One whose parent is not among them stands at the top.
    """
    given = list(departments)
    known = {it.pk for it in given}
    below: dict[int | None, list[Department]] = {}
    for it in given:
        below.setdefault(it.parent_id if it.parent_id in known else None, []).append(it)
    waiting = [Branch(it, 0) for it in reversed(below.get(None, []))]
    while waiting:
        branch = waiting.pop()
        yield branch
        children = below.get(branch.department.pk, [])
        waiting += [Branch(it, branch.depth + 1) for it in reversed(children)]


def ids_below(departments: Iterable[Department], root: int) -> set[int]:
    """The ids of `root` and of everything below it among `departments`; empty if it is not."""
    found: set[int] = set()
    for department, _depth in in_tree_order(departments):
        if department.pk == root or department.parent_id in found:
            found.add(department.pk)
    return found
