"""What can be done to the years and their plans; the actor, today and now are arguments."""

from .clauses import CLAUSE_HEADINGS, Fault, add_edition, differences, read_clauses
from .fulfilling import (
    complete_milestone,
    decide_extension,
    fulfil,
    record_missed,
    reopen_milestone,
    request_extension,
)
from .plans import (
    add_milestone,
    approve_plan,
    change_milestone,
    change_policy,
    drop_milestone,
    first_activity,
    make_plan,
    measure_objective,
    remove_milestone,
    remove_objective,
    return_plan,
    save_objective,
    submission_obstacles,
    submit_plan,
)
from .years import (
    create_cycle,
    update_cycle,
)

__all__ = [
    "CLAUSE_HEADINGS",
    "Fault",
    "add_edition",
    "add_milestone",
    "approve_plan",
    "change_milestone",
    "change_policy",
    "complete_milestone",
    "create_cycle",
    "decide_extension",
    "differences",
    "drop_milestone",
    "first_activity",
    "fulfil",
    "make_plan",
    "measure_objective",
    "read_clauses",
    "record_missed",
    "remove_milestone",
    "remove_objective",
    "reopen_milestone",
    "request_extension",
    "return_plan",
    "save_objective",
    "submission_obstacles",
    "submit_plan",
    "update_cycle",
]
