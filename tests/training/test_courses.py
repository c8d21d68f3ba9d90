"""Courses, their material and the question bank."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from pms.core.exceptions import DomainError
from pms.history.models import HistoryEntry
from pms.training import services
from pms.training.choices import QuestionKind, Topic
from pms.training.models import Choice, Course, Question
from tests.accounts.factories import UserFactory

from .factories import CampaignFactory, CourseFactory, CourseVersionFactory, QuestionFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


def choices(*answers: bool) -> list[Choice]:
    """Answers that are right or wrong."""
    return [Choice(text=f"答え{place}", is_correct=it) for place, it in enumerate(answers)]


class TestVersion:
    def test_is_a_copy_of_the_latest(self):
        published = CourseVersionFactory(published=True, text="第1版", covers_roles=False)

        draft = services.create_version(published.course, actor=UserFactory())

        assert (draft.number, draft.text, draft.published_on) == (2, "第1版", None)
        assert Topic.ROLES not in draft.topics

    def test_is_started_once(self):
        draft = CourseVersionFactory()

        assert services.create_version(draft.course, actor=UserFactory()) == draft

    def test_is_changed_until_it_is_published(self):
        draft = CourseVersionFactory()

        services.change_version(draft.pk, actor=UserFactory(), text="改訂")
        services.publish_version(draft.pk, actor=UserFactory(), today=TODAY)

        draft.refresh_from_db()
        assert (draft.text, draft.published_on) == ("改訂", TODAY)
        with pytest.raises(DomainError):
            services.change_version(draft.pk, actor=UserFactory(), text="もう一度")

    def test_keeps_its_first_day_of_publication(self):
        version = CourseVersionFactory(published=True)

        again = services.publish_version(version.pk, actor=UserFactory(), today=TODAY)

        assert again.published_on == version.published_on
        assert not HistoryEntry.objects.filter(event="training.version_published").exists()

    def test_is_not_published_empty_and_without_a_topic(self):
        version = CourseVersionFactory(
            text=" ",
            covers_policy=False,
            covers_importance=False,
            covers_roles=False,
            covers_consequences=False,
        )

        with pytest.raises(DomainError) as refusal:
            services.publish_version(version.pk, actor=UserFactory(), today=TODAY)

        assert len(refusal.value.messages) == 2

    def test_may_be_a_link_alone(self):
        version = CourseVersionFactory(text="", link="https://intranet.example.jp/pms")

        services.publish_version(version.pk, actor=UserFactory(), today=TODAY)

        version.refresh_from_db()
        assert version.published_on == TODAY


class TestCourse:
    def test_is_created_and_changed_with_an_event_each(self):
        actor = UserFactory()
        course = services.save_course(Course(code="A", title="研修"), actor=actor)
        course.title = "新しい研修"
        services.save_course(course, actor=actor)

        named = HistoryEntry.objects.filter(event__startswith="training.course").order_by("id")
        assert [it.event for it in named] == ["training.course_created", "training.course_changed"]

    def test_refuses_a_code_that_is_taken(self):
        with pytest.raises(ValidationError) as refusal:
            services.save_course(Course(code=CourseFactory().code, title="x"), actor=UserFactory())

        assert list(refusal.value.message_dict) == ["code"]


class TestQuestion:
    @pytest.mark.parametrize(
        ("kind", "answers"),
        [
            (QuestionKind.SINGLE, (True, False)),
            (QuestionKind.SINGLE, (False, False, True, False)),
            (QuestionKind.MULTIPLE, (True, True, False)),
            (QuestionKind.MULTIPLE, (False, True, False)),
            (QuestionKind.TRUE_FALSE, (False, True)),
        ],
    )
    def test_may_be_asked(self, kind, answers):
        services.check_question(Question(kind=kind), choices(*answers))

    @pytest.mark.parametrize(
        ("kind", "answers"),
        [
            (QuestionKind.SINGLE, ()),
            (QuestionKind.SINGLE, (True,)),
            (QuestionKind.SINGLE, (False, False)),
            (QuestionKind.SINGLE, (True, True, False)),
            (QuestionKind.MULTIPLE, (True, False)),
            (QuestionKind.MULTIPLE, (True, True, True)),
            (QuestionKind.MULTIPLE, (False, False, False)),
            (QuestionKind.TRUE_FALSE, (True, False, False)),
            (QuestionKind.TRUE_FALSE, (True, True)),
        ],
    )
    def test_is_refused_if_it_is_not_fair(self, kind, answers):
        with pytest.raises(DomainError):
            services.check_question(Question(kind=kind), choices(*answers))

    def test_is_refused_with_the_same_answer_twice(self):
        answers = choices(True, False)
        answers[1].text = f" {answers[0].text}"

        with pytest.raises(DomainError):
            services.check_question(Question(kind=QuestionKind.SINGLE), answers)

    @pytest.mark.parametrize(
        ("text_en", "answers_en"),
        [("", ("a", "b")), ("Which?", ("", "")), ("Which?", ("a", ""))],
    )
    def test_is_in_english_as_a_whole_or_not(self, text_en, answers_en):
        answers = choices(True, False)
        for answer, english in zip(answers, answers_en, strict=True):
            answer.text_en = english

        with pytest.raises(DomainError):
            services.check_question(Question(kind=QuestionKind.SINGLE, text_en=text_en), answers)

    def test_is_saved_with_its_answers_in_their_order(self):
        question = Question(course=CourseFactory(), code="Q1", topic=Topic.POLICY, text="どれ？")

        services.save_question(question, choices(False, True), actor=UserFactory())
        services.save_question(question, choices(True, False, False), actor=UserFactory())

        stored = question.choices.order_by("position").values_list("position", "is_correct")
        assert list(stored) == [(1, True), (2, False), (3, False)]

    def test_changes_nothing_when_it_is_refused(self):
        question = QuestionFactory(text="前")
        question.text = "後"

        with pytest.raises(DomainError):
            services.save_question(question, choices(False, False), actor=UserFactory())

        question.refresh_from_db()
        assert question.text == "前"
        assert question.choices.count() == 3

    def test_stays_as_it_was_in_an_open_campaign(self):
        campaign = CampaignFactory(open=True)
        question = campaign.course.questions.first()
        asked = campaign.questions.get(question=question).content
        question.text = "変えた"

        services.save_question(question, choices(False, True), actor=UserFactory())

        assert campaign.questions.get(question=question).content == asked


class TestStarterCourse:
    def test_comes_published_with_its_questions_and_is_left_alone_afterwards(self):
        course = services.install_starter_course(actor=UserFactory(), today=TODAY)
        version = course.versions.get()
        course.questions.filter(code="Q001").update(text="会社の言葉")

        again = services.install_starter_course(actor=UserFactory(), today=TODAY)

        assert again == course
        assert version.published_on == TODAY
        assert set(version.topics) == set(Topic)
        assert course.questions.count() >= 24
        assert course.questions.get(code="Q001").text == "会社の言葉"
        for question in course.questions.prefetch_related("choices"):
            services.check_question(question, list(question.choices.all()))
