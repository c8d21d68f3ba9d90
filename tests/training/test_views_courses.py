"""Pages of courses and their material."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pms.accounts.roles import Role
from pms.evidence.models import EvidenceFile
from pms.history.models import HistoryEntry
from pms.training.choices import Topic
from pms.training.models import Course, CourseVersion
from tests.training.factories import (
    CampaignFactory,
    CourseFactory,
    CourseVersionFactory,
    QuestionFactory,
)

pytestmark = pytest.mark.django_db


def page_of(name, *args):
    return reverse(f"training:{name}", args=args)


def events(record):
    return [entry.event for entry in HistoryEntry.objects.of(record) if entry.event]


class TestList:
    def test_shows_what_is_published_and_asked(self, client, officer):
        CourseFactory(code="A1", published=True, questions=3)
        CourseFactory(code="A2")

        rows = list(client.get(page_of("course_list")).context["page"])

        assert [(it.code, it.latest_version, it.question_count) for it in rows] == [
            ("A1", 1, 3),
            ("A2", None, 0),
        ]

    def test_can_be_narrowed_and_taken_out(self, client, officer):
        CourseFactory(code="A1", is_active=False)
        CourseFactory(code="A2")

        shown = client.get(page_of("course_list"), {"in_use": "0"})
        taken = client.get(page_of("course_list"), {"in_use": "0", "export": "csv"})

        assert [it.code for it in shown.context["page"]] == ["A1"]
        assert b"".join(taken.streaming_content).decode("utf-8-sig").splitlines()[1][:2] == "A1"

    def test_explains_itself_while_it_is_empty(self, client, officer):
        assert "Add the first one" in client.get(page_of("course_list")).text


class TestDetail:
    def test_counts_the_questions_of_each_topic(self, client, officer):
        course = CourseFactory(published=True)
        QuestionFactory.create_batch(2, course=course, topic=Topic.ROLES)
        QuestionFactory(course=course, topic=Topic.ROLES, is_active=False)

        topics = client.get(course.get_absolute_url()).context["topics"]

        (roles,) = [it for it in topics if it["label"] == Topic.ROLES.label]
        listed = client.get(roles["url"]).context["page"].total
        assert roles["count"] == listed == 2

    @pytest.mark.parametrize(
        ("facts", "step"),
        [
            ({}, "Write the first version"),
            ({"published": True}, "Add a question"),
            ({"published": True, "questions": 1}, "Prepare a campaign"),
        ],
    )
    def test_says_what_to_do_next(self, client, officer, facts, step):
        assert step in client.get(CourseFactory(**facts).get_absolute_url()).text

    def test_offers_the_draft_before_anything_else(self, client, officer):
        draft = CourseVersionFactory(course=CourseFactory(published=True, questions=1))

        assert page_of("version_edit", draft.pk) in client.get(draft.course.get_absolute_url()).text


class TestForm:
    def test_adds_a_course(self, client, officer):
        facts = {"code": "N1", "kind": "annual", "title": "研修", "is_active": "on"}

        answer = client.post(page_of("course_create"), facts)

        course = Course.objects.get(code="N1")
        assert answer.url == course.get_absolute_url()
        assert events(course) == ["training.course_created"]

    def test_shows_what_is_wrong_at_the_field(self, client, officer):
        CourseFactory(code="N1")

        answer = client.post(
            page_of("course_create"), {"code": "N1", "kind": "annual", "title": "別の研修"}
        )

        assert "code" in answer.context["form"].errors
        assert Course.objects.count() == 1

    def test_changes_a_course(self, client, officer):
        course = CourseFactory()

        client.post(
            page_of("course_edit", course.pk),
            {"code": course.code, "kind": "my_number", "title": "新しい名前"},
        )

        course.refresh_from_db()
        assert (course.kind, course.title, course.is_active) == ("my_number", "新しい名前", False)

    def test_sent_twice_adds_one(self, client, officer):
        facts = {"code": "N1", "kind": "annual", "title": "研修", "form_token": "once"}
        client.post(page_of("course_create"), facts)

        again = client.post(page_of("course_create"), facts)

        assert again.status_code == 302
        assert Course.objects.count() == 1


class TestVersion:
    def test_starts_as_a_copy_of_the_latest_one(self, client, officer):
        course = CourseFactory(published=True)

        answer = client.post(page_of("version_create", course.pk))

        draft = course.versions.get(published_on=None)
        assert draft.text == course.versions.get(number=1).text
        assert answer.url == page_of("version_edit", draft.pk)

    def test_is_not_made_by_looking(self, client, officer):
        assert client.get(page_of("version_create", CourseFactory().pk)).status_code == 405

    def test_is_written_in_markdown_and_read_as_a_page(self, client, officer):
        draft = CourseVersionFactory()

        client.post(
            page_of("version_edit", draft.pk),
            {"text": "## 方針\n\n<script>", "covers_policy": "on"},
        )

        page = client.get(page_of("version_detail", draft.pk)).text
        assert "<h3>方針</h3>" in page
        assert "&lt;script&gt;" in page
        draft.refresh_from_db()
        assert draft.topics == [Topic.POLICY]

    def test_shows_while_writing_what_it_will_look_like(self, client, officer):
        answer = client.post(page_of("version_preview"), {"text": "**太字**"})

        assert answer.text == "<p><strong>太字</strong></p>\n"

    def test_is_published_with_a_warning_that_it_stays(self, client, officer, mid_september):
        draft = CourseVersionFactory()
        asked = client.get(page_of("version_publish", draft.pk))

        client.post(page_of("version_publish", draft.pk))

        draft.refresh_from_db()
        assert "never changed afterwards" in asked.text
        assert draft.published_on == mid_september

    def test_is_not_published_empty(self, client, officer):
        draft = CourseVersionFactory(text="")

        answer = client.post(page_of("version_publish", draft.pk))

        assert "The material is empty" in answer.text
        assert CourseVersion.objects.get().published_on is None

    @pytest.mark.parametrize("name", ["version_edit", "version_publish", "version_files"])
    def test_is_left_alone_once_it_is_published(self, client, officer, name):
        version = CourseVersionFactory(published=True)

        answer = client.get(page_of(name, version.pk), follow=True)

        assert answer.redirect_chain == [(page_of("version_detail", version.pk), 302)]
        assert "Please start a new version" in answer.text

    def test_names_the_campaigns_that_were_held_with_it(self, client, officer):
        campaign = CampaignFactory(open=True)

        page = client.get(page_of("version_detail", campaign.course_version_id))

        assert list(page.context["campaigns"]) == [campaign]

    def test_takes_files_along(self, client, officer):
        draft = CourseVersionFactory()
        file = SimpleUploadedFile("slides.txt", "概要".encode())

        client.post(page_of("version_files", draft.pk), {"evidence": file, "note": "投影用"})

        (kept,) = EvidenceFile.objects.of(draft)
        assert (kept.name, kept.note) == ("slides.txt", "投影用")

    def test_is_not_offered_for_change_to_who_only_reads(self, client, sign_in):
        sign_in(Role.AUDIT_OFFICER)
        draft = CourseVersionFactory()

        page = client.get(page_of("version_detail", draft.pk)).text

        assert page_of("version_publish", draft.pk) not in page
