"""The one message that somebody gets on a day: every duty that came due, in lines by rule."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from pms.notifications.writing import Notice, language_of, link_to
from pms.organization.models import Person

from .addressees import Addressees
from .rules import Line, Rule, Subject

# The lines about one's own duties that have been put into words in one language.
type _Said = dict[tuple[str, str, str, date], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of one duty, to be told to somebody.

    Attributes:
        rule, subject: which duty.
        step: key of the step.
        recipient_id: the person who is told.
        is_to_pass_on: whether a manager is told because the person concerned cannot be.
    """

    rule: Rule
    subject: Subject
    step: str
    recipient_id: int
    is_to_pass_on: bool = False

    @property
    def is_own(self) -> bool:
        """Whether it is the recipient's own duty."""
        return self.recipient_id == self.subject.person_id


def digests(
    entries: Iterable[Entry],
    *,
    addressees: Addressees,
    today: date,
    written: Mapping[int, int],
) -> Iterator[Notice]:
    """One notice for each recipient.

    Args:
        entries: what is told, each duty once for each recipient.
        addressees: everybody whom the entries name, loaded.
        today: the day of telling.
        written: for each account the number of digests that it got today already.
    """
    by_recipient: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_recipient[entry.recipient_id].append(entry)
    home = reverse("dashboard:home")
    said: dict[str, _Said] = defaultdict(dict)
    for person_id, told in by_recipient.items():
        user: Any = addressees.person(person_id).user
        language = language_of(user)
        with override(language):
            groups = _groups(told, addressees, today, said[language])
        lines = [line for group in groups for line in group["lines"]]
        number = written.get(user.pk, 0) + 1
        yield Notice(
            recipient=user,
            kind="reminders.digest",
            key=f"digest:{today}" if number == 1 else f"digest:{today}:{number}",
            url=(lines[0]["url"] if len(lines) == 1 else "") or home,
            facts={"groups": groups, "count": len(lines), "home": link_to(home)},
            is_duty=True,
        )


def _groups(
    entries: Sequence[Entry], addressees: Addressees, today: date, said: _Said
) -> list[dict[str, Any]]:
    """Lines under the label of their rule: overdue first, then by due date."""
    by_rule: dict[str, list[tuple[Rule, Line]]] = defaultdict(list)
    for rule, line in sorted(_lines(entries, addressees, today), key=_urgency):
        by_rule[rule.name].append((rule, line))
    return [
        {"label": str(found[0][0].label), "lines": [_in_words(*it, said) for it in found]}
        for found in by_rule.values()
    ]


def _urgency(rule_and_line: tuple[Rule, Line]) -> tuple[bool, date, bool]:
    line = rule_and_line[1]
    return (not line.is_overdue, line.due_on, bool(line.names))


def _in_words(rule: Rule, line: Line, said: _Said) -> dict[str, str]:
    first = line.subjects[0]
    if line.names:
        text, path = rule.word(line), str(first.list_url)
    else:
        # Ten thousand people may have the same to do by the same day.
        key = (rule.name, line.step, line.title, line.due_on)
        if key not in said:
            said[key] = rule.word(line)
        text, path = said[key], str(first.url)
    return {"text": text, "url": path, "link": link_to(path) if path else ""}


def _lines(
    entries: Sequence[Entry], addressees: Addressees, today: date
) -> Iterator[tuple[Rule, Line]]:
    """A line for each duty of one's own; others' duties of one title and department share one."""
    shared: dict[tuple[Any, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.is_own:
            yield entry.rule, Line(entry.step, today, (entry.subject,))
        else:
            place = addressees.department_of(entry.subject.person_id)
            title = str(entry.subject.title)
            shared[entry.rule.name, title, place, entry.is_to_pass_on].append(entry)
    for (__, __, place, is_to_pass_on), found in shared.items():
        found.sort(key=lambda it: (it.subject.due_on, _number(addressees, it)))
        yield (
            found[0].rule,
            Line(
                step=found[0].step,
                today=today,
                subjects=tuple(it.subject for it in found),
                names=tuple(_concerned(addressees, it).full_name for it in found),
                department=str(place or _("No department")),
                is_to_pass_on=is_to_pass_on,
            ),
        )


def _concerned(addressees: Addressees, entry: Entry) -> Person:
    return addressees.person(entry.subject.person_id)


def _number(addressees: Addressees, entry: Entry) -> str:
    return _concerned(addressees, entry).employee_number
