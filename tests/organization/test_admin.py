"""The administration pages: one door, one policy, rows that may be seen, nothing past the rules."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.history.models import HistoryEntry
from pms.organization.models import Affiliation, Appointment, Company, Leave, Site
from tests.accounts.factories import UserFactory
from tests.organization.factories import (
    AffiliationFactory,
    AppointmentFactory,
    LeaveFactory,
    PersonFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def manager(client):
    user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
    client.force_login(user)
    return user


def page_of(model, name="changelist", *args):
    opts = model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=args)


def shown(client, model, **query):
    return set(client.get(page_of(model), query).context["cl"].result_list)


class TestDoor:
    def test_strangers_are_sent_to_the_one_sign_in_page(self, client):
        response = client.get(reverse("admin:index"), follow=True)

        assert response.redirect_chain[-1][0].startswith("/accounts/login/")
        assert "next=" in response.redirect_chain[-1][0]

    def test_those_without_the_permission_are_refused(self, client):
        client.force_login(UserFactory(roles=[Role.DEPARTMENT_MANAGER]))

        assert client.get(reverse("admin:index"), follow=True).status_code == 403

    def test_passwords_are_changed_where_attempts_are_limited(self, client, manager):
        response = client.get(reverse("admin:password_change"))

        assert response.url == reverse("account_change_password")

    def test_the_policy_is_relaxed_here_and_nowhere_else(self, client, manager):
        admin = client.get(reverse("admin:index"))["Content-Security-Policy"]
        other = client.get(reverse("organization:person_list"))["Content-Security-Policy"]

        assert "'unsafe-eval'" in admin
        assert "'unsafe-inline'" not in admin.split("style-src")[0]
        assert "unsafe" not in other

    def test_libraries_add_no_models_of_theirs(self, client, manager):
        apps = {it["app_label"] for it in client.get(reverse("admin:index")).context["app_list"]}

        assert apps <= {
            "accounts",
            "corrective_actions",
            "cycles",
            "evidence",
            "history",
            "incidents",
            "organization",
            "reminders",
            "training",
            "transfer",
        }


class TestPeople:
    def test_are_found_in_every_spelling(self, client, manager):
        person = PersonFactory(family_name="髙橋", family_kana="タカハシ")

        for text in ("高橋", "たかはし", person.employee_number):
            assert shown(client, type(person), q=text) == {person}

    def test_are_filtered_by_where_they_stand(self, client, manager):
        away = LeaveFactory(starts_on=TODAY, ends_on=None).person
        gone = PersonFactory(left_on=TODAY - timedelta(days=1))

        assert shown(client, type(away), employed="leave") == {away}
        assert shown(client, type(away), employed="left") == {gone}
        assert gone not in shown(client, type(away), employed="now")

    def test_a_change_leaves_its_trace_in_the_journal_alone(self, client, manager):
        person = PersonFactory(family_name="佐藤")
        data = {
            "employee_number": person.employee_number,
            "family_name": "鈴木",
            "affiliations-TOTAL_FORMS": 0,
            "affiliations-INITIAL_FORMS": 0,
            "leaves-TOTAL_FORMS": 0,
            "leaves-INITIAL_FORMS": 0,
        }

        response = client.post(page_of(type(person), "change", person.pk), data)

        assert response.status_code == 302, response.context["errors"]
        entry = HistoryEntry.objects.of(person)[0]
        assert entry.actor == manager
        assert entry.changes["family_name"] == ["佐藤", "鈴木"]
        assert not LogEntry.objects.exists()

    def test_neither_join_nor_vanish_here(self, client, manager):
        person = PersonFactory()

        assert client.get(page_of(type(person), "add")).status_code == 403
        assert client.post(page_of(type(person), "delete", person.pk)).status_code == 403

    def test_the_journal_of_a_person_opens_for_who_may_read_it(self, client, manager):
        person = PersonFactory()

        page = client.get(page_of(type(person), "history", person.pk)).text

        assert f"added person “{person}”" in page

    def test_leave_as_a_file_with_an_entry_in_the_journal(self, client, manager):
        person = PersonFactory(employee_number="00X12", family_name="=1+1")

        response = client.post(
            f"{page_of(type(person), 'export')}?q=00X12", {"format": "0", "resource": ""}
        )

        lines = response.content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("社員番号,姓,名")
        assert lines[1].startswith("00X12,'=1+1,")
        assert len(lines) == 2
        assert HistoryEntry.objects.get(event="history.exported").additional_data["rows"] == 1


class TestAffiliationsAndLeaves:
    @pytest.mark.parametrize(
        ("model", "factory"), [(Affiliation, AffiliationFactory), (Leave, LeaveFactory)]
    )
    def test_a_wrong_entry_can_be_deleted_and_stays_in_the_journal(
        self, client, manager, model, factory
    ):
        row = factory()

        client.post(page_of(model, "delete", row.pk), {"post": "yes"})

        assert not model.objects.filter(pk=row.pk).exists()
        assert HistoryEntry.objects.filter(
            object_pk=row.pk, action=HistoryEntry.Action.DELETE, actor=manager
        ).exists()

    def test_are_filtered_by_whether_they_hold(self, client, manager):
        person = PersonFactory(affiliation=None)
        over = AffiliationFactory(person=person, ends_on=TODAY - timedelta(days=1))
        later = AffiliationFactory(person=person, starts_on=TODAY + timedelta(days=1))

        assert shown(client, Affiliation, holds="over") == {over}
        assert shown(client, Affiliation, holds="later") == {later}
        assert shown(client, Affiliation, holds="now") == {manager.person.affiliations.get()}


class TestSites:
    def upload(self, client, text, encoding):
        file = SimpleUploadedFile("sites.csv", text.encode(encoding))
        return client.post(page_of(Site, "import"), {"import_file": file, "format": "0"})

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
    def test_come_in_from_a_file_after_a_look(self, client, manager, encoding):
        SiteFactory(code="HQ", name="本社")
        text = "事業所コード,事業所名,所在地\r\nHQ,東京本社,東京都\r\n002,髙崎工場,群馬県\r\n"

        preview = self.upload(client, text, encoding)
        form = preview.context["confirm_form"]
        assert Site.objects.count() == 1
        data = {name: form.initial.get(name, "") for name in form.fields}
        client.post(page_of(Site, "process_import"), data)

        assert dict(Site.objects.values_list("code", "name")) == {
            "HQ": "東京本社",
            "002": "髙崎工場",
        }

    def test_a_file_that_is_no_table_is_refused_in_words(self, client, manager):
        response = self.upload(client, "%PDF-1.7", "ascii")

        assert "is not a table" in response.text
        assert not Site.objects.exists()


class TestAppointments:
    def add(self, client, person, role, **changes):
        data = {"role": role, "person": person.pk, "starts_on": TODAY.isoformat()} | changes
        return client.post(page_of(Appointment, "add"), data)

    def test_are_made_by_the_service(self, client, manager):
        person = PersonFactory()

        assert self.add(client, person, Role.AUDITOR).status_code == 302

        appointment = Appointment.objects.get(role=Role.AUDITOR)
        assert HistoryEntry.objects.of(appointment)[0].event == "organization.appointed"

    def test_against_the_rules_are_refused_on_the_form(self, client, manager):
        response = self.add(client, manager.person, Role.AUDIT_OFFICER)

        assert response.status_code == 200
        assert "neither the privacy manager nor the representative" in response.text

    def test_refused_at_the_last_moment_are_refused_in_a_message(
        self, client, manager, monkeypatch
    ):
        # As if another appointment had been made between the form's check and the service's.
        monkeypatch.setattr(
            "pms.organization.admin.services.check_appointment", lambda appointment: None
        )

        response = self.add(client, manager.person, Role.AUDIT_OFFICER)

        assert response.status_code == 302
        assert "neither" in client.get(response.url).text
        assert not Appointment.objects.filter(role=Role.AUDIT_OFFICER).exists()

    def test_are_never_changed(self, client, manager):
        appointment = AppointmentFactory()

        client.post(page_of(Appointment, "change", appointment.pk), {"starts_on": "2001-01-01"})

        appointment.refresh_from_db()
        assert appointment.starts_on == date(2020, 4, 1)


class TestAccounts:
    def test_are_kept_by_the_system_administrator_without_passwords(self, client):
        client.force_login(UserFactory(roles=[Role.SYSTEM_ADMINISTRATOR]))

        client.post(page_of(User, "add"), {"email": "new@example.jp", "is_active": "on"})
        account = User.objects.get(email="new@example.jp")
        page = client.get(page_of(User, "change", account.pk)).text

        assert not account.has_usable_password()
        assert not account.is_superuser
        assert 'name="email"' in page
        assert 'name="is_superuser"' not in page
        assert 'name="password"' not in page

    def test_are_found_by_person_and_by_address(self, client, manager):
        PersonFactory(family_name="﨑山", user=UserFactory(email="saki@example.jp"))

        for text in ("崎山", "saki@"):
            assert {it.email for it in shown(client, User, q=text)} == {"saki@example.jp"}


class TestJournal:
    def test_is_read_and_nothing_else(self, client, manager):
        entry = HistoryEntry.objects.order_by("id").first()

        assert client.get(page_of(HistoryEntry, "change", entry.pk)).status_code == 200
        assert client.get(page_of(HistoryEntry, "add")).status_code == 403
        assert client.post(page_of(HistoryEntry, "delete", entry.pk)).status_code == 403

    def test_is_filtered_by_event_and_kind(self, client, manager):
        person = PersonFactory()
        entry = HistoryEntry.objects.of(person)[0]

        assert entry in shown(client, HistoryEntry, kind=entry.content_type_id)
        assert entry not in shown(client, HistoryEntry, event="history.read")


class TestCompany:
    def test_is_one(self, client, manager):
        Company.objects.create(pk=1, name="株式会社例示")

        assert client.get(page_of(Company, "add")).status_code == 403
        assert client.get(page_of(Company, "change", 1)).status_code == 200


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_kind_of_page_runs_under_the_policy(live_server, page, client):
    """The library's scripts do what they are for, and the browser has nothing to complain of."""
    client.force_login(UserFactory(roles=[Role.PRIVACY_MANAGER]))
    person = PersonFactory()
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    complaints = []
    page.on("console", lambda it: it.type == "error" and complaints.append(it.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    for path in (
        reverse("admin:index"),
        page_of(type(person)),
        page_of(type(person), "change", person.pk),
        page_of(type(person), "history", person.pk),
        page_of(type(person), "export"),
        page_of(Site, "import"),
        page_of(Appointment, "add"),
        page_of(HistoryEntry),
    ):
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")

    assert complaints == []
