"""Who acts at the moment, for entries that the ORM writes by itself.

Services pass the actor explicitly. This context only serves the automatic entries (a plain
`save()` in the admin, say), which have no argument to receive it by.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any


@dataclass(frozen=True, slots=True)
class Acting:
    """The actor, the address and the operation that entries are filed under."""

    actor: Any = None
    remote_addr: str | None = None
    reason: str = ""
    operation: str = field(default_factory=lambda: uuid.uuid4().hex)


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def current() -> Acting:
    """Who acts now; outside of any block, nobody under a fresh operation."""
    return _acting.get() or Acting()


@contextmanager
def acting(**changes: Any) -> Iterator[Acting]:
    """File what happens in the block under these facts; what is not named stays as it was."""
    token = _acting.set(replace(current(), **changes))
    try:
        yield current()
    finally:
        _acting.reset(token)


def as_actor[**P, R](service: Callable[P, R]) -> Callable[P, R]:
    """Decorate a service: what it saves is filed under its arguments `actor` and `reason`."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with acting(actor=kwargs["actor"], reason=kwargs.get("reason", "")):
            return service(*args, **kwargs)

    return run
