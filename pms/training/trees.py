"""A tree of departments as the options of a select or of check boxes."""

from collections.abc import Iterable, Iterator

INDENT = "\u3000"


def indented(nodes: Iterable[tuple[int, int | None, str]]) -> list[tuple[str, str]]:
    """Options in the order of the tree, each level moved in by one full-width space.

    Args:
        nodes: key, key of the parent and label; siblings stay in the order given. A node whose
            parent is not among them stands at the top.

    Returns:
        Value and label of each option.
    """
    given = list(nodes)
    keys = {pk for pk, _, _ in given}
    below: dict[int | None, list[tuple[int, str]]] = {}
    for pk, parent, label in given:
        below.setdefault(parent if parent in keys else None, []).append((pk, label))

    def branch(parent: int | None, depth: int) -> Iterator[tuple[str, str]]:
        for pk, label in below.get(parent, []):
            yield str(pk), INDENT * depth + label
            yield from branch(pk, depth + 1)

    return list(branch(None, 0))


def subtree(nodes: Iterable[tuple[int, int | None]], root: int) -> set[int]:
    """Keys of `root` and of everything below it, from pairs of key and parent."""
    below: dict[int | None, list[int]] = {}
    for pk, parent in nodes:
        below.setdefault(parent, []).append(pk)
    found: set[int] = set()
    waiting = [root]
    while waiting:
        pk = waiting.pop()
        if pk not in found:
            found.add(pk)
            waiting += below.get(pk, [])
    return found
