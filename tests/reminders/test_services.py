"""Reminding: once each, one digest a person, nothing lost in an outage."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy

from pms.accounts.roles import Role
from pms.notifications.models import Notification
from pms.organization.models import Appointment, ClosedDay
from pms.reminders.choices import ReminderState, UntoldReason
from pms.reminders.models import Reminder
from pms.reminders.rules import (
    Subject,
    at_the_start,
    before,
    daily_after,
    for_manager,
    on_the_day,
    weekly_after,
)
from pms.reminders.services import Result, remind
from tests.accounts.factories import UserFactory
from tests.organization.factories import (
    AppointmentFactory,
    DepartmentFactory,
    LeaveFactory,
    PersonFactory,
)

from .factories import ALSO_MANAGER, duty, noon, rule_of

pytestmark = pytest.mark.django_db

S = ReminderState
# A Wednesday; the steps before it fall on September 16th, 18th (the 23rd and the days before it
# are holidays) and 29th, the weekly ones on October 7th, 14th, …
DUE_ON = date(2026, 9, 30)


def run(today, *rules):
    return remind(rules, today=today, now=noon(today))


def ledger(**facts):
    """Step → state of the rows."""
    return {it.step: it.state for it in Reminder.objects.filter(**facts).order_by("id")}


def days(first, last):
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@pytest.fixture
def person(db):
    return PersonFactory(with_account=True)


class TestTelling:
    def test_tells_at_each_step_once_and_on_no_other_day(self, person):
        rule = rule_of(duty(person, DUE_ON))

        told = [day for day in days(date(2026, 9, 1), date(2026, 10, 20)) if run(day, rule).told]

        assert told == [
            date(2026, 9, 16),
            date(2026, 9, 18),
            date(2026, 9, 29),
            date(2026, 10, 7),
            date(2026, 10, 14),
        ]
        assert set(ledger().values()) == {S.TOLD}
        assert Notification.objects.count() == 5

    def test_keeps_the_day_the_words_and_whom(self, person):
        run(date(2026, 9, 16), rule_of(duty(person, DUE_ON)))

        row = Reminder.objects.get()
        assert (row.person, row.due_on, row.planned_on, row.told_on) == (
            person,
            DUE_ON,
            date(2026, 9, 16),
            date(2026, 9, 16),
        )
        assert row.title == "安全管理の点検"
        assert row.notification.recipient == person.user
        assert row.notification.is_duty
        assert "安全管理の点検" in row.notification.body

    def test_says_nothing_new_when_run_again(self, person):
        rule = rule_of(duty(person, DUE_ON))
        run(date(2026, 9, 16), rule)

        assert run(date(2026, 9, 16), rule) == Result()
        assert run(date(2026, 9, 17), rule) == Result()
        assert Notification.objects.count() == 1

    def test_waits_on_a_day_that_is_no_working_day(self, person):
        ClosedDay.objects.create(day=date(2026, 10, 7), name="創立記念日")
        rule = rule_of(duty(person, DUE_ON), steps=[weekly_after(7)])

        told = [day for day in days(date(2026, 10, 3), date(2026, 10, 12)) if run(day, rule).told]

        assert told == [date(2026, 10, 8)]

    def test_puts_all_duties_of_a_person_into_one_digest(self, person):
        first = rule_of(
            duty(person, DUE_ON, object_id=1, title="研修A"),
            duty(person, date(2026, 9, 9), object_id=2, title="研修B"),
            duty(person, date(2026, 9, 8), object_id=3, title="研修C"),
        )
        other = rule_of(duty(person, DUE_ON, title="点検D"), name="test.other")

        result = run(date(2026, 9, 16), first, other)

        body = Notification.objects.get().body
        assert (result.told, result.people) == (4, 1)
        # Overdue first, then by due date; a rule's lines stay together.
        places = [body.index(title) for title in ("研修C", "研修B", "研修A", "点検D")]
        assert places == sorted(places)

    def test_leads_straight_to_a_single_duty_and_home_from_several(self, person):
        one, two = duty(person, DUE_ON), duty(person, DUE_ON, object_id=2)
        run(date(2026, 9, 16), rule_of(one))
        run(date(2026, 9, 16), rule_of(two, duty(person, DUE_ON, object_id=3)))

        assert list(Notification.objects.order_by("id").values_list("url", flat=True)) == [
            "/duties/1/",
            "/",
        ]

    def test_writes_a_second_digest_of_the_day_with_the_new_lines_only(self, person):
        run(date(2026, 9, 16), rule_of(duty(person, DUE_ON, title="研修A")))

        result = run(
            date(2026, 9, 16),
            rule_of(
                duty(person, DUE_ON, title="研修A"),
                duty(person, DUE_ON, object_id=2, title="研修B"),
            ),
        )

        second = Notification.objects.first()
        assert result.told == 1
        assert "研修B" in second.body
        assert "研修A" not in second.body

    def test_sends_the_mail(self, person, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            run(date(2026, 9, 16), rule_of(duty(person, DUE_ON)))

        (sent,) = mail.outbox
        assert sent.to == [person.user.email]
        assert "/duties/1/" in sent.body


class TestLanguage:
    def test_is_that_of_the_reader(self):
        reader = UserFactory(roles=[], language="en").person
        title = gettext_lazy("Training campaigns")

        run(date(2026, 9, 16), rule_of(duty(reader, DUE_ON, title=title)))

        notification = Notification.objects.get()
        assert notification.subject == "Reminder: 1 thing to see to"
        assert "“Training campaigns” is due on" in notification.body
        assert Reminder.objects.get().title == "教育の実施"

    def test_is_japanese_where_nothing_was_chosen(self, person):
        run(date(2026, 9, 16), rule_of(duty(person, DUE_ON)))

        assert "「安全管理の点検」の期限は" in Notification.objects.get().body


class TestOutage:
    @pytest.mark.parametrize(
        ("silent_until", "told", "overtaken"),
        [
            pytest.param(date(2026, 9, 17), "before:14", [], id="a day late"),
            pytest.param(date(2026, 9, 18), "before:7", ["before:14"], id="over two steps"),
            pytest.param(date(2026, 9, 24), "before:7", ["before:14"], id="over holidays"),
            pytest.param(
                date(2026, 10, 8),
                "after:7",
                ["before:14", "before:7", "before:1"],
                id="past the due date",
            ),
            pytest.param(
                date(2026, 10, 15),
                "after:14",
                ["before:14", "before:7", "before:1", "after:7"],
                id="past two weeks",
            ),
        ],
    )
    def test_is_caught_up_with_the_newest_step_alone(self, person, silent_until, told, overtaken):
        result = run(silent_until, rule_of(duty(person, DUE_ON)))

        assert (result.told, result.overtaken, result.people) == (1, len(overtaken), 1)
        assert ledger() == dict.fromkeys(overtaken, S.OVERTAKEN) | {told: S.TOLD}
        assert Notification.objects.count() == 1

    def test_of_three_days_ends_in_one_digest_for_each_with_the_right_steps(self):
        early, late, done = (PersonFactory(with_account=True) for _ in range(3))
        # The worker is silent from Monday the 14th to Wednesday the 16th.
        rule = rule_of(
            duty(early, date(2026, 9, 29), object_id=1, title="15日"),
            duty(early, date(2026, 9, 21), object_id=2, title="14日"),
            duty(late, date(2026, 9, 7), object_id=3, title="超過"),
            duty(late, date(2026, 9, 17), object_id=4, title="明日"),
            duty(done, date(2026, 10, 30), object_id=5, title="先"),
        )
        run(date(2026, 9, 11), rule)
        before_it = set(Notification.objects.values_list("pk", flat=True))

        result = run(date(2026, 9, 17), rule)

        told = Reminder.objects.filter(told_on=date(2026, 9, 17))
        assert (result.people, Notification.objects.count() - len(before_it)) == (2, 2)
        assert {(it.object_id, it.step) for it in told} == {
            (1, "before:14"),
            (2, "before:7"),
            (3, "after:7"),
            (4, "before:1"),
        }
        assert run(date(2026, 9, 18), rule).people <= 1


class TestMovedDueDate:
    def test_plans_every_step_anew_and_keeps_what_was_told(self, person):
        run(date(2026, 9, 16), rule_of(duty(person, DUE_ON)))
        later = rule_of(duty(person, date(2026, 10, 30)))

        told = [day for day in days(date(2026, 9, 17), date(2026, 10, 30)) if run(day, later).told]

        assert told == [date(2026, 10, 16), date(2026, 10, 23), date(2026, 10, 29)]
        assert ledger(due_on=DUE_ON) == {"before:14": S.TOLD}

    def test_is_told_at_once_where_it_moves_nearer(self, person):
        run(date(2026, 9, 16), rule_of(duty(person, DUE_ON)))

        run(date(2026, 9, 17), rule_of(duty(person, date(2026, 9, 24))))

        assert ledger(due_on=date(2026, 9, 24)) == {"before:14": S.OVERTAKEN, "before:7": S.TOLD}

    def test_does_not_come_from_a_closed_day_that_is_taken_back(self, person):
        closed = ClosedDay.objects.create(day=date(2026, 9, 16), name="創立記念日")
        rule = rule_of(duty(person, DUE_ON))
        run(date(2026, 9, 15), rule)
        closed.delete()

        assert run(date(2026, 9, 16), rule) == Result()


class TestAbsence:
    def test_of_an_account_has_the_manager_told(self):
        department = DepartmentFactory(name="営業部")
        manager = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        person = PersonFactory(affiliation__department=department, family_name="佐藤")

        result = run(date(2026, 9, 16), rule_of(duty(person, DUE_ON)))

        row = Reminder.objects.get()
        assert (row.state, row.person, row.told_through) == (
            S.THROUGH_MANAGER,
            person,
            manager.person,
        )
        assert result.through_managers == 1
        assert "次の方にお伝えください" in row.notification.body
        assert "佐藤" in row.notification.body
        assert row.notification.recipient == manager

    def test_of_an_open_account_counts_like_none(self):
        department = DepartmentFactory()
        UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        person = PersonFactory(
            affiliation__department=department, user=UserFactory(is_active=False)
        )

        run(date(2026, 9, 16), rule_of(duty(person, DUE_ON)))

        assert Reminder.objects.get().state == S.THROUGH_MANAGER

    def test_of_a_manager_leads_up_the_tree_and_then_to_the_privacy_manager(self):
        division = DepartmentFactory()
        section = DepartmentFactory(parent=division)
        head = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=division)
        privacy_manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        below = PersonFactory(affiliation__department=section)
        elsewhere = PersonFactory()

        run(
            date(2026, 9, 16),
            rule_of(duty(below, DUE_ON, object_id=1), duty(elsewhere, DUE_ON, object_id=2)),
        )

        told = {it.person: it.told_through for it in Reminder.objects.all()}
        assert told == {below: head.person, elsewhere: privacy_manager.person}

    def test_of_what_the_privacy_manager_has_not_done_top_management_hears(self):
        president = UserFactory(roles=[Role.TOP_MANAGEMENT])
        privacy_manager = UserFactory(roles=[Role.PRIVACY_MANAGER]).person
        rule = rule_of(duty(privacy_manager, date(2026, 9, 9)), steps=for_manager(weekly_after(7)))

        run(date(2026, 9, 16), rule)

        assert Notification.objects.get().recipient == president

    def test_of_everybody_is_noted_with_its_reason(self):
        result = run(date(2026, 9, 16), rule_of(duty(PersonFactory(), DUE_ON)))

        row = Reminder.objects.get()
        assert (row.state, row.reason) == (S.UNTOLD, UntoldReason.NOBODY)
        assert (result.told, result.untold, result.people) == (0, 1, 0)

    def test_on_leave_waits_and_the_newest_step_is_told_afterwards(self, person):
        LeaveFactory(person=person, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 28))
        rule = rule_of(duty(person, DUE_ON))

        told = [day for day in days(date(2026, 9, 1), date(2026, 9, 30)) if run(day, rule).told]

        assert told == [date(2026, 9, 29)]
        assert ledger() == {"before:14": S.OVERTAKEN, "before:7": S.OVERTAKEN, "before:1": S.TOLD}

    def test_for_good_is_noted(self):
        leaver = PersonFactory(with_account=True, left_on=date(2026, 9, 10))

        run(date(2026, 9, 16), rule_of(duty(leaver, DUE_ON)))

        row = Reminder.objects.get()
        assert (row.state, row.reason) == (S.UNTOLD, UntoldReason.LEFT)


class TestManagers:
    @pytest.fixture
    def department(self):
        return DepartmentFactory(name="営業部", name_en="Sales")

    @pytest.fixture
    def manager(self, department):
        return UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)

    def people(self, department, *names):
        return [
            PersonFactory(
                with_account=True,
                affiliation__department=department,
                family_name=name,
                given_name="",
            )
            for name in names
        ]

    def test_get_one_line_for_each_title_and_department(self, department, manager):
        late = self.people(department, "青木", "石田")
        rule = rule_of(
            *(duty(it, date(2026, 9, 9), object_id=it.pk) for it in late),
            steps=for_manager(before(1), weekly_after(7)),
        )

        result = run(date(2026, 9, 16), rule)

        (notification,) = Notification.objects.all()
        assert notification.recipient == manager
        assert notification.url == "/duties/"
        assert notification.body.count("安全管理の点検") == 1
        assert "営業部" in notification.body
        assert "青木、石田" in notification.body
        assert (result.told, result.overtaken) == (2, 2)
        assert {it.person for it in Reminder.objects.all()} == {manager.person}

    def test_do_not_manage_themselves(self, department, manager):
        privacy_manager = UserFactory(roles=[Role.PRIVACY_MANAGER])

        run(
            date(2026, 9, 16),
            rule_of(duty(manager.person, date(2026, 9, 9)), steps=for_manager(weekly_after(7))),
        )

        assert Notification.objects.get().recipient == privacy_manager

    def test_who_come_new_hear_the_newest_step(self, department, manager):
        (late,) = self.people(department, "青木")
        rule = rule_of(duty(late, date(2026, 9, 2)), steps=for_manager(weekly_after(7)))
        run(date(2026, 9, 16), rule)
        Appointment.objects.filter(person=manager.person).update(ends_on=date(2026, 9, 16))
        successor = UserFactory(roles=[])
        AppointmentFactory(
            person=successor.person,
            role=Role.DEPARTMENT_MANAGER,
            department=department,
            starts_on=date(2026, 9, 17),
        )

        run(date(2026, 9, 17), rule)

        assert ledger(person=successor.person) == {
            "manager:after:7": S.OVERTAKEN,
            "manager:after:14": S.TOLD,
        }

    def test_are_told_of_who_is_late_and_those_are_told_themselves(self, department, manager):
        (late,) = self.people(department, "青木")

        result = run(date(2026, 9, 16), rule_of(duty(late, date(2026, 9, 9)), steps=ALSO_MANAGER))

        assert result.people == 2
        assert ledger(person=late)["after:7"] == S.TOLD
        assert ledger(person=manager.person)["manager:after:7"] == S.TOLD

    def test_see_twenty_names_and_the_number_of_the_rest(self, department, manager):
        late = self.people(department, *(f"社員{number:02}" for number in range(23)))
        rule = rule_of(
            *(duty(it, date(2026, 9, 9), object_id=it.pk) for it in late),
            steps=for_manager(weekly_after(7)),
        )

        run(date(2026, 9, 16), rule)

        body = Notification.objects.get().body
        assert "社員19" in body
        assert "社員20" not in body
        assert "ほか3名" in body

    def test_who_are_missing_are_noted(self, department):
        (late,) = self.people(department, "青木")

        run(
            date(2026, 9, 16),
            rule_of(duty(late, date(2026, 9, 9)), steps=for_manager(weekly_after(7))),
        )

        row = Reminder.objects.get()
        assert (row.person, row.state, row.reason) == (late, S.UNTOLD, UntoldReason.NOBODY)


class TestNumbers:
    def duties(self, people, count):
        return rule_of(
            *(
                duty(people[number % len(people)], DUE_ON, object_id=number)
                for number in range(count)
            ),
            steps=ALSO_MANAGER,
        )

    @pytest.mark.parametrize("today", [date(2026, 9, 16), date(2026, 10, 7)])
    def test_two_thousand_duties_ask_the_database_as_often_as_two(self, today):
        department = DepartmentFactory()
        UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        people = [
            PersonFactory(with_account=number % 3 > 0, affiliation__department=department)
            for number in range(40)
        ]
        few, many = self.duties(people, 4), self.duties(people, 2_000)

        assert asked_by(today, many) == asked_by(today, few)


def asked_by(today, rule):
    """How often a run reads from the database, and a second one, which finds nothing new."""
    asked = []
    with transaction.atomic():
        for _run in range(2):
            with CaptureQueriesContext(connection) as captured:
                result = run(today, rule)
            asked.append(sum(it["sql"].startswith("SELECT") for it in captured.captured_queries))
        assert result == Result()
        transaction.set_rollback(True)
    return asked


class TestLedger:
    def test_cannot_be_rewritten(self, person):
        run(date(2026, 9, 16), rule_of(duty(person, DUE_ON)))

        for write in (
            lambda: Reminder.objects.update(state=S.UNTOLD),
            lambda: Reminder.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                write()

    def test_has_each_step_once(self, person):
        run(date(2026, 9, 16), rule_of(duty(person, DUE_ON)))
        row = Reminder.objects.get()
        row.pk, row._state.adding = None, True

        with pytest.raises(DatabaseError), transaction.atomic():
            row.save()


def test_a_start_and_the_last_day_are_told_too(person):
    subject = Subject(
        object_id=1,
        person_id=person.pk,
        due_on=date(2026, 9, 30),
        arose_on=date(2026, 9, 1),
        title="点検",
        url="/duties/1/",
    )
    rule = rule_of(subject, steps=[at_the_start(), on_the_day()])

    told = [day for day in days(date(2026, 8, 28), date(2026, 10, 5)) if run(day, rule).told]

    assert told == [date(2026, 9, 1), date(2026, 9, 30)]
    bodies = Notification.objects.order_by("id").values_list("body", flat=True)
    assert "の期限は本日" in bodies[1]


class TestAnyDay:
    """Days of the law do not wait for the office."""

    def test_tells_on_a_holiday_what_others_are_told_on_the_next_working_day(self, person):
        holiday = date(2026, 11, 23)
        legal = rule_of(
            duty(person, holiday, title="法定"),
            steps=[on_the_day()],
            name="test.law",
            on_any_day=True,
        )
        usual = rule_of(duty(person, date(2026, 11, 22)), steps=[weekly_after(1)])

        assert run(holiday, legal, usual).told == 1
        assert ledger() == {"on": S.TOLD}
        assert Reminder.objects.get().planned_on == holiday
        assert run(holiday + timedelta(days=1), legal, usual).told == 1
        assert ledger(rule="test.duty") == {"after:1": S.TOLD}

    def test_tells_every_day_that_is_late_and_once_a_day(self, person):
        rule = rule_of(duty(person, date(2026, 11, 20)), steps=[daily_after()], on_any_day=True)

        told = [run(day, rule).told for day in days(date(2026, 11, 20), date(2026, 11, 24))]

        assert told == [0, 1, 1, 1, 1]
        assert run(date(2026, 11, 24), rule) == Result()


class TestWhatNotEverybodyMayKnow:
    def test_is_passed_on_by_nobody(self):
        department = DepartmentFactory()
        UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        person = PersonFactory(affiliation__department=department)

        run(date(2026, 9, 16), rule_of(duty(person, DUE_ON), permission="incidents.view_incident"))

        row = Reminder.objects.get()
        assert (row.state, row.reason) == (S.UNTOLD, UntoldReason.NOBODY)
        assert not Notification.objects.exists()

    @pytest.mark.parametrize(
        ("role", "shows"),
        [
            (Role.PRIVACY_MANAGER, True),
            (Role.TOP_MANAGEMENT, False),  # sees no ledger but the own rows
            (Role.TRAINING_OFFICER, False),
            (Role.PMS_OFFICE, False),
        ],
    )
    def test_shows_in_the_ledger_to_who_may_know_and_to_who_was_told(
        self, person, monkeypatch, role, shows
    ):
        guarded = (("test.duty", "incidents.view_incident"),)
        monkeypatch.setattr("pms.reminders.models.guarded_rules", lambda: guarded)
        run(date(2026, 9, 16), rule_of(duty(person, DUE_ON)))

        rows = Reminder.objects.all()
        assert rows.visible_to(UserFactory(roles=[role])).exists() == shows
        assert rows.visible_to(person.user).exists()

    def test_is_hidden_from_who_manages_the_person_told(self, monkeypatch):
        department = DepartmentFactory()
        manager = UserFactory(roles=[Role.DEPARTMENT_MANAGER], department=department)
        person = PersonFactory(affiliation__department=department, with_account=True)
        run(date(2026, 9, 16), rule_of(duty(person, DUE_ON)))
        rows = Reminder.objects.visible_to(manager)
        assert rows.exists()

        guarded = (("test.duty", "incidents.view_incident"),)
        monkeypatch.setattr("pms.reminders.models.guarded_rules", lambda: guarded)
        assert not Reminder.objects.visible_to(manager).exists()
