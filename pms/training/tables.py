"""Tables of the training report and of the yearly summary, the same on page, paper and workbook."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from pms.core.pdf import Column
from pms.core.text import listed
from pms.organization.choices import EmploymentKind
from pms.organization.models import in_language

from .choices import Topic
from .models import Campaign
from .reports import SummaryRow
from .services.figures import Figures, Group, LastYear, MissedQuestion

type Day = Callable[[date], str]

UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """Facts in rows.

    Attributes:
        title: what the table shows; differs from the titles beside it.
        columns: their headings, kinds and widths on paper.
        rows: texts and numbers; a number with a fraction has one decimal, None is unknown.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]

    @property
    def headings(self) -> list[str]:
        """The first row."""
        return [column.label for column in self.columns]

    @property
    def printed(self) -> list[list[Any]]:
        """The rows for paper, where every fraction shows its decimal."""
        return [[printed(cell) for cell in row] for row in self.rows]

    @property
    def known(self) -> Iterator[list[Any]]:
        """The rows for a workbook, where an empty cell would look like one to be filled in."""
        for row in self.rows:
            yield [UNKNOWN if cell is None else cell for cell in row]

    @property
    def cells(self) -> list[list[tuple[Column, str]]]:
        """The rows for a page: each cell in words, with its column."""
        return [
            [(column, in_words(cell)) for column, cell in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]


def printed(value: Any) -> Any:
    """`value` as a cell on paper."""
    return f"{value:.1f}".replace("-", "−") if isinstance(value, float) else value


def in_words(value: Any) -> str:
    """`value` as a reader sees it; unknown is not zero."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, int | float):
        places = 1 if isinstance(value, float) else 0
        return formats.number_format(value, places, force_grouping=True)
    return str(value)


def results(figures: Figures) -> Table:
    """What came of the training, in people; the average is in points."""
    return Table(
        _("Results"),
        [Column(_("Item")), Column(_("Number"), "number")],
        [
            [_("Everybody on the list"), figures.population],
            [_("Excused"), figures.excused],
            [_("To be trained"), figures.targeted],
            [_("Trained"), figures.attended],
            [_("Not trained"), figures.not_attended],
            [_("Attendance rate (%)"), figures.attendance_rate],
            [_("Passed at first"), figures.passed_first],
            [_("Passed after failing"), figures.passed_later],
            [_("Not completed yet"), figures.open],
            [_("Pass rate (%)"), figures.pass_rate],
            [_("Average score"), figures.average],
        ],
    )


def by_department(figures: Figures) -> Table:
    """The results of each department of the snapshot."""
    named = ((it, in_language(it.name, it.name_en)) for it in figures.departments)
    return _by_group(_("Results by department"), _("Department"), named)


def by_kind(figures: Figures) -> Table:
    """The results of each employment kind of the snapshot."""
    named = ((it, kind_in_words(it)) for it in figures.kinds)
    return _by_group(_("Results by employment kind"), _("Employment kind"), named)


def kind_in_words(group: Group) -> str:
    """The employment kind that `group` is about."""
    return str(EmploymentKind(group.key).label)


def _by_group(title: str, heading: str, groups: Iterable[tuple[Group, str]]) -> Table:
    return Table(
        title,
        [
            Column(heading, width=4),
            Column(_("Everybody on the list"), "number", 1.6),
            Column(_("Excused"), "number", 1.2),
            Column(_("To be trained"), "number", 1.6),
            Column(_("Trained"), "number", 1.2),
            Column(_("Passed"), "number", 1.2),
            Column(_("Pass rate (%)"), "number", 1.6),
        ],
        [
            [
                name,
                it.population,
                it.excused,
                it.targeted,
                it.attended,
                it.passed,
                it.pass_rate,
            ]
            for it, name in groups
        ],
    )


def comparison(figures: Figures, before: LastYear) -> Table:
    """This year beside last year."""
    names = {
        "population": _("Everybody on the list"),
        "targeted": _("To be trained"),
        "attended": _("Trained"),
        "attendance_rate": _("Attendance rate (%)"),
        "passed": _("Passed"),
        "pass_rate": _("Pass rate (%)"),
        "average": _("Average score"),
    }
    return Table(
        _("Comparison with last year"),
        [
            Column(_("Item"), width=3),
            Column(_("This year"), "number", 1.5),
            Column(_("Last year"), "number", 1.5),
            Column(_("Change"), "number", 1.5),
        ],
        [
            [label, getattr(figures, name), getattr(before, name), _change(figures, before, name)]
            for name, label in names.items()
        ],
    )


def _change(figures: Figures, before: LastYear, name: str) -> float | None:
    now, then = getattr(figures, name), getattr(before, name)
    if now is None or then is None:
        return None
    return round(now - then, 1) if isinstance(now, float) else now - then


def missed(figures: Figures) -> Table:
    """The questions that most people got wrong, worst first."""
    return Table(
        _("Most-missed questions"),
        [
            Column(_("Question"), width=7),
            Column(_("Topic"), width=3.8),
            Column(_("Times answered"), "number", 1.4),
            Column(_("Wrong"), "number", 1.2),
            Column(_("Share wrong (%)"), "number", 1.6),
        ],
        [
            [_question(it), str(Topic(it.topic).label), it.asked, it.wrong, it.share]
            for it in figures.missed
        ],
    )


def _question(missed: MissedQuestion) -> str:
    return in_language(missed.text, missed.text_en)


def unchanged_in_words(figures: Figures) -> str:
    """How much of the test is last year's; empty if there is no test."""
    if not figures.questions:
        return ""
    if figures.unchanged is None:
        return _("There is no test of last year to compare the questions with.")
    return _(
        "%(unchanged)s of %(questions)s questions (%(share)s %%) are word for word as last year."
    ) % {
        "unchanged": figures.unchanged,
        "questions": figures.questions,
        "share": in_words(figures.unchanged_share),
    }


def summary_table(rows: Iterable[SummaryRow], *, day: Day = date.isoformat) -> Table:
    """教育実施サマリー: one training a row, in the columns that the application asks for."""
    return Table(
        _("Training summary"),
        [
            Column(_("Fiscal year"), width=1.6),
            Column(_("Period"), width=2.2),
            Column(_("Training"), width=3),
            Column(_("For whom"), width=3),
            Column(_("Number to be trained"), "number", 1.5),
            Column(_("Number trained"), "number", 1.5),
            Column(_("Method"), width=2.4),
            Column(_("Content and material"), width=4),
            Column(_("How comprehension was checked"), width=2.6),
            Column(_("Follow-up of absentees"), width=2.6),
        ],
        [
            [
                str(row.campaign.cycle),
                period_in_words(row.campaign, day=day),
                str(row.campaign),
                row.target,
                row.figures.targeted,
                row.figures.attended,
                row.methods or None,
                content_in_words(row.campaign),
                row.comprehension or None,
                row.follow_up or None,
            ]
            for row in rows
        ],
    )


def period_in_words(campaign: Campaign, *, day: Day = date.isoformat) -> str:
    """First and last day, each as `day` writes it; says so while it is open."""
    facts = {"first": day(campaign.starts_on), "last": day(campaign.ends_on)}
    if campaign.is_open:
        return _("%(first)s – %(last)s (still open)") % facts
    return _("%(first)s – %(last)s") % facts


def content_in_words(campaign: Campaign) -> str:
    """The material that was handed out, with the topics that it covers."""
    material = str(campaign.course_version)
    topics = [str(topic.label) for topic in campaign.topics]
    if not topics:
        return material
    return _("%(material)s (%(topics)s)") % {
        "material": material,
        "topics": listed(topics),
    }
