"""Training in the admin: it writes through the services, and shows what it must not change."""

import io
from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pms.core.text import fold
from pms.history.models import HistoryEntry
from pms.training.admin import records
from pms.training.importers.questions import QUESTION_COLUMNS
from pms.training.models import (
    Attempt,
    Campaign,
    Course,
    CourseVersion,
    Excuse,
    FollowUp,
    Question,
    Report,
    Session,
    TrainingPlan,
    TrainingRecord,
)
from pms.transfer.readers import open_table
from tests.cycles.factories import CycleFactory
from tests.organization.factories import PersonFactory
from tests.training.factories import (
    CampaignFactory,
    CourseFactory,
    CourseVersionFactory,
    PlanFactory,
    SessionFactory,
    TrainingRecordFactory,
    record_of,
)

pytestmark = pytest.mark.django_db


def page_of(model, name, *args):
    return reverse(f"admin:training_{model._meta.model_name}_{name}", args=args)


def text_of(page):
    return " ".join(page.content.decode().split())


def form_of(page):
    """What the browser would send if nothing were changed."""
    form = page.context["adminform"].form
    formsets = [it.formset for it in page.context["inline_admin_formsets"]]
    parts = [form, *(it.management_form for it in formsets)]
    parts += [row for it in formsets for row in it.forms]
    data = {}
    for part in parts:
        for field in part:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


def events():
    return set(HistoryEntry.objects.exclude(event="").values_list("event", flat=True))


def exported(client, model, **query):
    """The table that the admin's export of `model` writes, as headings and rows."""
    fields = set(client.get(page_of(model, "export"), query).context["form"].fields)
    chosen = dict.fromkeys(fields - {"export_items"}, "on")
    data = chosen | {"format": "1", "resource": "0"}
    answer = client.post(
        f"{page_of(model, 'export')}?{'&'.join(f'{k}={v}' for k, v in query.items())}", data
    )
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    table = open_table(io.BytesIO(content), name="export.xlsx")
    return table.headings, [row for _number, row in table.rows()]


class TestCourse:
    def test_is_saved_by_the_service(self, client, officer):
        data = {"code": "C1", "kind": "annual", "title": "個人情報保護の基本", "is_active": "on"}

        url = page_of(Course, "add")
        client.post(url, form_of(client.get(url)) | data)

        assert Course.objects.get(code="C1").title == "個人情報保護の基本"
        assert "training.course_created" in events()


class TestVersion:
    def test_is_changed_until_it_is_published(self, client, officer):
        version = CourseVersionFactory()
        page = client.get(page_of(CourseVersion, "change", version.pk))

        client.post(
            page_of(CourseVersion, "change", version.pk), form_of(page) | {"text": "# 新しい"}
        )

        version.refresh_from_db()
        assert version.text == "# 新しい"
        assert "training.version_changed" in events()

    def test_is_only_looked_at_afterwards(self, client, officer):
        version = CourseVersionFactory(published=True)

        page = client.get(page_of(CourseVersion, "change", version.pk))
        answer = client.post(page_of(CourseVersion, "change", version.pk), {"text": "# 別"})

        assert not page.context["has_change_permission"]
        assert answer.status_code == 403


class TestQuestion:
    @pytest.fixture
    def question(self):
        return CourseFactory(questions=1).questions.get()

    def test_is_stored_with_its_answers(self, client, officer):
        course = CourseFactory()
        data = {
            "course": course.pk,
            "code": "Q1",
            "kind": "single",
            "topic": "policy",
            "difficulty": "1",
            "text": "正しいものは？",
            "is_active": "on",
            "choices-TOTAL_FORMS": "2",
            "choices-INITIAL_FORMS": "0",
            "choices-0-text": "これ",
            "choices-0-is_correct": "on",
            "choices-1-text": "それ",
        }

        client.post(page_of(Question, "add"), data)

        question = Question.objects.get(code="Q1")
        assert [(it.text, it.is_correct) for it in question.choices.all()] == [
            ("これ", True),
            ("それ", False),
        ]
        assert "training.question_created" in events()

    def test_that_cannot_be_asked_fairly_comes_back_with_the_reason(
        self, client, officer, question
    ):
        data = form_of(client.get(page_of(Question, "change", question.pk)))
        del data["choices-0-is_correct"]

        page = client.post(page_of(Question, "change", question.pk), data | {"text": "別の問い"})

        assert "Mark exactly one answer as correct." in text_of(page)
        assert Question.objects.get().text == question.text

    def test_is_changed_with_its_answers(self, client, officer, question):
        data = form_of(client.get(page_of(Question, "change", question.pk)))

        client.post(page_of(Question, "change", question.pk), data | {"choices-1-text": "まちがい"})

        texts = Question.objects.get().choices.values_list("text", flat=True)
        assert list(texts) == ["正しい", "まちがい", "これも誤り"]

    def test_is_not_deleted_once_it_was_asked(self, client, officer):
        question = CampaignFactory(open=True).course.questions.first()

        client.post(page_of(Question, "delete", question.pk), {"post": "yes"})

        assert Question.objects.filter(pk=question.pk).exists()

    def test_leads_to_the_import(self, client, officer):
        (entry,) = [
            it
            for it in client.get(page_of(Question, "changelist")).context["actions_list"]
            if "import" in it["path"]
        ]

        assert client.get(entry["path"]).url == reverse("transfer:upload", args=["questions"])

    def test_leaves_as_the_import_reads_it(self, client, officer, question):
        headings, rows = exported(client, Question)

        assert headings == [fold(column.heading) for column in QUESTION_COLUMNS]
        assert [row[:2] for row in rows] == [[question.course.code, question.code]]


class TestPlan:
    def test_is_made_by_the_service(self, client, officer):
        cycle = CycleFactory()

        client.post(
            page_of(TrainingPlan, "add"), {"cycle": cycle.pk, "purpose": "全員が理解する。"}
        )

        plan = TrainingPlan.objects.get()
        assert (plan.created_by, plan.created_on) == (officer, date(2026, 9, 15))
        assert "training.plan_created" in events()

    def test_lines_of_a_draft_are_added_changed_and_removed(self, client, officer):
        plan = PlanFactory()
        url = page_of(TrainingPlan, "change", plan.pk)
        data = form_of(client.get(url)) | {"items-TOTAL_FORMS": "2"}
        new = {"items-1-course": CourseFactory().pk, "items-1-target": "管理職"}
        new |= {"items-1-planned_month": "2026-10-10", "items-1-method": "paper"}

        client.post(url, data | new | {"items-0-target": "全員"})
        assert [(it.target, it.planned_month) for it in plan.items.all()] == [
            ("全員", date(2026, 9, 1)),
            ("管理職", date(2026, 10, 1)),
        ]
        client.post(url, data | {"items-TOTAL_FORMS": "1", "items-0-DELETE": "on"})
        assert plan.items.get().target == "管理職"
        assert "training.plan_changed" in events()

    def test_with_a_month_outside_its_year_is_refused(self, client, officer):
        plan = PlanFactory()
        url = page_of(TrainingPlan, "change", plan.pk)

        page = client.post(url, form_of(client.get(url)) | {"items-0-planned_month": "2027-05-01"})

        assert "Choose a month of" in text_of(page)
        assert plan.items.get().planned_month == date(2026, 9, 1)

    @pytest.mark.parametrize("state", ["submitted", "approved"])
    def test_is_only_looked_at_once_it_was_sent_in(self, client, officer, state):
        plan = PlanFactory(**{state: True})

        page = client.get(page_of(TrainingPlan, "change", plan.pk))
        answer = client.post(page_of(TrainingPlan, "change", plan.pk), {"purpose": "別"})

        assert not page.context["has_change_permission"]
        assert answer.status_code == 403


class TestCampaign:
    def test_is_prepared_with_its_audience(self, client, officer):
        cycle, course = CycleFactory(), CourseFactory()
        data = {
            "cycle": cycle.pk,
            "course": course.pk,
            "title": "秋の教育",
            "starts_on": "2026-09-01",
            "ends_on": "2026-09-30",
            "pass_mark": "80",
            "audience_kinds": ["regular", "officer"],
            "joiner_rule": "add",
            "joiner_days": "30",
        }

        url = page_of(Campaign, "add")
        client.post(url, form_of(client.get(url)) | data)

        assert Campaign.objects.get().audience_kinds == ["regular", "officer"]
        assert "training.campaign_created" in events()

    def test_audience_is_chosen_while_it_is_prepared_only(self, client, officer):
        draft = CampaignFactory()
        opened = CampaignFactory(open=True)

        fields = [
            set(client.get(page_of(Campaign, "change", it.pk)).context["adminform"].form.fields)
            for it in (draft, opened)
        ]

        assert fields[0] >= {"audience_kinds", "audience_posts", "starts_on", "pass_mark"}
        assert fields[1] == {"title", "title_en", "lecturer"}

    def test_that_is_open_takes_a_new_title(self, client, officer):
        campaign = CampaignFactory(open=True)
        url = page_of(Campaign, "change", campaign.pk)

        client.post(url, form_of(client.get(url)) | {"title": "別の題"})

        campaign.refresh_from_db()
        assert campaign.title == "別の題"
        assert "training.campaign_changed" in events()

    def test_that_is_closed_is_only_looked_at(self, client, officer):
        campaign = CampaignFactory(closed=True)

        page = client.get(page_of(Campaign, "change", campaign.pk))
        answer = client.post(page_of(Campaign, "change", campaign.pk), {"title": "別"})

        assert not page.context["has_change_permission"]
        assert answer.status_code == 403


class TestSession:
    def test_on_a_day_outside_the_training_is_refused_in_words(self, client, officer):
        campaign = CampaignFactory(open=True)

        page = client.post(
            page_of(Session, "add"),
            {"campaign": campaign.pk, "held_on": "2026-08-31"},
            follow=True,
        )

        assert "Choose a day from 2026-09-01 to 2027-03-31." in text_of(page)
        assert not Session.objects.exists()

    def test_is_removed_by_the_service(self, client, officer):
        session = SessionFactory(campaign=CampaignFactory(open=True))

        client.post(page_of(Session, "delete", session.pk), {"post": "yes"})

        assert not Session.objects.exists()
        assert "training.session_removed" in events()

    def test_stays_once_somebody_was_logged_for_it(self, client, officer):
        campaign = CampaignFactory(open=True)
        session = SessionFactory(campaign=campaign)
        TrainingRecordFactory(campaign=campaign, passed=True, session=session)

        answer = client.post(page_of(Session, "delete", session.pk), {"post": "yes"})

        assert answer.status_code == 403
        assert Session.objects.exists()


class TestReport:
    def test_words_are_written_by_the_service(self, client, officer):
        report = CampaignFactory(closed=True).report
        data = form_of(client.get(page_of(Report, "change", report.pk)))

        client.post(
            page_of(Report, "change", report.pk), data | {"effectiveness": "全員が理解した。"}
        )

        report.refresh_from_db()
        assert report.effectiveness == "全員が理解した。"
        assert report.figures["population"] == 1
        assert "training.report_written" in events()


class TestRecords:
    @pytest.mark.parametrize("model", [TrainingRecord, Attempt, Excuse, FollowUp])
    def test_are_neither_added_nor_changed_nor_deleted(self, client, officer, model):
        shown = admin.site._registry[model]
        client.get(page_of(model, "changelist"))
        request = client.get(page_of(model, "changelist")).wsgi_request

        assert not shown.has_add_permission(request)
        assert not shown.has_change_permission(request)
        assert not shown.has_delete_permission(request)

    def test_are_found_by_any_spelling_of_a_name(self, client, officer):
        person = PersonFactory(family_name="髙橋")
        record = record_of(CampaignFactory(open=True), person)

        page = client.get(page_of(TrainingRecord, "changelist"), {"q": "高橋"})

        assert list(page.context["cl"].result_list) == [record]

    def test_are_turned_without_being_counted(self, client, officer):
        CampaignFactory(open=True, people=3)
        client.get(page_of(TrainingRecord, "changelist"))

        with CaptureQueriesContext(connection) as captured:
            page = client.get(page_of(TrainingRecord, "changelist"))

        assert len(page.context["cl"].result_list) == TrainingRecord.objects.count()
        counted = [
            it["sql"]
            for it in captured.captured_queries
            if "COUNT(" in it["sql"] and "trainingrecord" in it["sql"]
        ]
        assert counted == []

    def test_leave_as_a_file_that_the_journal_knows_of(self, client, officer):
        campaign = CampaignFactory(open=True)

        headings, rows = exported(client, TrainingRecord, campaign__id__exact=campaign.pk)

        assert headings[:3] == ["研修", "社員番号", "氏名"]
        assert {row[1] for row in rows} == set(
            campaign.records.values_list("employee_number", flat=True)
        )
        entry = HistoryEntry.objects.get(event="history.exported")
        assert entry.additional_data["rows"] == len(rows)

    def test_that_are_too_many_for_a_file_lead_to_the_list_that_can(
        self, client, officer, monkeypatch
    ):
        monkeypatch.setattr(records, "MOST_EXPORTED", 1)
        CampaignFactory(open=True, people=3)

        page = client.post(
            page_of(TrainingRecord, "export"), {"format": "0", "resource": "0"}, follow=True
        )

        assert "Narrow the list" in text_of(page)
        assert not HistoryEntry.objects.filter(event="history.exported").exists()
