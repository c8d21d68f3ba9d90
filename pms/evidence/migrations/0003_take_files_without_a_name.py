"""A report without a name may bring a file: then nobody is written beside it."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import PROTECT

from pms.core.triggers import guard, lifted

# As in 0002; a file that has nobody beside it never gets somebody, and the other way round.
TABLE = "evidence_evidencefile"
FIXED = (
    "id",
    "uid",
    "content_type_id",
    "object_id",
    "file",
    "name",
    "size",
    "sha256",
    "media_type",
    "note",
    "uploaded_at",
)
FIXED_OR_EMPTY = ("stated_on", "supersedes_id")


def changed(fixed: tuple[str, ...], fixed_or_empty: tuple[str, ...]) -> str:
    """The condition that one of the columns changes."""
    return " OR ".join(
        [
            *(f"OLD.{it} <> NEW.{it}" for it in (*fixed, *fixed_or_empty)),
            *(f"(OLD.{it} IS NULL) <> (NEW.{it} IS NULL)" for it in fixed_or_empty),
        ]
    )


STAYS = guard(
    TABLE, "evidence_stays", ["DELETE"], "1=1", "an evidence file is superseded, not removed"
)
SAME_RECORD = guard(
    TABLE,
    "evidence_supersedes_same_record",
    ["INSERT"],
    "EXISTS (SELECT 1 FROM evidence_evidencefile former WHERE former.id = NEW.supersedes_id AND"
    " (former.content_type_id <> NEW.content_type_id OR former.object_id <> NEW.object_id))",
    "a file supersedes a file of the same record",
)
MESSAGE = "an evidence file is never changed"
BEFORE = guard(
    TABLE,
    "evidence_unchanged",
    ["UPDATE"],
    changed((*FIXED, "uploaded_by_id"), FIXED_OR_EMPTY),
    MESSAGE,
)
AFTER = guard(
    TABLE,
    "evidence_unchanged",
    ["UPDATE"],
    changed(FIXED, (*FIXED_OR_EMPTY, "uploaded_by_id")),
    MESSAGE,
)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_keep_files_as_they_came")]

    operations = [
        *lifted([*STAYS, *BEFORE, *SAME_RECORD]),
        migrations.AlterField(
            "evidencefile",
            "uploaded_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                PROTECT,
                null=True,
                blank=True,
                related_name="+",
                verbose_name="uploaded by",
                help_text="Empty where somebody sent it without a name.",
            ),
        ),
        *STAYS,
        *AFTER,
        *SAME_RECORD,
    ]
