"""What the journal tells to some readers only.

The journal knows of every record, also of those that hardly anybody may know to exist. A model says
so with `is_confidential = True`; its queryset says with `told_to(user)` whose entries `user` may
read, or with `visible_to(user)` where that is the same. A model whose rows are confidential only as
far as something else is, and are never deleted, has a queryset with `withheld_from(user)` instead.
"""

from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Cast


def is_confidential(model: type[models.Model]) -> bool:
    """Whether not everybody who reads the journal may know of these records."""
    return getattr(model, "is_confidential", False)


def is_told_to_all(model: type[models.Model]) -> bool:
    """Whether every entry about these records may be read by whoever reads the journal."""
    return not is_confidential(model) and model not in _partly_confidential()


def rows_told_to(model: type[models.Model], user: Any) -> models.QuerySet:
    """The records of a confidential kind whose entries `user` may read."""
    rows: Any = model._default_manager.all()
    return rows.told_to(user) if hasattr(rows, "told_to") else rows.visible_to(user)


def is_everything(rows: models.QuerySet) -> bool:
    """Whether nothing narrows `rows`: then what is deleted meanwhile belongs to them, too."""
    return not rows.query.where


def kinds_withheld(user: Any) -> list[tuple[type[models.Model], models.QuerySet]]:
    """The confidential kinds of which `user` may not know all, each with what they may know."""
    found = ((model, rows_told_to(model, user)) for model in confidential_models())
    return [(model, rows) for model, rows in found if not is_everything(rows)]


def told_to(user: Any) -> models.Q:
    """The condition for entries that `user` may read; empty for who may read them all."""
    kinds = ContentType.objects.get_for_models(*confidential_models(), *_partly_confidential())
    withheld = kinds_withheld(user)
    condition = models.Q()
    if withheld:
        condition = ~models.Q(content_type__in=[kinds[model].pk for model, _rows in withheld])
        for model, rows in withheld:
            if not rows.query.is_empty():
                condition |= models.Q(content_type=kinds[model], object_pk__in=_as_text(rows))
    for model in _partly_confidential():
        rows = model._default_manager.withheld_from(user)  # type: ignore[attr-defined]
        if not rows.query.is_empty():
            condition &= ~models.Q(content_type=kinds[model], object_pk__in=_as_text(rows))
    return condition


@cache
def confidential_models() -> list[type[models.Model]]:
    """Every model that says so."""
    return [model for model in apps.get_models() if is_confidential(model)]


@cache
def _partly_confidential() -> list[type[models.Model]]:
    return [it for it in apps.get_models() if hasattr(it._default_manager, "withheld_from")]


def _as_text(rows: models.QuerySet) -> models.QuerySet:
    """The keys of `rows` as the journal holds them."""
    return rows.order_by().values_list(Cast("pk", models.CharField(max_length=40)), flat=True)
