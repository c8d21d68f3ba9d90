"""What can be done to people, departments, sites and accounts."""

from datetime import date

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.core.exceptions import DomainError
from pms.history.models import HistoryEntry
from pms.organization import services
from pms.organization.choices import EmploymentKind, LeaveKind
from pms.organization.exceptions import OverlapError
from pms.organization.models import Affiliation, Department, Person, Site
from pms.organization.tasks import deliver_invitation
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

APRIL = date(2026, 4, 1)
LAST_OF_MARCH = date(2026, 3, 31)


def events(record):
    return [it.event for it in HistoryEntry.objects.of(record) if it.event]


class TestCreatePerson:
    def create(self, **changes):
        facts = {
            "employee_number": "０012",
            "family_name": "髙橋",
            "given_name": " 由美子 ",
            "family_kana": "ﾀｶﾊｼ",
            "joined_on": APRIL,
            "department": DepartmentFactory(),
            "employment_kind": EmploymentKind.REGULAR,
            "actor": None,
        }
        return services.create_person(**facts | changes)

    def test_registers_person_and_first_affiliation(self):
        person = self.create(post="主任")

        affiliation = person.affiliations.get()
        assert (affiliation.starts_on, affiliation.ends_on) == (APRIL, None)
        assert (affiliation.post, affiliation.is_primary) == ("主任", True)
        assert events(person) == ["organization.person_registered"]

    def test_folds_what_was_typed(self):
        person = self.create(email="Takahashi@Example.JP")

        assert person.employee_number == "0012"
        assert person.full_name == "髙橋 由美子"
        assert person.family_kana == "タカハシ"
        assert person.email == "takahashi@example.jp"

    def test_refuses_a_number_that_is_taken(self):
        PersonFactory(employee_number="0012")

        with pytest.raises(ValidationError) as refusal:
            self.create()

        assert "employee_number" in refusal.value.message_dict

    def test_refuses_a_department_that_does_not_exist_yet(self):
        with pytest.raises(DomainError, match="2026-04-01"):
            self.create(department=DepartmentFactory(starts_on=date(2026, 4, 2)))

        assert not Person.objects.exists()


class TestUpdatePerson:
    def test_changes_facts_and_keeps_the_reason(self):
        person = PersonFactory(family_name="佐藤")

        services.update_person(person.pk, family_name="鈴木", reason="婚姻", actor=None)

        person.refresh_from_db()
        assert person.family_name == "鈴木"
        entry = HistoryEntry.objects.of(person)[0]
        assert entry.changes == {"family_name": ["佐藤", "鈴木"]}
        assert entry.reason == "婚姻"

    def test_finds_the_person_under_the_new_name(self):
        person = PersonFactory(family_name="佐藤")

        services.update_person(person.pk, family_name="髙橋", actor=None)

        assert Person.objects.search("高橋").get() == person

    def test_lets_the_first_affiliation_begin_with_another_day_of_joining(self):
        person = PersonFactory(joined_on=date(2020, 4, 1))

        services.update_person(person.pk, joined_on=date(2020, 5, 1), actor=None)

        assert person.affiliations.get().starts_on == date(2020, 5, 1)

    def test_refuses_a_day_of_joining_after_another_affiliation_has_begun(self):
        person = PersonFactory(affiliation__ends_on=date(2021, 3, 31))
        AffiliationFactory(person=person, starts_on=date(2021, 4, 1))

        with pytest.raises(ValidationError):
            services.update_person(person.pk, joined_on=date(2022, 4, 1), actor=None)

        person.refresh_from_db()
        assert person.joined_on == date(2020, 4, 1)


class TestMovePerson:
    def move(self, person, **changes):
        facts = {
            "department": DepartmentFactory(),
            "employment_kind": EmploymentKind.REGULAR,
            "on": APRIL,
            "actor": None,
        }
        return services.move_person(person.pk, **facts | changes)

    def test_ends_one_affiliation_and_begins_the_next(self):
        person = PersonFactory()
        former = person.affiliations.get()

        moved = self.move(person, post="課長")

        former.refresh_from_db()
        assert former.ends_on == LAST_OF_MARCH
        assert (moved.starts_on, moved.ends_on, moved.post) == (APRIL, None, "課長")
        assert [
            Affiliation.objects.on(day).primary().get(person=person)
            for day in (LAST_OF_MARCH, APRIL)
        ] == [former, moved]

    def test_says_in_the_journal_from_where_to_where(self):
        person = PersonFactory(affiliation__department=DepartmentFactory(name="営業部"))

        self.move(person, department=DepartmentFactory(name="総務部"), reason="定期異動")

        entry = HistoryEntry.objects.of(person)[0]
        assert entry.event == "organization.person_moved"
        assert entry.additional_data == {"from": "営業部", "to": "総務部", "on": "2026-04-01"}
        assert entry.reason == "定期異動"

    def test_refuses_a_move_before_another_that_is_planned(self):
        person = PersonFactory()
        self.move(person, on=date(2026, 10, 1))

        with pytest.raises(OverlapError, match="2026-10-01"):
            self.move(person)

        assert person.affiliations.count() == 2

    def test_refuses_a_second_move_on_one_day(self):
        person = PersonFactory()
        self.move(person)

        with pytest.raises(OverlapError):
            self.move(person)

    def test_refuses_what_changes_nothing(self):
        person = PersonFactory()

        with pytest.raises(DomainError):
            self.move(person, department=person.affiliations.get().department)

    @pytest.mark.parametrize("on", [date(2020, 3, 31), date(2026, 7, 1)])
    def test_refuses_a_day_outside_the_employment(self, on):
        person = PersonFactory(left_on=date(2026, 6, 30))

        with pytest.raises(DomainError):
            self.move(person, on=on)

    def test_ends_with_an_employment_whose_end_is_known(self):
        person = PersonFactory(left_on=date(2026, 6, 30))

        assert self.move(person).ends_on == date(2026, 6, 30)

    def test_refuses_a_department_in_which_a_concurrent_post_is_held(self):
        person = PersonFactory()
        second = AffiliationFactory(person=person, is_primary=False)

        with pytest.raises(OverlapError):
            self.move(person, department=second.department)


class TestCorrectAffiliation:
    def test_mends_it_in_place(self):
        affiliation = AffiliationFactory()
        right = DepartmentFactory()

        services.correct_affiliation(
            affiliation.pk,
            department=right,
            employment_kind=EmploymentKind.CONTRACT,
            post="",
            actor=None,
            reason="入力誤り",
        )

        affiliation.refresh_from_db()
        assert (affiliation.department, affiliation.employment_kind) == (right, "contract")
        assert events(affiliation.person) == ["organization.affiliation_corrected"]


class TestConcurrentPosts:
    def add(self, person, **changes):
        facts = {"department": DepartmentFactory(), "starts_on": APRIL, "actor": None}
        return services.add_concurrent_post(person.pk, **facts | changes)

    def test_belongs_to_two_departments_on_the_terms_of_the_first(self):
        person = PersonFactory(affiliation__employment_kind=EmploymentKind.CONTRACT)

        second = self.add(person)

        assert second.employment_kind == EmploymentKind.CONTRACT
        assert Affiliation.objects.on(APRIL).filter(person=person).count() == 2
        assert Affiliation.objects.population_on(APRIL).filter(person=person).count() == 1

    def test_refuses_the_department_of_the_main_affiliation(self):
        person = PersonFactory()

        with pytest.raises(OverlapError):
            self.add(person, department=person.affiliations.get().department)

    def test_needs_a_main_affiliation(self):
        with pytest.raises(DomainError):
            self.add(PersonFactory(affiliation=None))

    def test_ends_alone(self):
        person = PersonFactory()
        second = self.add(person)

        services.end_concurrent_post(second.pk, ends_on=date(2026, 9, 30), actor=None)

        second.refresh_from_db()
        assert second.ends_on == date(2026, 9, 30)
        assert person.affiliations.primary().get().ends_on is None

    def test_never_ends_the_main_affiliation(self):
        affiliation = AffiliationFactory()

        with pytest.raises(DomainError):
            services.end_concurrent_post(affiliation.pk, ends_on=APRIL, actor=None)


class TestLeaves:
    def add(self, person, **changes):
        facts = {"kind": LeaveKind.SICK, "starts_on": APRIL, "actor": None}
        return services.add_leave(person.pk, **facts | changes)

    def test_is_away_in_the_period(self):
        person = PersonFactory()

        self.add(person, ends_on=date(2026, 9, 30))

        assert Person.objects.on_leave_on(date(2026, 9, 30)).get() == person
        assert not Person.objects.on_leave_on(date(2026, 10, 1)).exists()
        assert events(person) == ["organization.leave_added"]

    def test_refuses_two_at_a_time(self):
        leave = LeaveFactory(starts_on=APRIL, ends_on=None)

        with pytest.raises(OverlapError):
            self.add(leave.person, starts_on=date(2027, 4, 1))

    def test_can_end_later_than_planned_but_not_into_the_next(self):
        leave = LeaveFactory(starts_on=APRIL, ends_on=date(2026, 6, 30))
        LeaveFactory(person=leave.person, starts_on=date(2026, 8, 1), ends_on=None)

        assert services.end_leave(leave.pk, ends_on=date(2026, 7, 31), actor=None)
        with pytest.raises(OverlapError):
            services.end_leave(leave.pk, ends_on=date(2026, 8, 1), actor=None)

    def test_refuses_a_leave_before_joining(self):
        with pytest.raises(DomainError):
            self.add(PersonFactory(joined_on=date(2026, 5, 1)))


class TestEndEmployment:
    LAST = date(2026, 6, 30)

    def test_ends_everything_that_goes_beyond(self):
        person = PersonFactory()
        LeaveFactory(person=person, starts_on=APRIL, ends_on=None)
        appointment = AppointmentFactory(person=person)
        past = AffiliationFactory(
            person=person, is_primary=False, ends_on=date(2021, 3, 31), starts_on=date(2020, 4, 1)
        )

        services.end_employment(person.pk, left_on=self.LAST, actor=None, reason="自己都合")

        person.refresh_from_db()
        appointment.refresh_from_db()
        past.refresh_from_db()
        assert person.left_on == self.LAST
        assert person.affiliations.primary().get().ends_on == self.LAST
        assert person.leaves.get().ends_on == self.LAST
        assert appointment.ends_on == self.LAST
        assert past.ends_on == date(2021, 3, 31)
        assert events(person) == ["organization.employment_ended"]

    def test_closes_the_door_on_the_last_day(self):
        person = PersonFactory()

        person = services.end_employment(person.pk, left_on=self.LAST, actor=None)

        assert person.may_sign_in_on(date(2026, 6, 29))
        assert not person.may_sign_in_on(self.LAST)

    def test_moves_what_ended_with_a_former_last_day(self):
        person = PersonFactory()
        services.end_employment(person.pk, left_on=self.LAST, actor=None)

        services.end_employment(person.pk, left_on=date(2026, 7, 31), actor=None)

        assert person.affiliations.get().ends_on == date(2026, 7, 31)

    @pytest.mark.parametrize("factory", [AffiliationFactory, LeaveFactory, AppointmentFactory])
    def test_refuses_while_something_is_planned_for_later(self, factory):
        person = PersonFactory(affiliation=None)
        factory(person=person, starts_on=date(2026, 7, 1), ends_on=None)

        with pytest.raises(OverlapError, match="2026-07-01"):
            services.end_employment(person.pk, left_on=self.LAST, actor=None)

    def test_refuses_a_day_before_joining(self):
        person = PersonFactory(joined_on=APRIL)

        with pytest.raises(ValidationError):
            services.end_employment(person.pk, left_on=LAST_OF_MARCH, actor=None)

    def test_can_be_taken_back(self):
        person = PersonFactory()
        appointment = AppointmentFactory(person=person)
        services.end_employment(person.pk, left_on=self.LAST, actor=None)

        services.withdraw_leaving(person.pk, actor=None, reason="退職の撤回")

        person.refresh_from_db()
        appointment.refresh_from_db()
        assert person.left_on is None
        assert person.affiliations.get().ends_on is None
        assert appointment.ends_on == self.LAST

    def test_takes_back_nothing_that_is_not_registered(self):
        with pytest.raises(DomainError):
            services.withdraw_leaving(PersonFactory().pk, actor=None, reason="誤り")


class TestDepartments:
    TODAY = date(2026, 11, 21)

    def create(self, **changes):
        facts = {"code": "１０0", "name": "営業部", "starts_on": date(2020, 4, 1), "actor": None}
        return services.create_department(**facts | changes)

    def test_begins_with_a_name(self):
        department = self.create()

        assert department.code == "100"
        assert department.names.get().name == "営業部"
        assert events(department) == ["organization.department_created"]

    def test_stands_below_a_department_that_exists(self):
        closed = DepartmentFactory(ends_on=date(2019, 3, 31))

        with pytest.raises(DomainError):
            self.create(parent=closed)

    def test_is_called_on_each_day_as_it_was_called_then(self):
        department = self.create()

        services.rename_department(
            department.pk, name="営業本部", on=APRIL, today=self.TODAY, actor=None
        )

        department.refresh_from_db()
        assert department.name == "営業本部"
        assert department.name_on(LAST_OF_MARCH) == "営業部"
        assert department.name_on(APRIL) == "営業本部"

    def test_keeps_the_former_name_of_a_department_that_came_without_one(self):
        department = DepartmentFactory(name="営業部")

        services.rename_department(
            department.pk, name="営業本部", on=APRIL, today=self.TODAY, actor=None
        )

        department.refresh_from_db()
        assert department.name_on(LAST_OF_MARCH) == "営業部"

    def test_corrects_a_name_on_the_day_on_which_it_began(self):
        department = self.create()

        services.rename_department(
            department.pk, name="営業第一部", on=date(2020, 4, 1), today=self.TODAY, actor=None
        )

        assert department.names.get().name == "営業第一部"

    @pytest.mark.parametrize("on", [date(2026, 11, 22), date(2020, 3, 31)])
    def test_is_renamed_neither_for_the_future_nor_before_the_present_name(self, on):
        department = self.create()

        with pytest.raises(DomainError):
            services.rename_department(
                department.pk, name="営業本部", on=on, today=self.TODAY, actor=None
            )

    def test_refuses_the_name_that_it_has(self):
        department = self.create()

        with pytest.raises(DomainError):
            services.rename_department(
                department.pk, name="営業部", on=APRIL, today=self.TODAY, actor=None
            )

    def test_moves_with_all_below_it(self):
        top, department = DepartmentFactory(), DepartmentFactory()
        below = DepartmentFactory(parent=department)

        services.move_department(department.pk, parent=top, actor=None)

        assert Department.objects.subtree_ids([top.pk]) == {top.pk, department.pk, below.pk}

    def test_never_closes_a_circle(self):
        top = DepartmentFactory()
        below = DepartmentFactory(parent=DepartmentFactory(parent=top))

        for parent in (top, below):
            with pytest.raises(DomainError):
                services.move_department(top.pk, parent=parent, actor=None)

    def test_closes_when_nobody_belongs_to_it_any_more(self):
        department = self.create()
        AffiliationFactory(department=department, ends_on=LAST_OF_MARCH)

        services.close_department(department.pk, ends_on=LAST_OF_MARCH, actor=None)

        department.refresh_from_db()
        assert department.ends_on == LAST_OF_MARCH
        assert department.names.get().ends_on == LAST_OF_MARCH

    @pytest.mark.parametrize(
        "occupy",
        [
            lambda it: AffiliationFactory(department=it),
            lambda it: AffiliationFactory(department=it, starts_on=date(2026, 10, 1)),
            lambda it: DepartmentFactory(parent=it),
            lambda it: AppointmentFactory(role=Role.DEPARTMENT_MANAGER, department=it),
        ],
    )
    def test_does_not_close_while_somebody_belongs_to_it(self, occupy):
        department = DepartmentFactory()
        occupy(department)

        with pytest.raises(DomainError):
            services.close_department(department.pk, ends_on=LAST_OF_MARCH, actor=None)

    def test_changes_code_and_site(self):
        department, site = DepartmentFactory(), SiteFactory()

        services.update_department(department.pk, code="９９", site=site, actor=None)

        department.refresh_from_db()
        assert (department.code, department.site) == ("99", site)


class TestSites:
    def test_is_registered_and_changed_by_name(self):
        actor = UserFactory()
        site = services.create_site(code="HQ", name="本社", actor=actor)

        services.update_site(site.pk, code="HQ", name="東京本社", address="東京都", actor=actor)

        assert Site.objects.get().name == "東京本社"
        assert [it.actor for it in HistoryEntry.objects.of(site)] == [actor, actor]


class TestAccounts:
    def test_opens_one_without_password_and_sends_the_way_in(
        self, django_capture_on_commit_callbacks, client
    ):
        person = PersonFactory(email="hanako@example.jp")

        with django_capture_on_commit_callbacks(execute=True):
            account = services.open_account(person.pk, actor=None)

        assert person.user_id is None
        assert Person.objects.get().user == account
        assert not account.has_usable_password()
        (message,) = mail.outbox
        assert message.to == ["hanako@example.jp"]
        assert person.full_name in message.body
        path = next(line for line in message.body.splitlines() if "/key/" in line)
        response = client.get("/" + path.split("/", 3)[3], follow=True)
        assert b'type="password"' in response.content
        assert events(person) == ["organization.account_opened"]

    @pytest.mark.parametrize(
        "facts",
        [
            {"email": ""},
            {"email": "taken@example.jp"},
            {"email": "a@example.jp", "left_on": LAST_OF_MARCH},
            {"with_account": True, "email": "a@example.jp"},
        ],
    )
    def test_refuses_where_nobody_could_or_should_come_in(self, facts):
        User.objects.create_user("Taken@example.jp")
        person = PersonFactory(**facts)
        before = User.objects.count()

        with pytest.raises(DomainError):
            services.open_account(person.pk, actor=None)

        assert User.objects.count() == before

    def test_closes_the_door_and_opens_it_again(self, client):
        user = UserFactory(roles=[])
        client.force_login(user)
        assert client.session["_auth_user_id"]

        services.close_account(user.person.pk, actor=None, reason="休職")
        user.refresh_from_db()
        assert not user.is_active
        assert client.get("/accounts/password/change/").status_code == 302

        services.reopen_account(user.person.pk, actor=None)
        user.refresh_from_db()
        assert user.is_active

    def test_nobody_closes_the_own_account(self):
        user = UserFactory(roles=[])

        with pytest.raises(DomainError):
            services.close_account(user.person.pk, actor=user)

    def test_invites_again_only_where_an_account_is_open(self, django_capture_on_commit_callbacks):
        user = UserFactory(roles=[])
        with django_capture_on_commit_callbacks(execute=True):
            services.invite(user.person.pk, actor=None)
        assert len(mail.outbox) == 1

        user.is_active = False
        user.save()
        for person in (user.person, PersonFactory()):
            with pytest.raises(DomainError):
                services.invite(person.pk, actor=None)

    def test_an_invitation_taken_up_again_keeps_its_number(self, mailoutbox):
        user = UserFactory(roles=[])
        for _run in range(2):
            deliver_invitation.func(user.pk, "<abc@pms.example>")
        assert [it.message()["Message-ID"] for it in mailoutbox] == ["<abc@pms.example>"] * 2

    def test_two_invitations_have_two_numbers(self, mailoutbox, django_capture_on_commit_callbacks):
        user = UserFactory(roles=[])
        for _time in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                services.invite(user.person.pk, actor=None)
        assert len({it.message()["Message-ID"] for it in mailoutbox}) == 2

    def test_an_account_closed_meanwhile_is_told_nothing(self, mailoutbox):
        deliver_invitation.func(UserFactory(roles=[], is_active=False).pk, "<abc@pms.example>")
        assert mailoutbox == []
