"""History's configuration: every model of ours leaves a trace of every write."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

# The journal itself; what people were told, which is its own proof and never changes; the counters
# of numbers, which the records bear and which would tell of records that not everybody may know of;
# and addressees, who are erased by rule: the journal, which is never erased, says how many they
# were.
UNTRACED = {
    "history.HistoryEntry",
    "notifications.Notification",
    "organization.NumberSeries",
    "transfer.SavedFilter",
    "reminders.Reminder",
    "incidents.Addressee",
}
# Never written into the journal, whatever the model.
HIDDEN_FIELDS = ["password", "last_login", "search_key", "token_digest", "code_digest"]


class HistoryConfig(AppConfig):
    """The journal."""

    name = "pms.history"
    verbose_name = _("Journal")

    def ready(self) -> None:
        """Register every model of the project; a test proves that none is forgotten."""
        from auditlog.registry import auditlog

        for model in apps.get_models():
            if model.__module__.startswith("pms.") and model._meta.label not in UNTRACED:
                auditlog.register(
                    model,
                    exclude_fields=list(HIDDEN_FIELDS),
                    m2m_fields={field.name for field in model._meta.many_to_many},
                )
