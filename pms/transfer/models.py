"""Imports: a file, what it would do, and what it did."""

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pms.core.models import StatefulModel

from .choices import ImportStatus

S = ImportStatus


def storage() -> Any:
    """Where uploaded tables are kept: outside the web root, beside the evidence."""
    return storages["evidence"]


def random_name(instance: "ImportRun", filename: str) -> str:
    """A name that tells nothing and cannot be guessed."""
    return f"imports/{uuid.uuid4().hex}"


class ImportRunQuerySet(models.QuerySet):
    """Imports, asked by who may see them."""

    def visible_to(self, user: Any) -> "ImportRunQuerySet":
        """All for the office; else one's own."""
        return self if user.has_perm("transfer.view_importrun") else self.filter(created_by=user)

    def for_list(self) -> "ImportRunQuerySet":
        """What the list shows, without the previews."""
        return self.select_related("created_by__person").defer("preview", "mapping", "options")


class ImportRun(StatefulModel):
    """One import of one table, from upload to result; undone as a whole."""

    TRANSITIONS = {
        S.UPLOADED: {S.CHECKING, S.CANCELLED},
        S.CHECKING: {S.PREVIEWED, S.REFUSED, S.FAILED, S.CANCELLED, S.UPLOADED},
        S.PREVIEWED: {S.CHECKING, S.WRITING, S.CANCELLED},
        S.REFUSED: {S.CHECKING, S.CANCELLED},
        S.WRITING: {S.DONE, S.PREVIEWED, S.FAILED},
        S.DONE: {S.UNDONE},
        S.FAILED: {S.CHECKING, S.CANCELLED},
        S.CANCELLED: set(),
        S.UNDONE: set(),
    }

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    importer = models.CharField(_("kind"), max_length=40)
    file = models.FileField(storage=storage, upload_to=random_name)
    name = models.CharField(_("file name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("bytes"))
    sha256 = models.CharField(max_length=64, editable=False)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    mapping = models.JSONField(default=dict, help_text=_("heading in the file → our column"))
    options = models.JSONField(default=dict)
    status = models.CharField(
        _("status"), max_length=12, choices=S, default=S.UPLOADED, editable=False
    )
    counts = models.JSONField(default=dict, editable=False)
    preview = models.JSONField(default=dict, editable=False)
    plan_digest = models.CharField(max_length=64, blank=True, editable=False)
    progress = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(null=True, editable=False)
    failure = models.TextField(blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,  # the command line of the server
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    finished_at = models.DateTimeField(_("imported at"), null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)
    undo_reason = models.TextField(_("reason for undoing"), blank=True, editable=False)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        indexes = [models.Index(fields=["importer", "status"], name="importrun_by_kind")]
        constraints = [
            models.CheckConstraint(name="importrun_status_known", condition=Q(status__in=S.values)),
            models.CheckConstraint(
                name="importrun_undone_iff_dated",
                condition=~(Q(status=S.UNDONE) ^ Q(undone_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("transfer:run_detail", args=[self.pk])

    def save_status(self, **facts: Any) -> None:
        """Save the status, and `facts` that the journal need not hold a second time."""
        self.save(update_fields=["status"])
        for name, value in facts.items():
            setattr(self, name, value)
        ImportRun.objects.filter(pk=self.pk).update(**facts)

    @property
    def operation(self) -> str:
        """The operation number under which the journal files what this import wrote."""
        return self.uid.hex


class HeadingMemory(models.Model):
    """Which of our columns a heading meant the last time somebody said so."""

    importer = models.CharField(max_length=40)
    heading = models.CharField(max_length=200)
    column = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("remembered heading")
        verbose_name_plural = _("remembered headings")
        constraints = [
            models.UniqueConstraint(
                fields=["importer", "heading"], name="headingmemory_one_per_heading"
            )
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.column}"


class SavedFilterQuerySet(models.QuerySet):
    """Saved filters, asked by their owner and by list."""

    def visible_to(self, user: Any) -> "SavedFilterQuerySet":
        """One's own: what somebody looks for is nobody else's business."""
        return self.filter(owner=user)


class SavedFilter(models.Model):
    """A way to narrow a list that its owner wants to find again under a name."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("owner"),
    )
    path = models.CharField(_("list"), max_length=200)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filter"), max_length=2000)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "path", "name"],
                name="savedfilter_named_once",
                violation_error_message=_("You have a filter of this name for this list already."),
            )
        ]
        permissions = [("keep_filters", _("Can save filters of lists"))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list, narrowed so."""
        return f"{self.path}?{self.query}"


def with_saved_filters(users: QuerySet) -> QuerySet:
    """Accounts with the number of their saved filters as `saved_filters`.

    It comes with the row of the account; a list asks for the filters only of who has any.
    """
    mine = SavedFilter.objects.filter(owner=OuterRef("pk")).order_by()
    counted = mine.values("owner").annotate(number=Count("pk")).values("number")
    return users.annotate(saved_filters=Coalesce(Subquery(counted), Value(0)))
