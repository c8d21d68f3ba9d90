"""What is told to whom and when, as data: a rule names its steps and where its subjects come from.

An app above writes its rule down beside its subject (`training/reminders.py`, …), and
`dashboard/reminders.py` lists all of them. Nothing here asks the database.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pms.core.text import listed

DAY: Final = 1
WEEK: Final = 7
# So many names stand in one line for a manager; the rest is counted.
NAMES_SHOWN: Final = 20


class Audience(StrEnum):
    """Who is told at a step."""

    PERSON = "person"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day on which a step falls for a due date, before it is moved to a working day.

    Attributes:
        key: names it in the ledger, e.g. "before:14" or "manager:after:7".
        day: the calendar day that the rule says.
        is_moved_back: whether it is moved to the working day before a free day (a warning that
            comes after the day is none) or to the one after it.
    """

    key: str
    day: date
    is_moved_back: bool


@dataclass(frozen=True, slots=True)
class Step:
    """When, seen from the due date, somebody is told. Made by the helpers below.

    Attributes:
        offset: calendar days from the due date, negative before it; None: the day the duty arose.
        audience: the person concerned, or whoever manages their department.
        every: it comes again every so many days; None: it comes once.
        until: of a step that comes again, the last offset; None: as long as the duty is open.
    """

    offset: int | None
    audience: Audience = Audience.PERSON
    every: int | None = None
    until: int | None = None

    @property
    def key(self) -> str:
        """The name of its first occurrence."""
        return self._key(self.offset)

    def for_manager(self) -> "Step":
        """The same step, told to whoever manages the person's department."""
        return replace(self, audience=Audience.MANAGER)

    def occurrences(self, *, due_on: date, arose_on: date, today: date) -> Iterator[Occurrence]:
        """The days on which it falls, in order; of one that comes again those up to `today`.

        Args:
            due_on: the last day of the duty.
            arose_on: the day from which the person has had the duty.
            today: the day of the run.
        """
        if self.offset is None:
            yield Occurrence(self._key(None), arose_on, is_moved_back=False)
            return
        offset = self.offset
        yield Occurrence(self._key(offset), due_on + timedelta(offset), is_moved_back=offset <= 0)
        last = (today - due_on).days
        if self.every:
            last = last if self.until is None else min(last, self.until)
            for later in range(offset + self.every, last + 1, self.every):
                yield Occurrence(self._key(later), due_on + timedelta(later), is_moved_back=False)

    def _key(self, offset: int | None) -> str:
        if offset is None:
            name = "start"
        elif offset == 0:
            name = "on"
        else:
            name = f"before:{-offset}" if offset < 0 else f"after:{offset}"
        return name if self.audience == Audience.PERSON else f"{self.audience}:{name}"


def at_the_start() -> Step:
    """On the day the duty arises, or on the working day after it."""
    return Step(None)


def before(days: int) -> Step:
    """So many calendar days before the due date, or on the working day before that."""
    return Step(-_positive(days))


def on_the_day() -> Step:
    """On the due date, or on the working day before it."""
    return Step(0)


def after(days: int) -> Step:
    """So many calendar days after the due date, or on the working day after that."""
    return Step(_positive(days))


def weekly_after(days: int = WEEK, *, until: int | None = None) -> Step:
    """From so many calendar days after the due date on every seven days while it is open.

    Args:
        days: the first time, in days after the due date.
        until: the last time at most so many days after the due date; None: without end.
    """
    return Step(_positive(days), every=WEEK, until=until)


def daily_after(days: int = DAY) -> Step:
    """From so many calendar days after the due date on every day while it is open.

    Args:
        days: the first time, in days after the due date.
    """
    return Step(_positive(days), every=DAY)


def for_manager(*steps: Step) -> tuple[Step, ...]:
    """The same steps, told to whoever manages the department of the person concerned."""
    return tuple(step.for_manager() for step in steps)


def _positive(days: int) -> int:
    if days < 1:
        raise ValueError(f"A step lies at least one day away from the due date, not {days}.")
    return days


class Subject(NamedTuple):
    """One open duty of one person about one object.

    A run makes one for everybody who is not through, and a tuple is made in a fraction of the time.

    Attributes:
        object_id: primary key of a row of the rule's model.
        person_id: the `organization.Person` whose duty it is.
        due_on: the last day. Another day is another key of the ledger: every step is planned anew.
        arose_on: since when the person has had the duty; steps that fall before it never count.
        title: what it is about; `str(title)` is read in the language of whoever is told, so it may
            be a text, a lazy text, or a record. Subjects of equal title share a manager's line.
        url: where the person does it. Lazy texts do best: nearly every duty was told of before and
            nobody asks for its page, and to load the addresses of all pages takes longer than a run
            with nothing to tell.
        list_url: where a manager sees all of that title; empty: nowhere. As `url`.
    """

    object_id: int
    person_id: int
    due_on: date
    arose_on: date
    title: object
    url: str | Promise
    list_url: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of a digest says; put into words by the rule in the reader's language.

    Attributes:
        step: key of the newest step.
        today: the day of telling.
        subjects: the duty itself for the person concerned; for a manager all duties of one title in
            one department, the earliest due date first.
        names: of a manager's line, whose duties they are, in the same order; else empty.
        department: of a manager's line, where those people belong; else empty.
        is_to_pass_on: of a manager's line, whether these people cannot be reached by mail, so that
            the manager has to tell them.
    """

    step: str
    today: date
    subjects: Sequence[Subject]
    names: Sequence[str] = ()
    department: str = ""
    is_to_pass_on: bool = False

    @property
    def due_on(self) -> date:
        """The earliest due date."""
        return min(it.due_on for it in self.subjects)

    @property
    def is_overdue(self) -> bool:
        """Whether that day is over."""
        return self.due_on < self.today

    @property
    def title(self) -> str:
        """What it is about, in the language in force."""
        return str(self.subjects[0].title)


def in_plain_words(line: Line) -> str:
    """A line that fits every duty with a due date; a rule may put it better."""
    facts = {
        "title": line.title,
        "day": date_format(line.due_on, "SHORT_DATE_FORMAT"),
        "department": line.department,
        "names": names_in_words(line.names),
    }
    if line.is_to_pass_on:
        text = _("Please tell %(names)s (%(department)s): “%(title)s”, due date %(day)s.")
    elif line.names and line.is_overdue:
        text = _("“%(title)s” (%(department)s): overdue, the first since %(day)s: %(names)s")
    elif line.names:
        text = _("“%(title)s” (%(department)s): due on %(day)s, still open: %(names)s")
    elif line.is_overdue:
        text = _("“%(title)s” is overdue. It was due on %(day)s.")
    elif line.due_on == line.today:
        text = _("“%(title)s” is due today, %(day)s.")
    else:
        text = _("“%(title)s” is due on %(day)s.")
    return text % facts


def names_in_words(names: Sequence[str]) -> str:
    """The names in a row; from the twenty-first on they are counted."""
    shown = listed(list(names[:NAMES_SHOWN]))
    rest = len(names) - NAMES_SHOWN
    if rest <= 0:
        return shown
    return ngettext("%(names)s and %(rest)s other", "%(names)s and %(rest)s others", rest) % {
        "names": shown,
        "rest": rest,
    }


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of duty that people are reminded of.

    Attributes:
        name: "<app>.<duty>", as the ledger keeps it for good.
        label: what the digest and the list call it.
        model: label of the model that subjects are rows of, e.g. "training.TrainingRecord".
        steps: when who is told; each kind of step once for each audience.
        subjects: all open duties of a day, in a constant number of queries whatever their number.
        word: puts a line of the digest into words, in the language in force; lines of equal step,
            title and dates read the same to everybody whose own duty it is.
        on_any_day: whether it is told on weekends and holidays, too, on the very day of the step:
            for days of the law, which do not wait for the office.
        permission: for duties that not everybody may know of: who may see in the ledger that
            somebody else was told. Nobody is asked to pass such a thing on. Empty: no such duty.
    """

    name: str
    label: str | Promise
    model: str
    steps: tuple[Step, ...]
    subjects: Callable[[date], Iterable[Subject]]
    word: Callable[[Line], str] = field(default=in_plain_words)
    on_any_day: bool = False
    permission: str = ""

    def __post_init__(self) -> None:
        keys = [step.key for step in self.steps]
        if len(set(keys)) != len(keys):
            raise ValueError(f"The rule {self.name} has one step twice: {', '.join(keys)}.")
