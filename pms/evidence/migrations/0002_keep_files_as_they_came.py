"""The database refuses to change or remove a file; only the virus scan may be filled in."""

from django.db import migrations

from pms.core.triggers import guard

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
    "uploaded_by_id",
    "uploaded_at",
)
FIXED_OR_EMPTY = ("stated_on", "supersedes_id")

CHANGED = " OR ".join(
    [
        *(f"OLD.{it} <> NEW.{it}" for it in (*FIXED, *FIXED_OR_EMPTY)),
        *(f"(OLD.{it} IS NULL) <> (NEW.{it} IS NULL)" for it in FIXED_OR_EMPTY),
    ]
)
OF_ANOTHER_RECORD = (
    "EXISTS (SELECT 1 FROM evidence_evidencefile former WHERE former.id = NEW.supersedes_id AND"
    " (former.content_type_id <> NEW.content_type_id OR former.object_id <> NEW.object_id))"
)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]

    operations = [
        *guard(
            TABLE,
            "evidence_stays",
            ["DELETE"],
            "1=1",
            "an evidence file is superseded, not removed",
        ),
        *guard(
            TABLE, "evidence_unchanged", ["UPDATE"], CHANGED, "an evidence file is never changed"
        ),
        *guard(
            TABLE,
            "evidence_supersedes_same_record",
            ["INSERT"],
            OF_ANOTHER_RECORD,
            "a file supersedes a file of the same record",
        ),
    ]
