"""States of an import."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportStatus(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("Uploaded")
    CHECKING = "checking", _("Being checked")
    PREVIEWED = "previewed", _("Ready to confirm")
    REFUSED = "refused", _("Has errors")
    WRITING = "writing", _("Being written")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    UNDONE = "undone", _("Undone")


class RowStatus(models.TextChoices):
    """What an import would do with one row."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    SKIPPED = "skipped", _("Left out")
    MISSING = "missing", _("In the system, not in the file")
    ERROR = "error", _("Errors")


# What an import writes; the rest is told and left alone.
WRITTEN = frozenset({RowStatus.NEW.value, RowStatus.CHANGED.value})
