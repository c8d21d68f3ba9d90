"""Pages of the organization: what they show, what their forms do, what they refuse.

Who gets in where and how often the database is asked is tested for all pages together.
"""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from pms.accounts.roles import Role
from pms.history.models import HistoryEntry
from pms.organization.choices import EmploymentKind
from pms.organization.models import Affiliation, Appointment, Company, Department, Person, Site
from tests.accounts.factories import UserFactory
from tests.organization.factories import (
    AffiliationFactory,
    AppointmentFactory,
    DepartmentFactory,
    LeaveFactory,
    PersonFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)
PEOPLE = reverse("organization:person_list")


@pytest.fixture
def manager(client):
    """The privacy manager, signed in and reading English."""
    user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
    client.force_login(user)
    return user


def page_of(name, *args):
    return reverse(f"organization:{name}", args=args)


def numbers(response):
    return {line.number for line in response.context["lines"]}


def errors(response):
    return " ".join(
        str(text) for texts in response.context["form"].errors.values() for text in texts
    )


class TestPersonList:
    def test_shows_who_works_here_today(self, client, manager):
        PersonFactory(employee_number="A1")
        PersonFactory(employee_number="A2", left_on=TODAY - timedelta(days=1))
        PersonFactory(employee_number="A3", left_on=TODAY)
        PersonFactory(employee_number="A4", joined_on=TOMORROW)

        shown = numbers(client.get(PEOPLE))

        assert shown == {"A1", "A3", manager.person.employee_number}

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"state": "left"}, {"gone"}),
            ({"state": "joining"}, {"soon"}),
            ({"state": "leave"}, {"away"}),
            ({"state": "left", "kind": "contract"}, {"gone"}),
            ({"state": "joining", "kind": "part_time"}, {"soon"}),
            ({"kind": "dispatched"}, {"away"}),
            ({"q": "高橋 ﾕﾐｺ"}, {"here"}),
            ({"q": "here"}, {"here"}),
            ({"day": "2019-05-01"}, {"gone"}),
        ],
    )
    def test_can_be_narrowed(self, client, manager, query, found):
        PersonFactory(
            employee_number="here",
            family_name="髙橋",
            given_name="由美子",
            given_kana="ユミコ",
        )
        away = PersonFactory(employee_number="away", affiliation__employment_kind="dispatched")
        LeaveFactory(person=away, starts_on=date(2021, 1, 1), ends_on=None)
        PersonFactory(
            employee_number="gone",
            joined_on=date(2019, 4, 1),
            left_on=date(2020, 3, 31),
            affiliation__ends_on=date(2020, 3, 31),
            affiliation__employment_kind="contract",
        )
        PersonFactory(
            employee_number="soon",
            joined_on=TOMORROW,
            affiliation__employment_kind="part_time",
        )

        assert numbers(client.get(PEOPLE, query)) == found

    def test_finds_a_department_with_those_below_and_concurrent_posts(self, client, manager):
        top = DepartmentFactory()
        below = DepartmentFactory(parent=top)
        PersonFactory(employee_number="top", affiliation__department=top)
        PersonFactory(employee_number="below", affiliation__department=below)
        second = PersonFactory(employee_number="second")
        AffiliationFactory(person=second, department=below, is_primary=False)

        assert numbers(client.get(PEOPLE, {"department": top.pk})) == {"top", "below", "second"}
        assert numbers(client.get(PEOPLE, {"department": below.pk})) == {"below", "second"}

    def test_shows_nobody_for_a_filter_that_makes_no_sense(self, client, manager):
        response = client.get(PEOPLE, {"day": "2026-02-30"})

        assert response.status_code == 200
        assert numbers(response) == set()

    def test_turns_pages_in_each_order(self, client, manager):
        PersonFactory.create_batch(60)

        for sort in ("number", "-number", "kana", "-kana", "joined", "-joined"):
            first = client.get(PEOPLE, {"sort": sort})
            second = client.get(PEOPLE, {"sort": sort, "page": first.context["page"].next})
            assert len(numbers(first) | numbers(second)) == 61

    def test_shows_a_department_manager_the_own_people_only(self, client):
        department = DepartmentFactory()
        user = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        client.force_login(user)
        mine = PersonFactory(affiliation__department=department)
        other = PersonFactory()

        assert numbers(client.get(PEOPLE)) == {
            mine.employee_number,
            user.person.employee_number,
        }
        assert client.get(other.get_absolute_url()).status_code == 404

    def test_takes_out_what_is_filtered_and_records_it(self, client, manager):
        PersonFactory(
            employee_number="00X12",
            family_name="=SUM(A1)",
            affiliation__post="主任",
            affiliation__employment_kind=EmploymentKind.PART_TIME,
        )

        response = client.get(PEOPLE, {"q": "00X12", "export": "csv"})

        rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
        assert [row["社員番号"] for row in rows] == ["00X12"]
        assert rows[0]["姓"] == "'=SUM(A1)"
        assert (rows[0]["役職"], rows[0]["雇用区分"]) == ("主任", "パート")
        entry = HistoryEntry.objects.get(event="history.exported")
        assert (entry.actor, entry.additional_data["rows"]) == (manager, 1)


class TestPersonDetail:
    def test_shows_where_somebody_belonged_and_what_can_be_done(self, client, manager):
        person = PersonFactory(affiliation__department__name="営業部", affiliation__post="課長")
        appointment = AppointmentFactory(person=person, role=Role.AUDITOR)

        page = client.get(person.get_absolute_url()).text

        assert "営業部" in page
        assert "課長" in page
        assert appointment.get_absolute_url() in page
        assert page_of("person_move", person.pk) in page
        assert page_of("employment_end", person.pk) in page
        assert page_of("leaving_withdraw", person.pk) not in page

    def test_offers_to_take_back_a_leaving_instead_of_another_one(self, client, manager):
        person = PersonFactory(left_on=TOMORROW)

        page = client.get(person.get_absolute_url()).text

        assert page_of("leaving_withdraw", person.pk) in page
        assert page_of("employment_end", person.pk) not in page

    def test_is_open_to_oneself_without_any_button(self, client):
        user = UserFactory(roles=[], language="en")
        LeaveFactory(person=user.person, note="産後")
        client.force_login(user)

        page = client.get(user.person.get_absolute_url()).text

        assert user.person.full_name in page
        assert "産後" in page
        assert page_of("person_update", user.person.pk) not in page

    def test_keeps_the_kind_of_leave_from_a_department_manager(self, client):
        department = DepartmentFactory()
        user = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department, language="en")
        leave = LeaveFactory(person=PersonFactory(affiliation__department=department), kind="sick")
        client.force_login(user)

        page = client.get(leave.person.get_absolute_url()).text

        assert "2026-04-01" in page
        assert "Sick leave" not in page

    def test_tells_the_journal_in_sentences(self, client, manager):
        person = PersonFactory(affiliation__department__name="営業部")
        client.post(
            page_of("person_move", person.pk),
            {
                "department": DepartmentFactory(name="総務部").pk,
                "employment_kind": "regular",
                "on": TODAY.isoformat(),
                "reason": "定期異動",
            },
        )

        page = client.get(page_of("person_history", person.pk)).text

        assert f"{manager.person} moved {person} from “営業部” to “総務部”" in page
        assert "定期異動" in page

    def test_gives_htmx_the_journal_alone(self, client, manager):
        person = PersonFactory()

        part = client.get(page_of("person_history", person.pk), headers={"HX-Request": "true"})

        assert "<html" not in part.text
        assert "timeline" in part.text


class TestPersonForms:
    def test_registers_somebody(self, client, manager):
        response = client.post(
            page_of("person_create"),
            {
                "employee_number": "００77",
                "family_name": "髙橋",
                "given_name": "健",
                "joined_on": TODAY.isoformat(),
                "department": DepartmentFactory().pk,
                "employment_kind": "regular",
            },
        )

        person = Person.objects.get(employee_number="0077")
        assert response.url == person.get_absolute_url()
        assert person.affiliations.get().starts_on == TODAY

    def test_names_the_field_with_a_number_that_is_taken(self, client, manager):
        PersonFactory(employee_number="0077")

        response = client.post(
            page_of("person_create"),
            {
                "employee_number": "00７７",
                "family_name": "髙橋",
                "joined_on": TODAY.isoformat(),
                "department": DepartmentFactory().pk,
                "employment_kind": "regular",
            },
        )

        assert "employee_number" in response.context["form"].errors
        assert response.context["form"]["family_name"].value() == "髙橋"

    def test_sends_twice_and_registers_once(self, client, manager):
        data = {
            "employee_number": "0077",
            "family_name": "髙橋",
            "joined_on": TODAY.isoformat(),
            "department": DepartmentFactory().pk,
            "employment_kind": "regular",
            "form_token": "the-same",
        }

        first = client.post(page_of("person_create"), data)
        again = client.post(page_of("person_create"), data | {"employee_number": "0078"})

        assert first.status_code == again.status_code == 302
        assert Person.objects.filter(family_name="髙橋").count() == 1

    def test_changes_facts(self, client, manager):
        person = PersonFactory(family_name="佐藤")
        data = {
            "employee_number": person.employee_number,
            "family_name": "鈴木",
            "joined_on": person.joined_on.isoformat(),
            "reason": "婚姻",
        }

        response = client.post(page_of("person_update", person.pk), data)

        person.refresh_from_db()
        assert response.url == person.get_absolute_url()
        assert person.family_name == "鈴木"

    def test_shows_what_the_service_refuses(self, client, manager):
        person = PersonFactory()
        main = person.affiliations.get()

        response = client.post(
            page_of("person_move", person.pk),
            {
                "department": main.department.pk,
                "employment_kind": main.employment_kind,
                "on": TODAY.isoformat(),
            },
        )

        assert response.status_code == 200
        assert "Nothing would change" in errors(response)

    def test_begins_a_move_at_the_present_place(self, client, manager):
        person = PersonFactory(affiliation__post="主任")

        form = client.get(page_of("person_move", person.pk)).context["form"]

        assert form["department"].value() == person.affiliations.get().department_id
        assert form["post"].value() == "主任"

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("concurrent_post_create", {"starts_on": TODAY.isoformat()}),
            ("leave_create", {"kind": "care", "starts_on": TODAY.isoformat()}),
            ("employment_end", {"left_on": TOMORROW.isoformat(), "reason": "自己都合"}),
        ],
    )
    def test_registers_what_happens_to_somebody(self, client, manager, name, data):
        person = PersonFactory()
        data = data | {"department": DepartmentFactory().pk}

        response = client.post(page_of(name, person.pk), data)

        assert response.url == person.get_absolute_url()
        assert HistoryEntry.objects.of(person).exclude(event="").exists()

    def test_takes_back_a_leaving(self, client, manager):
        person = PersonFactory(left_on=TOMORROW, affiliation__ends_on=TOMORROW)

        client.post(page_of("leaving_withdraw", person.pk), {"reason": "撤回"})

        person.refresh_from_db()
        assert person.left_on is None

    def test_ends_a_concurrent_post_and_a_leave(self, client, manager):
        person = PersonFactory()
        second = AffiliationFactory(person=person, is_primary=False)
        leave = LeaveFactory(person=person, ends_on=None)

        client.post(page_of("concurrent_post_end", second.pk), {"ends_on": TODAY.isoformat()})
        client.post(page_of("leave_end", leave.pk), {"ends_on": "2026-12-31"})

        second.refresh_from_db()
        leave.refresh_from_db()
        assert (second.ends_on, leave.ends_on) == (TODAY, date(2026, 12, 31))

    def test_corrects_an_affiliation(self, client, manager):
        affiliation = AffiliationFactory()

        client.post(
            page_of("affiliation_correct", affiliation.pk),
            {
                "department": affiliation.department.pk,
                "employment_kind": "contract",
                "reason": "入力誤り",
            },
        )

        affiliation.refresh_from_db()
        assert affiliation.employment_kind == "contract"

    def test_opens_closes_and_reopens_an_account(self, client, manager):
        person = PersonFactory(email="a@example.jp")

        client.post(page_of("account_open", person.pk))
        person.refresh_from_db()
        assert person.user.is_active
        client.post(page_of("account_invite", person.pk))
        client.post(page_of("account_close", person.pk), {"reason": "休職"})
        person.user.refresh_from_db()
        assert not person.user.is_active
        client.post(page_of("account_reopen", person.pk), {"reason": "復職"})
        person.user.refresh_from_db()
        assert person.user.is_active

    def test_says_why_an_account_cannot_be_opened(self, client, manager):
        response = client.post(page_of("account_open", PersonFactory(email="").pk))

        assert "email address" in errors(response)


class TestDepartmentPages:
    def test_counts_with_the_departments_below_and_links_to_the_same_number(self, client, manager):
        top = DepartmentFactory(code="1")
        below = DepartmentFactory(code="2", parent=top)
        both = PersonFactory(affiliation__department=top)
        AffiliationFactory(person=both, department=below, is_primary=False)
        PersonFactory(affiliation__department=below)
        PersonFactory(
            affiliation__department=below,
            left_on=TODAY - timedelta(days=1),
            affiliation__ends_on=TODAY - timedelta(days=1),
        )

        response = client.get(page_of("department_list"))

        lines = {it.department: it for it in response.context["lines"]}
        assert (lines[top].whole, lines[top].own, lines[below].whole) == (2, 1, 2)
        assert (lines[top].depth, lines[below].depth) == (0, 1)
        for department in (top, below):
            link = f"{PEOPLE}?department={department.pk}"
            assert link in response.text
            assert len(numbers(client.get(link))) == lines[department].whole
        detail = client.get(top.get_absolute_url())
        assert detail.context["people_count"] == 2

    def test_sets_closed_ones_apart(self, client, manager):
        closed = DepartmentFactory(ends_on=TODAY - timedelta(days=1))

        response = client.get(page_of("department_list"))

        assert closed not in [it.department for it in response.context["lines"]]
        assert response.context["closed"] == [closed]

    def test_registers_renames_moves_and_closes(self, client, manager):
        top = DepartmentFactory()
        data = {"code": "900", "name": "新規事業部", "starts_on": "2026-04-01"}
        response = client.post(page_of("department_create"), data)
        department = Department.objects.get(code="900")
        assert response.url == department.get_absolute_url()

        pk = department.pk
        client.post(
            page_of("department_rename", pk), {"name": "未来事業部", "on": TODAY.isoformat()}
        )
        client.post(page_of("department_move", pk), {"parent": top.pk})
        client.post(page_of("department_update", pk), {"code": "901"})
        client.post(page_of("department_close", pk), {"ends_on": TOMORROW.isoformat()})

        department.refresh_from_db()
        assert (department.name, department.code) == ("未来事業部", "901")
        assert (department.parent, department.ends_on) == (top, TOMORROW)
        page = client.get(department.get_absolute_url()).text
        assert "新規事業部" in page
        assert page_of("department_close", pk) not in page

    def test_says_who_still_belongs_to_it(self, client, manager):
        department = AffiliationFactory().department

        response = client.post(
            page_of("department_close", department.pk), {"ends_on": TODAY.isoformat()}
        )

        assert "1 person belongs" in errors(response)

    def test_offers_departments_as_a_tree_without_closed_ones(self, client, manager):
        top = DepartmentFactory(code="1", name="本部")
        DepartmentFactory(code="0", name="支部", parent=top)
        DepartmentFactory(name="旧部", ends_on=TODAY - timedelta(days=1))

        form = client.get(page_of("department_create")).context["form"]

        labels = [label for _value, label in form.fields["parent"].choices]
        assert labels.index("本部") + 1 == labels.index("\u3000支部")
        assert "旧部" not in labels


class TestSitePages:
    def test_registers_and_changes_a_site(self, client, manager):
        client.post(page_of("site_create"), {"code": "HQ", "name": "本社"})
        site = Site.objects.get()
        client.post(page_of("site_update", site.pk), {"code": "HQ", "name": "東京本社"})

        response = client.get(page_of("site_list"))

        assert "東京本社" in response.text

    def test_counts_its_departments_of_today(self, client, manager):
        site = SiteFactory()
        DepartmentFactory(site=site)
        DepartmentFactory(site=site, ends_on=TODAY - timedelta(days=1))

        (row,) = client.get(page_of("site_list")).context["page"]

        assert row.department_count == 1

    def test_describes_the_company(self, client, manager):
        data = {"name": "株式会社例示", "first_month": "10"}

        for name in ("株式会社例示", "例示株式会社"):
            client.post(page_of("company_update"), data | {"name": name})

        assert (str(Company.objects.current()), Company.objects.count()) == ("例示株式会社", 1)

    def test_knows_no_thirteenth_month(self, client, manager):
        response = client.post(page_of("company_update"), {"name": "例", "first_month": "13"})

        assert "first_month" in response.context["form"].errors


class TestAppointmentPages:
    def test_says_in_words_where_nobody_holds_a_post(self, client, manager):
        response = client.get(page_of("appointment_list"))

        posts = {post.role: post for post in response.context["posts"]}
        assert posts[Role.AUDIT_OFFICER].is_vacant
        assert not posts[Role.PRIVACY_MANAGER].is_vacant
        assert not posts[Role.MY_NUMBER_HANDLER].is_vacant
        assert "Vacant" in response.text

    def test_shows_another_day(self, client, manager):
        officer = AppointmentFactory(role=Role.AUDIT_OFFICER, ends_on=date(2024, 3, 31))

        response = client.get(page_of("appointment_list"), {"day": "2024-03-31"})

        posts = {post.role: post for post in response.context["posts"]}
        assert posts[Role.AUDIT_OFFICER].holders == [officer]

    def test_names_departments_without_a_manager_of_their_own_or_above(self, client, manager):
        managed = DepartmentFactory()
        DepartmentFactory(parent=managed)
        bare = DepartmentFactory()
        AppointmentFactory(role=Role.DEPARTMENT_MANAGER, department=managed)

        unmanaged = client.get(page_of("appointment_list")).context["unmanaged"]

        assert bare in unmanaged
        assert managed not in unmanaged
        assert not any(it.parent == managed for it in unmanaged)

    def test_lists_and_filters_all_of_them(self, client, manager):
        person = PersonFactory(family_name="﨑山")
        past = AppointmentFactory(
            person=person, role=Role.AUDITOR, starts_on=date(2020, 4, 1), ends_on=date(2021, 3, 31)
        )
        url = page_of("appointment_all")

        for query in ({"q": "崎山"}, {"role": "auditor"}, {"day": "2020-12-31", "q": "崎山"}):
            assert list(client.get(url, query).context["page"]) == [past], query
        assert list(client.get(url, {"q": "崎山", "day": "2021-04-01"}).context["page"]) == []

    def test_appoints_by_employee_number_or_name(self, client, manager):
        for text in ("0042", "髙橋 由美子"):
            PersonFactory(employee_number=text, family_name=text)
            response = client.post(
                page_of("appoint"),
                {"role": "auditor", "person": text, "starts_on": TODAY.isoformat()},
            )
            appointment = Appointment.objects.latest("pk")
            assert response.url == appointment.get_absolute_url()
            assert appointment.person.family_name == text

    @pytest.mark.parametrize(
        ("text", "message"),
        [("居ない人", "Nobody was found"), ("山田", "Several people match")],
    )
    def test_asks_again_who_is_meant(self, client, manager, text, message):
        PersonFactory.create_batch(2)

        response = client.post(
            page_of("appoint"), {"role": "auditor", "person": text, "starts_on": TODAY.isoformat()}
        )

        assert message in errors(response)

    def test_shows_every_reason_against_an_appointment(self, client, manager):
        response = client.post(
            page_of("appoint"),
            {
                "role": "audit_officer",
                "person": manager.person.employee_number,
                "starts_on": TODAY.isoformat(),
            },
        )

        assert "neither the privacy manager nor the representative" in errors(response)

    def test_knows_whom_the_page_before_was_about(self, client, manager):
        person = PersonFactory()

        form = client.get(
            page_of("appoint"), {"person": person.employee_number, "role": "auditor"}
        ).context["form"]

        assert (form["person"].value(), form["role"].value()) == (
            person.employee_number,
            "auditor",
        )

    def test_offers_the_move_that_is_possible(self, client, manager):
        running = AppointmentFactory()
        planned = AppointmentFactory(starts_on=TOMORROW)
        over = AppointmentFactory(ends_on=date(2021, 3, 31))

        for appointment, offered in (
            (running, ["appointment_end"]),
            (planned, ["appointment_withdraw"]),
            (over, []),
        ):
            page = client.get(appointment.get_absolute_url()).text
            for name in ("appointment_end", "appointment_withdraw"):
                assert (page_of(name, appointment.pk) in page) == (name in offered)

    def test_ends_and_withdraws(self, client, manager):
        running, planned = AppointmentFactory(), AppointmentFactory(starts_on=TOMORROW)

        client.post(
            page_of("appointment_end", running.pk),
            {"ends_on": TODAY.isoformat(), "reason": "任期満了"},
        )
        response = client.post(
            page_of("appointment_withdraw", planned.pk), {"reason": "人事の見直し"}
        )

        running.refresh_from_db()
        assert running.ends_on == TODAY
        assert response.url == page_of("appointment_list")
        assert not Appointment.objects.filter(pk=planned.pk).exists()

    @pytest.mark.parametrize(
        ("language", "words"),
        [("ja", ["殿", "個人情報保護監査責任者に任命します"]), ("en", ["You are appointed"])],
    )
    def test_prints_the_letter(self, client, language, words):
        Company.objects.create(pk=1, name="株式会社例示", representative_title="代表取締役社長")
        AppointmentFactory(
            role=Role.TOP_MANAGEMENT, person=PersonFactory(family_name="水野", given_name="玲子")
        )
        appointment = AppointmentFactory(
            role=Role.AUDIT_OFFICER,
            person=PersonFactory(family_name="髙橋", given_name="𠮷郎"),
            ends_on=date(2030, 3, 31),
        )
        client.force_login(UserFactory(roles=[Role.PRIVACY_MANAGER], language=language))

        response = client.get(page_of("appointment_letter", appointment.pk))

        assert response["Content-Type"] == "application/pdf"
        (sheet,) = PdfReader(io.BytesIO(response.content)).pages
        text = sheet.extract_text().replace("\n", "").replace(" ", "")
        for word in [*words, "髙橋𠮷郎", "代表取締役社長水野玲子", "株式会社例示"]:
            assert word.replace(" ", "") in text
        assert HistoryEntry.objects.filter(event="organization.letter_printed").exists()

    def test_letter_names_the_department_of_a_department_manager(self, client, manager):
        department = DepartmentFactory(name="営業部")
        appointment = AppointmentFactory(role=Role.DEPARTMENT_MANAGER, department=department)

        response = client.get(page_of("appointment_letter", appointment.pk))

        (sheet,) = PdfReader(io.BytesIO(response.content)).pages
        assert "営業部" in sheet.extract_text()


class TestEvidence:
    @pytest.mark.parametrize("name", ["person_evidence", "appointment_evidence"])
    def test_keeps_a_file_beside_the_record(self, client, manager, name, settings, tmp_path):
        row = AppointmentFactory() if name.startswith("app") else PersonFactory()
        file = io.BytesIO(b"signed by hand\n")
        file.name = "letter.txt"

        response = client.post(page_of(name, row.pk), {"evidence": file, "note": "署名済み"})

        assert response.url == row.get_absolute_url()
        page = client.get(row.get_absolute_url()).text
        assert "letter.txt" in page
        assert "署名済み" in page


def test_no_form_answers_a_get_with_a_change(client, manager):
    person = PersonFactory()
    before = Affiliation.objects.count()

    for name in ("account_open", "employment_end", "person_move"):
        assert client.get(page_of(name, person.pk)).status_code == 200

    person.refresh_from_db()
    assert (person.user, person.left_on) == (None, None)
    assert Affiliation.objects.count() == before
