"""Training's papers: what stands on them, and that every character of it can be printed."""

import io
from datetime import date

import pytest
from django.utils import translation
from pypdf import PdfReader

from pms.cycles.models import Cycle
from pms.organization.models import Company
from pms.training import printing, services
from pms.training.models import Report, TrainingPlan
from pms.training.reports import summarize, summary
from pms.transfer.writers import write_workbook
from tests.accounts.factories import UserFactory
from tests.cycles.factories import CycleFactory
from tests.organization.factories import DepartmentFactory, PersonFactory
from tests.training.factories import CampaignFactory, at

pytestmark = pytest.mark.django_db

NOW = at(date(2026, 11, 21))
GETA = "〓"  # what is printed for a character that the font lacks


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace(
        "\u200b", ""
    )


def flowing(pdf):
    return "".join(text_of(pdf).split())


@pytest.fixture
def closed():
    """A closed campaign with an approved report, of people whose names are not easy to print."""
    company = Company.objects.current()
    company.name = "株式会社髙﨑𠮷野サービス"
    company.save()
    department = DepartmentFactory(name="営業部", name_en="Sales")
    person = PersonFactory(family_name="𠮷田", affiliation__department=department)
    maker = UserFactory(roles=[], department=department)
    campaign = CampaignFactory(closed=True, title="2026年度 教育①", title_en="Training 2026")
    assert campaign.records.filter(person=person).exists()
    report = services.write_report(
        campaign.pk,
        actor=maker,
        opinions="「わかりやすい」という声が多かった。\n~②~",
        effectiveness="全員が理解した。",
        improvements="事例を増やす。",
        reported_to="代表取締役 水野 玲子",
        reported_on=date(2026, 11, 20),
    )
    approver = UserFactory(roles=[], department=department)
    services.approve_report(report.pk, actor=approver, today=date(2026, 11, 21))
    return campaign


def report_pdf(campaign, **options):
    report = Report.objects.filter(campaign=campaign).first()
    return printing.report_pdf(summarize(campaign), report, now=NOW, **options)


def papers(campaign):
    """Every paper of training, about the year of `campaign`."""
    opened = CampaignFactory(cycle=CycleFactory(year=2027), course=campaign.course, open=True)
    records = opened.records.select_related("department").order_by("employee_number")
    yield printing.plan_pdf(TrainingPlan.objects.first(), now=NOW)
    yield printing.attendance_pdf(opened, records, now=NOW)
    yield printing.attendance_pdf(opened, [], now=NOW)
    yield report_pdf(campaign)
    yield report_pdf(opened)
    yield printing.summary_pdf(summary(Cycle.objects.all()), now=NOW, years="2026年度、2027年度")
    yield printing.summary_pdf([], now=NOW, years="2026年度")


class TestEveryPaper:
    @pytest.mark.parametrize("language", ["ja", "en"])
    def test_has_a_glyph_for_every_character(self, closed, language):
        with translation.override(language):
            printed = [text_of(pdf) for pdf in papers(closed)]

        assert len(printed) == 7
        assert [text for text in printed if GETA in text or not text] == []

    def test_bears_the_name_of_the_company(self, closed):
        assert all("髙﨑𠮷野サービス" in flowing(pdf) for pdf in papers(closed))


class TestPlan:
    def test_shows_its_lines_and_who_approved_it(self, closed):
        plan = TrainingPlan.objects.get(cycle=closed.cycle)

        with translation.override("en"):
            text = flowing(printing.plan_pdf(plan, now=NOW))

        assert "全従業者" in text
        assert "".join(printing.person_of(plan.approved_by).split()) in text


class TestReport:
    def test_holds_figures_and_words(self, closed):
        with translation.override("en"):
            text = text_of(report_pdf(closed))

        assert "代表取締役 水野 玲子" in text
        assert "全員が理解した。" in text
        assert "Sales" in text
        assert "As of" in text

    def test_writes_years_of_the_era_for_who_wants_them(self, closed):
        with translation.override("ja"):
            assert "令和8年9月1日" in text_of(report_pdf(closed, uses_wareki=True))
            assert "令和" not in text_of(report_pdf(closed))

    def test_says_that_open_figures_are_not_final(self):
        campaign = CampaignFactory(open=True)

        with translation.override("en"):
            text = text_of(report_pdf(campaign))

        assert "these figures are not final" in text
        assert "Not written yet." in text

    def test_gives_each_table_a_sheet_of_its_own(self, closed):
        with translation.override("en"):
            sheets = printing.report_sheets(summarize(closed), closed.report)

        assert [sheet.name for sheet in sheets] == [
            *("Outline", "Results", "Results by department", "Results by employment kind"),
            *("Most-missed questions", "Evaluation"),
        ]
        counts = write_workbook(io.BytesIO(), sheets)
        assert counts[1] == 11

    def test_leaves_no_cell_of_a_sheet_empty(self):
        campaign = CampaignFactory(open=True)

        sheets = printing.report_sheets(summarize(campaign), None)

        assert all(cell not in (None, "") for sheet in sheets for row in sheet.rows for cell in row)


class TestAttendanceSheet:
    def test_names_who_is_not_through_by_department(self):
        department = DepartmentFactory(name="総務部")
        person = PersonFactory(affiliation__department=department)
        campaign = CampaignFactory(open=True)

        text = text_of(
            printing.attendance_pdf(
                campaign, campaign.records.select_related("department"), now=NOW
            )
        )

        assert "総務部" in text
        assert person.employee_number in text
