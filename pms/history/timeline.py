"""The journal in sentences: who did what, and what it changed.

    髙橋 由美子 が部門を「営業部」から「総務部」に変更しました。

Whatever the number of entries, the number of queries stays the same: the entries come with who did
it, and one more is asked for each kind of record that a changed field points to.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.core.text import listed

from .confidentiality import is_confidential, is_told_to_all, rows_told_to
from .events import event_choices, event_sentences, guarded_fields
from .models import HistoryEntry

LIMIT: Final = 200
MAX_VALUE_LENGTH: Final = 120
UNKNOWN: Final = "–"
Action = HistoryEntry.Action

UNNAMED_EVENT: Final = gettext_lazy("%(actor)s: %(event)s (%(record)s)")
WHOLE_RECORD: Final = {
    Action.CREATE: gettext_lazy("%(actor)s added %(kind)s “%(record)s”."),
    Action.DELETE: gettext_lazy("%(actor)s deleted %(kind)s “%(record)s”."),
    Action.ACCESS: gettext_lazy("%(actor)s opened %(kind)s “%(record)s”."),
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened.

    Attributes:
        entry: the journal entry that it is told from.
        at: when it was recorded.
        actor: who did it; empty when a rule did.
        sentence: what happened.
        reason: why, in the actor's words.
        details: what else changed, one line each.
    """

    entry: HistoryEntry
    at: datetime
    actor: str
    sentence: str
    reason: str
    details: tuple[str, ...] = ()


def timeline(
    record: models.Model,
    *,
    viewer: Any,
    related: Iterable[models.Model] = (),
    known: Iterable[models.Model] = (),
    limit: int = LIMIT,
) -> list[TimelineEntry]:
    """What happened to `record` and to the `related` records, newest first.

    What one operation wrote by the way is told as details of its named event.

    Args:
        viewer: the account that reads; values that it may not see are left out.
        related: records whose story is part of it, e.g. the affiliations of a person.
        known: what the page has loaded anyway; what changed fields point to is looked up here
            before the database is asked, e.g. `loaded([record])`.
        limit: how many journal entries are read.
    """
    keys: dict[int, set[str]] = defaultdict(set)
    records = [record, *related]
    for it in records:
        keys[ContentType.objects.get_for_model(it).pk].add(str(it.pk))
    condition = models.Q()
    for kind, numbers in keys.items():
        condition |= models.Q(content_type=kind, object_pk__in=numbers)
    # By their keys: SQLite would rather read the entries of a whole kind in order, which are as
    # many as the kind has ever had, than sort the few that are wanted.
    wanted = HistoryEntry.objects.filter(condition).order_by().values("pk")
    if not all(is_told_to_all(type(it)) for it in records):
        wanted = wanted.told_to(viewer)
    entries = HistoryEntry.objects.filter(pk__in=wanted).with_names().order_by("-id")[:limit]
    teller = _Teller(list(entries), viewer, record, known=[record, *known])
    told: list[TimelineEntry] = []
    for _operation, group in groupby(teller.entries, key=lambda it: it.cid):
        told += _of_one_operation(list(group), teller)
    return told


def loaded(records: Iterable[models.Model]) -> Iterator[models.Model]:
    """What `records` point to as far as it has been loaded with them: names that a page knows."""
    for record in records:
        for field in record._meta.concrete_fields:
            if (
                isinstance(field, models.ForeignKey)
                and field.is_cached(record)
                and getattr(record, field.name)
            ):
                yield getattr(record, field.name)


def tell(entries: Sequence[HistoryEntry], *, viewer: Any) -> list[TimelineEntry]:
    """Each of `entries` (`with_names`) in a sentence, in their order."""
    teller = _Teller(entries, viewer)
    return [teller.tell(entry) for entry in entries]


def _of_one_operation(entries: list[HistoryEntry], teller: "_Teller") -> list[TimelineEntry]:
    named = [entry for entry in entries if entry.event]
    if not named:
        return [teller.tell(entry) for entry in entries]
    asides = [
        line for entry in entries if not entry.event for line in teller.lines(entry, is_aside=True)
    ]
    *later, first = named
    return [*(teller.tell(entry) for entry in later), teller.tell(first, asides)]


class _Teller:
    """Knows the names that a page of entries needs, each looked up once."""

    def __init__(
        self,
        entries: Sequence[HistoryEntry],
        viewer: Any,
        subject: models.Model | None = None,
        *,
        known: Iterable[models.Model] = (),
    ) -> None:
        self.entries = entries
        self.viewer = viewer
        self.subject = subject
        self.actors = _names_of_actors(entries)
        self.targets = _names_of_targets(entries, known, viewer)

    def tell(self, entry: HistoryEntry, asides: Sequence[str] = ()) -> TimelineEntry:
        """`entry` in a sentence; `asides` are added to the details that it has itself."""
        sentence, is_whole = self._sentence(entry)
        lines = [] if is_whole else self.lines(entry)
        return TimelineEntry(
            entry=entry,
            at=entry.timestamp,
            actor=self.actors.get(entry.actor_id, "") if entry.actor_id else "",
            sentence=sentence,
            reason=entry.reason,
            details=(*lines, *asides),
        )

    def lines(self, entry: HistoryEntry, *, is_aside: bool = False) -> list[str]:
        """What `entry` changed, one line a field; as an aside it says of which record."""
        changes = self._changes(entry)
        about = {"kind": self._kind(entry), "record": entry.object_repr}
        lines = []
        if is_aside and entry.action == Action.CREATE and not self._is_subject(entry):
            lines.append(_("%(kind)s “%(record)s” was added.") % about)
            return lines
        if is_aside and entry.action == Action.DELETE:
            lines.append(_("%(kind)s “%(record)s” was deleted.") % about)
            return lines
        for label, old, new in changes:
            facts = about | {"field": label, "old": old, "new": new}
            if entry.action == Action.CREATE:
                line = _("%(field)s: %(new)s") % facts
            elif is_aside and not self._is_subject(entry):
                line = _("%(kind)s “%(record)s”, %(field)s: %(old)s → %(new)s") % facts
            else:
                line = _("%(field)s: %(old)s → %(new)s") % facts
            lines.append(line)
        return lines

    def _sentence(self, entry: HistoryEntry) -> tuple[str, bool]:
        """The sentence, and whether it holds all that changed."""
        facts = {
            "actor": self.actors.get(entry.actor_id or 0) or entry.actor_email or _("The system"),
            "record": entry.object_repr,
            "kind": self._kind(entry),
        }
        if entry.event:
            pattern = event_sentences().get(entry.event, UNNAMED_EVENT)
            facts["event"] = entry.event
            return str(pattern) % _Facts(_details(entry), facts), False
        if entry.action in WHOLE_RECORD:
            return str(WHOLE_RECORD[entry.action]) % facts, entry.action != Action.CREATE
        return self._changed(entry, facts)

    def _changed(self, entry: HistoryEntry, facts: dict[str, Any]) -> tuple[str, bool]:
        changes = self._changes(entry)
        if len(changes) == 1:
            return self._one_change(entry, facts, changes[0]), True
        if not changes:
            return _("%(actor)s changed %(kind)s “%(record)s”.") % facts, True
        facts["fields"] = listed(label for label, *_values in changes)
        if self._is_subject(entry):
            return _("%(actor)s changed: %(fields)s.") % facts, False
        return _("%(actor)s changed %(kind)s “%(record)s”: %(fields)s.") % facts, False

    def _one_change(
        self, entry: HistoryEntry, facts: Mapping[str, Any], change: tuple[str, str, str]
    ) -> str:
        label, old, new = change
        facts = {**facts, "field": label, "old": old, "new": new}
        if self._is_subject(entry):
            if old == UNKNOWN:
                return _("%(actor)s set %(field)s to “%(new)s”.") % facts
            if new == UNKNOWN:
                return _("%(actor)s removed %(field)s, which was “%(old)s”.") % facts
            return _("%(actor)s changed %(field)s from “%(old)s” to “%(new)s”.") % facts
        if old == UNKNOWN:
            return _("%(actor)s set %(field)s of %(kind)s “%(record)s” to “%(new)s”.") % facts
        if new == UNKNOWN:
            return (
                _("%(actor)s removed %(field)s of %(kind)s “%(record)s”, which was “%(old)s”.")
                % facts
            )
        return (
            _("%(actor)s changed %(field)s of %(kind)s “%(record)s” from “%(old)s” to “%(new)s”.")
            % facts
        )

    def _is_subject(self, entry: HistoryEntry) -> bool:
        """Whether the entry is about the record whose page it stands on."""
        return (
            self.subject is not None
            and entry.object_pk == str(self.subject.pk)
            and entry.content_type.model_class() is type(self.subject)
        )

    def _kind(self, entry: HistoryEntry) -> str:
        model = entry.content_type.model_class()
        return str(model._meta.verbose_name) if model else entry.content_type.model

    def _changes(self, entry: HistoryEntry) -> list[tuple[str, str, str]]:
        """Label, old and new value of each changed field that the viewer may read."""
        model = entry.content_type.model_class()
        if model is None or not self._may_read(model):
            return []
        found = []
        for name, change in (entry.changes or {}).items():
            field = _field(model, name)
            if field is None or not self._may_read_field(field):
                continue
            label = str(field.verbose_name)
            if isinstance(change, dict):
                found.append(_many_changed(label, change))
            else:
                old, new = change
                found.append((label, self._value(field, old), self._value(field, new)))
        return found

    def _may_read(self, model: type[models.Model]) -> bool:
        opts = model._meta
        return self.viewer.has_perm(f"{opts.app_label}.view_{opts.model_name}")

    def _may_read_field(self, field: Any) -> bool:
        permission = guarded_fields().get(f"{field.model._meta.label_lower}.{field.name}")
        return permission is None or self.viewer.has_perm(permission)

    def _value(self, field: Any, value: Any) -> str:
        """`value` of `field` as people read it."""
        if value in (None, "", "None", [], {}):
            return UNKNOWN
        if field.is_relation:
            return self.targets.get((field.related_model, str(value)), f"#{value}")
        if field.flatchoices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(field, models.BooleanField):
            return _("yes") if value in (True, "True") else _("no")
        if isinstance(field, models.DateTimeField):
            return _moment_text(str(value))
        if isinstance(field, models.DateField):
            day = parse_date(str(value)[:10])
            return date_format(day, "SHORT_DATE_FORMAT") if day else str(value)
        return Truncator(str(value)).chars(MAX_VALUE_LENGTH)


def _details(entry: HistoryEntry) -> dict[str, Any]:
    """What was recorded with `entry`; codes in words, older entries as they were written."""
    details = dict(entry.additional_data or {})
    for name, choices in event_choices().get(entry.event, {}).items():
        labels = dict(choices.choices)
        if name in details:
            details[name] = labels.get(details[name], details[name])
    return details


class _Facts(dict[str, Any]):
    """What a sentence may name: the details as they were recorded, and who and what."""

    def __init__(self, details: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        super().__init__({**details, **facts})

    def __missing__(self, name: str) -> str:
        return UNKNOWN


def _many_changed(label: str, change: Mapping[str, Any]) -> tuple[str, str, str]:
    names = listed(str(it) for it in change.get("objects", ()))
    is_added = change.get("operation") == "add"
    return (label, UNKNOWN, names) if is_added else (label, names, UNKNOWN)


def _field(model: type[models.Model], name: str) -> Any:
    """The field `name`, unless it is none that people read: keys, reverse relations, old names."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if field.auto_created or getattr(field, "primary_key", False):
        return None
    if field.is_relation and field.related_model is None:
        # A relation to a record of any kind; its parts are fields of their own.
        return None
    if any(name in (it.ct_field, it.fk_field) for it in _relations_to_any(model)):
        # Those parts: a kind and a key, which say nothing to a reader.
        return None
    if isinstance(field, models.JSONField) and not field.editable:
        # What is frozen for programs to read is told by its event, not value by value.
        return None
    return field


def _relations_to_any(model: type[models.Model]) -> list[GenericForeignKey]:
    return [it for it in model._meta.private_fields if isinstance(it, GenericForeignKey)]


def _names_of_actors(entries: Iterable[HistoryEntry]) -> dict[int, str]:
    # `person` is the reverse side of a relation from above: who stands behind the account.
    actors = {it.actor_id: it.actor for it in entries if it.actor_id}
    return {pk: str(getattr(it, "person", None) or it) for pk, it in actors.items()}


def _names_of_targets(
    entries: Iterable[HistoryEntry], known: Iterable[models.Model], viewer: Any
) -> dict[tuple[type[models.Model], str], str]:
    """What the records are called now to which changed fields point, as far as one may know."""
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    for entry in entries:
        model = entry.content_type.model_class()
        for name, change in (entry.changes or {}).items() if model else ():
            field = _field(model, name)
            if field is not None and field.is_relation and not isinstance(change, dict):
                wanted[field.related_model] |= {
                    str(it) for it in change if it not in (None, "None")
                }
    found = {}
    for it in known:
        if str(it.pk) in wanted[type(it)]:
            wanted[type(it)].remove(str(it.pk))
            found[type(it), str(it.pk)] = str(it)
    for target, numbers in wanted.items():
        if numbers:
            rows = _that_may_be_named(target, viewer).filter(pk__in=numbers)
            rows = rows.fetch_mode(models.FETCH_PEERS)
            found |= {(target, str(it.pk)): str(it) for it in rows}
    return found


def _that_may_be_named(target: type[models.Model], viewer: Any) -> models.QuerySet:
    return rows_told_to(target, viewer) if is_confidential(target) else target._base_manager.all()


def _moment_text(value: str) -> str:
    moment = parse_datetime(value)
    if moment is None:
        return value
    # The journal's library writes moments without their zone, which is UTC.
    aware = moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
    return date_format(timezone.localtime(aware), "SHORT_DATETIME_FORMAT")
