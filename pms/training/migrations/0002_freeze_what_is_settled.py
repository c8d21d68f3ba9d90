"""What the database keeps true: passed stays passed, and a closed campaign stays as it was."""

from django.db import migrations

from pms.core.triggers import guard

CLOSED = "EXISTS (SELECT 1 FROM training_campaign WHERE status = 'closed' AND id IN ({campaigns}))"
RECORD_CLOSED = (
    "EXISTS (SELECT 1 FROM training_campaign c JOIN training_trainingrecord r"
    " ON r.campaign_id = c.id WHERE c.status = 'closed' AND r.id IN ({records}))"
)
FROZEN = "the campaign is closed and its records are frozen"


def frozen_with_campaign(table):
    """A closed campaign's rows of `table` cannot be added, changed, moved in or removed."""
    return [
        *guard(
            table,
            f"{table}_frozen",
            ["INSERT", "DELETE"],
            CLOSED.format(campaigns="ROW.campaign_id"),
            FROZEN,
        ),
        *guard(
            table,
            f"{table}_frozen",
            ["UPDATE"],
            CLOSED.format(campaigns="OLD.campaign_id, NEW.campaign_id"),
            FROZEN,
        ),
    ]


def frozen_with_record(table):
    """Rows of `table` below a closed campaign's record cannot be added, changed or removed."""
    return [
        *guard(
            table,
            f"{table}_frozen",
            ["INSERT", "DELETE"],
            RECORD_CLOSED.format(records="ROW.record_id"),
            FROZEN,
        ),
        *guard(
            table,
            f"{table}_frozen",
            ["UPDATE"],
            RECORD_CLOSED.format(records="OLD.record_id, NEW.record_id"),
            FROZEN,
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]

    operations = [
        *guard(
            "training_trainingrecord",
            "training_record_settled",
            ["UPDATE"],
            "OLD.status = 'void' OR (OLD.status = 'passed' AND (NEW.status <> 'void'"
            " OR NEW.person_id <> OLD.person_id OR NEW.campaign_id <> OLD.campaign_id"
            " OR NEW.passed_on <> OLD.passed_on OR NEW.attended_on <> OLD.attended_on"
            " OR COALESCE(NEW.score, -1) <> COALESCE(OLD.score, -1)))",
            "a passed training record never goes back or changes, and a void one stays as it is",
        ),
        *guard(
            "training_trainingrecord",
            "training_record_stays",
            ["DELETE"],
            "1=1",
            "a training record is voided with a reason and never removed",
        ),
        *frozen_with_campaign("training_trainingrecord"),
        *frozen_with_campaign("training_session"),
        *frozen_with_record("training_attempt"),
        *frozen_with_record("training_excuse"),
        *frozen_with_record("training_followup"),
        *guard(
            "training_campaign",
            "training_campaign_frozen",
            ["UPDATE", "DELETE"],
            "OLD.status = 'closed'",
            "a closed campaign is never changed",
        ),
        *guard(
            "training_courseversion",
            "training_version_published",
            ["UPDATE", "DELETE"],
            "OLD.published_on IS NOT NULL",
            "published material is never changed, only followed by a new version",
        ),
    ]
