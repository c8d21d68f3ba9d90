"""What the database keeps: the three locks, first dates, decisions, and every action for ever."""

# ruff: noqa: S608 - the names of tables are our own, and nothing comes from outside.

from django.db import migrations

from pms.core.triggers import guard

ACTION = "corrective_actions_correctiveaction"
ROUND = "corrective_actions_round"
MEASURE = "corrective_actions_measure"
WHY = "corrective_actions_why"

CLOSES = "NEW.status = 'closed' AND OLD.status <> 'closed'"
CAUSE = (
    f"EXISTS (SELECT 1 FROM {ROUND} r WHERE r.id = NEW.current_id AND r.root_cause <> ''"
    f" AND r.cause_class <> '' AND EXISTS (SELECT 1 FROM {WHY} w WHERE w.round_id = r.id))"
)
PROOF = (
    f"EXISTS (SELECT 1 FROM {MEASURE} m WHERE m.round_id = NEW.current_id)"
    f" AND NOT EXISTS (SELECT 1 FROM {MEASURE} m WHERE m.round_id = NEW.current_id"
    " AND (m.done_on IS NULL OR m.proof_id IS NULL))"
)
# Somebody who answers neither for the action nor for a measure of any of its rounds.
OTHERS = (
    f"NOT EXISTS (SELECT 1 FROM {MEASURE} m JOIN {ROUND} mr ON mr.id = m.round_id"
    " WHERE mr.action_id = r.action_id AND m.owner_id = r.checker_id)"
)
CHECK = (
    f"EXISTS (SELECT 1 FROM {ROUND} r WHERE r.id = NEW.current_id AND r.action_id = NEW.id"
    " AND r.verdict = 'effective' AND r.check_from_on IS NOT NULL"
    " AND r.checked_on >= r.check_from_on AND r.checker_id IS NOT NULL"
    f" AND r.checker_id <> NEW.owner_id AND {OTHERS})"
)
SNAPSHOT = (
    "NEW.year <> OLD.year OR NEW.sequence <> OLD.sequence OR NEW.number <> OLD.number"
    " OR NEW.source <> OLD.source OR NEW.source_label <> OLD.source_label"
    " OR NEW.raised_on <> OLD.raised_on OR NEW.first_due_on <> OLD.first_due_on"
)
GRANTED = (
    "EXISTS (SELECT 1 FROM corrective_actions_extension x WHERE x.action_id = NEW.id"
    " AND x.measure_id IS NULL AND x.status = 'granted' AND x.new_due_on = NEW.due_on)"
)
NEXT_ROUND = (
    f"EXISTS (SELECT 1 FROM {ROUND} r WHERE r.id = NEW.current_id AND r.number > 1"
    " AND r.due_on = NEW.due_on)"
)
UNAPPROVED = (
    "NEW.status IN ('execution', 'checking', 'closed') AND NEW.status <> OLD.status"
    f" AND NOT EXISTS (SELECT 1 FROM {ROUND} r WHERE r.id = NEW.current_id"
    " AND r.approved_on IS NOT NULL)"
)
CHECKED_BY_OWNER = (
    "NEW.verdict <> '' AND OLD.verdict = '' AND (NEW.checker_id ="
    f" (SELECT owner_id FROM {ACTION} WHERE id = NEW.action_id)"
    f" OR EXISTS (SELECT 1 FROM {MEASURE} m JOIN {ROUND} mr ON mr.id = m.round_id"
    " WHERE mr.action_id = NEW.action_id AND m.owner_id = NEW.checker_id))"
)
APPROVED = f"(SELECT approved_on FROM {ROUND} WHERE id = ROW.round_id) IS NOT NULL"
MEASURE_CHANGED = "(NEW.title <> OLD.title OR NEW.round_id <> OLD.round_id OR NEW.kind <> OLD.kind)"
MEASURE_MOVED = (
    f"NEW.due_on <> OLD.due_on AND {APPROVED.replace('ROW.', 'OLD.')}"
    " AND NOT EXISTS (SELECT 1 FROM corrective_actions_extension x WHERE x.measure_id = NEW.id"
    " AND x.status = 'granted' AND x.new_due_on = NEW.due_on)"
)
MEASURE_DONE = (
    "OLD.done_on IS NOT NULL AND (NEW.done_on IS NULL OR NEW.done_on <> OLD.done_on"
    " OR NEW.result <> OLD.result OR NEW.owner_id <> OLD.owner_id OR NEW.due_on <> OLD.due_on"
    " OR (OLD.proof_id IS NOT NULL AND (NEW.proof_id IS NULL OR NEW.proof_id <> OLD.proof_id)))"
)


class Migration(migrations.Migration):
    """An action closes by its three locks only and is never removed or renumbered."""

    dependencies = [("corrective_actions", "0001_initial")]

    operations = [
        *guard(
            ACTION,
            "corrective_action_opened",
            ["INSERT"],
            "NEW.status = 'closed'",
            "a corrective action is open before it is closed",
        ),
        *guard(
            ACTION,
            "corrective_action_lock_cause",
            ["UPDATE"],
            f"{CLOSES} AND NOT {CAUSE}",
            "a corrective action closes with its root cause",
        ),
        *guard(
            ACTION,
            "corrective_action_lock_proof",
            ["UPDATE"],
            f"{CLOSES} AND NOT ({PROOF})",
            "a corrective action closes with proof of every measure",
        ),
        *guard(
            ACTION,
            "corrective_action_lock_check",
            ["UPDATE"],
            f"{CLOSES} AND NOT {CHECK}",
            "a corrective action closes after somebody else has seen its effect",
        ),
        *guard(
            ACTION,
            "corrective_action_settled",
            ["UPDATE"],
            "OLD.status IN ('closed', 'withdrawn')",
            "a closed or withdrawn corrective action stays as it is",
        ),
        *guard(
            ACTION,
            "corrective_action_snapshot",
            ["UPDATE"],
            SNAPSHOT,
            "number, source and first due date of a corrective action stay",
        ),
        *guard(
            ACTION,
            "corrective_action_later",
            ["UPDATE"],
            f"NEW.due_on <> OLD.due_on AND NOT {GRANTED} AND NOT {NEXT_ROUND}",
            "a later date is granted on request",
        ),
        *guard(
            ACTION,
            "corrective_action_approved_first",
            ["UPDATE"],
            UNAPPROVED,
            "measures are carried out once their plan is approved",
        ),
        *guard(
            ACTION,
            "corrective_action_stays",
            ["DELETE"],
            "1=1",
            "a corrective action is never removed",
        ),
        *guard(
            ROUND,
            "corrective_action_checked_by_another",
            ["UPDATE"],
            CHECKED_BY_OWNER,
            "the effect is checked by somebody who answers for nothing in it",
        ),
        *guard(
            ROUND,
            "corrective_action_round_begins",
            ["INSERT"],
            "NEW.verdict <> '' OR NEW.approved_on IS NOT NULL",
            "a round begins without approval and check",
        ),
        *guard(
            ROUND,
            "corrective_action_round_settled",
            ["UPDATE"],
            "OLD.verdict <> '' OR NEW.due_on <> OLD.due_on OR NEW.number <> OLD.number"
            " OR NEW.action_id <> OLD.action_id",
            "a round whose effect was checked stays as it is",
        ),
        *guard(ROUND, "corrective_action_round_stays", ["DELETE"], "1=1", "a round stays"),
        *guard(
            WHY,
            "corrective_action_why_approved",
            ["INSERT", "UPDATE", "DELETE"],
            APPROVED,
            "the cause of an approved plan stays",
        ),
        *guard(
            MEASURE,
            "corrective_action_measure_approved",
            ["INSERT", "DELETE"],
            APPROVED,
            "the measures of an approved plan stay",
        ),
        *guard(
            MEASURE,
            "corrective_action_measure_approved",
            ["UPDATE"],
            f"{MEASURE_CHANGED} AND {APPROVED}",
            "the measures of an approved plan stay",
        ),
        *guard(
            MEASURE,
            "corrective_action_measure_later",
            ["UPDATE"],
            "(OLD.first_due_on IS NOT NULL AND (NEW.first_due_on IS NULL"
            f" OR NEW.first_due_on <> OLD.first_due_on)) OR ({MEASURE_MOVED})",
            "first dates stay and later ones are granted on request",
        ),
        *guard(
            MEASURE,
            "corrective_action_measure_done",
            ["UPDATE"],
            MEASURE_DONE,
            "what was done and its proof stay",
        ),
        *guard(
            MEASURE,
            "corrective_action_measure_done_stays",
            ["DELETE"],
            "OLD.done_on IS NOT NULL",
            "what was done stays",
        ),
        *guard(
            "corrective_actions_extension",
            "corrective_action_extension_decided",
            ["UPDATE", "DELETE"],
            "OLD.status <> 'requested'",
            "the request has been decided",
        ),
        *guard(
            "corrective_actions_acceptance",
            "corrective_action_acceptance_kept",
            ["UPDATE"],
            "OLD.ended_on IS NOT NULL OR NEW.until <> OLD.until OR NEW.reason <> OLD.reason"
            " OR NEW.accepted_by_id <> OLD.accepted_by_id OR NEW.action_id <> OLD.action_id"
            " OR NEW.status_before <> OLD.status_before",
            "the acceptance of a risk stays as it was decided",
        ),
        *guard(
            "corrective_actions_acceptance",
            "corrective_action_acceptance_stays",
            ["DELETE"],
            "1=1",
            "the acceptance of a risk stays",
        ),
        *guard(
            "corrective_actions_examinerfinding",
            "corrective_action_finding_kept",
            ["UPDATE"],
            "NEW.received_on <> OLD.received_on OR NEW.answer_due_on <> OLD.answer_due_on"
            " OR NEW.number <> OLD.number OR NEW.action_id <> OLD.action_id",
            "number and clock of a finding stay",
        ),
        *guard(
            "corrective_actions_examinerfinding",
            "corrective_action_finding_stays",
            ["DELETE"],
            "1=1",
            "a finding stays",
        ),
    ]
