"""How imports read in the journal."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "transfer.imported": _("%(actor)s imported the file “%(record)s”."),
    "transfer.undone": _("%(actor)s took back the import of the file “%(record)s”."),
}
