"""Three locks hold an action open: root cause, proof, effect check by somebody else after a wait.

The services say which one is missing; the database refuses, whoever writes.
"""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError, InvalidTransitionError
from pms.corrective_actions import services
from pms.corrective_actions.choices import Grade, Source, Status, Verdict
from pms.corrective_actions.exceptions import ClosingRefusedError
from pms.corrective_actions.models import CorrectiveAction, Handover, Measure, Round, Why
from pms.organization.models import Appointment
from tests.accounts.factories import UserFactory
from tests.organization.factories import PersonFactory

from .factories import (
    CHECK_FROM,
    CHECKED_ON,
    CLOSED_ON,
    DUE_ON,
    CorrectiveActionFactory,
    MeasureFactory,
    a_file,
    add_measure,
    at,
    carry,
    carry_out,
    check,
    submit,
)

pytestmark = pytest.mark.django_db


def close(action, **facts):
    """Close with fixed facts."""
    values = {"comment": "効果があった。", "actor": UserFactory(), "today": CLOSED_ON}
    return services.close(action.pk, **values | facts)


def refused_closing(action):
    """What the services say is missing."""
    with pytest.raises(ClosingRefusedError) as refusal:
        close(action)
    return refusal.value.messages


def force(action, sql_fields):
    """Try to write past everything in Python; gives the database's refusal."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        CorrectiveAction.objects.filter(pk=action.pk).update(**sql_fields)
    return str(refusal.value)


CLOSED = {"status": Status.CLOSED, "closed_on": CLOSED_ON}


@pytest.fixture
def closed():
    """What a closed row would hold."""
    return CLOSED | {"closed_by": UserFactory()}


class TestAllThree:
    def test_open_for_an_action_that_was_carried_out_and_checked(self):
        action = close(CorrectiveActionFactory(at="checked"), reported_on=CHECKED_ON)

        action.refresh_from_db()
        assert action.status == Status.CLOSED
        assert (action.closed_on, action.reported_on) == (CLOSED_ON, CHECKED_ON)
        assert action.closing_comment == "効果があった。"

    @pytest.mark.parametrize("step", [Status.RAISED, Status.ANALYSIS, Status.PLANNING])
    def test_are_each_named_by_a_message_of_their_own(self, step):
        messages = refused_closing(CorrectiveActionFactory(at=step))

        expected = 2 if step == Status.PLANNING else 3
        assert len(set(messages)) == expected

    def test_need_a_comment_as_well(self):
        with pytest.raises(DomainError) as refusal:
            close(CorrectiveActionFactory(at="checked"), comment=" ")

        assert "comment" in refusal.value.message_dict

    def test_are_passed_once(self):
        with pytest.raises(InvalidTransitionError):
            close(CorrectiveActionFactory(at=Status.CLOSED))


class TestRootCause:
    def test_is_asked_for_by_the_service(self):
        action = CorrectiveActionFactory(at="checked", proof=True)
        with connection.cursor() as cursor:
            # As nobody can write it any more: only to see that the lock looks for itself.
            disarm(cursor, "corrective_action_round_settled_update", "corrective_actions_round")
            cursor.execute(
                "UPDATE corrective_actions_round SET root_cause = '' WHERE action_id = %s",
                [action.pk],
            )

        (message,) = refused_closing(action)

        assert "根本原因" in message or "root cause" in message.lower()

    def test_is_asked_for_by_the_database(self, closed):
        action = CorrectiveActionFactory(at="checked")
        with connection.cursor() as cursor:
            disarm(cursor, "corrective_action_round_settled_update", "corrective_actions_round")
            cursor.execute(
                "UPDATE corrective_actions_round SET root_cause = '' WHERE action_id = %s",
                [action.pk],
            )

        assert "root cause" in force(action, closed)

    def test_includes_the_question_why(self, closed):
        action = CorrectiveActionFactory(at="checked")
        with connection.cursor() as cursor:
            disarm(cursor, "corrective_action_why_approved_delete", "corrective_actions_why")
        Why.objects.all().delete()

        assert "root cause" in force(action, closed)
        assert len(refused_closing(action)) == 1


def disarm(cursor, name, table):
    """Drop one guard for the rest of a test; the test's transaction brings it back."""
    place = f" ON {table}" if connection.vendor == "postgresql" else ""
    cursor.execute(f"DROP TRIGGER {name}{place}")


def hand_over(action):
    """Somebody else answers for the action from now on."""
    services.reassign(
        action.pk,
        owner=PersonFactory(with_account=True),
        reason="異動した。",
        actor=UserFactory(),
        now=at(CHECKED_ON),
    )


def seen(*, by):
    """What the row of a round holds whose effect somebody saw."""
    return {
        "verdict": Verdict.EFFECTIVE,
        "checked_on": CHECKED_ON,
        "check_method": "見た。",
        "check_result": "よい。",
        "checker": by,
    }


class TestProof:
    def test_is_asked_for_measure_by_measure(self):
        action = CorrectiveActionFactory(at="checked", proof=False)
        measure = Measure.objects.get()

        (message,) = refused_closing(action)

        assert measure.title in message

    def test_is_asked_for_by_the_database(self, closed):
        action = CorrectiveActionFactory(at="checked", proof=False)

        assert "proof of every measure" in force(action, closed)

    def test_can_be_brought_after_the_check(self):
        action = CorrectiveActionFactory(at="checked", proof=False)

        services.attach_proof(Measure.objects.get().pk, [a_file()], actor=UserFactory())

        assert close(action).status == Status.CLOSED

    def test_of_what_was_done_stays(self):
        CorrectiveActionFactory(at=Status.CHECKING)

        with pytest.raises(DatabaseError), transaction.atomic():
            Measure.objects.update(proof=None)


class TestEffectCheck:
    def test_is_asked_for_by_the_service(self):
        (message,) = refused_closing(CorrectiveActionFactory(at=Status.CHECKING))

        assert CHECK_FROM.isoformat() in message

    def test_is_asked_for_by_the_database(self, closed):
        assert "seen its effect" in force(CorrectiveActionFactory(at=Status.CHECKING), closed)

    def test_waits_three_months_after_the_last_measure(self):
        action = CorrectiveActionFactory(at=Status.CHECKING)

        with pytest.raises(DomainError, match=CHECK_FROM.isoformat()):
            check(action, UserFactory(roles=[]), today=date(2026, 8, 28))

        assert check(action, UserFactory(roles=[]), today=CHECK_FROM).current.verdict

    def test_waits_as_long_as_the_company_says_for_the_grade(self, settings):
        settings.EFFECT_WAIT_MONTHS = {"major": 6, "minor": 3}
        major = CorrectiveActionFactory(at=Status.CHECKING, grade=Grade.MAJOR)

        assert major.current.check_from_on == date(2026, 11, 29)

    def test_before_the_wait_is_refused_by_the_database(self):
        action = CorrectiveActionFactory(at=Status.CHECKING)
        early = {
            "verdict": Verdict.EFFECTIVE,
            "checked_on": date(2026, 8, 28),
            "check_method": "見た。",
            "check_result": "よい。",
            "checker": PersonFactory(),
        }

        with pytest.raises(DatabaseError), transaction.atomic():
            Round.objects.filter(action=action).update(**early)

    def test_is_not_made_by_the_owner_of_the_action(self):
        action = CorrectiveActionFactory(at=Status.CHECKING)

        with pytest.raises(DomainError):
            check(action, action.owner.user)

    def test_is_not_made_by_the_owner_of_a_measure(self):
        measure = MeasureFactory()
        services.complete_measure(
            measure.pk,
            done_on=date(2026, 5, 29),
            result="改めた。",
            files=[a_file()],
            actor=measure.owner.user,
            today=date(2026, 5, 29),
            now=at(date(2026, 5, 29)),
        )

        with pytest.raises(DomainError):
            check(measure.round.action, measure.owner.user)

    @pytest.mark.parametrize("whose", ["action", "measure"])
    def test_by_an_owner_is_refused_by_the_database(self, whose):
        measure = MeasureFactory()
        action = measure.round.action
        owner = action.owner if whose == "action" else measure.owner
        facts = {
            "check_from_on": CHECK_FROM,
            "verdict": Verdict.EFFECTIVE,
            "checked_on": CHECKED_ON,
            "check_method": "見た。",
            "check_result": "よい。",
        }

        with pytest.raises(DatabaseError, match="answers for nothing"), transaction.atomic():
            Round.objects.filter(action=action).update(**facts, checker=owner)

    def test_is_not_made_by_whoever_handed_the_action_over(self):
        action = CorrectiveActionFactory(at=Status.PLANNING)
        former = action.owner
        MeasureFactory(action=action)
        hand_over(action)
        carry_out(action, UserFactory())

        with pytest.raises(DomainError):
            check(action, former.user)
        with pytest.raises(DomainError):
            services.assign_checker(
                action.pk, checker=former, actor=UserFactory(), now=at(CHECKED_ON)
            )
        with pytest.raises(DatabaseError, match="answers for nothing"), transaction.atomic():
            Round.objects.update(**seen(by=former))

    def test_is_not_made_by_whoever_handed_a_measure_over(self):
        measure = MeasureFactory()
        former, action = measure.owner, measure.round.action
        services.reassign_measure(
            measure.pk,
            owner=action.owner,
            reason="異動した。",
            actor=UserFactory(),
            now=at(CHECKED_ON),
        )
        carry_out(action, UserFactory())

        with pytest.raises(DomainError):
            check(action, former.user)
        with pytest.raises(DatabaseError, match="answers for nothing"), transaction.atomic():
            Round.objects.update(**seen(by=former))

    def test_is_not_made_by_whoever_submitted_the_plan(self):
        action, submitter = CorrectiveActionFactory(at=Status.PLANNING), UserFactory(roles=[])
        submit(action, submitter)
        services.approve_plan(action.pk, actor=UserFactory(), today=CHECKED_ON, now=at(CHECKED_ON))
        carry_out(action, UserFactory())

        with pytest.raises(DomainError):
            check(action, submitter)
        with pytest.raises(DatabaseError, match="answers for nothing"), transaction.atomic():
            Round.objects.update(**seen(by=submitter.person))

    def test_is_left_to_those_of_an_earlier_round_who_only_handed_over(self):
        action = CorrectiveActionFactory()
        former = action.owner
        hand_over(action)
        carry(CorrectiveAction.objects.get(), Status.CHECKING)
        later = date(2026, 12, 1)
        check(action, UserFactory(roles=[]), verdict="not_effective", new_due_on=later)

        services.assign_checker(action.pk, checker=former, actor=UserFactory(), now=at(CHECKED_ON))

    def test_of_what_was_handed_over_in_silence_is_refused_by_the_database(self):
        measure = MeasureFactory()

        with pytest.raises(DatabaseError, match="written down"), transaction.atomic():
            CorrectiveAction.objects.update(owner=PersonFactory())
        with pytest.raises(DatabaseError, match="written down"), transaction.atomic():
            Measure.objects.filter(pk=measure.pk).update(owner=PersonFactory())
        hand_over(measure.round.action)
        with pytest.raises(DatabaseError), transaction.atomic():
            Handover.objects.all()._raw_delete("default")

    @pytest.mark.parametrize(
        ("role", "may"),
        [
            (Role.AUDIT_OFFICER, True),
            (Role.AUDITOR, True),
            (Role.PRIVACY_MANAGER, False),
            (Role.TOP_MANAGEMENT, False),
        ],
    )
    def test_of_an_audit_finding_is_made_by_the_audit(self, role, may):
        action = CorrectiveActionFactory(at=Status.CHECKING, source=Source.AUDIT)
        user = UserFactory(roles=[role])

        if may:
            assert check(action, user).current.verdict
            return
        with pytest.raises(DomainError, match="監査責任者"):
            check(action, user)
        with pytest.raises(DomainError, match="監査責任者"):
            services.assign_checker(
                action.pk, checker=user.person, actor=UserFactory(), now=at(CHECKED_ON)
            )
        with pytest.raises(DatabaseError, match="audit finding"), transaction.atomic():
            Round.objects.update(**seen(by=user.person))

    def test_of_an_audit_finding_is_not_made_by_a_former_audit_officer(self):
        action = CorrectiveActionFactory(at=Status.CHECKING, source=Source.AUDIT)
        officer = UserFactory(roles=[Role.AUDIT_OFFICER])
        Appointment.objects.filter(person=officer.person).update(ends_on=CHECK_FROM)

        with pytest.raises(DomainError):
            check(action, officer)
        with pytest.raises(DatabaseError, match="audit finding"), transaction.atomic():
            Round.objects.update(**seen(by=officer.person))

    def test_does_not_count_if_the_checker_became_the_owner(self, closed):
        action = CorrectiveActionFactory(at="checked")
        Handover.objects.create(round=action.current, person=action.owner)
        CorrectiveAction.objects.filter(pk=action.pk).update(owner=action.current.checker)

        assert len(refused_closing(action)) == 1
        assert "seen its effect" in force(action, closed)

    def test_needs_somebody_who_did_not_answer_for_an_earlier_round(self):
        action = CorrectiveActionFactory(round=2)
        former = PersonFactory(with_account=True)
        # The first round's measure belonged to somebody who has nothing in the second.
        with connection.cursor() as cursor:
            disarm(cursor, "corrective_action_measure_done_update", "corrective_actions_measure")
        Handover.objects.create(round=action.rounds.get(number=1), person=action.owner)
        Measure.objects.update(owner=former)

        with pytest.raises(DomainError):
            services.assign_checker(
                action.pk, checker=former, actor=UserFactory(), now=at(CHECKED_ON)
            )


class TestClosedActions:
    @pytest.mark.parametrize(
        "fields", [{"status": Status.RAISED}, {"title": "別の話"}, {"closing_comment": "直した"}]
    )
    def test_stay_as_they_are(self, fields):
        assert "stays as it is" in force(CorrectiveActionFactory(at=Status.CLOSED), fields)

    def test_cannot_begin_closed(self):
        action = CorrectiveActionFactory()
        action.pk, action.number, action.sequence = None, "CA-2026-999", 999
        action.current, action.status = None, Status.CLOSED
        action.closed_on, action.closed_by = CLOSED_ON, UserFactory()

        with pytest.raises(DatabaseError, match="open before"), transaction.atomic():
            action.save()

    def test_are_never_removed(self):
        action = CorrectiveActionFactory()

        with pytest.raises(DatabaseError), transaction.atomic():
            CorrectiveAction.objects.filter(pk=action.pk)._raw_delete("default")


class TestDates:
    def test_the_first_one_is_never_overwritten(self):
        action = CorrectiveActionFactory()

        assert "first due date" in force(action, {"first_due_on": DUE_ON.replace(day=1)})

    def test_a_later_one_takes_a_granted_request(self):
        assert "granted on request" in force(
            CorrectiveActionFactory(), {"due_on": date(2026, 7, 31)}
        )


class TestPlans:
    def test_are_carried_out_once_they_are_approved(self):
        action = CorrectiveActionFactory(at=Status.SUBMITTED)

        assert "plan is approved" in force(action, {"status": Status.EXECUTION})

    def test_keep_their_measures_and_causes_once_approved(self):
        action = CorrectiveActionFactory(at=Status.EXECUTION)

        with pytest.raises(DatabaseError), transaction.atomic():
            Measure.objects.update(title="別の処置")
        with pytest.raises(DatabaseError), transaction.atomic():
            Why.objects.update(answer="別の理由")
        with pytest.raises(DomainError):
            add_measure(action)
