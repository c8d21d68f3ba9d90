"""What people are told here. The ledger tells of itself, so the journal has no events of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, Any] = {}

NOTICES = {"reminders.digest": _("Reminders of the day")}
