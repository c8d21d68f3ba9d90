"""Days of corrective actions; pure functions, and what they give is stored when the duty arises."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from pms.cycles.deadlines import add_months

# The effect is looked at once the measures have had time to show it: three months, our own rule
# (the guideline asks for a review of effectiveness, J.7.1, and names no time). The company may set
# its own months for each grade: `settings.EFFECT_WAIT_MONTHS`.
WAIT_MONTHS: Final = 3
# From the first day on which the effect can be checked; our own rule.
DAYS_TO_CHECK: Final = 30

# Examiner's findings are answered within three months of the visit, repeated ones within one
# month each (PrivacyMark practice as examining bodies' guides tell it; secondary source).
ANSWER_MONTHS: Final = 3
ANSWER_MONTHS_REPEATED: Final = 1

# The same clause and department, or the same kind of cause, so many months back is a recurrence.
RECURRENCE_MONTHS: Final = 24


def check_from(done_on: date, grade: str, waits: Mapping[str, int]) -> date:
    """The first day on which the effect of measures carried out by `done_on` can be checked.

    Args:
        done_on: the day the last measure was carried out.
        grade: of the action.
        waits: months by grade; three months for a grade that is not named.
    """
    return add_months(done_on, waits.get(grade, WAIT_MONTHS))


def check_due(from_on: date) -> date:
    """The last day for a check that can be made from `from_on` on."""
    return from_on + timedelta(days=DAYS_TO_CHECK)


def answer_due(received_on: date, *, is_repeated: bool) -> date:
    """The last day for the answer to an examiner's finding.

    Args:
        received_on: the day of the visit, or on which the list of findings came.
        is_repeated: whether the examiner found the first answer insufficient.
    """
    return add_months(received_on, ANSWER_MONTHS_REPEATED if is_repeated else ANSWER_MONTHS)


def recurrence_since(found_on: date) -> date:
    """The first day on which an earlier nonconformity makes one of `found_on` a recurrence."""
    return add_months(found_on, -RECURRENCE_MONTHS)
