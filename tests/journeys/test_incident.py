"""A lost bag, from a phone on a Friday night to the closed action four months later."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.corrective_actions import services as actions
from pms.corrective_actions.choices import MeasureKind, Spread
from pms.corrective_actions.choices import Status as ActionStatus
from pms.corrective_actions.models import CorrectiveAction, Measure
from pms.incidents import services
from pms.incidents.choices import Item, Kind, NoticeMethod, ObligationStatus, Status
from pms.incidents.models import Category, Incident
from pms.organization.models import Company
from pms.reminders.models import Reminder
from tests.accounts.factories import PASSWORD, UserFactory
from tests.organization.factories import DepartmentFactory, PersonFactory

JAPAN = ZoneInfo("Asia/Tokyo")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Clock:
    """What everybody takes for now, the server's thread too."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 22, 40, tzinfo=JAPAN)

    def now(self) -> datetime:
        """The moment."""
        return self.moment

    def turn(self, month: int, day: int, hour: int, *, year: int = 2026) -> None:
        """Go on to another day."""
        self.moment = datetime(year, month, day, hour, tzinfo=JAPAN)

    @property
    def today(self) -> date:
        """Its day in Japan."""
        return self.moment.date()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(timezone, "now", found.now)
    return found


@pytest.fixture
def people(clock: Clock) -> dict[str, User]:
    """Somebody in sales, the privacy manager, and the president."""
    Company.objects.update_or_create(
        pk=1, defaults={"name": "みなと商事", "privacy_mark_number": "1"}
    )
    sales = DepartmentFactory(name="営業部")
    return {
        "staff": UserFactory(email="staff@example.jp", roles=[], department=sales),
        "manager": UserFactory(email="pm@example.jp", roles=[Role.PRIVACY_MANAGER]),
        "president": UserFactory(email="president@example.jp", roles=[Role.TOP_MANAGEMENT]),
    }


@contextmanager
def signed_in(browser: Browser, address: str, user: User, size: dict) -> Iterator[Page]:
    """A browser of somebody's own; it ends without an error in its console."""
    context = browser.new_context(viewport=size, locale="ja")
    page = context.new_page()
    page.set_default_timeout(30_000)
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


def report_on_a_phone(page: Page, address: str) -> None:
    """Four questions, and a number comes back."""
    page.goto(f"{address}/incidents/report/")
    page.fill("textarea[name=what]", "電車に鞄を置き忘れました。健康診断の結果が入っています。")
    send(page)
    page.wait_for_url(re.compile(r"/incidents/report/\d+/sent/"))
    expect(page.locator("main")).to_contain_text("INC-2026-001")


def judge(page: Page, address: str, incident: Incident) -> None:
    """The facts, and what they bring."""
    page.goto(f"{address}{incident.get_absolute_url()}")
    page.goto(f"{address}/incidents/{incident.pk}/facts/")
    page.check("input[name=events][value=lost]")
    for answer in page.locator("input[name^=fact_][value=no]").all():
        answer.check()
    for code in ("personal_data", "sensitive"):
        page.check(f"input[name=fact_{code}][value=yes]")
    page.check("input[name=persons_kind][value=exact]")
    page.fill("input[name=persons]", "12")
    send(page)
    page.wait_for_url(re.compile(rf"/incidents/{incident.pk}/$"))
    expect(page.locator("main")).to_contain_text("2026-12-21")


def approve(page: Page, address: str, incident: Incident, kind: str) -> None:
    """Top management reads and approves, on a phone."""
    duty = incident.obligations.get(kind=kind)
    page.goto(f"{address}/incidents/obligations/{duty.pk}/approve/")
    send(page)
    page.wait_for_url(re.compile(rf"/incidents/{incident.pk}/"))
    duty.refresh_from_db()
    assert duty.status == ObligationStatus.APPROVED


def file_reports(incident: Incident, kinds: tuple[str, ...], people: dict, clock: Clock) -> None:
    """What the president approved goes out."""
    for kind in kinds:
        services.file_report(
            incident.obligations.get(kind=kind).pk,
            receiver="個人情報保護委員会",
            filed_on=clock.today,
            actor=people["manager"],
            today=clock.today,
            now=clock.now(),
        )


def submit(incident: Incident, kinds: tuple[str, ...], people: dict, clock: Clock) -> None:
    """The manager asks for approval."""
    for kind in kinds:
        services.submit_report(
            incident.obligations.get(kind=kind).pk, actor=people["manager"], now=clock.now()
        )


def remove_the_cause(incident: Incident, people: dict, clock: Clock) -> CorrectiveAction:
    """An action is raised, analysed, planned, approved and carried out by Christmas."""
    owner = PersonFactory(with_account=True)
    manager, now, today = people["manager"], clock.now(), clock.today
    action = services.raise_for_incident(
        incident.pk,
        title="書類の持ち出しの記録",
        fact="持ち出した書類の記録がなかった。",
        department=DepartmentFactory(),
        grade="minor",
        found_on=today,
        owner=owner,
        due_on=today + timedelta(days=40),
        actor=manager,
        today=today,
        now=now,
    )
    actions.record_correction(
        action.pk,
        correction="部内の持ち出しを止めた。",
        corrected_on=today,
        today=today,
        actor=owner.user,
    )
    actions.record_cause(
        action.pk,
        whys=("鞄を見ていなかった。", "持ち出しを数えていなかった。"),
        root_cause="持ち出しの記録がなかった。",
        cause_class="rule_broken",
        why_not_found="点検の項目になかった。",
        spread=Spread.NONE,
        similar_cases="ほかの部では記録していた。",
        actor=owner.user,
    )
    actions.add_measure(
        action.pk,
        title="持ち出し簿を作る",
        kind=MeasureKind.RULE,
        owner=owner,
        due_on=today + timedelta(days=20),
        actor=owner.user,
        today=today,
    )
    actions.submit_plan(action.pk, actor=owner.user, today=today, now=now)
    actions.approve_plan(action.pk, actor=manager, today=today, now=now)
    return action


def carry_out(action: CorrectiveAction, clock: Clock, proof: object) -> None:
    """The measure is done, with proof."""
    measure = Measure.objects.get(round__action=action)
    actions.complete_measure(
        measure.pk,
        done_on=clock.today,
        result="持ち出し簿を作り、配った。",
        files=[proof],
        actor=measure.owner.user,
        today=clock.today,
        now=clock.now(),
    )


def test_from_a_phone_on_a_friday_night_to_the_closed_action(
    browser, live_server, people, clock, mailoutbox
):
    address = live_server.url

    with signed_in(browser, address, people["staff"], PHONE) as page:
        report_on_a_phone(page, address)
    incident = Incident.objects.get()
    assert incident.reporter == people["staff"]
    alert = [it for it in mailoutbox if people["manager"].email in it.to]
    assert len(alert) == 1
    assert "鞄" not in alert[0].subject + alert[0].body

    # Saturday, from home. Then nobody runs the daily work until Tuesday: Monday is a holiday.
    clock.turn(11, 21, 10)
    with signed_in(browser, address, people["manager"], PHONE) as page:
        judge(page, address, incident)
    incident.refresh_from_db()
    assert incident.next_due_on == date(2026, 11, 24)

    clock.turn(11, 24, 6)
    before = len(mailoutbox)
    call_command("run_due", verbosity=0)
    caught_up = [it for it in mailoutbox[before:] if people["manager"].email in it.to]
    assert len(caught_up) == 1
    assert "INC-2026-001" in caught_up[0].body
    told = Reminder.objects.count()
    call_command("run_due", verbosity=0)
    assert (Reminder.objects.count(), len(mailoutbox)) == (told, before + len(mailoutbox[before:]))

    # Day 5: what is known is written, approved on a phone, filed.
    clock.turn(11, 24, 11)
    first = {Item.OVERVIEW: "鞄を電車に置き忘れた。", Item.PERSONS_COUNT: "12名"}
    items = {item: services.Words(text, is_known=True) for item, text in first.items()}
    services.write_items(incident.pk, items=items, actor=people["manager"])
    preliminary = (Kind.PPC_PRELIMINARY, Kind.PM_PRELIMINARY)
    submit(incident, preliminary, people, clock)
    with signed_in(browser, address, people["president"], PHONE) as page:
        for kind in preliminary:
            approve(page, address, incident, kind)
    file_reports(incident, preliminary, people, clock)
    incident.refresh_from_db()
    assert incident.next_due_on == date(2026, 12, 19)

    # What real life brings in its own order.
    action = remove_the_cause(incident, people, clock)
    services.tell_persons(
        incident.pk,
        group="受診者",
        method=NoticeMethod.PHONE,
        told_on=clock.today,
        sent=12,
        reached=12,
        actor=people["manager"],
        today=clock.today,
        now=clock.now(),
    )
    services.contain(
        incident.pk,
        contained_at=clock.now(),
        containment="鉄道会社から鞄を受け取った。",
        actor=people["manager"],
        now=clock.now(),
    )
    clock.turn(12, 10, 9)
    services.record_cause(
        incident.pk,
        cause_category=Category.objects.get(list="cause", code="rule_broken"),
        cause="持ち出しの決まりが守られなかった。",
        why_not_earlier="帰宅するまで気付かなかった。",
        elsewhere="外出の多い各課",
        actor=people["manager"],
    )
    carry_out(action, clock, a_file())

    # The final reports: all nine items.
    clock.turn(12, 17, 9)
    everything = {item: services.Words("記入済み", is_known=True) for item in Item.values}
    services.write_items(incident.pk, items=everything, actor=people["manager"])
    final = (Kind.PPC_FINAL, Kind.PM_FINAL)
    submit(incident, final, people, clock)
    with signed_in(browser, address, people["president"], PHONE) as page:
        for kind in final:
            approve(page, address, incident, kind)
    file_reports(incident, final, people, clock)

    # March: the effect is checked by somebody else, the action is closed, then the case.
    clock.turn(3, 18, 9, year=2027)
    action.refresh_from_db()
    assert action.status == ActionStatus.CHECKING
    actions.check_effect(
        action.pk,
        verdict="effective",
        method="持ち出し簿を3か月分見た。",
        result="漏れはなかった。",
        actor=people["manager"],
        today=clock.today,
        now=clock.now(),
    )
    actions.close(action.pk, comment="効果があった。", actor=people["manager"], today=clock.today)
    with signed_in(browser, address, people["manager"], DESK) as page:
        page.goto(f"{address}/incidents/{incident.pk}/close/")
        page.fill("textarea[name=comment]", "再発していない。")
        send(page)
        page.wait_for_url(re.compile(rf"/incidents/{incident.pk}/$"))
        expect(page.locator("main")).to_contain_text("再発していない。")
    incident.refresh_from_db()
    action.refresh_from_db()
    assert (incident.status, action.status) == (Status.CLOSED, ActionStatus.CLOSED)
    assert incident.obligations.pending().count() == 0


def a_file():
    """The new list of what is taken out."""
    return SimpleUploadedFile("持ち出し簿.txt", "第1版".encode(), "text/plain")
