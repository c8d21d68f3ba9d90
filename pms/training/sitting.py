"""A test as the person sees it: the frozen paper, what was answered, and the marked result."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from pms.core.text import whole_number
from pms.organization.models import in_language

from .choices import QuestionKind
from .models import Attempt


@dataclass(frozen=True, slots=True)
class ChoiceOnPaper:
    """One answer offered.

    Attributes:
        place: its place in the frozen question, whatever the order on paper.
        text: in the reader's language.
        is_chosen: ticked by the person.
        is_correct: only to be shown after sending.
    """

    place: int
    text: str
    is_chosen: bool
    is_correct: bool


@dataclass(frozen=True, slots=True)
class QuestionOnPaper:
    """One question in the order of the paper."""

    number: int
    key: int
    text: str
    explanation: str
    is_multiple: bool
    choices: tuple[ChoiceOnPaper, ...]

    @property
    def name(self) -> str:
        """Its name in the form."""
        return f"q{self.key}"

    @property
    def is_answered(self) -> bool:
        """Whether anything is ticked."""
        return any(choice.is_chosen for choice in self.choices)

    @property
    def is_right(self) -> bool:
        """Whether exactly the correct answers are ticked."""
        return all(choice.is_chosen == choice.is_correct for choice in self.choices)


def paper_of(attempt: Attempt) -> list[QuestionOnPaper]:
    """The questions of `attempt` in their order, with what was ticked; one query."""
    frozen = attempt.record.campaign.questions.in_bulk([row["question"] for row in attempt.paper])
    questions = []
    for number, row in enumerate(attempt.paper, 1):
        content = frozen[row["question"]].content
        chosen = set(attempt.answers.get(str(row["question"]), ()))
        offered = content["choices"]
        questions.append(
            QuestionOnPaper(
                number=number,
                key=row["question"],
                text=in_language(content["text"], content["text_en"]),
                explanation=in_language(content["explanation"], content["explanation_en"]),
                is_multiple=content["kind"] == QuestionKind.MULTIPLE,
                choices=tuple(
                    ChoiceOnPaper(
                        place=place,
                        text=in_language(offered[place]["text"], offered[place]["text_en"]),
                        is_chosen=place in chosen,
                        is_correct=bool(offered[place]["correct"]),
                    )
                    for place in row["order"]
                ),
            )
        )
    return questions


def answers_in(data: QueryDict, attempt: Attempt) -> dict[str, list[int]]:
    """What a sent form ticks, for the questions of the paper; what is no number is left out."""
    return {
        str(row["question"]): [
            number
            for value in data.getlist(f"q{row['question']}")
            if (number := whole_number(value)) is not None
        ]
        for row in attempt.paper
    }


def unanswered(questions: list[QuestionOnPaper]) -> list[int]:
    """Numbers of the questions without a tick."""
    return [question.number for question in questions if not question.is_answered]


def progress_of(questions: list[QuestionOnPaper]) -> dict[str, Any]:
    """How far the person has come."""
    return {"done": len(questions) - len(unanswered(questions)), "total": len(questions)}
