"""Completions that were reached elsewhere: pasted numbers, the grid, a file, one person.

All four ways make a table and go through the import machinery, so that preview, confirmation,
journal and undo are the same for each.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.core.dates import parse_date
from pms.core.forms import DayInput
from pms.core.text import fold, fold_code, listed, whole_number
from pms.training import services
from pms.training.choices import Comprehension, Method, RecordStatus
from pms.training.models import Campaign, Session
from pms.training.services import Completion, PlannedCompletion
from pms.training.services.completions import describe
from pms.transfer.choices import RowStatus
from pms.transfer.importers import Cell, HeadingSpec, Importer, OptionsForm, PlannedRow
from pms.transfer.models import ImportRun

# What an attendance sheet may hold in its column of attendance.
PRESENT = {"1", "○", "◯", "〇", "o", "x", "✓", "✔", "レ", "済", "出席", "出", "yes", "y", "present"}
ABSENT = {"", "0", "×", "-", "–", "欠席", "欠", "no", "n", "absent"}


class CompletionOptionsForm(OptionsForm):
    """What holds for every row that does not say otherwise."""

    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Training"), queryset=Campaign.objects.none()
    )
    attended_on = forms.DateField(
        label=gettext_lazy("Trained on"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("For rows without a date of their own."),
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Method"), choices=Method, initial=Method.CLASSROOM
    )
    comprehension = forms.ChoiceField(
        label=gettext_lazy("Comprehension checked by"),
        choices=Comprehension,
        initial=Comprehension.QUESTIONNAIRE,
        help_text=gettext_lazy("With a test every row needs its score."),
    )
    lecturer = forms.CharField(label=gettext_lazy("Lecturer"), max_length=100, required=False)
    session = forms.ModelChoiceField(
        label=gettext_lazy("Session"), queryset=Session.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaigns = Campaign.objects.open().visible_to(self.actor)
        self.fields["campaign"].queryset = campaigns
        self.fields["session"].queryset = Session.objects.filter(campaign__in=campaigns)

    def clean(self) -> dict[str, Any]:
        """Refuse a session of another training."""
        data = super().clean() or self.cleaned_data
        campaign, session = data.get("campaign"), data.get("session")
        if campaign and session and session.campaign_id != campaign.pk:
            self.add_error("session", _("This session belongs to another training."))
        return data

    def options(self) -> dict[str, Any]:
        """Records as their numbers."""
        data = self.cleaned_data
        attended_on: date | None = data["attended_on"]
        session = data["session"]
        return {
            "campaign": data["campaign"].pk,
            "attended_on": attended_on.isoformat() if attended_on else "",
            "method": data["method"],
            "comprehension": data["comprehension"],
            "lecturer": data["lecturer"] or (session.lecturer if session else ""),
            "session": session.pk if session else None,
        }


class CompletionsImporter(Importer):
    """One row for each person who was trained; who has passed already stays as they are."""

    key = "completions"
    title = gettext_lazy("Completions of a training")
    explanation = gettext_lazy(
        "One row for each person with the employee number; date, method and score may stand in the "
        "row or hold for the whole file. An attendance sheet printed from here can be read back."
    )
    permission = "training.log_completion"
    headings = (
        HeadingSpec(
            "employee_number", ("社員番号", "従業員番号", "employee number"), required=True
        ),
        HeadingSpec("attended", ("受講", "出欠", "出席", "attended")),
        HeadingSpec("attended_on", ("受講日", "実施日", "日付", "trained on", "date")),
        HeadingSpec("method", ("受講方法", "方法", "method")),
        HeadingSpec("comprehension", ("理解度確認", "comprehension checked by")),
        HeadingSpec("score", ("点数", "得点", "score")),
        HeadingSpec("lecturer", ("講師", "lecturer")),
        # On the attendance sheet for people to read; not taken in.
        HeadingSpec("name", ("氏名", "name")),
        HeadingSpec("department", ("部署", "所属", "department")),
        HeadingSpec("signature", ("署名", "signature")),
    )
    groups = {
        "passed": gettext_lazy("Will be logged as passed"),
        "failed": gettext_lazy("Will be logged as not yet passed"),
        "already": gettext_lazy("Has passed already"),
        "repeated": gettext_lazy("Named more than once"),
        "unknown": gettext_lazy("Unknown employee number"),
        "outside": gettext_lazy("Not in the audience, or has left"),
        "absent": gettext_lazy("Not attended"),
    }
    options_form = CompletionOptionsForm

    def prepare(self) -> None:
        """Load the campaign."""
        self.campaign = Campaign.objects.get(pk=self.options["campaign"])
        self.seen: set[str] = set()
        self.planned: deque[PlannedCompletion | PlannedRow] = deque()

    def look_up(self, rows: Sequence[Mapping[str, Cell]]) -> None:
        """Plan a whole block in the few queries of the service."""
        read = [self._read(values) for values in rows]
        completions = [it for it in read if isinstance(it, Completion)]
        answers = iter(services.plan_completions(self.campaign, completions, today=self.today))
        self.planned = deque(next(answers) if isinstance(it, Completion) else it for it in read)

    def plan(self, number: int, values: Mapping[str, Cell]) -> PlannedRow:
        """What logging the row would do."""
        it = self.planned.popleft()
        if isinstance(it, PlannedRow):
            it.number = number
            return it
        return self._row(number, it)

    def _row(self, number: int, planned: PlannedCompletion) -> PlannedRow:
        completion = planned.completion
        row = PlannedRow(
            number,
            RowStatus.UNCHANGED,
            key=completion.employee_number,
            label=planned.name,
            group=planned.outcome,
        )
        if planned.outcome == "refused":
            return self._refused(row, planned)
        if planned.outcome == "repeated" or completion.employee_number in self.seen:
            row.status, row.group = RowStatus.SKIPPED, "repeated"
            return row
        self.seen.add(completion.employee_number)
        if planned.outcome in ("passed", "failed"):
            row.status = RowStatus.CHANGED
            row.changes = self._changes(planned)
            row.payload = [planned.record_id, planned.outcome, describe(completion)]
        return row

    def _refused(self, row: PlannedRow, planned: PlannedCompletion) -> PlannedRow:
        """A person who cannot be logged is left out and told; anything else must be mended."""
        if all(column == "employee_number" for column, _message in planned.errors):
            row.status = RowStatus.SKIPPED
            row.group = "outside" if planned.name else "unknown"
            row.note = " ".join(message for _column, message in planned.errors)
        else:
            row.status, row.group = RowStatus.ERROR, ""
            row.errors = list(planned.errors)
        return row

    def _changes(self, planned: PlannedCompletion) -> dict[str, tuple[Any, Any]]:
        completion = planned.completion
        labels = dict(RecordStatus.choices)
        after = RecordStatus.PASSED if planned.outcome == "passed" else RecordStatus.FAILED
        changes: dict[str, tuple[Any, Any]] = {
            _("status"): (str(labels[planned.status]), str(labels[after])),
            _("trained on"): (
                "",
                completion.attended_on.isoformat() if completion.attended_on else "",
            ),
        }
        if completion.score is not None:
            changes[_("score")] = ("", completion.score)
        return changes

    def _read(self, values: Mapping[str, Cell]) -> Completion | PlannedRow:
        """The row with what holds for the whole file, or why it cannot be read."""
        number = fold_code(str(values.get("employee_number", "")))
        attended = fold(str(values.get("attended", ""))).casefold()
        if "attended" in self.columns and attended in ABSENT:
            return PlannedRow(0, RowStatus.SKIPPED, key=number, group="absent")
        errors: list[tuple[str, str]] = []
        if "attended" in self.columns and attended not in PRESENT:
            text = _("“%(value)s” is not understood. Enter ○ for attended, or leave it empty.")
            errors.append(("attended", text % {"value": attended}))
        attended_on = self._day(values.get("attended_on", ""), errors)
        score = self._score(values.get("score", ""), errors)
        method = self._choice("method", values.get("method", ""), Method, errors)
        check = self._choice(
            "comprehension", values.get("comprehension", ""), Comprehension, errors
        )
        if errors:
            return PlannedRow(0, RowStatus.ERROR, key=number, errors=errors)
        return Completion(
            number=0,
            employee_number=number,
            attended_on=attended_on,
            method=method,
            comprehension=Comprehension.TEST if score is not None else check,
            score=score,
            lecturer=fold(str(values.get("lecturer", ""))) or self.options["lecturer"],
            session_id=self.options["session"],
        )

    def _day(self, value: Cell, errors: list[tuple[str, str]]) -> date | None:
        if value in ("", None):
            general = self.options["attended_on"]
            return date.fromisoformat(general) if general else None
        try:
            return parse_date(value)
        except ValueError as error:
            errors.append(("attended_on", str(error)))
            return None

    def _score(self, value: Cell, errors: list[tuple[str, str]]) -> int | None:
        text = fold(str(value)).removesuffix("点").removesuffix("%").strip()
        if not text:
            return None
        score = whole_number(text)
        if score is not None and score <= 100:
            return score
        message = _("“%(value)s” is not a score. Enter a whole number from 0 to 100.")
        errors.append(("score", message % {"value": value}))
        return None

    def _choice(self, name: str, value: Cell, choices: Any, errors: list[tuple[str, str]]) -> str:
        text = fold(str(value)).casefold()
        if not text:
            return str(self.options[name])
        for key, label in choices.choices:
            if text in (key, str(label).casefold(), *_SPOKEN.get(key, ())):
                return str(key)
        message = _("“%(value)s” is not known. Enter one of: %(choices)s.")
        labels = listed(label for _key, label in choices.choices)
        errors.append((name, message % {"value": value, "choices": labels}))
        return ""

    def apply(self, rows: Sequence[PlannedRow], *, actor: Any, run: ImportRun) -> None:
        """Log them as one event."""
        planned = []
        for row in rows:
            record_id, outcome, described = row.payload
            planned.append(
                PlannedCompletion(_restore(described), outcome, record_id=record_id, name=row.label)
            )
        services.apply_completions(
            self.campaign.pk, planned, actor=actor, now=timezone.now(), run=run
        )

    def obstacles_to_undo(self, run: ImportRun) -> list[str]:
        """Closed campaign, or rows corrected since."""
        return services.obstacles_to_undo_completions(run)

    def undo(self, run: ImportRun, *, actor: Any, reason: str) -> None:
        """Void the rows with the reason; open ones take their place."""
        services.undo_completions(run, actor=actor, reason=reason, now=timezone.now())


# Words that offices write in the columns, beside our own labels.
_SPOKEN = {
    Method.CLASSROOM: ("集合", "集合研修", "対面", "classroom"),
    Method.PAPER: ("紙", "書面"),
    Method.VIDEO: ("動画", "ビデオ", "dvd"),
    Method.E_LEARNING: ("eラーニング", "e-learning", "elearning", "オンライン"),
    Comprehension.TEST: ("テスト", "試験"),
    Comprehension.QUESTIONNAIRE: ("アンケート", "確認書", "署名"),
    Comprehension.ORAL: ("口頭", "質疑"),
}


def _restore(described: Mapping[str, Any]) -> Completion:
    known = {field.name for field in fields(Completion)}
    values = {name: value for name, value in described.items() if name in known}
    day = values.get("attended_on")
    return Completion(**values | {"attended_on": date.fromisoformat(day) if day else None})
