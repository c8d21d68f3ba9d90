"""The report of a training and the summary of two years, as pages and as files."""

import io
from datetime import date

import pytest
from django.urls import reverse
from pypdf import PdfReader

from pms.accounts.roles import Role
from pms.organization.choices import EmploymentKind
from pms.training import services
from pms.training.choices import FollowUpKind
from pms.training.models import Report
from pms.transfer.readers import open_table
from tests.accounts.factories import UserFactory
from tests.cycles.factories import CycleFactory
from tests.organization.factories import DepartmentFactory, PersonFactory
from tests.training.factories import (
    AttemptFactory,
    CampaignFactory,
    CourseFactory,
    CourseVersionFactory,
    TrainingRecordFactory,
)

pytestmark = pytest.mark.django_db

WORDS = {
    "opinions": "事例がよかった。",
    "effectiveness": "全員が理解した。",
    "improvements": "事例を増やす。",
    "reported_to": "代表取締役 水野 玲子",
    "reported_on": "2026-09-14",
}


def page_of(name, *args):
    return reverse(f"training:{name}", args=args)


def text_of(page):
    return " ".join(page.content.decode().split())


def person(department=None, kind=EmploymentKind.REGULAR):
    place = {"affiliation__department": department} if department else {}
    return PersonFactory(affiliation__employment_kind=kind, **place)


def lasting_course():
    """A course whose material was published before all the years of these tests."""
    course = CourseFactory(questions=5)
    CourseVersionFactory(course=course, published_on=date(2024, 4, 1))
    return course


@pytest.fixture
def mixed():
    """An open campaign with somebody of every outcome: 8 people, one void record."""
    sales = DepartmentFactory(name="営業部", name_en="Sales")
    campaign = CampaignFactory(open=True)
    for facts in (
        {"passed": True},
        {"passed": True, "person": person(sales)},
        {"passed": True, "failures": 2, "person": person(sales, EmploymentKind.OFFICER)},
        {"failed": True, "person": person(sales)},
        {"in_progress": True},
        {"excused": True, "person": person(sales)},
        {"void": True},
    ):
        TrainingRecordFactory(campaign=campaign, **facts)
    return campaign


@pytest.fixture
def closed():
    """A closed campaign, whose report is made by who closed it."""
    return CampaignFactory(closed=True)


def written(campaign):
    """The report on `campaign` with all its words."""
    words = WORDS | {"reported_on": date(2026, 9, 14)}
    return services.write_report(campaign.pk, actor=campaign.report.created_by, **words)


class TestReport:
    def test_says_while_it_is_open_that_nothing_is_final(self, client, officer, mixed):
        page = client.get(page_of("report", mixed.pk))

        assert "The training is still open" in text_of(page)
        assert page.context["report"] is None

    def test_says_when_the_figures_became_final(self, client, officer, closed):
        page = client.get(page_of("report", closed.pk))

        assert "These figures are final." in text_of(page)

    def test_counts_everybody_once(self, client, officer, mixed):
        numbers = {
            str(it["label"]): it["value"]
            for it in client.get(page_of("report", mixed.pk)).context["tiles"]
        }

        assert numbers == {
            "Everybody on the list": 7,
            "Excused": 1,
            "To be trained": 6,
            "Trained": 4,
            "Not trained": 2,
            "Passed at first": 2,
            "Passed after failing": 1,
            "Not completed yet": 3,
        }

    def test_every_number_opens_the_list_that_it_counts(self, client, officer, mixed):
        context = client.get(page_of("report", mixed.pk)).context
        numbers = [(it["url"], it["value"]) for it in context["tiles"]]
        for row in [*context["departments"], *context["kinds"]]:
            numbers.append((row["url"], row["total"]))
            numbers += [(it["url"], it["value"]) for it in row["segments"] if it["value"]]

        assert {url: len(client.get(url).context["page"]) for url, _value in numbers} == dict(
            numbers
        )

    def test_tells_the_outcome_of_each_department_and_kind(self, client, officer, mixed):
        departments, kinds = client.get(page_of("report", mixed.pk)).context["groups"]

        assert ["Sales", 4, 1, 3, 3, 2, 66.7] in departments.rows
        assert ["Officer", 1, 0, 1, 1, 1, 100.0] in kinds.rows

    def test_does_not_call_zero_what_is_unknown(self, client, officer):
        campaign = CampaignFactory(open=True)
        campaign.records.update(status="excused")

        page = client.get(page_of("report", campaign.pk))

        assert dict(page.context["rates"]) == {
            "Attendance rate": "–",
            "Pass rate": "–",
            "Average score": "–",
        }

    def test_names_the_questions_that_most_got_wrong(self, client, officer, mixed):
        failed = mixed.records.get(status="failed")
        asked = mixed.questions.count()
        AttemptFactory(record=failed, failed=True)
        AttemptFactory(record=failed, passed=True)

        page = client.get(page_of("report", mixed.pk))

        assert [row[2:] for row in page.context["missed"].rows] == [[2, 1, 50.0]] * asked
        assert "no test of last year" in page.context["unchanged"]

    def test_leaves_questions_out_where_there_is_no_test(self, client, officer):
        campaign = CampaignFactory(pass_mark=None, open=True)

        assert client.get(page_of("report", campaign.pk)).context["missed"] is None

    def test_compares_with_last_years_training(self, client, officer):
        course = lasting_course()
        before = CampaignFactory(cycle=CycleFactory(year=2025), course=course, closed=True)
        campaign = CampaignFactory(cycle=CycleFactory(year=2026), course=course, open=True)

        page = client.get(page_of("report", campaign.pk))

        assert page.context["before_url"] == page_of("report", before.pk)
        rates = {row[0]: row[1:] for row in page.context["comparison"].rows}
        assert rates["Pass rate (%)"] == [0.0, 100.0, -100.0]
        assert rates["Average score"] == [None, 100.0, None]
        assert "5 of 5 questions (100.0 %)" in page.context["unchanged"]

    def test_is_not_there_before_the_opening(self, client, officer):
        campaign = CampaignFactory()

        assert client.get(page_of("report", campaign.pk)).url == campaign.get_absolute_url()

    def test_is_hidden_from_department_managers(self, client, sign_in, mixed):
        sign_in(Role.DEPARTMENT_MANAGER, department=DepartmentFactory())

        assert client.get(page_of("report", mixed.pk)).status_code == 403


class TestWriting:
    def test_keeps_the_words(self, client, officer, closed):
        answer = client.post(page_of("report_edit", closed.pk), WORDS)

        assert answer.url == page_of("report", closed.pk)
        report = Report.objects.get(campaign=closed)
        assert {name: str(getattr(report, name)) for name in WORDS} == WORDS
        page = client.get(answer.url)
        assert "事例を増やす。" in text_of(page)

    def test_starts_the_report_of_an_open_training(self, client, officer, mixed):
        client.post(page_of("report_edit", mixed.pk), WORDS)

        assert Report.objects.get(campaign=mixed).created_by == officer

    def test_refuses_a_day_that_has_not_come(self, client, officer, closed):
        page = client.post(page_of("report_edit", closed.pk), WORDS | {"reported_on": "2026-09-16"})

        assert "This day has not come yet" in text_of(page)
        assert Report.objects.get(campaign=closed).opinions == ""

    def test_is_over_once_the_report_is_approved(self, client, officer, closed):
        report = written(closed)
        services.approve_report(report.pk, actor=UserFactory(), today=date(2026, 9, 15))

        page = client.post(page_of("report_edit", closed.pk), WORDS | {"opinions": "別の意見"})

        assert "The report is approved and stays as it is." in text_of(page)
        assert page_of("report_edit", closed.pk) not in text_of(
            client.get(page_of("report", closed.pk))
        )

    def test_is_not_for_who_only_examines(self, client, sign_in, closed):
        sign_in(Role.AUDITOR)

        assert client.get(page_of("report_edit", closed.pk)).status_code == 403


class TestApproval:
    def test_is_offered_and_carried_out(self, client, sign_in, closed):
        president = sign_in(Role.TOP_MANAGEMENT)
        report = written(closed)

        page = client.get(page_of("report", closed.pk))
        assert page.context["can_approve"]
        answer = client.post(page_of("report_approve", closed.pk))

        report.refresh_from_db()
        assert (report.approved_by, report.approved_on) == (president, date(2026, 9, 15))
        assert "Approved" in text_of(client.get(answer.url))

    def test_names_what_is_missing_instead_of_the_button(self, client, sign_in, closed):
        sign_in(Role.TOP_MANAGEMENT)

        page = client.get(page_of("report", closed.pk))

        assert not page.context["can_approve"]
        assert "The evaluation of effectiveness is empty." in text_of(page)

    def test_is_refused_to_the_maker(self, client, sign_in):
        manager = sign_in(Role.PRIVACY_MANAGER)
        campaign = CampaignFactory(open=True)
        services.write_report(
            campaign.pk, actor=manager, **WORDS | {"reported_on": date(2026, 9, 14)}
        )
        for record in campaign.records.open():
            services.add_follow_up(
                record.pk,
                kind=FollowUpKind.DECISION,
                done_on=date(2026, 9, 15),
                result="長期出張",
                actor=manager,
                now=campaign.opened_at,
            )
        services.close_campaign(
            campaign.pk, actor=manager, today=date(2026, 10, 1), now=campaign.opened_at
        )

        page = client.post(page_of("report_approve", campaign.pk))

        assert "Nobody approves a report that they made themselves." in text_of(page)
        assert Report.objects.get(campaign=campaign).approved_on is None

    def test_has_to_wait_for_the_closing(self, client, sign_in, mixed):
        sign_in(Role.TOP_MANAGEMENT)
        services.write_report(mixed.pk, actor=UserFactory(), opinions="よかった。")

        assert client.get(page_of("report_approve", mixed.pk)).status_code == 302

    def test_needs_a_report(self, client, sign_in, mixed):
        sign_in(Role.TOP_MANAGEMENT)

        assert client.get(page_of("report_approve", mixed.pk)).status_code == 404


class TestFiles:
    def test_the_report_comes_as_pdf(self, client, officer, closed):
        answer = client.get(page_of("report_file", closed.pk, "pdf"))

        pages = PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages
        assert "Training report" in pages[0].extract_text()

    def test_the_report_comes_as_a_workbook(self, client, officer, closed):
        answer = client.get(page_of("report_file", closed.pk, "xlsx"))

        table = open_table(io.BytesIO(b"".join(answer.streaming_content)), name="report.xlsx")
        cells = dict(row for _number, row in table.rows())
        assert cells["Training"] == str(closed)

    @pytest.mark.parametrize("form", ["csv", "docx"])
    def test_other_forms_do_not_exist(self, client, officer, closed, form):
        assert client.get(page_of("report_file", closed.pk, form)).status_code == 404
        assert client.get(page_of("summary_file", form)).status_code == 404


class TestSummary:
    @pytest.fixture
    def years(self):
        """Three fiscal years with a training each; the last is running."""
        course = lasting_course()
        return [
            CampaignFactory(cycle=CycleFactory(year=year), course=course, open=True)
            for year in (2024, 2025, 2026)
        ]

    def shown(self, page):
        return [it["campaign"] for _cycle, rows in page.context["shown"] for it in rows]

    def test_shows_the_running_year_and_the_one_before(self, client, officer, years):
        page = client.get(page_of("summary"))

        assert self.shown(page) == years[1:]

    def test_reaches_back_from_the_year_that_is_chosen(self, client, officer, years):
        page = client.get(page_of("summary"), {"until": years[1].cycle.pk})

        assert self.shown(page) == years[:2]

    def test_does_not_offer_a_year_to_come(self, client, officer, years):
        later = CycleFactory(year=2027)

        page = client.get(page_of("summary"), {"until": later.pk})

        assert self.shown(page) == years[1:]

    def test_leaves_out_what_was_never_opened(self, client, officer, years):
        CampaignFactory(cycle=years[2].cycle)

        assert self.shown(client.get(page_of("summary"))) == years[1:]

    def test_every_number_opens_the_list_that_it_counts(self, client, officer, mixed):
        page = client.get(page_of("summary"))

        ((_cycle, (row,)),) = page.context["shown"]
        for name, number in (("targeted", 6), ("attended", 4)):
            assert getattr(row["figures"], name) == number
            assert len(client.get(row[f"{name}_url"]).context["page"]) == number

    def test_comes_as_pdf_and_as_a_table(self, client, officer, years):
        pdf = client.get(page_of("summary_file", "pdf"), {"until": years[1].cycle.pk})
        workbook = client.get(page_of("summary_file", "xlsx"), {"until": years[1].cycle.pk})

        text = PdfReader(io.BytesIO(b"".join(pdf.streaming_content))).pages[0].extract_text()
        assert "2024年度" in text
        assert "2026年度" not in text
        table = open_table(io.BytesIO(b"".join(workbook.streaming_content)), name="summary.xlsx")
        assert [row[0] for _number, row in table.rows()] == ["2024年度", "2025年度"]
        assert table.headings == [
            *("Fiscal year", "Period", "Training", "For whom", "Number to be trained"),
            *("Number trained", "Method", "Content and material"),
            *("How comprehension was checked", "Follow-up of absentees"),
        ]

    def test_says_so_while_there_is_nothing(self, client, officer):
        assert "There is no fiscal year yet." in text_of(client.get(page_of("summary")))
