"""How the events of evidence read in the journal of the record that it is about."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "evidence.attached": _("%(actor)s attached “%(file)s” to “%(record)s”."),
    "evidence.superseded": _("%(actor)s put “%(file)s” in the place of “%(supersedes)s”."),
    "evidence.downloaded": _("%(actor)s downloaded “%(file)s” of “%(record)s”."),
    "evidence.refused_infected": _(
        "“%(file)s”, which %(actor)s wanted to attach to “%(record)s”, was refused: the virus "
        "scan found “%(virus)s”."
    ),
    "evidence.found_infected": _(
        "The virus scan found “%(virus)s” in “%(file)s”, which is no longer handed out."
    ),
}
