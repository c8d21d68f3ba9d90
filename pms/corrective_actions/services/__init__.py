"""What can be done to corrective actions; the actor, today and now are arguments."""

from .accepting import accept_risk, reopen_accepted
from .analysis import cause_obstacles, record_cause, record_correction
from .checking import Lock, assign_checker, check_effect, close, closing_locks
from .execution import attach_proof, complete_measure, usual_checker
from .extending import decide_extension, request_extension
from .planning import (
    add_measure,
    approve_plan,
    change_measure,
    describe_resources,
    needs_top_management,
    reassign_measure,
    remove_measure,
    replan,
    return_plan,
    submission_obstacles,
    submit_plan,
)
from .raising import (
    answer_finding,
    change_facts,
    raise_action,
    raise_finding,
    reassign,
    settle_recurrence,
    withdraw,
)

__all__ = [
    "Lock",
    "accept_risk",
    "add_measure",
    "answer_finding",
    "approve_plan",
    "assign_checker",
    "attach_proof",
    "cause_obstacles",
    "change_facts",
    "change_measure",
    "check_effect",
    "close",
    "closing_locks",
    "complete_measure",
    "decide_extension",
    "describe_resources",
    "needs_top_management",
    "raise_action",
    "raise_finding",
    "reassign",
    "reassign_measure",
    "record_cause",
    "record_correction",
    "remove_measure",
    "reopen_accepted",
    "replan",
    "request_extension",
    "return_plan",
    "settle_recurrence",
    "submission_obstacles",
    "submit_plan",
    "usual_checker",
    "withdraw",
]
