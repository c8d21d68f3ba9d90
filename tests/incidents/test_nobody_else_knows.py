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
    Incident,
    Obligation,
    ObligationRule,
)
from pms.organization.models import Company
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory

from .factories import assess, report

pytestmark = pytest.mark.django_db

SECRET = "ひみつの鞄"
MAY_KNOW = {Role.PRIVACY_MANAGER, Role.DEPUTY_PRIVACY_MANAGER, Role.TOP_MANAGEMENT}
OTHERS = [role for role in Role.values if role not in MAY_KNOW]
# For everybody: what is reported, own reports, the procedure; the register is empty for them.
OPEN = {"report", "own_list", "anonymous", "anonymous_sent", "follow_up", "emergency", "list"}
# What may be refused openly, because it tells of no case.
OF_NO_CASE = {
    "office_create",
    "statistics",
    "export",
    "settings",
    "rule_list",
    "rule_create",
    "rule_end",
    "rule_withdraw",
    "category_list",
    "category_create",
    "category_end",
    "category_withdraw",
    "procedure",
    "contact_create",
    "contact_update",
    "contact_remove",
}
# Who reported reads the own words there, and nothing of the case.
OWN = {"own", "own_add", "reported"}
# Pages that this case is not in a state for.
LATER = {"submit", "file", "supplement", "difference", "certificate", "reopen"}
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


@pytest.fixture
def incident():
    """A case with everything that a case can have, whose legal days run."""
    Company.objects.update_or_create(pk=1, defaults={"name": "みなと", "privacy_mark_number": "1"})
    manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
    president = UserFactory(roles=[Role.TOP_MANAGEMENT])
    now = timezone.now()
    noticed_at = now - timedelta(days=3)
    found = report(
        what=f"{SECRET}をなくしました。",
        noticed_at=noticed_at,
        reported_at=noticed_at,
        now=now - timedelta(days=2),
        department=DepartmentFactory(),
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
    services.let_in(found.pk, user=UserFactory(roles=[]), reason=SECRET, actor=manager, now=now)
    notice = services.tell_persons(
        found.pk,
        group=SECRET,
        method=NoticeMethod.LETTER,
        text=SECRET,
        actor=manager,
        today=today,
        now=now,
    )
    services.add_addressees(notice.pk, rows=[Addressee(name=SECRET)], actor=manager)
    services.tell_timeline(
        found.pk, happened_at=now, kind="known", text=SECRET, actor=manager, now=now
    )
    call_command("run_due", verbosity=0)
    return found


def addresses(incident):
    """Every address of the subject, filled with the keys of the case."""
    keys = {
        "obligations/": Obligation.objects.filter(incident=incident).first().pk,
        "notices/": incident.notices.get().pk,
        "filed/": FiledReport.objects.get().pk,
        "people/": incident.members.get().pk,
        "rules/": ObligationRule.objects.first().pk,
        "lists/": Category.objects.first().pk,
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


@pytest.mark.parametrize("role", OTHERS)
def test_no_address_of_the_case_is_there(client, incident, role):
    client.force_login(UserFactory(roles=[role]))
    for name, path in addresses(incident):
        for answer in (client.get(path), client.post(path)):
            refusals = {403, 404, 405} if name in OF_NO_CASE else {404, 405}
            assert answer.status_code in refusals, (name, path)
            assert SECRET not in answer.text
            assert incident.number not in answer.text


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_page_and_no_file_tells_of_it(client, incident, role):
    client.force_login(UserFactory(roles=[role]))
    for path in ELSEWHERE:
        answer = client.get(path, follow=True)
        shown = answer.getvalue().decode(errors="replace")
        assert SECRET not in shown, path
        assert incident.number not in shown, path


# Whoever becomes the officer is let in by rule, and told.
@pytest.mark.parametrize("role", sorted(set(OTHERS) - {Role.SYSTEM_OFFICER}))
def test_nobody_else_is_told_of_it_by_mail(incident, role, mailoutbox):
    user = UserFactory(roles=[role])
    call_command("run_due", verbosity=0)
    told = [it for it in mailoutbox if user.email in it.to]
    assert not any(incident.number in f"{it.subject}{it.body}" for it in told)


def test_no_mail_at_all_tells_what_happened(incident, mailoutbox):
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
        if name not in OWN:
            assert client.get(path).status_code in {403, 404, 405}, (name, path)


@pytest.mark.parametrize("role", sorted(MAY_KNOW))
def test_who_may_know_sees_it(client, incident, role):
    held = User.objects.filter(person__appointments__role=role).first()
    client.force_login(held or UserFactory(roles=[role]))
    assert SECRET in client.get(incident.get_absolute_url()).text
    assert Incident.objects.get() == incident


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
