"""How the events of the years read in the journal."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "cycles.created": _("%(actor)s registered the fiscal year “%(record)s”."),
}
