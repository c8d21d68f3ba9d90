"""Where the record that fulfils a milestone is begun: the explicit list."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from pms.cycles.beginnings import Beginning
from pms.cycles.choices import Fulfilment

BEGINNINGS: Final[dict[str, Beginning]] = {
    Fulfilment.DRILL: Beginning(
        _("Start a drill"), "incidents:office_create", {"drill": 1}, "incidents.handle_incident"
    ),
}
