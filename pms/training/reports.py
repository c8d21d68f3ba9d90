"""Facts of training for pages and papers; each is one dataclass and one function."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pms.cycles.models import Cycle

from .models import Attempt, Campaign
from .models.records import TrainingRecordQuerySet
from .services.figures import Figures, report_figures

__all__ = [
    "AskedQuestion",
    "Figures",
    "Progress",
    "ProgressRow",
    "SummaryRow",
    "Tally",
    "asked_questions",
    "progress",
    "report_figures",
    "summary",
]


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of people by status; passed + excused + open = population, always."""

    passed: int = 0
    excused: int = 0
    not_started: int = 0
    in_progress: int = 0
    failed: int = 0

    @property
    def open(self) -> int:
        """Not yet through."""
        return self.not_started + self.in_progress + self.failed

    @property
    def population(self) -> int:
        """Everybody."""
        return self.passed + self.excused + self.open

    @property
    def targeted(self) -> int:
        """Everybody but those excused."""
        return self.passed + self.open

    @property
    def rate(self) -> float | None:
        """Passed of those targeted, per cent; None when nobody is targeted."""
        return 100 * self.passed / self.targeted if self.targeted else None


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One department or one employment kind.

    Attributes:
        key: department id or employment kind, for the list behind the number.
        label: its name.
        tally: its numbers.
    """

    key: int | str
    label: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is.

    Attributes:
        total: of the whole population.
        departments: by department of the snapshot, by code.
        kinds: by employment kind of the snapshot, in the order of `EmploymentKind`.
        cells: by department id and employment kind.
        curve: for each day on which somebody passed, how many had passed by then.
    """

    total: Tally
    departments: list[ProgressRow]
    kinds: list[ProgressRow]
    cells: dict[tuple[int, str], Tally]
    curve: list[tuple[date, int]]


def progress(campaign: Campaign, *, records: TrainingRecordQuerySet | None = None) -> Progress:
    """Count a campaign's records by department, employment kind and status, and the curve.

    Two queries, of which the one over the records is answered by the index
    `trainingrecord_progress` alone: it costs the campaign's rows, however many others there are.

    Args:
        campaign: in any state; before its opening all numbers are 0.
        records: only these, e.g. `campaign.records.visible_to(user)`.
    """
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One training on the 教育実施サマリー. What is not known yet is None.

    Attributes:
        campaign: the training, with its cycle and course.
        target: for whom, in words.
        methods: how people were trained, in words, most frequent first.
        comprehension: how comprehension was checked, in words.
        follow_up: what was done about absentees, in words.
        figures: the numbers: frozen if it is closed, else as they are now.
    """

    campaign: Campaign
    target: str
    methods: str
    comprehension: str
    follow_up: str
    figures: Figures


def summary(cycles: Iterable[Cycle]) -> list[SummaryRow]:
    """The trainings of `cycles` that were opened, oldest first, one row each.

    The application asks for the last two fiscal years (教育実施サマリー of the PrivacyMark forms).
    """
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question of somebody's paper, in the order of the paper.

    Attributes:
        id: of the CampaignQuestion; answers are sent under it.
        text, explanation: in the reader's language; the explanation is "" until the test is sent.
        kind: a `QuestionKind`.
        choices: place in the content, text, whether it is chosen, and whether it is correct (None
            until the test is sent).
        is_right: whether it was answered right; None until the test is sent.
    """

    id: int
    text: str
    explanation: str
    kind: str
    choices: list[dict[str, Any]]
    is_right: bool | None


def asked_questions(attempt: Attempt) -> list[AskedQuestion]:
    """The paper of `attempt` with what is chosen so far, and marked once it is sent; one query."""
    raise NotImplementedError
