"""What stands on training's papers: facts worded for the reader, set by the templates."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from pms.core.dates import format_wareki
from pms.core.pdf import APPROVED, CHECKED, PREPARED, Approval, Column, Masthead, Pair, render_pdf
from pms.organization.mastheads import in_words, masthead, person_of, stamped
from pms.organization.models import in_language
from pms.transfer.writers import Sheet

from . import tables
from .choices import Topic
from .models import Campaign, Report, TrainingPlan, TrainingRecord
from .reports import SummaryRow
from .tables import Day, Table


def plan_pdf(plan: TrainingPlan, *, now: datetime, uses_wareki: bool = False) -> bytes:
    """教育計画書 on paper.

    Args:
        plan: with its items' courses loaded or not.
        now: the moment of printing.
        uses_wareki: years of the Japanese era.
    """
    approved_on = in_words(plan.approved_on, uses_wareki=uses_wareki)
    stamped_on = stamped(plan.approved_on, uses_wareki=uses_wareki)
    facts = {
        "masthead": masthead(
            now=now,
            issued_on=plan.created_on,
            number=_("%(cycle)s, version %(version)d")
            % {"cycle": plan.cycle, "version": plan.version},
            approvals=[
                Approval(str(APPROVED), person_of(plan.approved_by), stamped_on),
                Approval(str(PREPARED), person_of(plan.created_by)),
            ],
            uses_wareki=uses_wareki,
        ),
        "overview": [
            Pair(_("Fiscal year"), str(plan.cycle)),
            Pair(_("Person responsible"), plan.responsible),
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
                item.lecturer or None,
                item.comprehension or None,
                item.pass_mark,
            ]
            for item in plan.items.select_related("course")
        ],
    }
    return _render("training/plan", facts, title=_("Training plan"), now=now)


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
    return _render("training/attendance", facts, title=_("Attendance sheet"), now=now)


# The headings are a file format: the completions importer reads them back.
ATTENDANCE_HEADINGS = ("社員番号", "氏名", "部署", "受講", "受講日", "点数", "署名")
ATTENDANCE_WIDTHS = (12, 20, 24, 8, 14, 8, 24)


def attendance_rows(records: Iterable[TrainingRecord]) -> Iterable[list[Any]]:
    """The sheet as a table to be filled in and read back."""
    for record in records:
        yield [record.employee_number, record.name, record.department.name, "", "", "", ""]


# More bars than this are no picture any more; the table has them all.
MOST_BARS = 30


def report_pdf(
    row: SummaryRow, report: Report | None, *, now: datetime, uses_wareki: bool = False
) -> bytes:
    """教育実施報告書 on paper.

    Args:
        row: a campaign that was opened, with its cycle, course and version loaded.
        report: its words, with maker and approver loaded; None while nobody wrote any.
        now: the moment of printing; the figures of a closed campaign are as of its closing.
        uses_wareki: years of the Japanese era.
    """
    campaign, figures = row.campaign, row.figures
    before = figures.last_year
    day = partial(in_words, uses_wareki=uses_wareki)
    facts = {
        "masthead": _report_masthead(campaign, report, now=now, uses_wareki=uses_wareki),
        "overview": {"title": _("Outline"), "pairs": [Pair(*it) for it in _overview(row, day)]},
        "topics": {
            "title": _("Topics covered"),
            "items": [
                {"label": str(topic.label), "ticked": topic in campaign.topics} for topic in Topic
            ],
        },
        "results": {
            "title": _("Results"),
            "pairs": [Pair(label, value) for label, value in tables.results(figures).printed],
        },
        "bars": {
            "series": [_("Passed"), _("Excused"), _("Not completed yet")],
            "rows": _bars(row),
        },
        "by_department": _set(tables.by_department(figures)),
        "by_kind": _set(tables.by_kind(figures)),
        "comparison": _set(tables.comparison(figures, before)) if before else None,
        "no_comparison": {
            "title": _("Comparison with last year"),
            "text": _("No training of this kind was held last year, as far as is recorded here."),
        },
        "missed": _set(tables.missed(figures)) if figures.questions else None,
        "unchanged": tables.unchanged_in_words(figures),
        "words": [{"title": it, "text": text} for it, text in _words_of(report)],
    }
    return _render("training/report", facts, title=_("Training report"), now=now)


def _report_masthead(
    campaign: Campaign, report: Report | None, *, now: datetime, uses_wareki: bool
) -> Masthead:
    stamped_on = stamped(report.approved_on, uses_wareki=uses_wareki) if report else ""
    return masthead(
        now=campaign.closed_at or now,
        number=f"{campaign.cycle} {campaign.course.code}-{campaign.pk}",
        issued_on=report.reported_on if report else None,
        addressee=_("To %(name)s") % {"name": report.reported_to}
        if report and report.reported_to
        else "",
        lead=_("The training was held as follows.")
        if campaign.closed_at
        else _("The training is still open: these figures are not final."),
        approvals=[
            Approval(str(APPROVED), person_of(report.approved_by if report else None), stamped_on),
            Approval(str(CHECKED)),
            Approval(str(PREPARED), person_of(report.created_by if report else None)),
        ],
        uses_wareki=uses_wareki,
    )


def _overview(row: SummaryRow, day: Day) -> Iterator[tuple[str, Any, bool]]:
    """What was held: label, value, and whether it takes a whole line."""
    campaign = row.campaign
    mark = campaign.pass_mark
    yield _("Fiscal year"), str(campaign.cycle), False
    yield _("Period"), tables.period_in_words(campaign, day=day), False
    yield _("Training"), str(campaign), True
    yield _("Material"), str(campaign.course_version), True
    yield _("For whom"), row.target, True
    yield _("Method"), row.methods or None, False
    yield _("Lecturer"), campaign.lecturer or None, False
    yield _("How comprehension was checked"), row.comprehension or None, False
    yield _("Pass mark"), _("%(mark)s points") % {"mark": mark} if mark else None, False
    yield _("Follow-up of absentees"), row.follow_up or None, True


def _words_of(report: Report | None) -> Iterator[tuple[str, str]]:
    """What people wrote, with what it is about."""
    written, not_yet = report or Report(), _("Not written yet.")
    yield _("Opinions of participants"), written.opinions or not_yet
    yield _("Evaluation of effectiveness"), written.effectiveness or not_yet
    yield _("Improvements for next year"), written.improvements or not_yet


def _bars(row: SummaryRow) -> list[dict[str, Any]]:
    groups = row.figures.departments
    if len(groups) > MOST_BARS:
        return []
    return [
        {
            "label": in_language(it.name, it.name_en),
            "values": [it.passed, it.excused, it.targeted - it.passed],
            "text": _("%(passed)s of %(targeted)s")
            % {"passed": it.passed, "targeted": it.targeted},
        }
        for it in groups
    ]


def _set(table: Table) -> dict[str, Any]:
    return {"title": table.title, "columns": table.columns, "rows": table.printed}


def report_sheets(row: SummaryRow, report: Report | None) -> list[Sheet]:
    """教育実施報告書 as the sheets of a workbook; arguments as in `report_pdf`."""
    figures = row.figures
    item, content = Column(_("Item"), width=4), Column(_("Content"), width=12)
    overview = [[label, value] for label, value, _is_wide in _overview(row, date.isoformat)]
    words: list[list[Any]] = [[label, text] for label, text in _words_of(report)]
    if report:
        words += [
            [_("Reported to"), report.reported_to or None],
            [_("Reported on"), report.reported_on],
            [_("Approved by"), person_of(report.approved_by) or None],
            [_("Approved on"), report.approved_on],
        ]
    parts = [
        Table(_("Outline"), [item, content], overview),
        tables.results(figures),
        tables.by_department(figures),
        tables.by_kind(figures),
    ]
    if figures.last_year:
        parts.append(tables.comparison(figures, figures.last_year))
    if figures.questions:
        parts.append(tables.missed(figures))
    parts.append(Table(_("Evaluation"), [item, content], words))
    return [as_sheet(part) for part in parts]


def as_sheet(table: Table) -> Sheet:
    """`table` as a sheet; the widths of paper, which are shares, become characters."""
    widths = [column.width and column.width * 7 for column in table.columns]
    return Sheet(table.title, table.headings, table.known, widths)


def summary_pdf(
    rows: Sequence[SummaryRow], *, now: datetime, years: str, uses_wareki: bool = False
) -> bytes:
    """教育実施サマリー on paper.

    Args:
        rows: the trainings, oldest first.
        now: the moment of printing.
        years: which fiscal years these are, in words.
        uses_wareki: years of the Japanese era.
    """
    facts = {
        "masthead": masthead(
            now=now,
            issued_on=timezone.localdate(now),
            lead=_("Trainings of %(years)s.") % {"years": years},
            uses_wareki=uses_wareki,
        ),
        "table": _set(
            tables.summary_table(rows, day=format_wareki if uses_wareki else date.isoformat)
        ),
    }
    return _render("training/summary", facts, title=_("Training summary"), now=now)


def _render(paper: str, facts: dict[str, Any], *, title: str, now: datetime) -> bytes:
    language = translation.get_language() or "ja"
    return render_pdf(paper, facts, title=title, language=language[:2], issued_at=now)
