"""What who reported is told of a case: where it stands, and nothing of how it was judged."""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .choices import Status


class Stand(NamedTuple):
    """Where a report stands, in a word and in a sentence."""

    label: str | Promise
    text: str | Promise


STANDS: Final[dict[str, Stand]] = {
    Status.REPORTED: Stand(
        _("Has arrived"),
        _("Your report has arrived. Whoever is in charge will look at it."),
    ),
    Status.HANDLING: Stand(
        _("Is being handled"),
        _("Whoever is in charge is working on it, and may come back with questions."),
    ),
    Status.CLOSED: Stand(_("Finished"), _("Everything that had to be done has been done.")),
    Status.DISMISSED: Stand(
        _("Finished, no incident"),
        _("It was looked at and turned out to be no incident. It was right to report it."),
    ),
}
