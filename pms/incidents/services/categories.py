"""The lists of the examining bodies change by years: lines begin and end, and none is rewritten."""

from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pms.core.exceptions import DomainError
from pms.history.context import as_actor
from pms.history.services import Action, record
from pms.incidents.deadlines import first_day_of_list_year
from pms.incidents.models import Category, Incident


@transaction.atomic
@as_actor
def add_category(*, actor: Any, instead_of: int | None = None, **facts: Any) -> Category:
    """Add a line to a list, from a year on; or another version of one, which ends the year before.

    The lists are published after the year that they are about, so that it may be over.

    Args:
        actor: who enters it.
        instead_of: key of the version that it follows.
        facts: list, code, label_ja, label_en, first_year, share, share_year, share_source.

    Raises:
        DomainError: another version holds in some of its years, or cases of these years are
            counted by the one that it follows.
    """
    if instead_of is not None:
        former = Category.objects.select_for_update().get(pk=instead_of)
        facts |= {"list": former.list, "code": former.code, "position": former.position}
        if former.first_year >= facts["first_year"]:
            raise DomainError(
                {
                    "first_year": _("It follows “%(former)s”; let it begin later.")
                    % {"former": former}
                }
            )
        if former.last_year is None or former.last_year >= facts["first_year"]:
            _end(former, facts["first_year"] - 1, field="first_year")
    else:
        last = Category.objects.filter(list=facts["list"]).aggregate(last=Max("position"))["last"]
        facts["position"] = (last or 0) + 1
    category = Category(**facts)
    category.full_clean()
    category.save()
    record("incidents.category_added", category, actor=actor, action=Action.CREATE)
    return category


@transaction.atomic
@as_actor
def end_category(category_id: int, *, last_year: int | None, actor: Any, reason: str) -> Category:
    """Say in which year a line holds for the last time; without a year it holds on.

    Raises:
        DomainError: it would end before it begins, or before a case that is counted by it; or
            another version holds in a later year.
    """
    category = Category.objects.select_for_update().get(pk=category_id)
    _end(category, last_year, field="last_year")
    record("incidents.category_ended", category, actor=actor, reason=reason)
    return category


def _end(category: Category, last_year: int | None, *, field: str) -> None:
    if last_year is not None and last_year < category.first_year:
        text = _("“%(category)s” begins in %(year)s.")
        raise DomainError({field: text % {"category": category, "year": category.first_year}})
    if last_year is not None:
        later = counted_by(category).filter(
            reported_at__date__gte=first_day_of_list_year(last_year + 1)
        )
        if count := later.count():
            text = ngettext(
                "%(count)s case of a later year is counted by “%(category)s”.",
                "%(count)s cases of later years are counted by “%(category)s”.",
                count,
            )
            raise DomainError({field: text % {"category": category, "count": count}})
    category.last_year = last_year
    category.full_clean()
    category.save()


@transaction.atomic
@as_actor
def withdraw_category(category_id: int, *, actor: Any, reason: str) -> Category:
    """Take back a line by which no case is counted; the journal keeps what it said.

    Raises:
        DomainError: a case is counted by it.
    """
    category = Category.objects.select_for_update().get(pk=category_id)
    if counted_by(category).exists():
        text = _("Cases are counted by “%(category)s”. End it instead.")
        raise DomainError(text % {"category": category})
    said = {"list": category.list, "code": category.code, "first_year": category.first_year}
    record(
        "incidents.category_withdrawn",
        category,
        actor=actor,
        reason=reason,
        details=said,
        action=Action.DELETE,
    )
    category.delete()
    return category


def counted_by(category: Category) -> Any:
    """The cases that are counted by a line of a list."""
    return Incident.objects.filter(Q(event_class=category) | Q(cause_category=category))
