"""Every address of the system, as the URL configuration has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern: its full name, its view, and the names of what it takes.

    `view_class` is None for a view that is a function.
    """

    name: str
    view: Any
    takes: tuple[str, ...]

    @property
    def view_class(self) -> Any:
        """The class behind the view."""
        return getattr(self.view, "view_class", None)

    @property
    def method(self) -> str:
        """How it is asked: by GET, unless it only does something."""
        names = getattr(self.view_class, "http_method_names", ["get"])
        is_page = "get" in names and hasattr(self.view_class, "get")
        return "get" if is_page or self.view_class is None else "post"

    def url(self, row: Any = None, **values: str) -> str:
        """The path for `row`: what it takes is one of `values`, a field of the row, or its key."""
        facts = {name: values.get(name, getattr(row, name, row)) for name in self.takes}
        keys = {name: getattr(fact, "pk", fact) for name, fact in facts.items()}
        return reverse(self.name, kwargs=keys)


def addresses() -> list[Address]:
    """All addresses but the admin's, which are asked from its registry."""
    return [it for it in _walk(get_resolver(), ()) if not it.name.startswith("admin:")]


def _walk(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            name = ":".join([*namespaces, pattern.name or f"<{pattern.pattern}>"])
            yield Address(name, pattern.callback, tuple(pattern.pattern.regex.groupindex))
        else:
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, (*namespaces, *inner))
