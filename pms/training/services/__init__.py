"""What can be done in training: one function for each verb, one transaction each.

Import the package and call `services.open_campaign(...)`. The actor, today and now are arguments;
callers take them at the edge. A second call of a verb that has been done already gives the same
result again where nobody did anything wrong (two tabs, a double click, a repeated command).
"""

from .attempts import acknowledge, save_answers, start_attempt, submit_attempt
from .audience import AudiencePreview, preview_audience
from .campaigns import change_campaign, create_campaign, discard_campaign, extend_campaign
from .closing import (
    Obstacle,
    approval_obstacles,
    approve_report,
    close_campaign,
    closing_obstacles,
    write_report,
)
from .completions import (
    Completion,
    PlannedCompletion,
    apply_completions,
    obstacles_to_undo_completions,
    plan_completions,
    undo_completions,
)
from .courses import (
    change_version,
    check_question,
    create_version,
    install_starter_course,
    publish_version,
    save_course,
    save_question,
)
from .figures import Figures, report_figures
from .follow_ups import add_follow_up, decide_excuse, end_excuse, request_excuse
from .opening import open_campaign, opening_obstacles
from .plans import (
    add_item,
    approve_plan,
    change_item,
    change_plan,
    create_plan,
    remove_item,
    return_plan,
    revise_plan,
    submit_plan,
)
from .population import RulesResult, apply_dated_rules
from .records import correct_record
from .sessions import add_session, change_session, remove_session

__all__ = [
    "AudiencePreview",
    "Completion",
    "Figures",
    "Obstacle",
    "PlannedCompletion",
    "RulesResult",
    "acknowledge",
    "add_follow_up",
    "add_item",
    "add_session",
    "apply_completions",
    "apply_dated_rules",
    "approval_obstacles",
    "approve_plan",
    "approve_report",
    "change_campaign",
    "change_item",
    "change_plan",
    "change_session",
    "change_version",
    "check_question",
    "close_campaign",
    "closing_obstacles",
    "correct_record",
    "create_campaign",
    "create_plan",
    "create_version",
    "decide_excuse",
    "discard_campaign",
    "end_excuse",
    "extend_campaign",
    "install_starter_course",
    "obstacles_to_undo_completions",
    "open_campaign",
    "opening_obstacles",
    "plan_completions",
    "preview_audience",
    "publish_version",
    "remove_item",
    "remove_session",
    "report_figures",
    "request_excuse",
    "return_plan",
    "revise_plan",
    "save_answers",
    "save_course",
    "save_question",
    "start_attempt",
    "submit_attempt",
    "submit_plan",
    "undo_completions",
    "write_report",
]
