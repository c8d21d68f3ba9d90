"""One table for every write, every named event and every read of something sensitive."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from typing import Any

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .confidentiality import told_to
from .context import current

_encoder = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=DjangoJSONEncoder().default)
# One line of JSON, the same for the same facts.
encode = _encoder.encode


def digest_of(facts: Iterable[str]) -> str:
    """The SHA-256 of facts that `encode` has written."""
    return hashlib.sha256(f"[{', '.join(facts)}]".encode()).hexdigest()


class HistoryEntryQuerySet(models.QuerySet):
    """Entries, asked by what they tell of."""

    def of(self, record: models.Model) -> "HistoryEntryQuerySet":
        """Entries about one record, newest first."""
        content_type = ContentType.objects.get_for_model(record, for_concrete_model=True)
        return self.filter(content_type=content_type, object_pk=str(record.pk)).order_by("-id")

    def with_names(self) -> "HistoryEntryQuerySet":
        """With the kind of record that each is about, and with who did it."""
        return self.select_related("content_type", "actor__person")

    def for_list(self) -> "HistoryEntryQuerySet":
        """With what a list shows."""
        return self.with_names()

    def visible_to(self, user: Any) -> "HistoryEntryQuerySet":
        """The journal for who may read it, as far as it is theirs to know; nothing for others."""
        if not user.has_perm("history.view_historyentry"):
            return self.none()
        return self.told_to(user)

    def told_to(self, user: Any) -> "HistoryEntryQuerySet":
        """Without entries about records that `user` may not know of; see `confidentiality`."""
        condition = told_to(user)
        return self.filter(condition) if condition else self


class HistoryEntryManager(LogEntryManager.from_queryset(HistoryEntryQuerySet)):  # type: ignore[misc]
    """Creates entries that know who acted and can prove that they were not altered."""

    def create(self, **fields: Any) -> "HistoryEntry":
        """Store one entry, completed from the present context."""
        entry = self.model(**fields)
        entry.complete()
        entry.save(force_insert=True, using=self.db)
        return entry


class HistoryEntry(AbstractLogEntry):
    """What happened to one record: the change, its event, actor, time, address and reason.

    `digest` is the salted SHA-256 of the facts. A later seal over digests stays valid when the
    facts themselves must be erased by law, because without the salt nobody can guess them back.
    """

    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of record")
    )
    object_pk = models.CharField(_("record number"), max_length=40)
    object_id = models.BigIntegerField(blank=True, null=True, editable=False)
    action = models.PositiveSmallIntegerField(_("action"), choices=AbstractLogEntry.Action.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    timestamp = models.DateTimeField(_("recorded at"), default=timezone.now)
    cid = models.CharField(_("operation"), max_length=40, blank=True, default="")
    event = models.CharField(_("event"), max_length=80, blank=True, default="")
    reason = models.TextField(_("reason"), blank=True, default="")
    salt = models.CharField(max_length=32, editable=False)
    digest = models.CharField(max_length=64, editable=False)

    objects = HistoryEntryManager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["content_type", "object_pk"], name="history_by_record"),
            models.Index(fields=["cid"], name="history_by_operation"),
            models.Index(fields=["event"], name="history_by_event", condition=~models.Q(event="")),
            models.Index(fields=["timestamp"], name="history_by_time"),
        ]

    def complete(self) -> None:
        """Fill what the present context knows, and the digest."""
        now = current()
        if self.actor_id is None and now.actor is not None:
            self.actor = now.actor
        self.actor_email = self.actor.email if self.actor is not None else None
        self.object_pk = str(self.object_pk)  # as the database gives it back
        self.remote_addr: str | None = self.remote_addr or now.remote_addr
        self.cid = now.operation
        self.reason = self.reason or now.reason
        self.salt = secrets.token_hex(16)
        self.digest = self.compute_digest()

    def compute_digest(self) -> str:
        """The digest that the facts of this entry give."""
        facts = [
            self.salt,
            self.content_type_id,
            self.object_pk,
            self.action,
            self.actor_id,
            self.timestamp.timestamp(),
            self.cid,
            self.event,
            self.reason,
            self.object_repr,
            self.changes,
            self.additional_data,
        ]
        return digest_of(map(encode, facts))
