"""The year as people live it: planned from last year's, approved on a phone, fulfilled, missed."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import vobject
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.cycles import services as cycles
from pms.cycles.choices import Fulfilment, MilestoneStatus, PlanStatus
from pms.cycles.models import Cycle, Milestone, YearPlan, year_end
from pms.notifications.models import Notification
from tests.accounts.factories import PASSWORD, UserFactory
from tests.training.factories import CampaignFactory, open_campaign, pass_everybody

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager() -> User:
    """The privacy manager of a company that has had one year already."""
    return UserFactory(email="pm@example.jp", roles=[Role.PRIVACY_MANAGER])


@pytest.fixture
def president() -> User:
    """Top management."""
    return UserFactory(email="president@example.jp", roles=[Role.TOP_MANAGEMENT])


@pytest.fixture
def officer() -> User:
    """HR's training officer."""
    return UserFactory(email="hr@example.jp", roles=[Role.TRAINING_OFFICER])


@pytest.fixture
def first_day() -> date:
    """The running year has begun a good while ago: the first of a month."""
    return (timezone.localdate() - timedelta(days=240)).replace(day=1)


@pytest.fixture
def years(manager: User, president: User, officer: User, first_day: date) -> tuple[Cycle, Cycle]:
    """Last year with its approved plan, and this year without one."""
    start = (first_day - timedelta(days=364)).replace(day=1)
    last = Cycle.objects.create(
        name="前年度", starts_on=start, ends_on=first_day - timedelta(days=1)
    )
    this = Cycle.objects.create(name="今年度", starts_on=first_day, ends_on=year_end(first_day))
    now = timezone.now()
    plan = cycles.make_plan(last.pk, actor=manager, today=start)
    last.milestones.filter(owner=None).update(owner=manager.person)
    cycles.submit_plan(plan.pk, actor=manager, now=now)
    cycles.approve_plan(plan.pk, actor=president, today=start, now=now)
    return last, this


@contextmanager
def signed_in(browser: Browser, address: str, user: User, size: dict) -> Iterator[Page]:
    """A browser of somebody's own; it ends without an error in its console."""
    context = browser.new_context(viewport=size, locale="ja")
    page = context.new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("console", lambda it: complaints.append(it.text) if it.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/(overview/)?$"))
    yield page
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size["width"]
    context.close()
    assert complaints == []


def send(page: Page) -> None:
    """Press the one primary button of the page's form."""
    page.locator("main form button.button-primary").click()


def make_the_plan(page: Page, address: str, cycle: Cycle, manager: User) -> None:
    """From last year's, with one more milestone, then to top management."""
    page.goto(f"{address}/cycles/{cycle.pk}/")
    page.get_by_role("link", name="年度計画を作成する").click()
    expect(page.get_by_label("前年度の計画")).to_be_checked()
    send(page)
    page.wait_for_url(re.compile(rf"/cycles/{cycle.pk}/$"))
    expect(page.locator(".board-card")).to_have_count(cycle.milestones.count())
    page.get_by_role("link", name="実施項目を追加する").first.click()
    page.fill("input[name=title]", "在宅勤務規程の見直し")
    page.select_option("select[name=phase]", "plan")
    page.fill("input[name=due_on]", (cycle.starts_on + timedelta(days=40)).isoformat())
    page.fill("input[name=owner]", manager.person.employee_number)
    send(page)
    page.wait_for_url(re.compile(rf"/cycles/{cycle.pk}/$"))
    expect(page.locator(".board")).to_contain_text("在宅勤務規程の見直し")
    page.get_by_role("link", name="承認を依頼する").click()
    send(page)
    page.wait_for_url(re.compile(rf"/cycles/{cycle.pk}/$"))
    assert YearPlan.objects.get(cycle=cycle).status == PlanStatus.SUBMITTED


def approve_on_a_phone(page: Page, address: str, cycle: Cycle) -> None:
    """The bell and the first page say that it waits; two touches put it into force."""
    page.goto(f"{address}/overview/")
    expect(page.locator(".bell-count")).to_be_visible()
    page.get_by_role("link", name=re.compile("内容を確認して承認する")).click()
    page.get_by_role("link", name="内容を確認して承認する").click()
    send(page)
    page.wait_for_url(re.compile(rf"/cycles/{cycle.pk}/$"))
    assert YearPlan.objects.get(cycle=cycle).is_in_force


def read_feed(page: Page, address: str) -> list[str]:
    """Subscribe, and read the calendar as a client does that knows nothing but the address."""
    page.goto(f"{address}/me/calendar/")
    page.locator("main form button.button-primary").click()
    secret = page.locator("#address").input_value()
    place = urlsplit(address)
    with closing(HTTPConnection(place.hostname, place.port, timeout=30)) as connection:
        connection.request("GET", urlsplit(secret).path)
        answer = connection.getresponse()
        assert answer.status == 200
        text = answer.read().decode()
    calendar = vobject.readOne(text)
    return [event.summary.value for event in calendar.vevent_list]


def test_the_year(
    browser: Browser,
    live_server: object,
    years: tuple[Cycle, Cycle],
    manager: User,
    president: User,
    officer: User,
) -> None:
    address, (_last, this) = str(live_server), years

    with signed_in(browser, address, manager, DESK) as page:
        make_the_plan(page, address, this, manager)
    with signed_in(browser, address, president, PHONE) as phone:
        approve_on_a_phone(phone, address, this)
    told = Notification.objects.filter(kind="cycles.plan_approved", recipient=manager)
    assert "今年度計画" in told.latest("created_at").subject

    # HR's training of the year closes, and its milestone is done by that.
    today = timezone.localdate()
    campaign = CampaignFactory(
        cycle=this, starts_on=today - timedelta(days=20), ends_on=today - timedelta(days=1)
    )
    open_campaign(campaign)
    pass_everybody(campaign)
    with signed_in(browser, address, officer, DESK) as page:
        page.goto(f"{address}/training/campaigns/{campaign.pk}/close/")
        expect(page.locator(".obstacles")).to_have_count(0)
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url(re.compile(rf"/campaigns/{campaign.pk}/$"))
        milestone = Milestone.objects.get(cycle=this, fulfilment=Fulfilment.YEARLY_TRAINING)
        assert milestone.status == MilestoneStatus.DONE
        page.goto(f"{address}{milestone.get_absolute_url()}")
        expect(page.locator("main")).to_contain_text(str(campaign))

    # Nobody saw to the rule: its day is over, and the next run writes it down.
    call_command("run_due")
    missed = Milestone.objects.get(title="在宅勤務規程の見直し")
    assert missed.status == MilestoneStatus.MISSED
    with signed_in(browser, address, manager, DESK) as page:
        page.goto(f"{address}{missed.get_absolute_url()}")
        expect(page.locator("main")).to_contain_text("期限内に未実施")
        page.goto(f"{address}/cycles/{this.pk}/months/")
        expect(page.locator(".heat-overdue").first).to_be_visible()
        events = read_feed(page, address)
    assert any("在宅勤務規程の見直し" in it for it in events)
    assert not any(str(milestone) in it for it in events)
