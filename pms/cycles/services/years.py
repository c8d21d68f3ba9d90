"""What can be done to the years."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.core.text import fold
from pms.cycles.models import Cycle, year_end
from pms.history.context import as_actor
from pms.history.services import record


@transaction.atomic
@as_actor
def create_cycle(*, name: str, starts_on: date, ends_on: date | None = None, actor: Any) -> Cycle:
    """Register a year.

    Args:
        ends_on: its last day; without it the year has twelve months.

    Raises:
        ValidationError: the name is taken, or the days are those of another year.
    """
    cycle = Cycle(name=fold(name), starts_on=starts_on, ends_on=ends_on or year_end(starts_on))
    cycle.clean()
    cycle.full_clean()
    cycle.save()
    record("cycles.created", cycle, actor=actor)
    return cycle


@transaction.atomic
@as_actor
def update_cycle(
    cycle_id: int,
    *,
    name: str,
    starts_on: date,
    ends_on: date | None = None,
    today: date,
    actor: Any,
) -> Cycle:
    """Change a year's name and, until it has begun, its days.

    Raises:
        DomainError: the days of a year that has begun would change.
        ValidationError: as for `create_cycle`.
    """
    cycle = Cycle.objects.select_for_update().get(pk=cycle_id)
    has_begun, former = cycle.starts_on <= today, (cycle.starts_on, cycle.ends_on)
    cycle.name, cycle.starts_on, cycle.ends_on = fold(name), starts_on, ends_on  # type: ignore[assignment]
    cycle.clean()
    if has_begun and (cycle.starts_on, cycle.ends_on) != former:
        raise DomainError(
            _(
                "“%(cycle)s” has begun. It keeps its days, %(first)s to %(last)s, because records "
                "rely on them. Enter these days again; only the name can be changed."
            )
            % {"cycle": cycle, "first": former[0].isoformat(), "last": former[1].isoformat()}
        )
    cycle.full_clean()
    cycle.save()
    return cycle
