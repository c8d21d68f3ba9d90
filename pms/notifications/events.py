"""How the events of notifications read in the journal."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "notifications.retried": _("%(actor)s had the mail “%(record)s” sent again after: %(reason)s."),
    "notifications.bounced": _("The mail “%(record)s” came back: %(reason)s."),
}
