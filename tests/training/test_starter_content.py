"""The starter course keeps the promises every annual course makes to the people who take it."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

STARTER = Path(__file__).resolve().parents[2] / "pms" / "training" / "starter"
TOPICS = {"policy", "importance", "roles", "consequences"}
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
CLAUSE = re.compile(r"J\.(?:[1-9]|1[01])(?:\.\d{1,2}){1,2}")

COURSE: dict[str, Any] = json.loads((STARTER / "course.json").read_text(encoding="utf-8"))
QUESTIONS: list[dict[str, Any]] = json.loads(
    (STARTER / "questions.json").read_text(encoding="utf-8")
)
SINGLE = [question for question in QUESTIONS if question["kind"] == "single"]


def correct_positions(question: dict[str, Any]) -> list[int]:
    """Return the zero-based places of the correct choices."""
    return [place for place, choice in enumerate(question["choices"]) if choice["correct"]]


def is_conspicuous(question: dict[str, Any], field: str) -> bool:
    """Say whether the only correct choice is also the single longest one."""
    lengths = [len(choice[field]) for choice in question["choices"]]
    correct = lengths[correct_positions(question)[0]]
    return correct == max(lengths) and lengths.count(correct) == 1


each_question = pytest.mark.parametrize(
    "question", [pytest.param(question, id=question["code"]) for question in QUESTIONS]
)


class TestCourse:
    def test_is_an_annual_course_on_all_four_topics(self) -> None:
        assert COURSE["code"] == "PMS-BASIC"
        assert COURSE["kind"] == "annual"
        assert set(COURSE["topics"]) == TOPICS

    @pytest.mark.parametrize("field", ["title", "summary"])
    def test_introduces_itself_in_both_languages(self, field: str) -> None:
        assert JAPANESE.search(COURSE[field])
        assert COURSE[f"{field}_en"].strip()
        assert not JAPANESE.search(COURSE[f"{field}_en"])


class TestMaterial:
    @pytest.fixture
    def japanese(self) -> str:
        return (STARTER / "material.ja.md").read_text(encoding="utf-8")

    @pytest.fixture
    def english(self) -> str:
        return (STARTER / "material.en.md").read_text(encoding="utf-8")

    def test_is_short_enough_to_be_read_in_one_sitting(self, japanese: str) -> None:
        assert 2500 <= len(JAPANESE.findall(japanese)) <= 3500

    def test_gives_each_of_the_four_topics_a_chapter(self, japanese: str) -> None:
        chapters = re.findall(r"^## \d\. (.+)$", japanese, flags=re.MULTILINE)
        assert chapters == [
            "個人情報保護方針",
            "PMSに従う大切さと利点",
            "役割と責任",
            "違反したときに予想される結果",
        ]

    @pytest.mark.parametrize(
        "mark",
        [r"^# ", r"^## ", r"^### ", r"^- ", r"^\d+\. ", r"^\|"],
        ids=lambda mark: mark,
    )
    def test_has_the_same_outline_in_both_languages(
        self, japanese: str, english: str, mark: str
    ) -> None:
        found = re.findall(mark, japanese, flags=re.MULTILINE)
        assert found
        assert len(found) == len(re.findall(mark, english, flags=re.MULTILINE))

    def test_leaves_no_japanese_in_the_english_text(self, english: str) -> None:
        assert not JAPANESE.search(english)

    def test_is_plain_markdown_without_html_or_links(self, japanese: str, english: str) -> None:
        for text in (japanese, english):
            assert not re.search(r"<[a-z/]|https?:|\]\(", text)


class TestQuestionBank:
    def test_is_large_enough(self) -> None:
        assert len(QUESTIONS) >= 30

    def test_numbers_its_questions_without_gaps(self) -> None:
        codes = [question["code"] for question in QUESTIONS]
        assert codes == [f"Q{number:03d}" for number in range(1, len(QUESTIONS) + 1)]

    def test_asks_enough_on_every_topic(self) -> None:
        counts = Counter(question["topic"] for question in QUESTIONS)
        assert set(counts) == TOPICS
        assert min(counts.values()) >= 6

    def test_asks_in_every_way(self) -> None:
        counts = Counter(question["kind"] for question in QUESTIONS)
        assert set(counts) == {"single", "multiple", "true_false"}
        assert counts["multiple"] >= 5
        assert counts["true_false"] >= 6

    def test_has_easy_and_hard_questions(self) -> None:
        assert {question["difficulty"] for question in QUESTIONS} == {1, 2, 3}

    def test_never_asks_the_same_thing_twice(self) -> None:
        for field in ("text", "text_en", "explanation", "explanation_en"):
            texts = [question[field] for question in QUESTIONS]
            assert len(set(texts)) == len(texts)


class TestQuestion:
    @each_question
    def test_has_exactly_the_expected_fields(self, question: dict[str, Any]) -> None:
        assert list(question) == [
            "code", "kind", "topic", "clause", "difficulty", "text", "text_en",
            "choices", "explanation", "explanation_en",
        ]  # fmt: skip
        for choice in question["choices"]:
            assert list(choice) == ["text", "text_en", "correct"]
            assert isinstance(choice["correct"], bool)

    @each_question
    def test_is_complete_in_both_languages(self, question: dict[str, Any]) -> None:
        for field in ("text", "explanation"):
            assert JAPANESE.search(question[field])
        for part in (question, *question["choices"]):
            assert part["text"].strip() == part["text"] != ""
            assert part["text_en"].strip() == part["text_en"] != ""
            assert not JAPANESE.search(part["text_en"])
        assert question["explanation_en"].strip()
        assert not JAPANESE.search(question["explanation_en"])

    @each_question
    def test_names_a_clause_of_the_guideline(self, question: dict[str, Any]) -> None:
        assert CLAUSE.fullmatch(question["clause"])

    @each_question
    def test_explains_more_than_it_asks(self, question: dict[str, Any]) -> None:
        assert len(question["explanation"]) >= 35
        assert len(question["explanation_en"]) >= 80

    @each_question
    def test_has_as_many_correct_choices_as_its_kind_allows(self, question: dict[str, Any]) -> None:
        choices, correct = len(question["choices"]), len(correct_positions(question))
        match question["kind"]:
            case "single":
                assert choices in {3, 4}
                assert correct == 1
            case "multiple":
                assert choices == 4
                assert correct in {2, 3}
            case "true_false":
                assert [choice["text"] for choice in question["choices"]] == [
                    "正しい",
                    "誤り",
                ]
                assert [choice["text_en"] for choice in question["choices"]] == [
                    "True",
                    "False",
                ]
                assert correct == 1

    @each_question
    def test_offers_different_choices(self, question: dict[str, Any]) -> None:
        for field in ("text", "text_en"):
            texts = {choice[field] for choice in question["choices"]}
            assert len(texts) == len(question["choices"])


class TestGuessing:
    """Whoever has not read the material finds no pattern to follow."""

    def test_does_not_favour_a_position(self) -> None:
        places = Counter(correct_positions(question)[0] for question in SINGLE)
        assert set(places) == {0, 1, 2, 3}
        assert max(places.values()) <= len(SINGLE) * 0.35

    def test_varies_which_of_several_choices_are_correct(self) -> None:
        multiple = [question for question in QUESTIONS if question["kind"] == "multiple"]
        patterns = Counter(tuple(correct_positions(question)) for question in multiple)
        assert len(patterns) >= 4

    def test_says_true_about_as_often_as_false(self) -> None:
        answers = [
            correct_positions(question)[0]
            for question in QUESTIONS
            if question["kind"] == "true_false"
        ]
        assert 0.35 <= sum(answers) / len(answers) <= 0.65

    @pytest.mark.parametrize("field", ["text", "text_en"])
    def test_does_not_make_the_correct_choice_the_longest(self, field: str) -> None:
        conspicuous = [question["code"] for question in SINGLE if is_conspicuous(question, field)]
        assert len(conspicuous) <= len(SINGLE) / 3
