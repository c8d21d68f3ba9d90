"""What stands on the papers of the year: facts worded for the reader, set by the template."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from pms.core.pdf import APPROVED, PREPARED, Approval, Column, Pair, render_pdf
from pms.core.text import listed
from pms.organization.mastheads import in_words, masthead, person_of, stamped

from .choices import MilestoneStatus
from .models import Cycle, Milestone, Objective, YearPlan


def year_pdf(
    cycle: Cycle,
    plan: YearPlan | None,
    milestones: Sequence[Milestone],
    objectives: Sequence[Objective],
    *,
    now: datetime,
    uses_wareki: bool = False,
) -> bytes:
    """年度計画書 on paper, with what has come of it so far.

    Args:
        cycle: the year.
        plan: None for a year whose plan is not made yet.
        milestones: in the order of the paper, with owners and clauses.
        objectives: with owners.
        now: the moment of printing.
        uses_wareki: years of the Japanese era.
    """
    approved_on = plan.approved_on if plan else None
    facts = {
        "masthead": masthead(
            now=now,
            issued_on=plan.created_on if plan else None,
            number=str(cycle),
            approvals=[
                Approval(
                    str(APPROVED),
                    person_of(plan.approved_by) if plan else "",
                    stamped(approved_on, uses_wareki=uses_wareki),
                ),
                Approval(str(PREPARED), person_of(plan.created_by) if plan else ""),
            ],
            uses_wareki=uses_wareki,
        ),
        "overview": [
            Pair(_("Fiscal year"), str(cycle)),
            Pair(_("Status"), plan.get_status_display() if plan else _("No plan yet")),
            Pair(_("First day"), in_words(cycle.starts_on, uses_wareki=uses_wareki)),
            Pair(_("Last day of the year"), in_words(cycle.ends_on, uses_wareki=uses_wareki)),
            Pair(_("Approved on"), in_words(approved_on, uses_wareki=uses_wareki) or "–"),
            *_words(plan),
        ],
        "headings": {"objectives": _("Objectives"), "milestones": _("Milestones")},
        "objective_columns": [
            Column(_("Objective"), width=6),
            Column(_("Measure"), width=4),
            Column(_("Target value"), width=3),
            Column(_("Person responsible"), width=3),
            Column(_("Result"), width=4),
            Column(_("Reached?"), width=2),
        ],
        "objectives": [
            [
                it.title,
                it.measure,
                it.target,
                str(it.owner) if it.owner else None,
                it.result or None,
                it.get_verdict_display() or None,
            ]
            for it in objectives
        ],
        "milestone_columns": [
            Column(_("Due on"), "code", 2.2),
            Column(_("Phase"), width=2.4),
            Column(_("Milestone"), width=6),
            Column(_("Clause"), "code", 1.6),
            Column(_("Person responsible"), width=3),
            Column(_("Records"), width=4),
            Column(_("Status"), width=2.4),
            Column(_("Done on"), "code", 2.2),
        ],
        "milestones": [
            [
                _days(it),
                it.get_phase_display(),
                str(it),
                it.clause.code if it.clause else None,
                str(it.owner) if it.owner else None,
                it.records or None,
                _state(it),
                it.done_on.isoformat() if it.done_on else None,
            ]
            for it in milestones
        ],
    }
    language = translation.get_language() or "ja"
    return render_pdf(
        "cycles/year_plan",
        facts,
        title=_("Plan of the year"),
        language=language[:2],
        issued_at=now,
    )


def _days(milestone: Milestone) -> str:
    """When it is due, with the date that was planned first where that is another."""
    due_on, first = milestone.due_on.isoformat(), milestone.first_due_on.isoformat()
    return (
        due_on
        if due_on == first
        else _("%(day)s (first %(first)s)")
        % {
            "day": due_on,
            "first": first,
        }
    )


def _state(milestone: Milestone) -> str:
    """Where it stands; that it was not done in time stays beside it."""
    state = str(milestone.get_status_display())
    if milestone.missed_on and milestone.status != MilestoneStatus.MISSED:
        return listed([state, MilestoneStatus.MISSED.label])
    return state


def _words(plan: YearPlan | None) -> list[Pair]:
    """What was written beside the plan; nothing where nothing was."""
    pairs = []
    if plan and plan.policy:
        pairs.append(Pair(_("What matters this year"), plan.policy, wide=True))
    if plan and plan.late_reason:
        pairs.append(Pair(_("Why it was approved late"), plan.late_reason, wide=True))
    return pairs
