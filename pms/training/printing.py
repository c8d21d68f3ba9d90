"""What stands on training's papers: facts worded for the reader, set by the templates."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.core.pdf import APPROVED, PREPARED, Approval, Column, Pair, render_pdf
from pms.organization.mastheads import in_words, masthead

from .models import Campaign, TrainingPlan, TrainingRecord


def person_of(user: User | None) -> str:
    """The name behind an account, as papers write it."""
    if user is None:
        return ""
    person = getattr(user, "person", None)
    return person.full_name if person else user.email


def plan_pdf(plan: TrainingPlan, *, now: datetime, uses_wareki: bool = False) -> bytes:
    """教育計画書 on paper.

    Args:
        plan: with its items' courses loaded or not.
        now: the moment of printing.
        uses_wareki: years of the Japanese era.
    """
    approved_on = in_words(plan.approved_on, uses_wareki=uses_wareki)
    facts = {
        "masthead": masthead(
            now=now,
            issued_on=plan.created_on,
            number=_("%(cycle)s, version %(version)d")
            % {"cycle": plan.cycle, "version": plan.version},
            approvals=[
                Approval(str(APPROVED), person_of(plan.approved_by), approved_on),
                Approval(str(PREPARED), person_of(plan.created_by)),
            ],
            uses_wareki=uses_wareki,
        ),
        "overview": [
            Pair(_("Fiscal year"), str(plan.cycle)),
            Pair(_("Responsible"), plan.responsible),
            Pair(_("Status"), plan.get_status_display()),
            Pair(_("Approved on"), approved_on or "–"),
            Pair(_("Purpose"), plan.purpose, wide=True),
            Pair(_("Follow-up of those not trained"), plan.follow_up_rule, wide=True),
        ],
        "heading": _("Trainings of the year"),
        "columns": [
            Column(_("Month"), "code", 2),
            Column(_("Training"), width=5),
            Column(_("For whom"), width=5),
            Column(_("Method"), width=3),
            Column(_("Lecturer"), width=3),
            Column(_("How comprehension is checked"), width=4),
            Column(_("Pass mark"), "number", 1.6),
        ],
        "rows": [
            [
                formats.date_format(item.planned_month, "Y-m"),
                str(item.course),
                item.target,
                item.get_method_display(),
                item.lecturer,
                item.comprehension,
                item.pass_mark,
            ]
            for item in plan.items.select_related("course")
        ],
    }
    language = translation.get_language() or "ja"
    return render_pdf(
        "training/plan", facts, title=_("Training plan"), language=language[:2], issued_at=now
    )


def attendance_pdf(
    campaign: Campaign, records: Iterable[TrainingRecord], *, now: datetime
) -> bytes:
    """An attendance sheet to be signed, one page or more for each department.

    Args:
        campaign: the training.
        records: sorted by department, with departments loaded.
        now: the moment of printing.
    """
    departments = [
        {
            "name": str(department),
            "rows": [
                [record.employee_number, record.name, record.get_employment_kind_display(), "", ""]
                for record in group
            ],
        }
        for department, group in groupby(records, key=lambda record: record.department)
    ]
    facts = {
        "masthead": masthead(
            now=now,
            lead=_("%(training)s. Please sign when you have taken part.") % {"training": campaign},
        ),
        "blanks": [
            Pair(_("Held on"), ""),
            Pair(_("Place"), ""),
            Pair(_("Lecturer"), campaign.lecturer),
            Pair(_("Number present"), ""),
        ],
        "columns": [
            Column(_("Employee number"), "code", 2.4),
            Column(_("Name"), width=4),
            Column(_("Employment kind"), width=3),
            Column(_("Score"), "sign", 1.6),
            Column(_("Signature"), "sign", 5),
        ],
        "departments": departments,
        "empty": _("Nobody is open: everyone has passed or is excused."),
    }
    language = translation.get_language() or "ja"
    return render_pdf(
        "training/attendance",
        facts,
        title=_("Attendance sheet"),
        language=language[:2],
        issued_at=now,
    )


# The headings are a file format: the completions importer reads them back.
ATTENDANCE_HEADINGS = ("社員番号", "氏名", "部署", "受講", "受講日", "点数", "署名")
ATTENDANCE_WIDTHS = (12, 20, 24, 8, 14, 8, 24)


def attendance_rows(records: Iterable[TrainingRecord]) -> Iterable[list[Any]]:
    """The sheet as a table to be filled in and read back."""
    for record in records:
        yield [record.employee_number, record.name, record.department.name, "", "", "", ""]
