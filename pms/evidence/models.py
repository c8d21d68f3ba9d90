"""The file, what it proves, and its fingerprint."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pms.history.confidentiality import kinds_withheld

from .choices import ScanState

# The folder of the evidence within its storage.
FOLDER = "files"


def storage() -> Storage:
    """Where evidence is kept: outside the web root."""
    return storages["evidence"]


def random_name(instance: Any = None, filename: str = "") -> str:
    """A name that tells nothing and cannot be guessed."""
    name = uuid.uuid4().hex
    return f"{FOLDER}/{name[:2]}/{name}"


class EvidenceFileQuerySet(models.QuerySet):
    """Evidence, asked by record, by validity and by viewer."""

    def of(self, record: models.Model) -> "EvidenceFileQuerySet":
        """The files of one record, the newest first."""
        content_type = ContentType.objects.get_for_model(record)
        return self.filter(content_type=content_type, object_id=record.pk).order_by("-id")

    def current(self) -> "EvidenceFileQuerySet":
        """Without those that a later file has superseded."""
        return self.filter(superseded_by__isnull=True)

    def for_list(self) -> "EvidenceFileQuerySet":
        """With what a list of files shows."""
        return self.select_related("uploaded_by__person", "supersedes", "superseded_by")

    def visible_to(self, user: Any) -> "EvidenceFileQuerySet":
        """Files of records that `user` may see.

        Seeing a row is not enough, because a file may tell of others, too (an attendance sheet
        does): it takes the permission to view that kind of record, or to have brought the file.
        A kind whose files are meant for whoever sees the row has a queryset that says so with
        `files_visible_to(user)`.
        """
        allowed = Q()
        kinds = ContentType.objects.filter(pk__in=self.order_by().values("content_type"))
        for content_type in kinds:
            allowed |= _visible_files(content_type, user)
        return self.filter(allowed) if allowed else self.none()

    def withheld_from(self, user: Any) -> "EvidenceFileQuerySet":
        """Files of confidential records that `user` may not know of: the journal is silent."""
        withheld = Q()
        for model, rows in kinds_withheld(user):
            kind = ContentType.objects.get_for_model(model)
            withheld |= Q(content_type=kind) & ~Q(object_id__in=rows.values("pk"))
        return self.filter(withheld) if withheld else self.none()


def _visible_files(content_type: ContentType, user: Any) -> Q:
    """The condition for the files of one kind of record; empty for a kind that shows no rows."""
    model = content_type.model_class()
    rows: Any = model._default_manager.all() if model else None
    if hasattr(rows, "files_visible_to"):
        rows = rows.files_visible_to(user)
        return Q(content_type=content_type, object_id__in=rows.values("pk"))
    if not hasattr(rows, "visible_to"):
        return Q()
    files = Q(content_type=content_type, object_id__in=rows.visible_to(user).values("pk"))
    may_view = user.has_perm(f"{content_type.app_label}.view_{content_type.model}")
    return files if may_view else files & Q(uploaded_by=user)


class EvidenceFile(models.Model):
    """A file that proves something about a record.

    It is never changed and never removed; a better file supersedes it and both stay. Only what
    the virus scan found may be filled in later. The database holds all this by itself.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    content_type = models.ForeignKey(
        ContentType,
        models.PROTECT,
        related_name="+",
        verbose_name=_("kind of record"),
        db_index=False,
    )
    object_id = models.PositiveBigIntegerField(_("record number"))
    record: Any = GenericForeignKey()
    file = models.FileField(_("file"), storage=storage, upload_to=random_name, editable=False)
    name = models.CharField(_("file name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    media_type = models.CharField(_("media type"), max_length=100)
    stated_on = models.DateField(
        _("date of the document"),
        null=True,
        blank=True,
        help_text=_("The date that the document itself bears, where it bears one."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
        help_text=_("Empty where somebody sent it without a name."),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("supersedes"),
    )
    scan_state = models.CharField(
        _("virus scan"), max_length=11, choices=ScanState, default=ScanState.NOT_SCANNED
    )

    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ["-id"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="evidence_by_record")]
        constraints = [
            models.CheckConstraint(
                name="evidencefile_scan_state_known",
                condition=Q(scan_state__in=ScanState.values),
            ),
            models.CheckConstraint(
                name="evidencefile_supersedes_another",
                condition=~Q(supersedes=models.F("id")),
            ),
        ]
        permissions = [
            ("download_evidencefile", _("Can download the files of records that one may see"))
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("evidence:download", args=[self.uid])

    @property
    def is_infected(self) -> bool:
        """Whether a virus was found after it had been accepted; then nobody gets it."""
        return self.scan_state == ScanState.INFECTED
