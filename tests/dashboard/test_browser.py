"""The frame in a real browser: nothing typed is lost, keys lead about, a phone has a menu."""

import json
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from pms.accounts.models import User
from pms.accounts.roles import Role
from tests.accounts.factories import PASSWORD, UserFactory
from tests.organization.factories import PersonFactory
from tests.training.factories import CampaignFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A busy machine is no fault of the page.
expect.set_options(timeout=30_000)

NARROW, PHONE, NOTEBOOK = (
    {"width": 320, "height": 640},
    {"width": 390, "height": 844},
    {"width": 1280, "height": 800},
)


@pytest.fixture
def officer() -> User:
    return UserFactory(roles=[Role.TRAINING_OFFICER], language="ja")


@pytest.fixture
def visit(page: Page, live_server: object, officer: User) -> Iterator[object]:
    """Go to an address as the officer; it ends without an error in the console."""
    complaints: list[str] = []
    page.on("console", lambda it: complaints.append(it.text) if it.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(60_000)
    page.set_viewport_size(NOTEBOOK)
    come_in(page, str(live_server), officer)

    def visit(path: str) -> Page:
        page.goto(f"{live_server}{path}")
        return page

    yield visit
    assert complaints == []


def come_in(page: Page, address: str, user: User) -> None:
    """Bring a session along."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}]
    )


class TestForms:
    path = "/organization/people/new/"

    def test_keep_what_was_typed_when_the_page_is_left_and_come_back_to(self, visit):
        asked = []
        page = visit(self.path)
        page.on("dialog", lambda it: (asked.append(it.type), it.accept()))
        page.fill("#id_family_name", "山田")

        visit("/me/")
        visit(self.path)

        assert asked == ["beforeunload"]
        assert page.input_value("#id_family_name") == "山田"
        expect(page.locator("#messages")).to_contain_text("復元")

    def test_keep_what_was_typed_when_the_session_has_ended(self, visit, officer):
        page = visit(self.path)
        page.fill("#id_family_name", "山田")
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        page.click("main .form-actions button")
        page.wait_for_url(re.compile(r"/accounts/login/"))

        page.fill("#id_login", officer.email)
        page.fill("#id_password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(re.compile(self.path))

        assert page.input_value("#id_family_name") == "山田"

    def test_lead_to_the_errors(self, visit):
        page = visit(self.path)
        page.fill("#id_given_name", "太郎")
        page.click("main .form-actions button")

        expect(page.locator(".error-summary")).to_be_focused()
        page.locator(".error-summary a").first.click()
        expect(page.locator("#id_family_name")).to_be_in_viewport()
        assert page.input_value("#id_given_name") == "太郎"

    def test_forget_what_is_discarded(self, visit):
        page = visit(self.path)
        page.fill("#id_family_name", "山田")
        page.click("main [data-discard]")
        page.wait_for_url(re.compile("/organization/people/$"))
        visit(self.path)

        assert page.input_value("#id_family_name") == ""

    def test_forget_what_was_accepted(self, visit):
        page = visit("/me/")
        page.check("#id_uses_wareki")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".message-success")).to_be_visible()

        kept = page.evaluate("Object.keys(sessionStorage)")
        assert not [key for key in kept if key.startswith("draft:")]
        assert page.is_checked("#id_uses_wareki")


class TestLists:
    def test_are_filtered_in_place_and_in_the_address(self, visit):
        PersonFactory(family_name="鈴木")
        page = visit("/organization/people/")
        page.fill("search [name=q]", "鈴木")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("q=%E9%88%B4%E6%9C%A8"))

        expect(page.locator(".chips")).to_contain_text("鈴木")
        expect(page.locator("tbody tr")).to_have_count(1)
        assert "department=" not in page.url

        page.go_back()
        expect(page.locator("tbody tr")).to_have_count(2)

    def test_turn_their_pages(self, visit):
        PersonFactory.create_batch(60)
        page = visit("/organization/people/")
        page.click("a[rel=next]")
        page.wait_for_url(re.compile("page="))

        expect(page.locator("tbody tr")).to_have_count(11)
        page.go_back()
        expect(page.locator("tbody tr")).to_have_count(50)
        expect(page.locator("h1")).to_have_count(1)

    def test_lead_to_the_sign_in_page_when_the_session_has_ended(self, visit):
        page = visit("/organization/people/")
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        page.select_option("search [name=state]", "left")

        page.wait_for_url(re.compile(r"/accounts/login/\?next=/organization/people/"))
        expect(page.locator("h1")).to_have_count(1)


class TestKeys:
    def test_lead_about(self, visit):
        page = visit("/organization/people/")
        page.keyboard.press("/")
        expect(page.locator("#top-search")).to_be_focused()

        page.locator("#top-search").blur()
        page.keyboard.press("j")
        expect(page.locator("tbody tr a").first).to_be_focused()

        page.keyboard.press("g")
        page.keyboard.press("h")
        page.wait_for_url(re.compile(r"\d/$"))

    def test_are_explained_and_can_be_switched_off(self, visit):
        page = visit("/")
        page.keyboard.press("?")
        expect(page.locator("#shortcuts")).to_contain_text("従業者")

        page.uncheck("#shortcuts-on")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("#shortcuts")).to_be_hidden()

    def test_stay_letters_while_somebody_types(self, visit):
        page = visit("/")
        page.click("#top-search")
        page.keyboard.type("g/?jk")

        assert page.input_value("#top-search") == "g/?jk"


class TestPhone:
    def test_has_the_navigation_in_a_drawer(self, visit, page):
        page.set_viewport_size(PHONE)
        visit("/")
        expect(page.locator("#navigation")).to_be_hidden()

        page.click(".menu-button")
        page.click("#navigation a[href='/overview/']")

        page.wait_for_url(re.compile("/overview/"))
        expect(page.locator("#navigation")).to_be_hidden()

    @pytest.mark.parametrize("size", [NARROW, PHONE], ids=["320", "390"])
    def test_never_scrolls_sideways(self, visit, page, officer, size):
        campaign = CampaignFactory(people=3, open=True)
        page.set_viewport_size(size)
        for path in ("/", "/overview/", "/search/?q=山", "/me/", campaign.get_absolute_url()):
            visit(path)

            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", [PHONE, NOTEBOOK], ids=["390", "1280"])
def test_nothing_stands_in_anybodys_way(visit, page, officer, language, size):
    CampaignFactory(people=3, open=True)
    User.objects.filter(pk=officer.pk).update(language=language)
    page.set_viewport_size(size)
    found = {}
    for path in ("/", "/overview/", "/search/?q=山", "/me/", reverse("account_change_password")):
        visit(path)
        if problems := Axe().run(page).response["violations"]:
            found[path] = [(it["id"], it["nodes"][0]["html"]) for it in problems]

    assert found == {}, json.dumps(found, indent=2, ensure_ascii=False)


def test_a_page_takes_six_requests_and_little_script(visit, page):
    loaded = []
    page.on("response", lambda it: loaded.append((it.url, it.request.resource_type, it.body())))
    visit("/overview/")
    page.wait_for_load_state("networkidle")

    assert len(loaded) <= 6, [url for url, _, _ in loaded]
    assert sum(len(body) for _, kind, body in loaded if kind == "script") < 60_000
