"""Facts of a year for its pages and papers; each is one dataclass and one function."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from .choices import MilestoneStatus, Phase
from .deadlines import MONTHS, month_end, month_start
from .models import Cycle, Milestone

S = MilestoneStatus


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One phase of the year.

    Attributes:
        phase: plan, do, check or act.
        milestones: by due date.
        done, needed: how many are done of those that are needed.
    """

    phase: Phase
    milestones: list[Milestone]
    done: int
    needed: int


def board(milestones: Iterable[Milestone]) -> list[BoardColumn]:
    """The milestones of a year in the four columns of plan, do, check and act."""
    rows = list(milestones)
    columns = []
    for phase in Phase:
        here = [it for it in rows if it.phase == phase]
        columns.append(
            BoardColumn(
                phase=phase,
                milestones=here,
                done=sum(it.status == S.DONE for it in here),
                needed=sum(it.status != S.DROPPED for it in here),
            )
        )
    return columns


@dataclass(frozen=True, slots=True)
class Cell:
    """One section of the guideline in one month.

    Attributes:
        first, last: the month's first and last day.
        done, open, late: how many milestones are done, open, and open after their day.
        state: of the whole cell: late before open before done; empty for none.
    """

    first: date
    last: date
    done: int
    open: int
    late: int

    @property
    def total(self) -> int:
        """All milestones of the cell that are needed."""
        return self.done + self.open + self.late

    @property
    def state(self) -> str:
        """What a person sees first: somebody must act, work goes on, all is done."""
        if self.late:
            return "overdue"
        if self.open:
            return "open"
        return "done" if self.done else ""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One section of the guideline through the year; `section` is "-" for what has no clause."""

    section: str
    title: str
    cells: list[Cell]


def heat_map(
    cycle: Cycle, milestones: Iterable[Milestone], sections: Mapping[str, str], today: date
) -> list[HeatRow]:
    """Sections of the guideline × the months of the year, each with what is due there.

    Args:
        cycle: the year.
        milestones: of the year, with their clauses.
        sections: titles of the guideline's sections, by number.
        today: the day that tells late from open.
    """
    counts: Counter[tuple[str, int, str]] = Counter()
    titles: dict[str, str] = {}
    for it in milestones:
        if it.status == S.DROPPED:
            continue
        section = ".".join(it.clause.code.split(".")[:2]) if it.clause else "-"
        if it.clause:
            # A section with one clause only has no heading of its own.
            titles.setdefault(section, f"{section} {sections.get(section, it.clause.name)}")
        else:
            titles[section] = _("Without a clause")
        month = min(max(it.month, 0), MONTHS - 1)
        kind = "done" if it.status == S.DONE else "late" if it.due_on < today else "open"
        counts[section, month, kind] += 1
    months = [
        (month_start(cycle.starts_on, it), month_end(cycle.starts_on, it)) for it in range(MONTHS)
    ]
    return [
        HeatRow(
            section,
            titles[section],
            [
                Cell(
                    first,
                    last,
                    *(counts[section, index, kind] for kind in ("done", "open", "late")),
                )
                for index, (first, last) in enumerate(months)
            ],
        )
        for section in sorted(titles, key=_natural)
    ]


def _natural(section: str) -> tuple[int, ...]:
    """J.2 before J.10; what has no clause comes last."""
    if section == "-":
        return (10_000,)
    return tuple(int(part) for part in section.split(".")[1:])
