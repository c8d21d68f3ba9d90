from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("notifications", "0002_words_stay_as_they_were_written"),
        ("organization", "0003_add_closed_days"),
        ("reminders", "0001_keep_who_was_told"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["rule", "-id"], name="reminder_latest_of_rule"),
        ),
    ]
