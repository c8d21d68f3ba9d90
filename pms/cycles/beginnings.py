"""Where the record is begun that fulfils a milestone; the floors above know their own."""

from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from pms.core.views import with_query

from .models import Milestone


class Beginning(NamedTuple):
    """A page where a record is begun.

    Attributes:
        label: what its button says.
        view: the name of its address.
        query: what the address says besides.
        permission: who may.
    """

    label: Any
    view: str
    query: dict[str, Any]
    permission: str

    @property
    def url(self) -> str:
        """Its address."""
        return with_query(reverse(self.view), **self.query)


def beginning_for(milestone: Milestone, user: Any) -> Beginning | None:
    """Where `user` begins what fulfils an open milestone; None if nowhere, or not this user."""
    found = import_string(settings.BEGINNINGS).get(milestone.fulfilment)
    may = found is not None and milestone.is_open and user.has_perm(found.permission)
    return found if may else None
