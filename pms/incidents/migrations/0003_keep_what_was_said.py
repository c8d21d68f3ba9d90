"""What the database keeps: the words of who reported, judgements, filed reports, the law."""

from django.db import migrations

from pms.core.triggers import append_only, guard

SHARES_A_DAY = (
    "EXISTS (SELECT 1 FROM incidents_obligationrule other WHERE other.code = NEW.code"
    " AND other.id <> NEW.id"
    " AND (other.valid_to IS NULL OR other.valid_to >= NEW.valid_from)"
    " AND (NEW.valid_to IS NULL OR other.valid_from <= NEW.valid_to))"
)
# A version in force is ended, never rewritten: a case would else seem to have been judged wrongly.
RULE_CHANGED = " OR ".join(
    f"NEW.{field} <> OLD.{field}"
    for field in (
        "code",
        "kind",
        "conditions",
        "events",
        "roles",
        "lifted_by",
        "is_freed_by_consignor",
        "needs_privacy_mark",
        "count",
        "over",
        "moves",
        "valid_from",
    )
)
RULE_DAYS = "COALESCE(NEW.days, 0) <> COALESCE(OLD.days, 0)"
ORIGIN_CHANGED = (
    "NEW.number <> OLD.number OR NEW.created_at <> OLD.created_at OR NEW.channel <> OLD.channel"
    " OR NEW.is_drill <> OLD.is_drill OR NEW.code_digest <> OLD.code_digest"
    " OR COALESCE(NEW.reporter_id, 0) <> COALESCE(OLD.reporter_id, 0)"
)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_load_rules_and_lists")]

    operations = [
        *append_only("incidents_firstreport"),
        *append_only("incidents_assessment"),
        *append_only("incidents_judgement"),
        *append_only("incidents_filedreport"),
        *append_only("incidents_timelineentry"),
        *guard(
            "incidents_incident",
            "incidents_incident_origin",
            ["UPDATE"],
            ORIGIN_CHANGED,
            "how an incident was reported stays as it was",
        ),
        *guard(
            "incidents_incident", "incidents_incident_kept", ["DELETE"], "1=1", "incidents are kept"
        ),
        *guard(
            "incidents_obligation",
            "incidents_obligation_filed",
            ["UPDATE"],
            "OLD.status = 'filed' AND (NEW.status <> 'filed' OR NEW.filed_on <> OLD.filed_on)",
            "what was filed stays filed",
        ),
        *guard(
            "incidents_obligation",
            "incidents_obligation_kept",
            ["DELETE"],
            "1=1",
            "obligations are kept",
        ),
        *guard(
            "incidents_obligationrule",
            "obligationrule_alone",
            ["INSERT", "UPDATE"],
            SHARES_A_DAY,
            "two versions of a rule share a day",
        ),
        *guard(
            "incidents_obligationrule",
            "obligationrule_kept",
            ["UPDATE"],
            f"{RULE_CHANGED} OR {RULE_DAYS}",
            "a version of a rule is ended, not changed",
        ),
    ]
