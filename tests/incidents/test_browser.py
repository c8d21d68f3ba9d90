"""A half-written report in a real browser: it is not lost, and nobody else finds it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from pms.accounts.models import User
from pms.evidence.models import EvidenceFile
from pms.incidents.models import Incident
from tests.accounts.factories import PASSWORD, UserFactory
from tests.dashboard.test_browser import NOTEBOOK, PHONE, come_in

from .factories import allow_anonymous

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A busy machine is no fault of the page.
expect.set_options(timeout=30_000)

REPORT, NAMELESS = "/incidents/report/", "/incidents/without-a-name/"
TEXT = "鞄を電車に置き忘れました。"
PHOTO = {"name": "photo.png", "mimeType": "image/png", "buffer": b""}
FILE = {"name": "送付状.txt", "mimeType": "text/plain", "buffer": b"one"}
CHOSEN = "[...document.querySelector('#id_files').files].map((file) => file.name)"
KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open("drafts", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("files");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("files").objectStore("files").getAllKeys();
    asked.onsuccess = () => {
      opening.result.close();
      resolve(asked.result.length);
    };
  };
})"""
DRAFTS = "(it) => Object.keys(window[it]).filter((key) => key.startsWith('draft:'))"


@pytest.fixture
def reporter() -> User:
    return UserFactory(roles=[], language="ja")


@pytest.fixture
def form(page: Page, live_server: object, reporter: User) -> Page:
    """The report, half written on a phone."""
    page.set_default_timeout(60_000)
    page.set_viewport_size(PHONE)
    come_in(page, str(live_server), reporter)
    page.goto(f"{live_server}{REPORT}")
    page.fill("#id_what", TEXT)
    page.check("#id_kind_1")
    return page


def send(page: Page) -> None:
    page.click("main .form-actions button")


def drafts(page: Page, shelf: str = "localStorage") -> list[str]:
    return page.evaluate(DRAFTS, shelf)


def expect_kept(page: Page, files: int) -> None:
    """The files of so many reports lie on the device; keeping and removing takes a moment."""
    expect_soon(page, KEPT, files)


def expect_chosen(page: Page, *names: str) -> None:
    expect_soon(page, CHOSEN, [*names])


def expect_soon(page: Page, script: str, wanted: object) -> None:
    for _attempt in range(100):
        if (found := page.evaluate(script)) == wanted:
            return
        page.wait_for_timeout(100)
    assert found == wanted


def expect_restored(page: Page) -> None:
    expect(page.locator("[data-restored-note]")).to_be_visible()
    expect(page.locator("#id_what")).to_have_value(TEXT)
    expect(page.locator("#id_kind_1")).to_be_checked()


class TestHalfWrittenReport:
    def test_outlives_a_lost_connection_with_its_files(self, form):
        form.set_input_files("#id_files", {**PHOTO, "mimeType": "text/plain", "name": "a.txt"})
        form.context.set_offline(True)
        send(form)
        expect(form.locator("[data-unreached]")).to_be_visible()
        expect(form.locator("#id_what")).to_have_value(TEXT)
        assert form.evaluate("document.querySelector('#id_files').files.length") == 1
        assert not Incident.objects.exists()

        form.set_input_files("#id_files", [])
        form.context.set_offline(False)
        send(form)
        form.wait_for_url(re.compile(r"/report/\d+/sent/$"))
        assert Incident.objects.get().first_reports.get().what == TEXT
        assert drafts(form) == []

    def test_outlives_a_closed_tab_until_it_is_discarded(self, form, live_server):
        context = form.context
        form.close()
        page = context.new_page()
        page.goto(f"{live_server}{REPORT}")
        expect_restored(page)

        page.click("[data-restored-note] button")
        expect(page.locator("#id_what")).to_have_value("")
        page.goto(f"{live_server}{REPORT}")
        expect(page.locator("[data-restored-note]")).to_be_hidden()
        assert drafts(page) == []

    def test_outlives_an_expired_session(self, form, reporter):
        form.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        send(form)
        form.wait_for_url(re.compile(r"/accounts/login/\?next=/incidents/report/"))
        form.fill("#id_login", reporter.email)
        form.fill("#id_password", PASSWORD)
        form.click("main button[type=submit]")
        form.wait_for_url(re.compile(f"{REPORT}$"))
        expect_restored(form)

        send(form)
        form.wait_for_url(re.compile(r"/sent/$"))
        assert drafts(form) == []

    def test_outlives_an_error_and_stays_until_it_is_accepted(self, form):
        form.fill("#id_noticed_at", "2099-01-01T00:00")
        send(form)
        expect(form.locator(".error-summary")).to_be_visible()
        assert len(drafts(form)) == 1
        form.fill("#id_noticed_at", "2026-01-01T00:00")
        send(form)
        form.wait_for_url(re.compile(r"/sent/$"))
        assert drafts(form) == []

    def test_is_not_found_by_the_next_one_at_the_machine(self, form, live_server):
        form.context.clear_cookies()
        come_in(form, str(live_server), UserFactory(roles=[], language="ja"))
        form.goto(f"{live_server}{REPORT}")
        expect(form.locator("#id_what")).to_have_value("")
        assert drafts(form) == []

    def test_is_gone_with_the_sign_out(self, form, live_server):
        form.goto(f"{live_server}/accounts/logout/")
        form.click("main button[type=submit]")
        form.wait_for_url(re.compile("/accounts/login/"))
        assert drafts(form) == []


class TestChosenFiles:
    @pytest.fixture
    def form(self, form):
        form.set_input_files("#id_files", FILE)
        expect_kept(form, 1)
        return form

    def test_outlive_a_closed_tab_and_are_sent(self, form, live_server):
        context = form.context
        form.close()
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{live_server}{REPORT}")
        expect_restored(page)
        expect_chosen(page, FILE["name"])
        expect(page.locator("[data-choose-again]")).to_be_hidden()

        send(page)
        page.wait_for_url(re.compile(r"/sent/$"))
        sent = EvidenceFile.objects.of(Incident.objects.get()).get()
        with sent.file.open() as file:
            assert (sent.name, file.read()) == (FILE["name"], FILE["buffer"])
        expect_kept(page, 0)

    def test_outlive_an_expired_session(self, form, reporter):
        form.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        send(form)
        form.wait_for_url(re.compile(r"/accounts/login/"))
        form.fill("#id_login", reporter.email)
        form.fill("#id_password", PASSWORD)
        form.click("main button[type=submit]")
        form.wait_for_url(re.compile(f"{REPORT}$"))
        expect_chosen(form, FILE["name"])

    def test_outlive_an_error_of_something_else(self, form):
        form.fill("#id_noticed_at", "2099-01-01T00:00")
        send(form)
        expect(form.locator(".error-summary")).to_be_visible()
        expect_chosen(form, FILE["name"])

    def test_are_asked_for_again_where_the_browser_keeps_none(self, form):
        form.evaluate("indexedDB.deleteDatabase('drafts')")
        form.reload()
        expect_restored(form)
        expect(form.locator("[data-choose-again]")).to_be_visible()
        form.set_input_files("#id_files", FILE)
        expect(form.locator("[data-choose-again]")).to_be_hidden()

    @pytest.mark.parametrize("by", ["discarding", "signing out", "somebody else"])
    def test_go_with_the_words(self, form, live_server, by):
        if by == "discarding":
            form.reload()
            form.click("[data-restored-note] button")
            expect_chosen(form)
            form.goto(f"{live_server}/")
        elif by == "signing out":
            form.goto(f"{live_server}/accounts/logout/")
            form.click("main button[type=submit]")
            form.wait_for_url(re.compile("/accounts/login/"))
        else:
            form.context.clear_cookies()
            come_in(form, str(live_server), UserFactory(roles=[], language="ja"))
            form.goto(f"{live_server}/")
        expect_kept(form, 0)


class TestWithoutAName:
    @pytest.fixture
    def nameless(self, page: Page, live_server: object) -> Page:
        allow_anonymous()
        page.set_default_timeout(60_000)
        page.set_viewport_size(PHONE)
        page.goto(f"{live_server}{NAMELESS}")
        page.fill("#id_what", TEXT)
        return page

    def test_is_kept_in_the_tab_alone(self, nameless, live_server):
        assert drafts(nameless) == []
        assert len(drafts(nameless, "sessionStorage")) == 1
        nameless.on("dialog", lambda it: it.accept())
        nameless.reload()
        expect(nameless.locator("#id_what")).to_have_value(TEXT)

        context = nameless.context
        nameless.close()
        page = context.new_page()
        page.goto(f"{live_server}{NAMELESS}")
        expect(page.locator("#id_what")).to_have_value("")

    def test_ends_with_a_code_that_can_be_copied_and_opens_the_report(self, nameless, live_server):
        nameless.context.grant_permissions(["clipboard-read", "clipboard-write"])
        send(nameless)
        code = nameless.locator("#code").input_value()
        nameless.click("[data-copy]")
        expect(nameless.locator("#copied")).to_be_visible()
        assert nameless.evaluate("navigator.clipboard.readText()") == code
        assert drafts(nameless, "sessionStorage") == []

        nameless.goto(f"{live_server}/incidents/follow-up/")
        nameless.fill("#id_code", code)
        nameless.click("main button[type=submit]")
        expect(nameless.locator("main")).to_contain_text(TEXT)
        nameless.fill("#id_what", "もう一件ありました。")
        nameless.click("main .form-actions button")
        expect(nameless.locator("main .card").nth(1)).to_contain_text("もう一件ありました。")
        assert drafts(nameless, "sessionStorage") == []
        assert code not in nameless.evaluate("JSON.stringify(sessionStorage)")

    @pytest.mark.parametrize("language", ["ja", "en"])
    @pytest.mark.parametrize("size", [PHONE, NOTEBOOK], ids=["390", "1280"])
    def test_stands_in_nobodys_way(self, browser, live_server, language, size):
        allow_anonymous()
        context = browser.new_context(viewport=size, locale=language)
        page, found = context.new_page(), {}
        page.set_default_timeout(60_000)
        page.goto(f"{live_server}{NAMELESS}")
        found["form"] = complaints(page)
        page.fill("#id_what", TEXT)
        send(page)
        code = page.locator("#code").input_value()
        found["sent"] = complaints(page)
        page.goto(f"{live_server}/incidents/follow-up/")
        found["code"] = complaints(page)
        page.fill("#id_code", code)
        page.click("main button[type=submit]")
        page.wait_for_selector("#id_what")
        found["report"] = complaints(page)
        context.close()

        assert {name: it for name, it in found.items() if it} == {}


def complaints(page: Page) -> list[str]:
    """What axe finds, and whether the page scrolls sideways."""
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    said = [it["id"] for it in Axe().run(page).response["violations"]]
    return [*said, f"{wide} px too wide"] if wide else said
