"""An examiner's list of findings as it comes: one row for each, each an action with its clock."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pms.accounts.roles import Role
from pms.core.dates import parse_date
from pms.core.forms import DayInput
from pms.core.text import fold, fold_code, listed
from pms.corrective_actions import services
from pms.corrective_actions.choices import Grade, Status
from pms.corrective_actions.deadlines import answer_due
from pms.corrective_actions.models import ExaminerFinding
from pms.cycles.models import Clause, GuidelineEdition
from pms.history.models import HistoryEntry
from pms.organization.forms import PersonField
from pms.organization.models import Appointment, Department, Person
from pms.transfer.choices import RowStatus
from pms.transfer.importers import Cell, HeadingSpec, Importer, OptionsForm, PlannedRow
from pms.transfer.models import ImportRun

# Words that examining bodies and offices write in the column of the kind.
FIRST = ("", "初回", "新規", "first", "1")
REPEATED = ("再指摘", "再", "継続", "repeat", "repeated", "2")
TITLE_LENGTH = 80


class FindingsOptionsForm(OptionsForm):
    """What holds for every row that does not say otherwise."""

    received_on = forms.DateField(
        label=gettext_lazy("Visited or received on"),
        widget=DayInput(),
        help_text=gettext_lazy("For rows without a date; three months are counted from it."),
    )
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), choices=Grade, initial=Grade.MINOR)
    owner = PersonField(
        label=pgettext_lazy("corrective action", "Responsible"),
        required=False,
        help_text=gettext_lazy(
            "Employee number or name. Left empty: the department's privacy manager, or where there "
            "is none the privacy manager."
        ),
    )

    def options(self) -> dict[str, Any]:
        """The person as a number."""
        owner = self.cleaned_data["owner"]
        received_on: date = self.cleaned_data["received_on"]
        return {
            "received_on": received_on.isoformat(),
            "grade": self.cleaned_data["grade"],
            "owner": owner.pk if owner else None,
        }


class FindingsImporter(Importer):
    """One action for each finding; one that was entered before stays as it is."""

    key = "examiner_findings"
    title = gettext_lazy("Findings of an examiner")
    explanation = gettext_lazy(
        "One row for each finding with its number. Each becomes a corrective action whose answer "
        "is due three months after the visit, or one month for a repeated finding."
    )
    permission = "corrective_actions.import_findings"
    headings = (
        HeadingSpec("number", ("指摘番号", "番号", "No", "finding number"), required=True),
        HeadingSpec("finding", ("指摘事項", "指摘内容", "内容", "finding"), required=True),
        HeadingSpec("department", ("部門", "部署", "department"), required=True),
        HeadingSpec("clause", ("項番", "指針項番", "条項", "clause")),
        HeadingSpec("kind", ("初回・再指摘", "区分", "種別", "kind")),
        HeadingSpec("received_on", ("受領日", "現地審査日", "審査日", "received on")),
    )
    options_form = FindingsOptionsForm

    def prepare(self) -> None:
        """Load departments, clauses and who answers; all of them are few."""
        self.departments: dict[str, Department] = {}
        for department in Department.objects.order_by("-code"):
            for name in (department.name_en, department.name, department.code):
                if name:
                    self.departments[fold(name).casefold()] = department
        edition = GuidelineEdition.objects.on(self.today).first()
        self.clauses = {it.code: it for it in Clause.objects.filter(edition=edition)}
        held = Appointment.objects.on(self.today).select_related("person")
        self.managers = {
            it.department_id: it.person for it in held.filter(role=Role.DEPARTMENT_MANAGER)
        }
        manager = held.filter(role=Role.PRIVACY_MANAGER).first()
        self.privacy_manager = manager.person if manager else None
        chosen = self.options["owner"]
        self.owner = Person.objects.get(pk=chosen) if chosen else None
        self.known = {
            (day.isoformat(), number): title
            for day, number, title in ExaminerFinding.objects.in_force().values_list(
                "received_on", "number", "action__number"
            )
        }
        self.seen: dict[tuple[str, str], int] = {}

    def plan(self, number: int, values: Mapping[str, Cell]) -> PlannedRow:
        """What entering the finding would do."""
        errors: list[tuple[str, str]] = []
        text = {name: fold(str(value)) for name, value in values.items()}
        key, fact = text.get("number", ""), str(values.get("finding", "")).strip()
        row = PlannedRow(number, RowStatus.NEW, key=key, label=fact[:TITLE_LENGTH])
        received_on = self._day(values.get("received_on", ""), errors)
        department = self._department(text.get("department", ""), errors)
        clause = self._clause(text.get("clause", ""), errors)
        is_repeated = self._kind(text.get("kind", ""), errors)
        owner = self._owner(department, errors)
        if not key:
            errors.append(("number", _("The number of the finding is missing.")))
        if not fact:
            errors.append(("finding", _("The text of the finding is missing.")))
        place = (received_on.isoformat(), key)
        if key and place in self.seen:
            message = _("Row %(row)s has this number already.") % {"row": self.seen[place]}
            errors.append(("number", message))
        self.seen.setdefault(place, number)
        due_on = answer_due(received_on, is_repeated=is_repeated)
        if due_on < self.today and place not in self.known:
            message = _(
                "The answer was due on %(day)s, which is over. Correct the day of the list."
            )
            errors.append(("received_on", message % {"day": due_on.isoformat()}))
        if errors:
            row.status, row.errors = RowStatus.ERROR, errors
            return row
        if place in self.known:
            row.status = RowStatus.UNCHANGED
            row.note = _("Entered before as %(action)s.") % {"action": self.known[place]}
            return row
        row.changes = {
            "finding": (None, fact),
            "department": (None, str(department)),
            "received_on": (None, received_on.isoformat()),
        }
        row.note = _("%(person)s answers for it; the answer is due on %(day)s.") % {
            "person": owner,
            "day": due_on.isoformat(),
        }
        row.payload = {
            "number": key,
            "fact": fact,
            "department": department.pk if department else None,
            "clause": clause.pk if clause else None,
            "is_repeated": is_repeated,
            "received_on": received_on.isoformat(),
            "due_on": due_on.isoformat(),
            "owner": owner.pk if owner else None,
        }
        return row

    def _day(self, value: Cell, errors: list[tuple[str, str]]) -> date:
        general = date.fromisoformat(self.options["received_on"])
        if value in ("", None):
            day = general
        else:
            try:
                day = parse_date(value)
            except ValueError as error:
                errors.append(("received_on", str(error)))
                return general
        if day > self.today:
            errors.append(("received_on", _("This day is in the future.")))
        return day

    def _department(self, text: str, errors: list[tuple[str, str]]) -> Department | None:
        found = self.departments.get(text.casefold())
        if found is None:
            message = _("There is no department “%(text)s”. Enter its name or code as registered.")
            errors.append(("department", message % {"text": text}))
        return found

    def _clause(self, text: str, errors: list[tuple[str, str]]) -> Clause | None:
        code = fold_code(text).upper()
        if not code:
            return None
        if code not in self.clauses:
            message = _(
                "There is no clause “%(text)s”. Enter its number, e.g. J.3.1.3, or nothing."
            )
            errors.append(("clause", message % {"text": text}))
        return self.clauses.get(code)

    def _kind(self, text: str, errors: list[tuple[str, str]]) -> bool:
        word = text.casefold()
        if word not in (*FIRST, *REPEATED):
            message = _("“%(value)s” is not known. Enter one of: %(choices)s.")
            choices = listed((FIRST[1], REPEATED[0]))
            errors.append(("kind", message % {"value": text, "choices": choices}))
        return word in REPEATED

    def _owner(self, department: Department | None, errors: list[tuple[str, str]]) -> Person | None:
        of_department = self.managers.get(department.pk) if department else None
        owner = self.owner or of_department or self.privacy_manager
        if owner is None:
            message = _("Nobody answers for this department; name somebody for the whole file.")
            errors.append(("department", message))
        return owner

    def apply(self, rows: Sequence[PlannedRow], *, actor: Any, run: ImportRun) -> None:
        """Raise the actions."""
        departments = {it.pk: it for it in self.departments.values()}
        clauses = {it.pk: it for it in self.clauses.values()}
        people = Person.objects.in_bulk({row.payload["owner"] for row in rows})
        for row in rows:
            facts = row.payload
            services.raise_finding(
                finding_number=facts["number"],
                is_repeated=facts["is_repeated"],
                received_on=date.fromisoformat(facts["received_on"]),
                answer_due_on=date.fromisoformat(facts["due_on"]),
                title=facts["fact"].splitlines()[0][:TITLE_LENGTH],
                fact=facts["fact"],
                department=departments[facts["department"]],
                clause=clauses.get(facts["clause"]),
                grade=self.options["grade"],
                found_on=date.fromisoformat(facts["received_on"]),
                owner=people[facts["owner"]],
                due_on=date.fromisoformat(facts["due_on"]),
                actor=actor,
                today=self.today,
                now=timezone.now(),
            )

    def obstacles_to_undo(self, run: ImportRun) -> list[str]:
        """Somebody has begun to work on one of them."""
        begun = [it.number for it in _raised_by(run) if it.action.status != Status.RAISED]
        if not begun:
            return []
        return [_("Work on these findings has begun: %(numbers)s.") % {"numbers": listed(begun)}]

    def undo(self, run: ImportRun, *, actor: Any, reason: str) -> None:
        """Withdraw the actions: their numbers are given and stay."""
        for finding in _raised_by(run):
            services.withdraw(finding.action_id, reason=reason or _("Import undone"), actor=actor)


def _raised_by(run: ImportRun) -> list[ExaminerFinding]:
    """The findings that an import entered, as the journal has them."""
    keys = (
        HistoryEntry.objects.filter(cid=run.operation, action=HistoryEntry.Action.CREATE)
        .filter(content_type=ContentType.objects.get_for_model(ExaminerFinding))
        .values_list("object_id", flat=True)
    )
    rows = ExaminerFinding.objects.filter(pk__in=list(keys))
    return list(rows.select_related("action").order_by("number"))
