"""HR's year of training as people live it: real files, a real browser, ten thousand people."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.cycles.models import Cycle, year_end
from pms.history.models import HistoryEntry
from pms.organization.models import Company, Department, Person
from pms.training import services
from pms.training.choices import CampaignStatus, RecordStatus
from pms.training.models import Attempt, Campaign, Course, PlanItem, TrainingRecord
from tests.accounts.factories import PASSWORD, UserFactory
from tests.journeys import rosters

PEOPLE = 10_000
PASTED = 180
GETA = "〓"  # what papers print for a character that the font lacks
PATIENCE = 180_000  # milliseconds; the machine may be busy with other tests
PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser_context_args(browser_context_args: dict) -> dict:
    """A browser that asks for Japanese."""
    return browser_context_args | {"locale": "ja"}


@pytest.fixture
def hr() -> User:
    """髙橋さん of HR, in a company with departments, a year, a course and an approved plan."""
    Company.objects.create(pk=1, name="株式会社こだま計器")
    founded = timezone.localdate() - timedelta(days=3650)
    places = [
        Department.objects.create(code=f"{number * 10}", name=f"第{number}部", starts_on=founded)
        for number in range(1, 15)
    ]
    hr = UserFactory(email="hr@example.jp", roles=[Role.TRAINING_OFFICER], department=places[0])
    manager = UserFactory(email="pm@example.jp", roles=[Role.PRIVACY_MANAGER], department=places[0])
    first = (timezone.localdate() - timedelta(days=120)).replace(day=1)
    cycle = Cycle.objects.create(name="今年度", starts_on=first, ends_on=year_end(first))
    course = services.install_starter_course(actor=hr, today=first)
    plan = services.create_plan(cycle, actor=hr, today=first, purpose="全員が理解する。")
    PlanItem.objects.create(plan=plan, course=course, target="全従業者", planned_month=first)
    services.submit_plan(plan.pk, actor=hr)
    services.approve_plan(plan.pk, actor=manager, today=first)
    return hr


@pytest.fixture
def desk(page: Page, live_server: object, hr: User) -> Iterator[Page]:
    """HR's browser, signed in; it ends without an error in its console."""
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("console", lambda it: complaints.append(it.text) if it.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, str(live_server), hr.email)
    yield page
    assert complaints == []


def sign_in(page: Page, address: str, email: str) -> None:
    """Come in by the front door."""
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/(overview/)?$"))


def upload(page: Page, address: str, name: str, content: bytes) -> None:
    """Choose a file on an upload page and send it."""
    page.goto(address)
    page.set_input_files(
        "input[type=file][name=file]", {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="アップロード").click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))


def confirm_import(page: Page) -> None:
    """Press the button under the preview and wait for the end."""
    page.get_by_role("button", name=re.compile("取り込む")).click()
    expect(page.locator("h2", has_text="取り込みました")).to_be_visible(timeout=PATIENCE)


def import_roster(desk: Page, address: str) -> None:
    """A first file with twelve slips writes nothing; the mended one writes everybody."""
    before = Person.objects.count()
    form = f"{address}/imports/people/new/"

    upload(desk, form, "名簿.csv", rosters.roster(PEOPLE, with_slips=True))
    slips = desk.locator("#run tbody tr")
    expect(slips).to_have_count(len(rosters.SLIPS), timeout=PATIENCE)
    for line, (row, (heading, value)) in zip(
        slips.all_inner_texts(), rosters.SLIPS.items(), strict=True
    ):
        assert line.split()[:2] == [str(row), heading]
        assert unicodedata.normalize("NFKC", value) in line
    assert Person.objects.count() == before

    upload(desk, form, "名簿.csv", rosters.roster(PEOPLE, with_slips=False))
    confirm_import(desk)
    assert Person.objects.count() == before + PEOPLE
    events = HistoryEntry.objects.filter(event="transfer.imported")
    assert events.count() == 1


def open_campaign(desk: Page, address: str) -> Campaign:
    """Prepare, look at the audience, open."""
    today = timezone.localdate()
    desk.goto(f"{address}/training/campaigns/new/")
    desk.select_option("select[name=course]", label=str(Course.objects.get()))
    desk.select_option("select[name=cycle]", label="今年度")
    desk.fill("input[name=title]", "今年度の教育")
    desk.fill("input[name=starts_on]", today.isoformat())
    desk.fill("input[name=ends_on]", (today + timedelta(days=20)).isoformat())
    desk.fill("input[name=question_count]", "5")
    desk.locator("main form button.button-primary").click()
    campaign = Campaign.objects.get()
    desk.goto(f"{address}/training/campaigns/{campaign.pk}/audience/")
    expect(desk.locator("h1")).to_contain_text(f"{PEOPLE + 2:,}")
    desk.goto(f"{address}/training/campaigns/{campaign.pk}/open/")
    desk.locator("main form button.button-primary").click()
    desk.wait_for_url(re.compile(rf"/campaigns/{campaign.pk}/$"), timeout=PATIENCE)
    assert campaign.records.population().count() == PEOPLE + 2
    return campaign


def paste_completions(desk: Page, address: str, campaign: Campaign) -> None:
    """Numbers from the attendance sheet, with two slips that are told and left out."""
    numbers = [rosters.number_of(place) for place in range(1, 1 + PASTED)]
    desk.goto(f"{address}/training/campaigns/{campaign.pk}/log/")
    desk.fill("textarea[name=numbers]", "\n".join([*numbers, "８８８８８８", numbers[0]]))
    desk.locator("main form button.button-primary").click()
    desk.wait_for_url(re.compile(r"/imports/\d+/$"))
    expect(desk.locator("#run")).to_contain_text("888888", timeout=PATIENCE)
    confirm_import(desk)
    passed = campaign.records.filter(status=RecordStatus.PASSED)
    assert passed.count() == PASTED
    assert set(passed.values_list("logged_by__email", flat=True)) == {"hr@example.jp"}


def take_on_phone(browser: Browser, address: str, campaign: Campaign) -> None:
    """Somebody without any manual: material, test, “I understood”."""
    person = Person.objects.get(employee_number=rosters.number_of(0))
    person.user = UserFactory(email="hanako@example.jp")
    person.save()
    context = browser.new_context(viewport=PHONE, locale="ja")
    phone = context.new_page()
    phone.set_default_timeout(PATIENCE)
    sign_in(phone, address, "hanako@example.jp")
    phone.get_by_role("link", name="受講する").first.click()
    phone.get_by_role("button", name="テストに進む").click()
    phone.wait_for_url(re.compile(r"/attempts/\d+/$"))
    attempt = Attempt.objects.get()
    frozen = campaign.questions.in_bulk([row["question"] for row in attempt.paper])
    for key, question in frozen.items():
        for place, choice in enumerate(question.content["choices"]):
            if choice["correct"]:
                phone.locator(f"#q{key} input[value='{place}']").check()
    expect(phone.locator("#kept")).to_contain_text("5問中5問")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("button", name="テストを送信する").click()
    expect(phone.locator("main")).to_contain_text("100点")
    phone.get_by_role("link", name=re.compile("理解しました")).click()
    phone.check("input[name=understood]")
    phone.get_by_role("button", name="受講を完了する").click()
    expect(phone.locator("main")).to_contain_text("修了しました")
    context.close()
    record = TrainingRecord.objects.get(campaign=campaign, person=person)
    assert (record.status, record.score) == (RecordStatus.PASSED, 100)
    assert record.acknowledged_at is not None


def log_the_rest_from_a_file(desk: Page, address: str, campaign: Campaign) -> None:
    """What another training system wrote out."""
    rest = list(campaign.records.open().values_list("employee_number", flat=True))
    form = f"{address}/imports/completions/new/?campaign={campaign.pk}"
    desk.goto(form)
    desk.select_option("select[name=campaign]", str(campaign.pk))
    desk.fill("input[name=attended_on]", timezone.localdate().isoformat())
    desk.select_option("select[name=method]", "video")
    desk.select_option("select[name=comprehension]", "test")
    desk.set_input_files(
        "input[type=file][name=file]",
        {"name": "修了者.csv", "mimeType": "text/csv", "buffer": rosters.completions(rest)},
    )
    desk.get_by_role("button", name="アップロード").click()
    desk.wait_for_url(re.compile(r"/imports/\d+/$"))
    expect(desk.get_by_role("button", name=re.compile("取り込む"))).to_be_visible(timeout=PATIENCE)
    confirm_import(desk)
    assert not campaign.records.open().exists()


def close_campaign(desk: Page, address: str, campaign: Campaign) -> None:
    """Refused while somebody is open; then closed for good."""
    desk.goto(f"{address}/training/campaigns/{campaign.pk}/close/")
    desk.locator("main form button[type=submit]").click()
    desk.wait_for_url(re.compile(rf"/campaigns/{campaign.pk}/$"), timeout=PATIENCE)
    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.CLOSED
    figures = services.report_figures(campaign)
    assert figures.population == figures.passed == PEOPLE + 2


def print_summary(desk: Page, address: str, tmp_path: Path) -> None:
    """The summary for the application, in Japanese, without a missing glyph."""
    desk.goto(f"{address}/training/summary/")
    with desk.expect_download() as waiting:
        desk.locator("a[href*='summary.pdf']").first.click()
    path = tmp_path / "summary.pdf"
    waiting.value.save_as(path)
    pdf = PdfReader(BytesIO(path.read_bytes()))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "教育実施サマリー" in text
    assert f"{PEOPLE + 2:,}" in text
    assert GETA not in text


def test_a_year_of_training(desk: Page, browser: Browser, live_server: object, tmp_path: Path):
    """Roster with slips → mended → opened → pasted, taken, read from a file → closed → printed."""
    address = str(live_server)

    import_roster(desk, address)
    campaign = open_campaign(desk, address)
    paste_completions(desk, address, campaign)
    take_on_phone(browser, address, campaign)

    desk.goto(f"{address}/training/campaigns/{campaign.pk}/close/")
    expect(desk.locator(".obstacles")).to_be_visible()

    log_the_rest_from_a_file(desk, address, campaign)
    close_campaign(desk, address, campaign)
    print_summary(desk, address, tmp_path)
