"""An import taken back by what the journal says that it wrote.

What was created is deleted, what was changed gets its old values, the last write first. It is
done only while the records still are what the import made of them and nothing refers to what it
created; `obstacles` says what stands in the way.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, groupby
from typing import Any

from auditlog.context import disable_auditlog
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import ForeignObjectRel, QuerySet
from django.utils.translation import ngettext

from pms.core.bulk import update_rows
from pms.core.text import listed
from pms.history.models import HistoryEntry
from pms.history.services import record_deleted, record_updated

from .models import ImportRun

BLOCK = 1_000
EXAMPLES = 5

Action = HistoryEntry.Action

type Model = type[models.Model]

_encoder = DjangoJSONEncoder()


def obstacles(run: ImportRun) -> list[str]:
    """What stands in the way of taking `run` back, in sentences; empty if nothing does."""
    return [*_changed_since(run), *_dependents(run)]


def take_back(run: ImportRun, *, actor: Any, reason: str) -> None:
    """Delete what `run` created and give what it changed its old values, with journal entries."""
    for model, action, entries in _blocks(_written(run)):
        records = _records(model, entries)
        if action == Action.CREATE:
            _delete(model, list(records.values()), actor=actor, reason=reason)
        else:
            _restore(model, records, entries, actor=actor, reason=reason)


def _written(run: ImportRun) -> QuerySet[HistoryEntry]:
    """Entries on records that the import created or changed, the last one first."""
    own = ContentType.objects.get_for_model(run)
    return (
        HistoryEntry.objects.filter(
            cid=run.operation, action__in=[Action.CREATE, Action.UPDATE], object_id__isnull=False
        )
        .exclude(content_type=own)
        .exclude(changes__isnull=True)
        .order_by("-id")
    )


def _blocks(
    entries: QuerySet[HistoryEntry],
) -> Iterator[tuple[Model, int, Sequence[HistoryEntry]]]:
    """Entries in their order, in blocks of one model and one action."""
    rows = entries.only("id", "content_type_id", "action", "object_id", "object_repr", "changes")
    for (type_id, action), some in groupby(
        rows.iterator(BLOCK), key=lambda entry: (entry.content_type_id, entry.action)
    ):
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is not None:
            for block in batched(some, BLOCK):
                yield model, action, block


def _records(model: Model, entries: Iterable[HistoryEntry]) -> dict[int | None, models.Model]:
    # What a record is called may lie in another one; ask for those of a block together.
    rows = model._base_manager.all().fetch_mode(models.FETCH_PEERS)
    return dict(rows.in_bulk([entry.object_id for entry in entries]))


def _changed_since(run: ImportRun) -> Iterator[str]:
    """Tell of records that are no longer what the import made of them."""
    count = 0
    examples: list[str] = []
    updated: set[tuple[Model, int | None, str]] = (
        set()
    )  # fields whose last write was looked at already
    for model, action, entries in _blocks(_written(run)):
        records = _records(model, entries)
        for entry in entries:
            left = _values_left(model, action, entry)
            expected = {n: v for n, v in left.items() if (model, entry.object_id, n) not in updated}
            if action == Action.UPDATE:
                updated.update((model, entry.object_id, name) for name in expected)
            record = records.get(entry.object_id)
            if record is None or any(_told(record, n) != v for n, v in expected.items()):
                count += 1
                if len(examples) < EXAMPLES:
                    examples.append(entry.object_repr)
    if count:
        yield ngettext(
            "%(count)d record has been changed or deleted since: %(examples)s.",
            "%(count)d records have been changed or deleted since, for example: %(examples)s.",
            count,
        ) % {"count": count, "examples": listed(dict.fromkeys(examples))}


def _values_left(model: Model, action: int, entry: HistoryEntry) -> dict[str, Any]:
    """Attribute → value that the record had after the entry, as the journal tells it."""
    values = {}
    for field in model._meta.concrete_fields:
        if field.name in entry.changes:
            values[field.attname] = entry.changes[field.name][1]
        elif action == Action.CREATE and field.null:
            values[field.attname] = None  # the journal leaves out what was not filled
    return values


def _told(record: models.Model, attribute: str) -> Any:
    """A present value as the journal would tell it."""
    value = getattr(record, attribute)
    if value is None or isinstance(value, str | int | float | list | dict):
        return value
    return _encoder.default(value)


def _python(field: Any, value: Any) -> Any:
    """A value of the journal as the field holds it."""
    return (field.target_field if field.is_relation else field).to_python(value)


def _dependents(run: ImportRun) -> Iterator[str]:
    """Tell of records that refer to what the import created, and that it did not create."""
    created = _written(run).filter(action=Action.CREATE).order_by()
    for type_id in created.values_list("content_type_id", flat=True).distinct():
        content_type = ContentType.objects.get_for_id(type_id)
        model = content_type.model_class()
        if model is None:
            continue
        ids = created.filter(content_type=content_type).values("object_id")
        for referring, condition in _references(model, content_type, ids):
            own = created.filter(content_type=ContentType.objects.get_for_model(referring))
            rows = referring._base_manager.filter(**condition)
            rows = rows.exclude(pk__in=own.values("object_id"))
            if count := rows.count():
                yield ngettext(
                    "%(count)d record of the kind “%(kind)s” refers to what this import added: "
                    "%(example)s.",
                    "%(count)d records of the kind “%(kind)s” refer to what this import added, "
                    "for example: %(example)s.",
                    count,
                ) % {
                    "count": count,
                    "kind": referring._meta.verbose_name,
                    "example": rows.first(),
                }


def _references(
    model: Model, content_type: ContentType, ids: Any
) -> Iterator[tuple[Model, dict[str, Any]]]:
    """Every model that can refer to `model`, and the condition that it refers to one of `ids`."""
    for relation in model._meta.get_fields(include_hidden=True):
        # A many-to-many relation is found as what it is, a table with two foreign keys.
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:
            yield relation.related_model, {f"{relation.field.name}__in": ids}
    for other in apps.get_models():
        for pointer in other._meta.private_fields:
            if isinstance(pointer, GenericForeignKey):
                yield other, {pointer.ct_field: content_type, f"{pointer.fk_field}__in": ids}


def _delete(model: Model, records: list[models.Model], *, actor: Any, reason: str) -> None:
    record_deleted(records, actor=actor, reason=reason)
    with disable_auditlog():  # the entries are written above, in bulk
        model._base_manager.filter(pk__in=[record.pk for record in records]).delete()


def _restore(
    model: Model,
    records: dict[int | None, models.Model],
    entries: Sequence[HistoryEntry],
    *,
    actor: Any,
    reason: str,
) -> None:
    changes = []
    names: set[str] = set()
    for entry in entries:
        record = records[entry.object_id]
        restored = {}
        for name, (old, new) in entry.changes.items():
            field: Any = model._meta.get_field(name)
            setattr(record, field.attname, _python(field, old))
            restored[name] = (new, old)
        changes.append((record, restored))
        names.update(restored)
    update_rows(list(records.values()), names)
    record_updated(changes, actor=actor, reason=reason)
