"""The database refuses to change or remove a journal entry, whoever asks."""

from django.db import migrations

from pms.core.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]

    operations = [*append_only("history_historyentry")]
