"""The roster, read from a file: who works here, where they belong, who has left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from django import forms
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pms.accounts.models import User
from pms.core.forms import DayInput
from pms.core.text import fold, fold_code, listed
from pms.transfer.choices import RowStatus
from pms.transfer.importers import Cell, Importer, OptionsForm, PlannedRow
from pms.transfer.models import ImportRun

from .exceptions import DutyConflictError
from .models import Affiliation, Appointment, Department, DepartmentName, Leave, Person
from .resources import HEADINGS, KIND_WORDS
from .roster_writing import ENDING, Changes, RosterWriter
from .rosters import PAIRS, TEXTS, DepartmentFinder, Entry, RowReader
from .services import check_affiliation
from .stays import (
    Place,
    RefusedError,
    Stay,
    clashes,
    join_on,
    leave_on,
    main_on,
    move_on,
)

PERSON_FIELDS: Final = ("id", "employee_number", *TEXTS, "email", "joined_on", "left_on", "user_id")
type Ending = tuple[type[Leave | Appointment], int, date, date | None]


class PeopleOptions(OptionsForm):
    """What a roster cannot say by itself."""

    effective_on = forms.DateField(
        label=gettext_lazy("Changes hold from"),
        help_text=gettext_lazy(
            "The first day with the new department, employment kind or post. A day in a column "
            "発令日 of the file goes before this one."
        ),
        widget=DayInput,
    )
    accounts = forms.BooleanField(
        label=gettext_lazy("Open accounts for people with an email address"), required=False
    )
    invitations = forms.BooleanField(
        label=gettext_lazy("Invite them by email to set a password"),
        help_text=gettext_lazy("Only people whose account this import opens are invited."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_on"].initial = self.today


@dataclass(slots=True)
class Known:
    """What the database knows about one person.

    Attributes:
        facts: fields of the person.
        stays: affiliations, by their first day.
        endings: leaves and appointments: model, id, first and last day.
    """

    facts: dict[str, Any]
    stays: list[Stay] = field(default_factory=list)
    endings: list[tuple[type[Leave | Appointment], int, date, date | None]] = field(
        default_factory=list
    )


class PeopleImporter(Importer):
    """People matched by employee number; nobody is ever deleted."""

    key = "people"
    title = gettext_lazy("Roster")
    explanation = gettext_lazy(
        "One row a person, matched by the employee number. People who are not in the file stay as "
        "they are. Concurrent posts are entered on the page of the person."
    )
    permission = "organization.import_people"
    headings = HEADINGS
    alternatives = (("family_name", "name"), ("department_code", "department"))
    locks = (Person, Affiliation, Leave, Appointment)
    options_form = PeopleOptions

    def prepare(self) -> None:
        """Load departments, and the numbers that begin with a zero."""
        former: dict[int, set[str]] = {}
        for pk, name, name_en in DepartmentName.objects.values_list(
            "department_id", "name", "name_en"
        ):
            former.setdefault(pk, set()).update((name, name_en))
        self._departments = DepartmentFinder(list(Department.objects.all()), former)
        self._reader = RowReader(self.columns, self._departments)
        self._default_day = date.fromisoformat(self.options["effective_on"])
        self._opens_accounts = bool(self.options.get("accounts"))
        self._padded = {
            number.lstrip("0"): number
            for number in Person.objects.filter(employee_number__startswith="0").values_list(
                "employee_number", flat=True
            )
        }
        self._row_of: dict[str, int] = {}  # employee number → first row that has it
        self._row_of_email: dict[str, int] = {}
        self._twins: dict[int, list[tuple[str, int]]] = {}  # row → column and later row
        self._known: dict[str, Known] = {}
        self._owner_of: dict[str, str] = {}  # address of an account → employee number, or ""

    def look_up(self, rows: Sequence[Mapping[str, Cell]]) -> None:
        """Load the people of the next rows, with everything dated about them."""
        numbers = {fold_code(str(row["employee_number"])) for row in rows}
        people = Person.objects.filter(employee_number__in=numbers).values(*PERSON_FIELDS)
        by_id = {facts["id"]: Known(facts) for facts in people}
        self._known = {known.facts["employee_number"]: known for known in by_id.values()}
        if by_id:
            self._look_up_periods(by_id)
        if self._opens_accounts and "email" in self.columns:
            emails = {fold(str(row["email"])).lower() for row in rows} - {""}
            self._owner_of = dict(
                User.objects.annotate(address=Lower("email"))
                .filter(address__in=emails)
                .values_list("address", "person__employee_number")
            )

    def _look_up_periods(self, by_id: Mapping[int, Known]) -> None:
        columns = ("person_id", "id", "starts_on", "ends_on")
        for person_id, pk, starts_on, ends_on, is_primary, *place in (
            Affiliation.objects.filter(person__in=list(by_id))
            .order_by("starts_on")
            .values_list(*columns, "is_primary", "department_id", "employment_kind", "post")
        ):
            stay = Stay(pk, Place(*place), is_primary, starts_on, ends_on)
            by_id[person_id].stays.append(stay)
        for model in ENDING:
            rows = model._base_manager.filter(person__in=list(by_id)).values_list(*columns)
            for person_id, pk, starts_on, ends_on in rows:
                by_id[person_id].endings.append((model, pk, starts_on, ends_on))

    # --- Planning -------------------------------------------------------------------------------

    def plan(self, number: int, values: Mapping[str, Cell]) -> PlannedRow:
        """Say what would happen with one person."""
        entry = self._reader.read(values)
        known = self._known.get(entry.number)
        self._check_twins(number, entry)
        self._check_numbers(entry, known)
        planned = PlannedRow(
            number, RowStatus.ERROR, entry.number, entry.label, errors=entry.errors
        )
        if not entry.errors:
            try:
                if known is None:
                    self._plan_new(planned, entry)
                else:
                    self._plan_known(planned, entry, known)
            except RefusedError as refusal:
                column = refusal.column
                if column == "department_code" and column not in self.columns:
                    column = "department"
                planned.status = RowStatus.ERROR
                planned.errors.append((column, str(refusal)))
        return planned

    def _check_twins(self, number: int, entry: Entry) -> None:
        """Refuse a second row about one person, or with one account's address."""
        if entry.number:
            first = self._row_of.setdefault(entry.number, number)
            if first != number:
                self._twins.setdefault(first, []).append(("employee_number", number))
                entry.errors.append(("employee_number", _twin(entry.number, first)))
        email = entry.facts.get("email")
        if email and self._opens_accounts:
            first = self._row_of_email.setdefault(email, number)
            if first != number:
                self._twins.setdefault(first, []).append(("email", number))
                entry.errors.append(("email", _twin_address(email, first)))

    def _check_numbers(self, entry: Entry, known: Known | None) -> None:
        padded = self._padded.get(entry.number)
        if entry.number and known is None and padded is not None:
            message = _(
                "The system knows %(padded)s, but not %(number)s. A spreadsheet has probably "
                "removed the zeros in front. Please enter the number as text, or register this "
                "person on a page if the number is right."
            ) % {"padded": padded, "number": entry.number}
            entry.errors.append(("employee_number", message))

    def _plan_new(self, planned: PlannedRow, entry: Entry) -> None:
        facts, place = entry.facts, entry.place
        for name, value in (
            ("joined_on", facts.get("joined_on")),
            ("department_code", place.department_id),
            ("employment_kind", place.kind),
        ):
            if value is None:
                raise RefusedError(name, _("Please fill this in: the person is new here."))
        joined_on, left_on = facts["joined_on"], facts.get("left_on")
        _check_order(joined_on, left_on)
        self._check_department(place.department_id, left_on or self._day(entry))
        planned.status = RowStatus.NEW
        planned.changes = {name: (None, value) for name, value in facts.items() if value}
        planned.changes |= self._place_changes(Place(None, None, None), place)
        planned.payload = {
            "person": facts | {"employee_number": entry.number},
            "stay": (place.department_id, place.kind, place.post or "", joined_on, left_on),
            "account": self._wants_account(entry, None),
        }

    def _plan_known(self, planned: PlannedRow, entry: Entry, known: Known) -> None:
        facts = self._different(entry.facts, known.facts)
        changes: Changes = {name: (known.facts[name], value) for name, value in facts.items()}
        payload: dict[str, Any] = {}
        joined_on = facts.get("joined_on", known.facts["joined_on"])
        left_on = facts["left_on"] if "left_on" in facts else known.facts["left_on"]
        before = [replace(stay) for stay in known.stays]
        if "joined_on" in facts or "left_on" in facts:
            _check_order(joined_on, left_on)
        if "joined_on" in facts:
            join_on(known.stays, known.facts["joined_on"], joined_on)
        if "left_on" in facts:
            leave_on(known.stays, known.facts["left_on"], left_on)
            payload["endings"], planned.note = self._endings(known, left_on)
        changes |= self._move(entry, known, joined_on, left_on)
        if known.stays != before:
            payload["stays"] = _differences(before, known.stays)
            self._check_duties(known, before)
        if self._wants_account(entry, known):
            payload["account"] = True
            changes["email"] = (known.facts["email"], entry.facts["email"])
        if facts or payload:
            planned.status = RowStatus.CHANGED
            planned.changes = changes
            planned.payload = payload | {"id": known.facts["id"], "person": facts}
        else:
            planned.status = RowStatus.UNCHANGED

    def _different(self, said: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
        """What a row says otherwise than the database; spelling that only folds apart is equal."""
        different = {
            name: value
            for name, value in said.items()
            if value != known[name] and not (value and _folded(known[name]) == value)
        }
        for column, (first, second) in PAIRS.items():
            # Without a space nobody can tell where the family name ends; the database knows.
            if (
                column in self.columns
                and first in different
                and said[first] + said[second] == known[first] + known[second]
            ):
                different.pop(first)
                different.pop(second, None)
        return different

    def _move(self, entry: Entry, known: Known, joined_on: date, left_on: date | None) -> Changes:
        """Let the person move, if the row says so; gives what the preview shows."""
        place, wished = entry.place, self._day(entry)
        if place.department_id is None and place.kind is None:
            return {}  # as in the row of somebody who has left
        day = max(joined_on, wished)
        if left_on and left_on < day:
            if entry.effective_on:
                raise RefusedError(
                    "effective_on", _("This day is after the last day of the person.")
                )
            day = left_on
        present = main_on(known.stays, day)
        old = present.place if present else Place(None, None, None)
        began_on = present.starts_on if present else None
        if present is None and (place.department_id is None or place.kind is None):
            name = "employment_kind" if place.kind is None else "department_code"
            raise RefusedError(name, _("Please fill this in: the system does not know it yet."))
        moved = move_on(known.stays, place, day, left_on)
        if moved is None:
            return {}
        if day < wished and day == left_on:
            raise RefusedError(
                "department_code",
                _(
                    "Department, kind or post differ from the system, but the person has left. "
                    "Please give the day of the change in a column 発令日, or correct the row."
                ),
            )
        self._check_department(moved.place.department_id, day)
        for other in clashes(known.stays, moved):
            raise RefusedError(
                "department_code",
                _(
                    "The person holds a concurrent post in this department from %(day)s on. End "
                    "that post on the page of the person first."
                )
                % {"day": other.starts_on},
            )
        return self._place_changes(old, moved.place) | {"effective_on": (began_on, day)}

    def _place_changes(self, old: Place, new: Place) -> Changes:
        column = "department_code" if "department_code" in self.columns else "department"
        pairs = {
            column: (self._department_text(old), self._department_text(new)),
            "employment_kind": (_kind_text(old), _kind_text(new)),
            "post": (old.post, new.post),
        }
        return {name: (a, b) for name, (a, b) in pairs.items() if (a or b) and a != b}

    def _department_text(self, place: Place) -> str | None:
        if place.department_id is None:
            return None
        department = self._departments.by_id[place.department_id]
        return f"{department.code} {department.name}"

    def _check_department(self, department_id: int | None, day: date) -> None:
        department = self._departments.by_id[department_id or 0]
        if department.ends_on and department.ends_on < day:
            raise RefusedError(
                "department_code",
                _("The department “%(department)s” was closed on %(day)s. Please name another.")
                % {"department": department.name, "day": department.ends_on},
            )

    def _endings(self, known: Known, left_on: date | None) -> tuple[list[Any], str]:
        """Leaves and appointments that end with the employment, and a remark for the preview."""
        former = known.facts["left_on"]
        ended: list[Any] = []
        posts = 0
        for model, pk, starts_on, ends_on in known.endings:
            if left_on and starts_on > left_on:
                raise RefusedError(
                    "left_on",
                    _(
                        "A leave or a post of the management system begins on %(day)s, after this "
                        "day. Withdraw it first, or correct the day."
                    )
                    % {"day": starts_on},
                )
            # What ended with the former last day is not taken up again: see `end_employment`.
            moves = former and left_on and ends_on == former and model is Leave
            if left_on and (ends_on is None or ends_on > left_on or moves):
                ended.append((model._meta.model_name, pk, left_on))
                posts += model is Appointment
        if not posts:
            return ended, ""
        return ended, ngettext(
            "One post of the management system ends with the last day.",
            "%(count)d posts of the management system end with the last day.",
            posts,
        ) % {"count": posts}

    def _check_duties(self, known: Known, before: list[Stay]) -> None:
        """Refuse what would bar somebody from a post that they hold; asked only where one is."""
        if not any(model is Appointment for model, *_rest in known.endings):
            return
        person = Person(**known.facts)
        for stay in known.stays:
            if stay not in before:
                affiliation = Affiliation(
                    person=person,
                    department=self._departments.by_id[stay.place.department_id or 0],
                    employment_kind=stay.place.kind or "",
                    post=stay.place.post or "",
                    starts_on=stay.starts_on,
                    ends_on=stay.ends_on,
                )
                try:
                    check_affiliation(affiliation)
                except DutyConflictError as conflict:
                    column = "post" if "post" in self.columns else "employment_kind"
                    raise RefusedError(column, " ".join(conflict.messages)) from conflict

    def _wants_account(self, entry: Entry, known: Known | None) -> bool:
        if not self._opens_accounts or (known and known.facts["user_id"]):
            return False
        email = entry.facts.get("email")
        left_on = entry.facts.get("left_on") or (known and known.facts["left_on"])
        if not email or left_on:
            return False
        if email in self._owner_of:
            raise RefusedError(
                "email",
                _(
                    "Another account uses the address %(email)s. Please enter the person's own "
                    "address, or leave it empty."
                )
                % {"email": email},
            )
        return True

    def _day(self, entry: Entry) -> date:
        return entry.effective_on or self._default_day

    def finish(self) -> Iterator[PlannedRow]:
        """Rows that have a twin further down, and people whom the file does not name."""
        for row, twins in self._twins.items():
            errors = [
                (column, _twin_below(column, [it for name, it in twins if name == column]))
                for column in dict.fromkeys(name for name, _row in twins)
            ]
            yield PlannedRow(row, RowStatus.ERROR, errors=errors)
        people = Person.objects.employed_on(self.today).values_list(
            "employee_number", "family_name", "given_name"
        )
        for number, family_name, given_name in people.iterator():
            if number not in self._row_of:
                yield PlannedRow(0, RowStatus.MISSING, number, f"{family_name} {given_name}")

    def apply(self, rows: Sequence[PlannedRow], *, actor: Any, run: ImportRun) -> None:
        """Write people, their accounts and affiliations; see `Importer.apply`."""
        writer = RosterWriter(
            self._departments.by_id, actor=actor, invites=bool(self.options.get("invitations"))
        )
        # First what ends: somebody new may take the place or the address.
        writer.change([row.payload for row in rows if row.status == RowStatus.CHANGED])
        writer.create([row.payload for row in rows if row.status == RowStatus.NEW])


def _check_order(joined_on: date, left_on: date | None) -> None:
    if left_on and left_on < joined_on:
        raise RefusedError(
            "left_on",
            _("The last day is before the day of joining, %(day)s. Please correct one of them.")
            % {"day": joined_on},
        )


def _twin(number: str, first: int) -> str:
    return _(
        "%(number)s stands in row %(row)d already. Please keep one row a person; concurrent posts "
        "are entered on the page of the person."
    ) % {"number": number, "row": first}


def _twin_address(email: str, first: int) -> str:
    return _(
        "%(email)s stands in row %(row)d already. An account needs an address of its own: please "
        "correct one of the rows or leave the address empty."
    ) % {"email": email, "row": first}


def _twin_below(column: str, rows: Sequence[int]) -> str:
    numbers = listed(rows[:5]) + ("…" if len(rows) > 5 else "")
    if column == "email":
        message = _("The same address stands in row %(rows)s as well. Please correct one of them.")
    else:
        message = _(
            "The same employee number stands in row %(rows)s as well. Please keep one row a person."
        )
    return message % {"rows": numbers}


def _folded(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


def _kind_text(place: Place) -> str | None:
    return KIND_WORDS[place.kind][0] if place.kind else None


def _differences(before: Iterable[Stay], after: Iterable[Stay]) -> dict[str, Any]:
    """Changed attributes of stored affiliations by id, and the rows of new ones."""
    old = {stay.id: _attributes(stay) for stay in before}
    changed: dict[int, dict[str, Any]] = {}
    new = []
    for stay in after:
        values = _attributes(stay)
        if stay.id is None:
            new.append(tuple(values.values()))
        elif values != old[stay.id]:
            changed[stay.id] = {n: v for n, v in values.items() if v != old[stay.id][n]}
    return {"changed": changed, "new": new}


def _attributes(stay: Stay) -> dict[str, Any]:
    return {
        "department_id": stay.place.department_id,
        "employment_kind": stay.place.kind,
        "post": stay.place.post,
        "starts_on": stay.starts_on,
        "ends_on": stay.ends_on,
    }
