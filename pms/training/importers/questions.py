"""The question bank as a table: one row for each question, its answers in numbered columns.

Headings are a file format and stay the same in every language; what an export writes, an import
reads back without a change.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.core.text import fold, fold_code, listed, whole_number
from pms.training import services
from pms.training.choices import QuestionKind, Topic
from pms.training.forms.courses import MAX_CHOICES
from pms.training.models import Choice, Course, Question
from pms.transfer.choices import RowStatus
from pms.transfer.importers import Cell, HeadingSpec, Importer, PlannedRow
from pms.transfer.lists import Column
from pms.transfer.models import ImportRun

# The first word of each is what an export writes; all of them are understood.
KIND_WORDS: Final[dict[str, tuple[str, ...]]] = {
    QuestionKind.SINGLE: ("一つ選ぶ", "単一選択", "択一", "single"),
    QuestionKind.MULTIPLE: ("すべて選ぶ", "複数選択", "複数", "multiple"),
    QuestionKind.TRUE_FALSE: ("正誤", "○×", "true_false", "true or false"),
}
TOPIC_WORDS: Final[dict[str, tuple[str, ...]]] = {
    Topic.POLICY: ("方針", "個人情報保護方針", "policy"),
    Topic.IMPORTANCE: ("重要性と利点", "重要性", "importance"),
    Topic.ROLES: ("役割と責任", "役割", "roles"),
    Topic.CONSEQUENCES: ("違反の結果", "結果", "consequences"),
}
DIFFICULTY_WORDS: Final[dict[int, tuple[str, ...]]] = {
    1: ("やさしい", "易", "1", "easy"),
    2: ("ふつう", "普通", "中", "2", "medium"),
    3: ("むずかしい", "難", "3", "hard"),
}
YES: Final = ("1", "○", "◯", "〇", "使用中", "はい", "yes", "true")
NO: Final = ("0", "×", "使用しない", "いいえ", "no", "false")

TEXTS: Final = ("clause", "text", "text_en", "explanation", "explanation_en")
NUMBERS: Final = range(1, MAX_CHOICES + 1)

_LABELS: Final[dict[str, tuple[str, ...]]] = {
    "course": ("講座コード", "研修コード", "コースコード", "講座", "course"),
    "code": ("問題コード", "問題番号", "code"),
    "kind": ("形式", "種類", "kind"),
    "topic": ("周知事項", "テーマ", "topic"),
    "clause": ("条項", "clause"),
    "difficulty": ("難易度", "difficulty"),
    "text": ("問題文", "問題", "question"),
    "text_en": ("問題文（英語）", "question in English"),
    "explanation": ("解説", "explanation"),
    "explanation_en": ("解説（英語）", "explanation in English"),
    "is_active": ("使用", "使用中", "in use"),
    "correct": ("正解", "正解の番号", "correct"),
    **{f"choice{n}": (f"選択肢{n}", f"choice {n}") for n in NUMBERS},
    **{f"choice{n}_en": (f"選択肢{n}（英語）", f"choice {n} in English") for n in NUMBERS},
}
_REQUIRED: Final = ("course", "code", "kind", "topic", "text", "correct", "choice1", "choice2")
HEADINGS: Final = tuple(
    HeadingSpec(name, labels, required=name in _REQUIRED) for name, labels in _LABELS.items()
)


def table(question: Question) -> dict[str, str]:
    """`question` with its answers (prefetched, by position) as the cells of one row."""
    choices = list(question.choices.all())
    return _cells(
        question,
        [(it.text, it.text_en) for it in choices],
        [number for number, it in enumerate(choices, 1) if it.is_correct],
    )


def _cells(
    question: Question, answers: Sequence[tuple[str, str]], correct: Sequence[int]
) -> dict[str, str]:
    cells = {name: getattr(question, name) for name in ("code", *TEXTS)}
    cells |= {
        "course": question.course.code,
        "kind": KIND_WORDS[question.kind][0],
        "topic": TOPIC_WORDS[question.topic][0],
        "difficulty": DIFFICULTY_WORDS[question.difficulty][0],
        "is_active": YES[0] if question.is_active else NO[0],
        "correct": ",".join(map(str, correct)),
    }
    for number in NUMBERS:
        text, text_en = answers[number - 1] if number <= len(answers) else ("", "")
        cells |= {f"choice{number}": text, f"choice{number}_en": text_en}
    return cells


def _column(name: str) -> Column:
    wide = name.startswith(("text", "explanation", "choice"))
    return Column(_LABELS[name][0], lambda it: table(it)[name], width=40 if wide else 14)


QUESTION_COLUMNS: Final = tuple(map(_column, _LABELS))


class QuestionsImporter(Importer):
    """Questions matched by course and code; none is ever deleted."""

    key = "questions"
    title = gettext_lazy("Question bank")
    explanation = gettext_lazy(
        "One row a question, matched by the codes of course and question. The numbers of the "
        "correct answers stand in one column, separated by commas. Questions that are not in the "
        "file stay as they are."
    )
    permission = "training.change_question"
    headings = HEADINGS
    locks = (Question, Choice)

    def prepare(self) -> None:
        """Load the courses; what was in the file before is told at its second row."""
        self._courses = {it.code: it for it in Course.objects.all()}
        self._row_of: dict[tuple[str, str], int] = {}
        self._known: dict[tuple[str, str], Question] = {}

    def look_up(self, rows: Sequence[Mapping[str, Cell]]) -> None:
        """Load the questions of the next rows with their answers."""
        codes = {fold_code(str(row.get("code", ""))) for row in rows}
        found = Question.objects.filter(code__in=codes).select_related("course")
        self._known = {(it.course.code, it.code): it for it in found.prefetch_related("choices")}

    def plan(self, number: int, values: Mapping[str, Cell]) -> PlannedRow:
        """New, changed, unchanged, or what is wrong with the row."""
        read = {name: str(cell).strip() for name, cell in values.items()}
        course, code = fold_code(read["course"]), fold_code(read["code"])
        row = PlannedRow(number, RowStatus.ERROR, key=f"{course} {code}".strip())
        row.errors += self._key_errors(number, course, code)
        known = self._known.get((course, code))
        after = (table(known) if known else {}) | self._read(read, row.errors)
        row.label = after.get("text", "")[:60]
        if row.errors:
            return row
        self._row_of[course, code] = number
        before = table(known) if known else {}
        row.changes = {
            _LABELS[name][0]: (before.get(name, ""), value)
            for name, value in after.items()
            if before.get(name, "") != value
        }
        row.status = RowStatus.NEW if known is None else RowStatus.CHANGED
        if known and not row.changes:
            row.status = RowStatus.UNCHANGED
            return row
        row.payload = after | {"course": course, "code": code, "pk": known.pk if known else None}
        row.errors += self._faults(row.payload)
        if row.errors:
            row.status = RowStatus.ERROR
        return row

    def _key_errors(self, number: int, course: str, code: str) -> Iterable[tuple[str, str]]:
        if course not in self._courses:
            yield (
                "course",
                _("There is no course “%(code)s”. Correct the code, or add the course first.")
                % {"code": course},
            )
        if not code:
            yield "code", _("The code is missing. Give every question a code of its own.")
        elif (course, code) in self._row_of:
            yield (
                "code",
                _("Row %(row)s has this code already. Give every question a code of its own.")
                % {"row": self._row_of[course, code]},
            )

    def _read(self, read: dict[str, str], errors: list[tuple[str, str]]) -> dict[str, str]:
        """The cells that the file has, each word as an export writes it."""
        cells = {
            name: text for name, text in read.items() if name in TEXTS or name.startswith("choice")
        }
        for name, words in (
            ("kind", KIND_WORDS),
            ("topic", TOPIC_WORDS),
            ("difficulty", DIFFICULTY_WORDS),
            ("is_active", {True: YES, False: NO}),
        ):
            if name in read:
                cells[name] = self._word(name, read[name], words, errors)
        if "correct" in read:
            cells["correct"] = self._numbers(read["correct"], errors)
        return cells

    def _word(self, name: str, text: str, words: Mapping[Any, Sequence[str]], errors: Any) -> str:
        if not text and name in ("difficulty", "is_active"):
            return next(iter(words.values()))[0]
        wanted = fold(text).casefold()
        for spoken in words.values():
            if wanted in [fold(word).casefold() for word in spoken]:
                return spoken[0]
        choices = listed(spoken[0] for spoken in words.values())
        message = _("“%(value)s” is not known. Enter one of: %(choices)s.")
        errors.append((name, message % {"value": text, "choices": choices}))
        return ""

    def _numbers(self, text: str, errors: list[tuple[str, str]]) -> str:
        parts = fold(text).replace("、", ",").replace("，", ",").replace(" ", ",").split(",")
        numbers = [whole_number(part) for part in parts if part]
        if not all(number in NUMBERS for number in numbers):
            message = _("“%(value)s” does not name answers. Enter their numbers, e.g. 2 or 1,3.")
            errors.append(("correct", message % {"value": text}))
            return ""
        return ",".join(str(number) for number in NUMBERS if number in numbers)

    def _faults(self, cells: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What makes the question one that cannot be asked fairly."""
        question, choices = self._build(cells)
        wanted = cells["correct"].split(",") if cells["correct"] else []
        if any(int(number) > len(choices) for number in wanted):
            return [("correct", _("There is no answer of that number. Correct the number."))]
        try:
            question.clean_fields(exclude=["course"])
            for choice in choices:
                choice.clean_fields(exclude=["question"])
            services.check_question(question, choices)
        except ValidationError as refusal:
            return [("text", message) for message in refusal.messages]
        return []

    def _build(self, cells: Mapping[str, Any]) -> tuple[Question, list[Choice]]:
        pk = cells["pk"]
        question = Question.objects.get(pk=pk) if pk else Question()
        question.course = self._courses[cells["course"]]
        for name in ("code", *TEXTS):
            setattr(question, name, cells.get(name, ""))
        question.kind = _key_of(cells["kind"], KIND_WORDS)
        question.topic = _key_of(cells["topic"], TOPIC_WORDS)
        question.difficulty = _key_of(cells.get("difficulty"), DIFFICULTY_WORDS) or 1
        question.is_active = cells.get("is_active", YES[0]) == YES[0]
        correct = cells["correct"].split(",")
        choices = [
            Choice(
                position=number,
                text=cells[f"choice{number}"],
                text_en=cells.get(f"choice{number}_en", ""),
                is_correct=str(number) in correct,
            )
            for number in NUMBERS
            if cells.get(f"choice{number}")
        ]
        return question, choices

    def apply(self, rows: Sequence[PlannedRow], *, actor: Any, run: ImportRun) -> None:
        """Store the questions with their answers, each with its journal entry."""
        for row in rows:
            question, choices = self._build(row.payload)
            services.save_question(question, choices, actor=actor)


def _key_of(word: str | None, words: Mapping[Any, Sequence[str]]) -> Any:
    return next((key for key, spoken in words.items() if word and spoken[0] == word), "")
