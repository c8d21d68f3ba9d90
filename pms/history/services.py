"""How an event gets into the journal."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils import timezone

from pms.core.bulk import insert_rows

from .context import current
from .models import HistoryEntry, digest_of, encode

Action = HistoryEntry.Action


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


@cache
def _traced_fields(model: type[models.Model]) -> list[tuple[str, str]]:
    """Name and attribute of every field whose value the journal may hold."""
    hidden = auditlog.get_model_fields(model)["exclude_fields"]
    return [(it.name, it.attname) for it in model._meta.concrete_fields if it.name not in hidden]


def _values(instance: models.Model) -> dict[str, Any]:
    return {name: getattr(instance, attr) for name, attr in _traced_fields(type(instance))}


# What `_write` fills; the rest of an entry stays empty.
_FIELDS: Final = (
    "content_type",
    "object_pk",
    "object_id",
    "object_repr",
    "action",
    "actor",
    "actor_email",
    "remote_addr",
    "timestamp",
    "cid",
    "event",
    "reason",
    "changes",
    "changes_text",
    "salt",
    "digest",
)


def _write(
    rows: Iterable[tuple[models.Model, dict[str, Any]]],
    action: int,
    *,
    actor: Any,
    event: str,
    reason: str,
) -> None:
    """Write entries as `HistoryEntry.complete` would make them, without an object of each."""
    now = current()
    actor = actor or now.actor
    actor_id, actor_email = (actor.pk, actor.email) if actor else (None, None)
    reason = reason or now.reason
    moment = timezone.now()
    stamp = connection.ops.adapt_datetimefield_value(moment)
    # The middle of what the digest is made of is the same for all of them.
    same = [encode(it) for it in (action, actor_id, moment.timestamp(), now.operation, event)]
    same.append(encode(reason))

    kinds: dict[type[models.Model], int] = {}

    def entries() -> Iterator[tuple[Any, ...]]:
        for instance, values in rows:
            model = type(instance)
            if model not in kinds:
                kinds[model] = ContentType.objects.get_for_model(model).pk
            kind = kinds[model]
            key = instance.pk
            label = str(instance)
            changes = encode(values)
            salt = secrets.token_hex(16)
            facts = (f'"{salt}"', str(kind), encode(str(key)), *same, encode(label), changes)
            yield (
                kind,
                str(key),
                key if isinstance(key, int) else None,
                label,
                action,
                actor_id,
                actor_email,
                now.remote_addr,
                stamp,
                now.operation,
                event,
                reason,
                changes,
                "",
                salt,
                digest_of((*facts, "null")),
            )

    # All of them first: while rows are copied, PostgreSQL answers no question about a label.
    insert_rows(HistoryEntry, _FIELDS, list(entries()))


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
