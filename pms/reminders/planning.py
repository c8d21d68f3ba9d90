"""Which steps of a duty have come due on a day; plain arithmetic of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pms.organization.calendar import WorkingDays

from .rules import Audience, Occurrence, Step


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of a duty, on the working day that it falls on.

    Attributes:
        key: as the ledger keeps it.
        planned_on: the working day; of a rule that tells on any day, the day itself.
    """

    key: str
    planned_on: date


class Timetable:
    """The steps of one rule that have come due by a day.

    Most duties of a rule share their days, so each pair of days is worked out once.

    Args:
        steps: of the rule.
        today: the day of the run.
        calendar: the company's working days; None for steps that fall on any day.
    """

    def __init__(self, steps: Sequence[Step], *, today: date, calendar: WorkingDays | None) -> None:
        self.today = today
        self.calendar = calendar
        self.steps = {it: [step for step in steps if step.audience == it] for it in Audience}
        self._known: dict[tuple[date, date], dict[Audience, tuple[PlannedStep, ...]]] = {}

    def come_due(self, *, due_on: date, arose_on: date) -> dict[Audience, tuple[PlannedStep, ...]]:
        """For each audience the steps that have come due, the newest last; never an empty row.

        A step before the duty arose does not count: who gets three days is not told that a
        fortnight is left.

        Args:
            due_on: the last day of the duty.
            arose_on: the day from which the person has had it.
        """
        known = self._known.get((due_on, arose_on))
        if known is None:
            rows = {it: self._of(it, due_on, arose_on) for it in Audience}
            known = {audience: steps for audience, steps in rows.items() if steps}
            self._known[due_on, arose_on] = known
        return known

    def _of(self, audience: Audience, due_on: date, arose_on: date) -> tuple[PlannedStep, ...]:
        found = {}
        for number, step in enumerate(self.steps[audience]):
            for it in step.occurrences(due_on=due_on, arose_on=arose_on, today=self.today):
                planned_on = self._day_of(it)
                if arose_on <= planned_on <= self.today:
                    found[it.key] = (planned_on, it.day, number)
        return tuple(
            PlannedStep(key, found[key][0]) for key in sorted(found, key=found.__getitem__)
        )

    def _day_of(self, occurrence: Occurrence) -> date:
        if self.calendar is None:
            return occurrence.day
        if occurrence.is_moved_back:
            return self.calendar.previous_working_day(occurrence.day)
        return self.calendar.next_working_day(occurrence.day)
