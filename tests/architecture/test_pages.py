"""Every page in a real browser, on a phone and on a desk, in both languages.

Axe finds nothing serious, nothing scrolls sideways, and the console stays silent under the strict
Content Security Policy. What a page does is not done here; this only looks.
"""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Route

from .matrix import OPEN, known_lines
from .world import VALUES, World

# The engine makes no difference to what a page looks like.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.engine("sqlite"),
    pytest.mark.django_db(transaction=True),
]

SIZES = {"ja": {"width": 390, "height": 844}, "en": {"width": 1280, "height": 900}}
# Who looks: the first of them whom the table lets in.
LOOKERS = "PRSp"
# Answers that are files, not pages.
FILES = {
    "corrective_actions:action_pdf",
    "corrective_actions:reply_sheet",
    "cycles:plan_pdf",
    "evidence:download",
    "incidents:certificate",
    "incidents:letters",
    "incidents:paper_pdf",
    "organization:appointment_letter",
    "training:attendance_sheet",
    "training:plan_pdf",
    "training:report_file",
    "training:summary_file",
    "training:version_preview",
    "transfer:run_errors",
    "transfer:table",
}
GRAVE = {"serious", "critical"}
# Axe is there already: each page begins with it.
VIOLATIONS = "axe.run({resultTypes: ['violations']}).then(result => result.violations)"


def session_of(user: Any) -> str:
    """A session in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def visits(world: World) -> dict[str, list[tuple[str, str]]]:
    """For each looker the names and paths of the pages to look at."""
    found: dict[str, list[tuple[str, str]]] = {letter: [] for letter in LOOKERS}
    for address, line in known_lines():
        lookers = [letter for letter in LOOKERS if line.marks[letter] == OPEN]
        if address.method == "get" and address.name not in FILES and lookers:
            path = address.url(world.row(line.row), **VALUES)
            found[lookers[0]].append((address.name, path))
    return found


class Look:
    """A page of the browser that tells what is wrong with each address it is sent to.

    One page goes from address to address: to open one for each takes three times as long.
    """

    def __init__(self, context: BrowserContext) -> None:
        context.add_init_script(Axe().axe_script)
        self.page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.said: list[str] = []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.said.append(f"script: {error}"))

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the console calls an error."""
        if message.type == "error":
            self.said.append(f"console: {message.text}")

    def complaints(self, url: str) -> list[str]:
        """What is wrong with the page at `url`."""
        self.said = []
        answer = self.page.goto(url)
        if answer is None or answer.status >= 400:
            self.said.append(f"status {answer and answer.status}")
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            self.said.append(f"scrolls sideways by {wide} px")
        for violation in self.page.evaluate(VIOLATIONS):
            if violation["impact"] in GRAVE:
                where = violation["nodes"][0]["target"]
                self.said.append(f"axe: {violation['id']} ({violation['impact']}) at {where}")
        return self.said


@pytest.mark.parametrize("language", SIZES)
def test_no_page_complains(language: str, browser: Browser, live_server: Any):
    world = World()
    wrong = {}
    for letter, pages in visits(world).items():
        user = world.visitor(letter)
        user.language = language
        user.save()
        context = browser.new_context(viewport=SIZES[language], locale=language)
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": session_of(user),
                    "url": str(live_server),
                }
            ]
        )
        look = Look(context)
        for name, path in pages:
            if said := look.complaints(f"{live_server}{path}"):
                wrong[f"{name} {path}"] = said
        context.close()

    assert wrong == {}


def test_the_entrance_does_not_complain(browser: Browser, live_server: Any):
    context = browser.new_context(viewport=SIZES["ja"], locale="ja")

    assert Look(context).complaints(f"{live_server}/accounts/login/") == []
    context.close()


@pytest.mark.parametrize(
    ("slip", "complaint"),
    [
        ("<script>document.title = 'changed'</script>", "console: "),
        ("<canvas width=3000></canvas>", "scrolls sideways by "),
        ("<img src='/static/img/icon.svg'>", "axe: image-alt (critical)"),
    ],
)
def test_a_slip_is_seen_on_the_page_that_has_it(
    slip: str, complaint: str, browser: Browser, live_server: Any
):
    def slipped(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{slip}</main>"))

    context = browser.new_context(viewport=SIZES["ja"], locale="ja")
    look = Look(context)
    entrance = f"{live_server}/accounts/login/"
    assert look.complaints(entrance) == []
    look.page.route(entrance, slipped)

    said = look.complaints(entrance)

    assert [complaint] == [complaint for it in said if it.startswith(complaint)]
    look.page.unroute(entrance)
    assert look.complaints(entrance) == []
    context.close()
