"""Pages of the question bank, and its table: export → import is no change."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pms.training.choices import QuestionKind, Topic
from pms.training.importers.questions import HEADINGS, QuestionsImporter
from pms.training.models import Question
from pms.transfer.models import ImportRun
from tests.training.factories import CampaignFactory, CourseFactory, QuestionFactory

pytestmark = pytest.mark.django_db

LIST = reverse("training:question_list")


def page_of(name, *args):
    return reverse(f"training:{name}", args=args)


def sent(course, answers, **facts):
    """What the form of a question sends: `answers` are (text, is correct)."""
    data = {
        "course": course.pk,
        "code": "N1",
        "kind": QuestionKind.SINGLE,
        "topic": Topic.POLICY,
        "difficulty": "1",
        "text": "どれですか。",
        "is_active": "on",
        "choices-TOTAL_FORMS": str(len(answers)),
        "choices-INITIAL_FORMS": "0",
    }
    for place, (text, is_correct) in enumerate(answers):
        data[f"choices-{place}-text"] = text
        if is_correct:
            data[f"choices-{place}-is_correct"] = "on"
    return data | facts


class TestList:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, {"Q1", "Q2"}),
            ({"topic": "roles"}, {"Q2"}),
            ({"kind": "multiple"}, {"Q1"}),
            ({"difficulty": "3"}, {"Q2"}),
            ({"in_use": "0"}, {"Q1"}),
            ({"q": "漏えい 報告"}, {"Q2"}),
            ({"q": "q1"}, {"Q1"}),
        ],
    )
    def test_can_be_narrowed(self, client, officer, query, found):
        course = CourseFactory()
        QuestionFactory(course=course, code="Q1", kind=QuestionKind.MULTIPLE, is_active=False)
        QuestionFactory(
            course=course, code="Q2", topic=Topic.ROLES, difficulty=3, text="漏えいの報告は？"
        )

        assert {it.code for it in client.get(LIST, query).context["page"]} == found

    def test_can_be_narrowed_to_a_course(self, client, officer):
        question = QuestionFactory()
        QuestionFactory()

        page = client.get(LIST, {"course": question.course_id}).context["page"]

        assert list(page) == [question]


class TestDetail:
    def test_marks_the_answer_and_names_where_it_was_asked(self, client, officer):
        campaign = CampaignFactory(open=True)
        question = campaign.course.questions.first()

        page = client.get(question.get_absolute_url())

        assert "correct answer" in page.text
        assert [it.campaign for it in page.context["asked"]] == [campaign]


class TestForm:
    def test_adds_a_question_with_its_answers_and_leaves_out_empty_rows(self, client, officer):
        course = CourseFactory()

        answer = client.post(
            page_of("question_create"),
            sent(course, [("誤り", False), ("正しい", True), ("", False)]),
        )

        question = Question.objects.get()
        assert answer.url == question.get_absolute_url()
        assert list(question.choices.values_list("position", "text", "is_correct")) == [
            (1, "誤り", False),
            (2, "正しい", True),
        ]

    def test_refuses_an_unfair_question_and_keeps_what_was_typed(self, client, officer):
        answer = client.post(
            page_of("question_create"),
            sent(CourseFactory(), [("これも正しい", True), ("正しい", True)]),
        )

        assert "Mark exactly one answer as correct." in answer.text
        assert "これも正しい" in answer.text
        assert not Question.objects.exists()

    def test_names_the_row_that_is_wrong(self, client, officer):
        answer = client.post(
            page_of("question_create"), sent(CourseFactory(), [("", True), ("正しい", True)])
        )

        assert "Row 1" in answer.text

    def test_gives_another_row_without_judging_what_is_there(self, client, officer):
        answer = client.post(
            page_of("question_create"),
            sent(CourseFactory(), [("一", False)], code="", add_row="1"),
        )

        assert len(answer.context["rows"].forms) == 2
        assert "一" in answer.text
        assert "error-summary" not in answer.text
        assert not Question.objects.exists()

    def test_changes_the_answers_in_place(self, client, officer):
        question = QuestionFactory(choices=[("甲", True), ("乙", False), ("丙", False)])
        rows = list(question.choices.all())
        data = sent(question.course, [], code=question.code, text="直した問い")
        data |= {"choices-TOTAL_FORMS": "4", "choices-INITIAL_FORMS": "3"}
        for place, row in enumerate(rows):
            data |= {f"choices-{place}-id": row.pk, f"choices-{place}-text": row.text}
        data |= {"choices-0-is_correct": "on", "choices-1-DELETE": "on", "choices-3-text": "丁"}

        client.post(page_of("question_edit", question.pk), data)

        question.refresh_from_db()
        assert question.text == "直した問い"
        assert list(question.choices.values_list("text", "is_correct")) == [
            ("甲", True),
            ("丙", False),
            ("丁", False),
        ]

    def test_begins_with_the_course_that_it_was_opened_from(self, client, officer):
        course = CourseFactory()

        page = client.get(page_of("question_create"), {"course": course.pk})

        assert page.context["form"]["course"].value() == str(course.pk)


class TestTable:
    def rows(self, client):
        file = b"".join(client.get(LIST, {"export": "csv"}).streaming_content)
        return file.decode("utf-8-sig")

    def plan(self, **cells):
        values = {spec.name: "" for spec in HEADINGS} | cells
        importer = QuestionsImporter({}, columns=frozenset(values), today=None)
        importer.prepare()
        importer.look_up([values])
        return importer.plan(2, values)

    def cells(self, for_course, **changed):
        return {
            "course": for_course.code,
            "code": "Q1",
            "kind": "択一",
            "topic": "方針",
            "text": "どれですか。",
            "choice1": "甲",
            "choice2": "乙",
            "correct": "２",
        } | changed

    def test_comes_back_without_a_change(self, client, officer, django_capture_on_commit_callbacks):
        QuestionFactory(kind=QuestionKind.MULTIPLE, explanation="=1+1", difficulty=3)
        QuestionFactory(choices=[("正しい", True), ("誤り", False)], is_active=False)
        table = self.rows(client)
        file = SimpleUploadedFile("questions.csv", table.encode("utf-8-sig"))

        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("transfer:upload", args=["questions"]), {"file": file})

        run = ImportRun.objects.get()
        assert run.counts["unchanged"] == 2, run.preview
        assert sum(run.counts.values()) == 2

    def test_adds_a_question(self):
        row = self.plan(**self.cells(CourseFactory()))

        assert (row.status, row.errors) == ("new", [])

    @pytest.mark.parametrize(
        ("changed", "column"),
        [
            ({"course": "?"}, "course"),
            ({"code": ""}, "code"),
            ({"kind": "作文"}, "kind"),
            ({"topic": "天気"}, "topic"),
            ({"correct": "甲"}, "correct"),
            ({"correct": "3"}, "correct"),
            ({"correct": "1,2"}, "text"),
        ],
    )
    def test_says_in_which_column_a_row_is_wrong(self, changed, column):
        row = self.plan(**self.cells(CourseFactory(), **changed))

        assert row.status == "error"
        assert [name for name, _message in row.errors] == [column]

    def test_refuses_a_code_that_the_file_has_twice(self):
        course = CourseFactory()
        cells = {spec.name: "" for spec in HEADINGS} | self.cells(course)
        importer = QuestionsImporter({}, columns=frozenset(cells), today=None)
        importer.prepare()
        importer.look_up([cells, cells])

        first, second = importer.plan(2, cells), importer.plan(3, cells)

        assert first.status == "new"
        assert [name for name, _message in second.errors] == ["code"]

    def test_stores_what_was_planned(self, officer):
        course = CourseFactory()
        cells = {spec.name: "" for spec in HEADINGS} | self.cells(course)
        importer = QuestionsImporter({}, columns=frozenset(cells), today=None)
        importer.prepare()
        importer.look_up([cells])

        importer.apply([importer.plan(2, cells)], actor=officer, run=None)

        question = Question.objects.get(course=course, code="Q1")
        assert list(question.choices.values_list("text", "is_correct")) == [
            ("甲", False),
            ("乙", True),
        ]
