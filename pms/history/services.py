"""How an event gets into the journal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .models import HistoryEntry

Action = HistoryEntry.Action
BATCH = 2_000


def record(
    event: str,
    target: models.Model,
    *,
    actor: Any,
    details: Mapping[str, Any] | None = None,
    reason: str = "",
    action: int = Action.UPDATE,
) -> HistoryEntry:
    """Write one business event into the journal; call it in the transaction of the event.

    Args:
        event: past tense with its app, e.g. "training.campaign_opened".
        target: the record that it happened to.
        actor: the account that did it; None when a rule did.
        details: facts worth keeping, JSON-serialisable.
        reason: why, in the actor's words.
        action: one of HistoryEntry.Action.

    Returns:
        The entry as stored.
    """
    return HistoryEntry.objects.create(
        content_type=ContentType.objects.get_for_model(target),
        object_pk=str(target.pk),
        object_id=target.pk if isinstance(target.pk, int) else None,
        object_repr=str(target),
        action=action,
        actor=actor,
        event=event,
        reason=reason,
        additional_data=dict(details) if details else None,
    )


def record_access(target: models.Model, *, actor: Any, event: str = "history.read") -> HistoryEntry:
    """Write into the journal that `actor` read something sensitive."""
    return record(event, target, actor=actor, action=Action.ACCESS)


def record_created(
    objects: Sequence[models.Model], *, actor: Any, event: str = "", reason: str = ""
) -> None:
    """Write an entry for each of `objects` that a bulk write has just created."""
    rows = ((it, {n: [None, v] for n, v in _values(it).items() if v is not None}) for it in objects)
    _write(rows, Action.CREATE, actor=actor, event=event, reason=reason)


def record_updated(
    changes: Iterable[tuple[models.Model, Mapping[str, tuple[Any, Any]]]],
    *,
    actor: Any,
    event: str = "",
    reason: str = "",
) -> None:
    """Write an entry for each record that a bulk write has changed.

    Args:
        changes: the record as it is now, and per field name its old and new value.
        actor, event, reason: as in `record`.
    """
    rows = ((it, {n: [old, new] for n, (old, new) in fields.items()}) for it, fields in changes)
    _write(rows, Action.UPDATE, actor=actor, event=event, reason=reason)


def record_deleted(
    objects: Sequence[models.Model], *, actor: Any, event: str = "", reason: str = ""
) -> None:
    """Write an entry for each of `objects` that a bulk write is about to delete."""
    rows = ((it, {n: [v, None] for n, v in _values(it).items() if v is not None}) for it in objects)
    _write(rows, Action.DELETE, actor=actor, event=event, reason=reason)


def _values(instance: models.Model) -> dict[str, Any]:
    return {f.name: getattr(instance, f.attname) for f in instance._meta.concrete_fields}


def _write(
    rows: Iterable[tuple[models.Model, dict[str, Any]]],
    action: int,
    *,
    actor: Any,
    event: str,
    reason: str,
) -> None:
    encoder = DjangoJSONEncoder()
    types: dict[type, ContentType] = {}
    entries = []
    for instance, changes in rows:
        kind = type(instance)
        if kind not in types:
            types[kind] = ContentType.objects.get_for_model(instance)
        entry = HistoryEntry(
            content_type=types[kind],
            object_pk=str(instance.pk),
            object_id=instance.pk if isinstance(instance.pk, int) else None,
            object_repr=str(instance),
            action=action,
            actor=actor,
            event=event,
            reason=reason,
            changes={n: [_plain(a, encoder), _plain(b, encoder)] for n, (a, b) in changes.items()},
        )
        entry.complete()
        entries.append(entry)
    HistoryEntry.objects.bulk_create(entries, batch_size=BATCH)


def _plain(value: Any, encoder: DjangoJSONEncoder) -> Any:
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return encoder.default(value)


def record_export(model: type[models.Model], *, actor: Any, name: str, count: int) -> HistoryEntry:
    """Write into the journal that `actor` took `count` rows of `model` out as the file `name`."""
    return HistoryEntry.objects.create(
        content_type=ContentType.objects.get_for_model(model),
        object_pk="",
        object_repr=name,
        action=Action.ACCESS,
        actor=actor,
        event="history.exported",
        additional_data={"file": name, "rows": count},
    )
