"""The database refuses to change whom something was told, and in which words, or to remove it."""

from django.db import migrations

from pms.core.triggers import guard

TABLE = "notifications_notification"
FIXED = (
    "id",
    "recipient_id",
    "kind",
    "key",
    "subject",
    "body",
    "url",
    "is_duty",
    "created_at",
    "message_id",
)
CHANGED = " OR ".join(f"OLD.{it} <> NEW.{it}" for it in FIXED)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        *guard(TABLE, "notification_stays", ["DELETE"], "1=1", "a notification is never removed"),
        *guard(
            TABLE, "notification_unchanged", ["UPDATE"], CHANGED, "a notification is never reworded"
        ),
    ]
