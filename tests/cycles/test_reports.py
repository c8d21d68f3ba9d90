"""The board and the map of months: every milestone stands in one place, and the numbers add up."""

from datetime import date

import pytest

from pms.cycles.choices import MilestoneStatus, Phase
from pms.cycles.reports import board, heat_map

from .factories import ClauseFactory, CycleFactory, MilestoneFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 10)


class TestBoard:
    def test_has_four_columns_in_order(self):
        assert [it.phase for it in board([])] == list(Phase)

    def test_counts_what_is_done_of_what_is_needed(self):
        rows = [
            MilestoneFactory(phase=Phase.DO, done=True),
            MilestoneFactory(phase=Phase.DO),
            MilestoneFactory(phase=Phase.DO, status=MilestoneStatus.DROPPED),
            MilestoneFactory(phase=Phase.ACT),
        ]
        counts = {it.phase: (it.done, it.needed, len(it.milestones)) for it in board(rows)}
        assert counts == {"plan": (0, 0, 0), "do": (1, 2, 3), "check": (0, 0, 0), "act": (0, 1, 1)}


class TestHeatMap:
    def cells(self, rows, **options):
        cycle = CycleFactory()
        return {
            row.section: [(cell.done, cell.open, cell.late) for cell in row.cells]
            for row in heat_map(cycle, rows, {}, TODAY)
        }

    def test_puts_each_into_its_month_and_state(self):
        clause = ClauseFactory(code="J.6.2")
        found = self.cells(
            [
                MilestoneFactory(clause=clause, due_on=date(2026, 4, 30), done=True),
                MilestoneFactory(clause=clause, due_on=date(2026, 9, 30), missed=True),
                MilestoneFactory(clause=clause, due_on=date(2027, 3, 31)),
                MilestoneFactory(clause=clause, due_on=date(2026, 10, 10)),
            ]
        )
        (row,) = found.values()
        assert list(found) == ["J.6"]
        assert row[0] == (1, 0, 0)
        assert row[5] == (0, 0, 1)
        assert row[6] == (0, 1, 0)  # due today is not late
        assert row[11] == (0, 1, 0)
        assert sum(map(sum, row)) == 4

    def test_leaves_out_what_is_not_needed(self):
        assert self.cells([MilestoneFactory(status=MilestoneStatus.DROPPED)]) == {}

    def test_sorts_sections_by_number_and_puts_the_rest_last(self):
        rows = [MilestoneFactory(clause=ClauseFactory(code=code)) for code in ("J.10.1", "J.9.4")]
        assert list(self.cells([*rows, MilestoneFactory()])) == ["J.9", "J.10", "-"]

    def test_shows_what_was_moved_beyond_the_year_in_its_last_month(self):
        found = self.cells([MilestoneFactory(due_on=date(2027, 6, 30))])
        assert found["-"][11] == (0, 1, 0)
