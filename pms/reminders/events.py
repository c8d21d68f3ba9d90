"""What reminders are called in the list of what people were told."""

from typing import Any

from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, Any] = {}
NOTICES = {"reminders.digest": _("Digest of reminders")}
