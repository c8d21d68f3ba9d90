"""What the database keeps as it was: what is passed, asked, sent, approved, closed, reported."""

from django.db import migrations

from pms.core.triggers import guard

CLOSED = "EXISTS (SELECT 1 FROM training_campaign WHERE status = 'closed' AND id IN ({campaigns}))"
RECORD_CLOSED = (
    "EXISTS (SELECT 1 FROM training_campaign c JOIN training_trainingrecord r"
    " ON r.campaign_id = c.id WHERE c.status = 'closed' AND r.id IN ({records}))"
)
FROZEN = "the campaign is closed and its records are frozen"
OPENED = "(SELECT status FROM training_campaign WHERE id = ROW.campaign_id) <> 'draft'"
SETTLED_PLAN = "(SELECT status FROM training_trainingplan WHERE id = ROW.plan_id) <> 'draft'"
CHANGED_PLAN = (
    "(NEW.purpose <> OLD.purpose OR NEW.follow_up_rule <> OLD.follow_up_rule"
    " OR NEW.responsible <> OLD.responsible OR NEW.cycle_id <> OLD.cycle_id"
    " OR NEW.version <> OLD.version OR NEW.created_by_id <> OLD.created_by_id)"
)
CHANGED_ATTEMPT = (
    "(NEW.submitted_at IS NULL OR NEW.submitted_at <> OLD.submitted_at"
    " OR NEW.score <> OLD.score OR NEW.is_passed <> OLD.is_passed OR NEW.number <> OLD.number"
    " OR NEW.paper <> OLD.paper OR NEW.answers <> OLD.answers)"
)


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
        *guard(
            "training_campaign",
            "training_campaign_opened",
            ["UPDATE"],
            "OLD.status = 'open' AND (NEW.status = 'draft' OR NEW.cycle_id <> OLD.cycle_id"
            " OR NEW.course_id <> OLD.course_id OR NEW.starts_on <> OLD.starts_on"
            " OR NEW.course_version_id <> OLD.course_version_id"
            " OR NEW.population_on <> OLD.population_on"
            " OR COALESCE(NEW.pass_mark, 0) <> COALESCE(OLD.pass_mark, 0))",
            "what an open campaign was opened with is never changed",
        ),
        *guard(
            "training_campaign",
            "training_campaign_stays",
            ["DELETE"],
            "OLD.status <> 'draft'",
            "an opened campaign is never removed",
        ),
        *guard(
            "training_campaignquestion",
            "training_question_asked",
            ["INSERT", "UPDATE", "DELETE"],
            OPENED,
            "the questions of an opened campaign are frozen",
        ),
        *guard(
            "training_campaign_audience_departments",
            "training_audience_frozen",
            ["INSERT", "UPDATE", "DELETE"],
            OPENED,
            "the audience of an opened campaign is frozen",
        ),
        *guard(
            "training_trainingplan",
            "training_plan_settled",
            ["UPDATE"],
            f"OLD.status = 'superseded' OR (OLD.status <> 'draft' AND {CHANGED_PLAN})"
            " OR (OLD.status = 'approved' AND (NEW.status NOT IN ('approved', 'superseded')"
            " OR NEW.approved_on <> OLD.approved_on OR NEW.approved_by_id <> OLD.approved_by_id))",
            "a plan that was handed in is never changed, only returned or followed by a new version",
        ),
        *guard(
            "training_trainingplan",
            "training_plan_stays",
            ["DELETE"],
            "OLD.status IN ('approved', 'superseded')",
            "an approved plan is never removed",
        ),
        *guard(
            "training_planitem",
            "training_planitem_settled",
            ["INSERT", "UPDATE", "DELETE"],
            SETTLED_PLAN,
            "the lines of a plan that was handed in are never changed",
        ),
        *guard(
            "training_attempt",
            "training_attempt_sent",
            ["UPDATE"],
            f"OLD.submitted_at IS NOT NULL AND {CHANGED_ATTEMPT}",
            "a test that was sent in is never changed",
        ),
        *guard(
            "training_attempt",
            "training_attempt_stays",
            ["DELETE"],
            "1=1",
            "a test is never removed",
        ),
        *guard(
            "training_excuse",
            "training_excuse_stays",
            ["DELETE"],
            "1=1",
            "an excuse is ended and never removed",
        ),
        *guard(
            "training_followup",
            "training_followup_stays",
            ["DELETE"],
            "1=1",
            "a follow-up is never removed",
        ),
        *guard(
            "training_report",
            "training_report_frozen",
            ["UPDATE"],
            "OLD.approved_on IS NOT NULL OR ((SELECT status FROM training_campaign"
            " WHERE id = OLD.campaign_id) = 'closed'"
            " AND (NEW.figures <> OLD.figures OR NEW.campaign_id <> OLD.campaign_id))",
            "an approved report and the figures of a closed campaign are never changed",
        ),
        *guard(
            "training_report",
            "training_report_stays",
            ["DELETE"],
            "1=1",
            "a report is never removed",
        ),
    ]
