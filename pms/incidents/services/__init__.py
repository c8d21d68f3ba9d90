"""What can be done about incidents; the actor, today and now are arguments."""

from .actions import raise_for_incident
from .assessing import Known, assess, draft_of_facts, rejudge_preview
from .categories import add_category, end_category, withdraw_category
from .closing import Obstacle, close, closing_obstacles, dismiss, promote, reopen, steps_left_out
from .desk import (
    Words,
    approve_report,
    content_of,
    file_report,
    filing_obstacles,
    mark_of,
    needs_approval,
    note_difference,
    return_report,
    submit_report,
    supplement,
    waive,
    write_items,
)
from .emergency import remove_contact, save_contact, write_procedure
from .handling import (
    contain,
    decide_publication,
    describe,
    exclude,
    let_in,
    record_cause,
    record_no_action,
    tell_timeline,
)
from .persons import (
    add_addressees,
    drop_notice,
    erase_due_lists,
    explain_not_telling,
    tell_persons,
    update_notice,
)
from .reporting import FirstWords, add_words, by_code, report, report_anonymously
from .rules import add_rule, end_rule, version_before, withdraw_rule
from .settings import change_settings, days_kept
from .telling import follow_posts_everywhere

__all__ = [
    "FirstWords",
    "Known",
    "Obstacle",
    "Words",
    "add_addressees",
    "add_category",
    "add_rule",
    "add_words",
    "approve_report",
    "assess",
    "by_code",
    "change_settings",
    "close",
    "closing_obstacles",
    "contain",
    "content_of",
    "days_kept",
    "decide_publication",
    "describe",
    "dismiss",
    "draft_of_facts",
    "drop_notice",
    "end_category",
    "end_rule",
    "erase_due_lists",
    "exclude",
    "explain_not_telling",
    "file_report",
    "filing_obstacles",
    "follow_posts_everywhere",
    "let_in",
    "mark_of",
    "needs_approval",
    "note_difference",
    "promote",
    "raise_for_incident",
    "record_cause",
    "record_no_action",
    "rejudge_preview",
    "remove_contact",
    "reopen",
    "report",
    "report_anonymously",
    "return_report",
    "save_contact",
    "steps_left_out",
    "submit_report",
    "supplement",
    "tell_persons",
    "tell_timeline",
    "update_notice",
    "version_before",
    "waive",
    "withdraw_category",
    "withdraw_rule",
    "write_items",
    "write_procedure",
]
