"""Separation of duties: the rules of posts, over whole periods and in both directions."""

from datetime import date
from itertools import product
from threading import Thread

import pytest
from django.db import connection

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError
from pms.history.models import HistoryEntry
from pms.organization import services
from pms.organization.choices import EmploymentKind
from pms.organization.exceptions import DutyConflictError, OverlapError
from pms.organization.models import SINGLE_ROLES, Appointment
from tests.accounts.factories import UserFactory
from tests.organization.factories import (
    AffiliationFactory,
    AppointmentFactory,
    DepartmentFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)
MARCH = date(2027, 3, 31)
NOT_DEPARTMENTAL = [role for role in Role if role != Role.DEPARTMENT_MANAGER]


def appoint(role, person, **changes):
    facts = {"starts_on": APRIL, "actor": None} | changes
    return services.appoint(role, person, **facts)


class TestAppoint:
    def test_stores_who_holds_which_post_and_when(self):
        person = PersonFactory()

        appointment = appoint(Role.TRAINING_OFFICER, person, ends_on=MARCH, note="年度任期")

        stored = Appointment.objects.get()
        assert stored == appointment
        assert (stored.person, stored.starts_on, stored.ends_on) == (person, APRIL, MARCH)
        assert stored.note == "年度任期"

    def test_leaves_an_event_in_the_journal_with_its_actor(self):
        actor = UserFactory()

        appointment = appoint(Role.AUDITOR, PersonFactory(), actor=actor)

        entries = HistoryEntry.objects.of(appointment)
        assert [(it.event, it.actor) for it in entries] == [
            ("organization.appointed", actor),
            ("", actor),
        ]
        assert len({it.cid for it in entries}) == 1

    @pytest.mark.parametrize("role", NOT_DEPARTMENTAL)
    def test_fills_every_post_from_inside(self, role):
        assert appoint(role, PersonFactory()).role == role

    @pytest.mark.parametrize(
        ("held", "wanted"),
        [
            (Role.PRIVACY_MANAGER, Role.AUDIT_OFFICER),
            (Role.AUDIT_OFFICER, Role.PRIVACY_MANAGER),
            (Role.TOP_MANAGEMENT, Role.AUDIT_OFFICER),
            (Role.AUDIT_OFFICER, Role.TOP_MANAGEMENT),
        ],
    )
    @pytest.mark.parametrize(
        ("starts_on", "ends_on"),
        [
            (date(2026, 4, 1), None),
            (date(2026, 1, 1), date(2026, 4, 1)),
            (date(2027, 3, 31), date(2027, 3, 31)),
            (date(2026, 1, 1), None),
        ],
    )
    def test_keeps_the_audit_apart_on_every_day(self, held, wanted, starts_on, ends_on):
        person = PersonFactory()
        AppointmentFactory(person=person, role=held, starts_on=starts_on, ends_on=ends_on)

        with pytest.raises(DutyConflictError, match=str(Role(held).label)):
            appoint(wanted, person, ends_on=MARCH)

        assert not Appointment.objects.filter(role=wanted).exists()

    def test_allows_the_audit_post_from_the_day_after_the_other_ended(self):
        person = PersonFactory()
        AppointmentFactory(person=person, role=Role.PRIVACY_MANAGER, ends_on=date(2026, 3, 31))

        assert appoint(Role.AUDIT_OFFICER, person)

    def test_lets_the_representative_be_privacy_manager(self):
        person = PersonFactory()
        AppointmentFactory(person=person, role=Role.TOP_MANAGEMENT)

        assert appoint(Role.PRIVACY_MANAGER, person)

    @pytest.mark.parametrize(
        ("role", "kind"),
        product(
            [Role.PRIVACY_MANAGER, Role.AUDIT_OFFICER],
            [EmploymentKind.DISPATCHED, EmploymentKind.EXTERNAL],
        ),
    )
    def test_takes_both_officers_from_inside(self, role, kind):
        outsider = PersonFactory(affiliation__employment_kind=kind)

        with pytest.raises(DutyConflictError, match=str(kind.label)):
            appoint(role, outsider)

    def test_lets_an_outsider_help_as_auditor(self):
        outsider = PersonFactory(affiliation__employment_kind=EmploymentKind.EXTERNAL)

        assert appoint(Role.AUDITOR, outsider)

    def test_refuses_an_officer_who_becomes_an_outsider_within_the_period(self):
        person = PersonFactory(affiliation__ends_on=date(2026, 9, 30))
        AffiliationFactory(
            person=person,
            starts_on=date(2026, 10, 1),
            employment_kind=EmploymentKind.EXTERNAL,
        )

        with pytest.raises(DutyConflictError):
            appoint(Role.PRIVACY_MANAGER, person)
        assert appoint(Role.PRIVACY_MANAGER, person, ends_on=date(2026, 9, 30))

    def test_refuses_an_officer_of_whom_no_affiliation_is_known(self):
        with pytest.raises(DutyConflictError, match="2026-04-01"):
            appoint(Role.AUDIT_OFFICER, PersonFactory(affiliation=None))

    @pytest.mark.parametrize("role", NOT_DEPARTMENTAL)
    @pytest.mark.parametrize("post", ["常勤監査役", "会計参与"])
    def test_gives_no_post_to_those_who_watch_the_company_by_law(self, role, post):
        with pytest.raises(DutyConflictError, match=post):
            appoint(role, PersonFactory(affiliation__post=post))

    @pytest.mark.parametrize("role", SINGLE_ROLES)
    @pytest.mark.parametrize("ends_on", [None, APRIL, MARCH])
    def test_lets_one_person_hold_a_single_post(self, role, ends_on):
        AppointmentFactory(role=role, ends_on=ends_on)

        with pytest.raises(OverlapError, match="2020-04-01"):
            appoint(role, PersonFactory(), ends_on=MARCH)

    def test_lets_several_hold_the_other_posts_but_nobody_twice(self):
        first = AppointmentFactory(role=Role.AUDITOR)
        assert appoint(Role.AUDITOR, PersonFactory())

        with pytest.raises(OverlapError):
            appoint(Role.AUDITOR, first.person)

    def test_lets_one_person_manage_two_departments(self):
        one, other = DepartmentFactory(), DepartmentFactory()
        person = PersonFactory(affiliation__department=one)
        appoint(Role.DEPARTMENT_MANAGER, person, department=one)

        assert appoint(Role.DEPARTMENT_MANAGER, person, department=other)
        with pytest.raises(OverlapError):
            appoint(Role.DEPARTMENT_MANAGER, person, department=one)

    @pytest.mark.parametrize(
        ("joined_on", "left_on", "ends_on"),
        [
            (date(2026, 4, 2), None, None),
            (date(2020, 4, 1), date(2026, 12, 31), None),
            (date(2020, 4, 1), date(2026, 12, 31), MARCH),
        ],
    )
    def test_refuses_a_period_in_which_the_person_does_not_work_here(
        self, joined_on, left_on, ends_on
    ):
        person = PersonFactory(joined_on=joined_on, left_on=left_on)

        with pytest.raises(DutyConflictError):
            appoint(Role.TRAINING_OFFICER, person, ends_on=ends_on)

    def test_refuses_a_department_that_does_not_exist_then(self):
        closed = DepartmentFactory(ends_on=date(2025, 3, 31))

        with pytest.raises(DutyConflictError, match=closed.name):
            appoint(Role.DEPARTMENT_MANAGER, PersonFactory(), department=closed)

    @pytest.mark.parametrize("role", Role)
    def test_names_a_department_for_a_department_manager_only(self, role):
        wrong = None if role == Role.DEPARTMENT_MANAGER else DepartmentFactory()

        with pytest.raises(DomainError.__base__):
            appoint(role, PersonFactory(), department=wrong)

    def test_refuses_a_period_that_ends_before_it_starts(self):
        with pytest.raises(DomainError.__base__):
            appoint(Role.AUDITOR, PersonFactory(), ends_on=date(2026, 3, 31))

    def test_names_all_reasons_at_once(self):
        person = PersonFactory(
            affiliation__post="監査役", affiliation__employment_kind=EmploymentKind.EXTERNAL
        )
        person.joined_on = date(2026, 5, 1)
        person.save()
        AppointmentFactory(person=person, role=Role.PRIVACY_MANAGER)

        with pytest.raises(DutyConflictError) as refusal:
            appoint(Role.AUDIT_OFFICER, person)

        assert len(refusal.value.messages) == 3


class TestBarredPosts:
    @pytest.mark.parametrize(
        "post",
        ["監査役", "常勤監査役", "社外監査役（非常勤）", "監査委員", "監査等委員", "会計参与"],
    )
    def test_knows_who_audits_by_law(self, post):
        assert services.is_barred_post(post)

    @pytest.mark.parametrize(
        "post", ["", "監査役室長", "監査役会事務局", "内部監査室 室長", "監査課 主任", "会計課長"]
    )
    def test_leaves_ordinary_employees_alone(self, post):
        assert not services.is_barred_post(post)


class TestAffiliationsOfThoseWhoHoldPosts:
    def test_refuses_to_make_an_officer_an_outsider(self):
        officer = AppointmentFactory(role=Role.PRIVACY_MANAGER).person

        with pytest.raises(DutyConflictError):
            services.move_person(
                officer.pk,
                department=DepartmentFactory(),
                employment_kind=EmploymentKind.EXTERNAL,
                on=APRIL,
                actor=None,
            )

        assert officer.affiliations.get().ends_on is None

    def test_refuses_to_make_an_auditor_a_statutory_auditor(self):
        auditor = AppointmentFactory(role=Role.AUDITOR).person

        with pytest.raises(DutyConflictError, match="監査役"):
            services.add_concurrent_post(
                auditor.pk,
                department=DepartmentFactory(),
                post="監査役",
                starts_on=APRIL,
                actor=None,
            )

    def test_lets_them_become_so_after_their_post_has_ended(self):
        officer = AppointmentFactory(role=Role.PRIVACY_MANAGER, ends_on=date(2026, 3, 31)).person

        assert services.move_person(
            officer.pk,
            department=DepartmentFactory(),
            employment_kind=EmploymentKind.EXTERNAL,
            on=APRIL,
            actor=None,
        )


class TestEndAppointment:
    def test_ends_it_on_a_day_and_says_why(self):
        appointment = AppointmentFactory()

        services.end_appointment(appointment.pk, ends_on=MARCH, actor=None, reason="任期満了")

        appointment.refresh_from_db()
        assert appointment.ends_on == MARCH
        entry = HistoryEntry.objects.of(appointment)[0]
        assert (entry.event, entry.reason) == ("organization.appointment_ended", "任期満了")

    def test_never_makes_it_longer(self):
        appointment = AppointmentFactory(ends_on=MARCH)

        with pytest.raises(DomainError, match="2027-03-31"):
            services.end_appointment(appointment.pk, ends_on=date(2027, 4, 1), actor=None)

    def test_refuses_a_day_before_it_begins(self):
        appointment = AppointmentFactory(starts_on=APRIL)

        with pytest.raises(OverlapError):
            services.end_appointment(appointment.pk, ends_on=date(2026, 3, 31), actor=None)


class TestWithdrawAppointment:
    def test_takes_back_what_has_not_begun_and_keeps_it_in_the_journal(self):
        appointment = AppointmentFactory(starts_on=APRIL)
        key = appointment.pk

        services.withdraw_appointment(
            key, today=date(2026, 3, 31), actor=None, reason="人事の見直し"
        )

        assert not Appointment.objects.exists()
        events = HistoryEntry.objects.filter(object_pk=key).values_list("event", flat=True)
        assert "organization.appointment_withdrawn" in events

    def test_refuses_what_has_begun(self):
        appointment = AppointmentFactory(starts_on=APRIL)

        with pytest.raises(DomainError):
            services.withdraw_appointment(appointment.pk, today=APRIL, actor=None, reason="誤り")


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    """Two people at two desks: what neither sees of the other is seen by the lock."""

    def run(self, *calls):
        results = []

        def work(call):
            try:
                call()
                results.append("done")
            except DomainError as refusal:
                results.append(type(refusal).__name__)
            finally:
                connection.close()

        threads = [Thread(target=work, args=[call]) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(results)

    def test_one_of_two_gets_a_single_post(self):
        one, other = PersonFactory(), PersonFactory()

        results = self.run(
            lambda: appoint(Role.AUDIT_OFFICER, one, ends_on=MARCH),
            lambda: appoint(Role.AUDIT_OFFICER, other, ends_on=MARCH),
        )

        assert results == ["OverlapError", "done"]
        assert Appointment.objects.count() == 1

    def test_nobody_gets_two_posts_that_must_be_apart(self):
        person = PersonFactory()

        results = self.run(
            lambda: appoint(Role.AUDIT_OFFICER, person, ends_on=MARCH),
            lambda: appoint(Role.PRIVACY_MANAGER, person, ends_on=MARCH),
        )

        assert results == ["DutyConflictError", "done"]

    def test_nobody_becomes_an_outsider_while_being_made_an_officer(self):
        person = PersonFactory()
        department = DepartmentFactory()

        results = self.run(
            lambda: appoint(Role.PRIVACY_MANAGER, person),
            lambda: services.move_person(
                person.pk,
                department=department,
                employment_kind=EmploymentKind.EXTERNAL,
                on=APRIL,
                actor=None,
            ),
        )

        assert results == ["DutyConflictError", "done"]
