"""What stands on 是正処置報告書: the facts of one action, worded for the reader."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pms.core.pdf import APPROVED, CHECKED, PREPARED, Approval, Column, Pair, render_pdf
from pms.organization.mastheads import in_words, masthead, person_of, stamped

from .models import CorrectiveAction, Extension, Measure, Round

NOTHING = "–"

type Day = Callable[[date | None], str]


def report_pdf(action: CorrectiveAction, *, now: datetime, uses_wareki: bool = False) -> bytes:
    """是正処置報告書 on paper, as far as the action has come.

    Args:
        action: with department, owner and clause.
        now: the moment of printing.
        uses_wareki: years of the Japanese era.
    """
    rounds = list(
        Round.objects.filter(action=action)
        .select_related("checker", "approved_by__person", "submitted_by__person")
        .prefetch_related("whys", "measures__owner", "measures__proof")
        .order_by("number")
    )
    extensions = action.extensions.select_related(
        "measure", "asked_by__person", "decided_by__person"
    )
    day = partial(_day, uses_wareki=uses_wareki)
    last = rounds[-1]
    facts = {
        "masthead": masthead(
            now=now,
            # Until it is closed, it says how things stand on the day of printing.
            issued_on=action.closed_on or timezone.localdate(now),
            number=action.number,
            approvals=[
                Approval(
                    str(APPROVED),
                    person_of(last.approved_by),
                    stamped(last.approved_on, uses_wareki=uses_wareki),
                ),
                Approval(
                    str(CHECKED),
                    str(last.checker) if last.checker and last.checked_on else "",
                    stamped(last.checked_on, uses_wareki=uses_wareki),
                ),
                Approval(str(PREPARED), str(action.owner)),
            ],
            uses_wareki=uses_wareki,
        ),
        "headings": {
            "fact": _("Fact and immediate correction"),
            "whys": _("Why did it happen?"),
            "measures": _("Measures"),
            "effect": _("Approval and effect"),
            "end": _("Closing"),
            "extensions": _("Requests for a later date"),
        },
        "overview": _overview(action, day),
        "fact": [
            Pair(_("Fact"), action.fact),
            Pair(_("Criterion"), action.criterion or NOTHING),
            Pair(_("Immediate correction"), action.correction or NOTHING),
            Pair(_("Corrected on"), day(action.corrected_on)),
        ],
        "rounds": [_round(it, day, is_only=len(rounds) == 1) for it in rounds],
        "measure_columns": [
            Column(pgettext("corrective action", "Measure"), width=6),
            Column(pgettext("corrective action", "Responsible"), width=3),
            Column(_("Due on"), "code", 2.4),
            Column(_("Carried out"), "code", 2.4),
            Column(pgettext("corrective action", "What was done"), width=5),
            Column(_("Proof"), width=4),
        ],
        "end": _end(action, day),
        "extension_columns": [
            Column(_("For what"), width=4),
            Column(_("Present date"), "code", 2.4),
            Column(_("New date"), "code", 2.4),
            Column(_("Reason"), width=4),
            Column(_("Decision"), width=4),
        ],
        "extensions": [_extension(it) for it in extensions],
    }
    language = translation.get_language() or "ja"
    return render_pdf(
        "corrective_actions/report",
        facts,
        title=_("Corrective action report"),
        language=language[:2],
        issued_at=now,
    )


def _day(day: date | None, *, uses_wareki: bool) -> str:
    return in_words(day, uses_wareki=uses_wareki) or NOTHING


def _overview(action: CorrectiveAction, day: Day) -> list[Pair]:
    source = action.get_source_display()
    named = f"{source} {action.source_label}" if action.source_label else source
    earlier = action.recurrence_of
    return [
        Pair(pgettext("corrective action", "Title"), action.title, wide=True),
        Pair(pgettext("corrective action", "Number"), action.number),
        Pair(_("Status"), action.get_status_display()),
        Pair(_("Source"), named),
        Pair(_("Grade"), action.get_grade_display()),
        Pair(_("Department"), str(action.department)),
        Pair(pgettext("corrective action", "Responsible"), str(action.owner)),
        Pair(_("Clause"), action.clause.code if action.clause else NOTHING),
        Pair(_("Recurrence of"), earlier.number if earlier else NOTHING),
        Pair(_("Found on"), day(action.found_on)),
        Pair(_("Raised"), day(action.raised_on)),
        Pair(_("First due date"), day(action.first_due_on)),
        Pair(_("Due on"), day(action.due_on)),
    ]


def _round(it: Round, day: Day, *, is_only: bool) -> dict[str, Any]:
    title = _("Cause and measures")
    return {
        "title": title
        if is_only
        else _("Round %(number)s: cause and measures") % {"number": it.number},
        "whys": [why.answer for why in it.whys.all()],
        "cause": [
            Pair(_("Root cause"), it.root_cause or NOTHING),
            Pair(_("Kind of cause"), it.get_cause_class_display() or NOTHING),
            Pair(_("Why it was not found earlier"), it.why_not_found or NOTHING),
            Pair(
                _("Similar cases elsewhere"),
                "\n".join(filter(None, [it.get_spread_display(), it.similar_cases])) or NOTHING,
            ),
            Pair(_("Resources"), it.resources or NOTHING),
        ],
        "measures": [_measure(measure) for measure in it.measures.all()],
        "effect": [
            Pair(
                pgettext("approval box", "Approved"), _signed(it.approved_on, it.approved_by, day)
            ),
            Pair(_("All carried out"), day(it.executed_on)),
            Pair(_("Effect check from"), day(it.check_from_on)),
            Pair(_("Checked"), _checked(it, day)),
            Pair(_("How it was checked"), it.check_method or NOTHING),
            Pair(_("What was seen"), it.check_result or NOTHING),
            Pair(_("Effect"), it.get_verdict_display() or NOTHING),
        ],
    }


def _measure(measure: Measure) -> list[str | None]:
    due_on, first = measure.due_on.isoformat(), measure.first_due_on
    if first and first != measure.due_on:
        due_on = _("%(day)s (first %(first)s)") % {"day": due_on, "first": first.isoformat()}
    return [
        measure.title,
        str(measure.owner),
        due_on,
        measure.done_on.isoformat() if measure.done_on else None,
        measure.result or None,
        measure.proof.name if measure.proof else None,
    ]


def _signed(on: date | None, user: Any, day: Day) -> str:
    return f"{day(on)} {person_of(user)}" if on else NOTHING


def _checked(it: Round, day: Day) -> str:
    return f"{day(it.checked_on)} {it.checker}" if it.checked_on else NOTHING


def _end(action: CorrectiveAction, day: Day) -> list[Pair]:
    accepted = [
        Pair(
            _("Accepted risk"),
            _("until %(day)s: %(reason)s") % {"day": day(it.until), "reason": it.reason},
        )
        for it in action.acceptances.all()
    ]
    return [
        *accepted,
        Pair(
            pgettext("corrective action", "Closed"),
            _signed(action.closed_on, action.closed_by, day),
        ),
        Pair(_("Closing comment"), action.closing_comment or NOTHING),
        Pair(_("Reported to top management"), day(action.reported_on)),
    ]


def _extension(it: Extension) -> list[str | None]:
    decision = it.get_status_display()
    if it.decided_by:
        decision = f"{decision} {person_of(it.decided_by)}: {it.answer}"
    return [
        str(it.measure) if it.measure else _("the action"),
        it.old_due_on.isoformat(),
        it.new_due_on.isoformat(),
        it.reason,
        decision,
    ]
