"""Every role at every address: who may not know of an incident learns nothing of it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import get_resolver, reverse
from django.utils import timezone

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.history.models import HistoryEntry
from pms.incidents import services
from pms.incidents.choices import Kind, NoticeMethod
from pms.incidents.models import (
    Addressee,
    Category,
    FiledReport,
    IncidentSettings,
    Obligation,
    ObligationRule,
)
from pms.organization.models import Company
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory, PersonFactory

from .factories import assess, report

pytestmark = pytest.mark.django_db

SECRET = "ひみつの鞄"
MAY_KNOW = {Role.PRIVACY_MANAGER, Role.DEPUTY_PRIVACY_MANAGER, Role.TOP_MANAGEMENT}
OTHERS = [role for role in Role.values if role not in MAY_KNOW]
# For everybody: what is reported, own reports, the procedure; the register is empty for them.
OPEN = {"report", "own_list", "anonymous", "anonymous_sent", "follow_up", "emergency", "list"}
# What may be refused openly, because it tells of no case.
OF_NO_CASE = {
    "category_list",
    "category_create",
    "category_end",
    "category_withdraw",
    "office_create",
    "statistics",
    "export",
    "settings",
    "rule_list",
    "rule_create",
    "rule_end",
    "rule_withdraw",
    "procedure",
    "contact_create",
    "contact_update",
    "contact_remove",
}
# Who reported reads the own words there, and nothing of the case.
OWN = {"own", "own_add", "reported"}
# Pages that this case is not in a state for.
LATER = {"submit", "file", "supplement", "difference", "certificate", "reopen"}
# For who reported and for top management, and what there is once a list was erased.
NOT_FOR_HANDLERS = {
    "own",
    "own_add",
    "reported",
    "approve",
    "return",
    "publication",
    "certificate",
}
# Where a case could show elsewhere; what is asked for is a part, since a page repeats it.
ELSEWHERE = [
    "/",
    "/overview/",
    "/search/?q=INC",
    "/search/?q=ひみつ",
    "/history/",
    "/notifications/",
    "/notifications/outbox/",
    "/reminders/",
    "/incidents/?q=ひみつ",
    "/incidents/?export=csv",
    "/me/calendar/",
    "/admin/",
]


# Of a corrective action that the case asked for; its number may be known there.
ACTION_PAGES = [
    "/corrective-actions/",
    "/corrective-actions/?q=ひみつ",
    "/corrective-actions/?export=csv",
    "/corrective-actions/board/",
    "/corrective-actions/figures/",
    "/search/?q=CA-",
]


@pytest.fixture
def place():
    """The department in which it happens."""
    return DepartmentFactory()


@pytest.fixture
def others(place):
    """Who holds each other post in that department, there before anything happens."""
    return {role: UserFactory(roles=[role], department=place) for role in OTHERS}


@pytest.fixture
def incident(others, place):
    """A case with everything that a case can have, whose legal days run."""
    Company.objects.update_or_create(pk=1, defaults={"name": "みなと", "privacy_mark_number": "1"})
    manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
    president = UserFactory(roles=[Role.TOP_MANAGEMENT])
    # Nobody is let in by rule: then everybody else is somebody who may not know.
    rules = {"tells_department_manager": False, "tells_system_officer": False}
    IncidentSettings.objects.update_or_create(pk=1, defaults=rules)
    now = timezone.now()
    noticed_at = now - timedelta(days=3)
    # So that no page of the case is found by the key of something that belongs to it.
    report()
    report()
    found = report(
        what=f"{SECRET}をなくしました。",
        noticed_at=noticed_at,
        reported_at=noticed_at,
        now=now - timedelta(days=2),
        department=place,
    )
    services.describe(found.pk, title=SECRET, actor=manager, now=now)
    assess(found, "sensitive", actor=manager, now=now, data_items=SECRET)
    services.write_items(
        found.pk, items={"overview": services.Words(SECRET, is_known=True)}, actor=manager
    )
    duty = found.obligations.get(kind=Kind.PPC_PRELIMINARY)
    services.submit_report(duty.pk, actor=manager, now=now)
    today = timezone.localdate()
    other = found.obligations.get(kind=Kind.PM_PRELIMINARY)
    services.submit_report(other.pk, actor=manager, now=now)
    services.approve_report(other.pk, actor=president, today=today)
    services.file_report(
        other.pk, receiver=SECRET, filed_on=today, actor=manager, today=today, now=now
    )
    notice = services.tell_persons(
        found.pk,
        group=SECRET,
        method=NoticeMethod.LETTER,
        text=SECRET,
        actor=manager,
        today=timezone.localdate(),
        now=now,
    )
    services.add_addressees(notice.pk, rows=[Addressee(name=SECRET)], actor=manager)
    services.tell_timeline(
        found.pk, happened_at=now, kind="known", text=SECRET, actor=manager, now=now
    )
    services.let_in(found.pk, user=UserFactory(roles=[]), reason=SECRET, actor=manager, now=now)
    call_command("run_due", verbosity=0)
    return found


@pytest.fixture
def action(incident, place):
    """What the case asks to be mended; whoever works on it learns the number of the case."""
    today = timezone.localdate()
    return services.raise_for_incident(
        incident.pk,
        title="持ち出しの記録",
        fact="持ち出した書類の記録がなかった。",
        department=place,
        grade="minor",
        found_on=today,
        owner=PersonFactory(with_account=True),
        due_on=today + timedelta(days=30),
        actor=UserFactory(roles=[Role.DEPUTY_PRIVACY_MANAGER]),
        today=today,
        now=timezone.now(),
    )


def addresses(incident):
    """Every address of the subject, filled with the keys of the case."""
    keys = {
        "obligations/": Obligation.objects.filter(incident=incident).first().pk,
        "notices/": incident.notices.get().pk,
        "filed/": FiledReport.objects.get(obligation__incident=incident).pk,
        "people/": incident.members.get().pk,
        "lists/": Category.objects.first().pk,
        "rules/": ObligationRule.objects.first().pk,
    }
    names = get_resolver().namespace_dict["incidents"][1].reverse_dict.lists()
    for name, forms in names:
        if not isinstance(name, str) or name in OPEN:
            continue
        for possibilities, *_rest in forms:
            route, needed = possibilities[0]
            key = next((pk for start, pk in keys.items() if route.startswith(start)), incident.pk)
            facts = {"pk": key, "number": 1, "body": "ppc"}
            yield name, reverse(f"incidents:{name}", kwargs={it: facts[it] for it in needed})


def test_every_address_of_the_case_is_there_for_who_handles_it(client, incident):
    """What is hidden from everybody would prove nothing below."""
    client.force_login(User.objects.get(person__appointments__role=Role.PRIVACY_MANAGER))
    hidden = {name for name, path in addresses(incident) if client.get(path).status_code == 404}
    assert hidden - OF_NO_CASE == NOT_FOR_HANDLERS


@pytest.mark.parametrize("role", OTHERS)
def test_no_address_of_the_case_is_there(client, others, incident, role):
    client.force_login(others[role])
    for name, path in addresses(incident):
        for answer in (client.get(path), client.post(path)):
            refusals = {403, 404, 405} if name in OF_NO_CASE else {404, 405}
            assert answer.status_code in refusals, (name, path)
            assert SECRET not in answer.text
            assert incident.number not in answer.text


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_page_and_no_file_tells_of_it(client, others, incident, role):
    client.force_login(others[role])
    for path in ELSEWHERE:
        answer = client.get(path, follow=True)
        shown = answer.getvalue().decode(errors="replace")
        assert SECRET not in shown, path
        assert incident.number not in shown, path


@pytest.mark.parametrize("role", OTHERS)
def test_the_pages_of_its_action_tell_what_was_written_into_the_action_and_nothing_else(
    client, others, incident, action, role
):
    client.force_login(others[role])
    for path in (*ELSEWHERE, *ACTION_PAGES, action.get_absolute_url()):
        shown = client.get(path, follow=True).getvalue().decode(errors="replace")
        assert SECRET not in shown, path
        assert incident.get_absolute_url() not in shown, path


def test_its_action_tells_its_owner_the_number_and_nothing_else(client, incident, action):
    client.force_login(action.owner.user)
    shown = client.get(action.get_absolute_url()).text
    assert incident.number in shown
    assert SECRET not in shown
    assert incident.get_absolute_url() not in shown


def test_nobody_else_is_told_of_it_by_mail(others, incident, mailoutbox):
    call_command("run_due", verbosity=0)
    told = {
        address for it in mailoutbox if incident.number in it.subject + it.body for address in it.to
    }
    assert told
    assert told.isdisjoint(it.email for it in others.values())


def test_no_mail_at_all_tells_what_happened(incident, action, mailoutbox):
    call_command("run_due", verbosity=0)
    assert mailoutbox
    assert not any(SECRET in f"{it.subject}{it.body}" for it in mailoutbox)


def test_who_reported_sees_the_own_words_and_nothing_that_the_office_wrote(client, incident):
    client.force_login(incident.reporter)
    page = client.get(reverse("incidents:own", args=[incident.pk])).text
    own_words = f"{SECRET}をなくしました。"
    assert own_words in page
    assert SECRET not in page.replace(own_words, "")
    for name, path in addresses(incident):
        if name not in {"own", "own_add", "reported"}:
            assert client.get(path).status_code in {403, 404, 405}, (name, path)


@pytest.mark.parametrize("role", sorted(MAY_KNOW))
def test_who_may_know_sees_it(client, incident, role):
    held = User.objects.filter(person__appointments__role=role).first()
    client.force_login(held or UserFactory(roles=[role]))
    assert SECRET in client.get(incident.get_absolute_url()).text


def test_whoever_reads_any_page_of_it_is_in_the_journal(client, incident):
    shown = set()
    for role in sorted(MAY_KNOW):
        user = User.objects.filter(person__appointments__role=role).first()
        client.force_login(user or UserFactory(roles=[role]))
        for name, path in addresses(incident):
            if name in OF_NO_CASE | OWN:
                continue
            cache.clear()
            readings = HistoryEntry.objects.filter(event="incidents.read")
            before = readings.count()
            if client.get(path).status_code == 200:
                shown.add(name)
                assert readings.count() == before + 1, (name, path)
                assert readings.first().object_id == incident.pk
    every = {name for name, _path in addresses(incident)}
    assert every - shown - OF_NO_CASE - OWN == LATER
