"""The steps of an action: what each asks for, what it changes, who hears of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError, InvalidTransitionError
from pms.corrective_actions import services
from pms.corrective_actions.choices import (
    CauseClass,
    ExtensionStatus,
    Grade,
    Source,
    Status,
    Verdict,
)
from pms.corrective_actions.exceptions import SubmissionRefusedError
from pms.corrective_actions.models import CorrectiveAction, Measure
from pms.history.models import HistoryEntry
from pms.notifications.models import Notification
from tests.accounts.factories import UserFactory
from tests.cycles.factories import ClauseFactory
from tests.organization.factories import DepartmentFactory, PersonFactory

from .factories import (
    APPROVED_ON,
    CAUSE,
    CHECK_FROM,
    CHECKED_ON,
    DONE_ON,
    DUE_ON,
    RAISED_ON,
    STEPS,
    WHYS,
    AcceptanceFactory,
    CorrectiveActionFactory,
    ExtensionFactory,
    MeasureFactory,
    a_file,
    accept,
    add_measure,
    at,
    carry,
    check,
    submit,
)

pytestmark = pytest.mark.django_db


def events(action):
    """Names of what the journal tells of an action, the latest first."""
    entries = HistoryEntry.objects.of(action).exclude(event="")
    return [it.event.removeprefix("corrective_actions.") for it in entries]


def told(kind):
    """Who was told something of a kind."""
    rows = Notification.objects.filter(kind=f"corrective_actions.{kind}")
    return {it.recipient for it in rows}


class TestRaise:
    def test_gets_the_next_number_of_the_fiscal_year(self):
        march = {"today": date(2026, 3, 31), "found_on": date(2026, 3, 30)}
        numbers = [
            CorrectiveActionFactory().number,
            CorrectiveActionFactory().number,
            CorrectiveActionFactory(**march).number,
        ]

        assert numbers == ["CA-2026-001", "CA-2026-002", "CA-2025-001"]

    def test_gives_no_number_away_for_what_is_refused(self):
        with pytest.raises(ValidationError):
            CorrectiveActionFactory(title="")

        assert CorrectiveActionFactory().number == "CA-2026-001"

    def test_keeps_kind_and_name_of_its_source(self):
        action = CorrectiveActionFactory(source=Source.INCIDENT, source_label="INC-2026-012")

        assert (action.source, action.source_label) == ("incident", "INC-2026-012")
        assert (action.status, action.first_due_on) == (Status.RAISED, DUE_ON)
        assert action.current.number == 1
        assert events(action)[-1] == "raised"

    def test_tells_whoever_answers_for_it(self):
        action = CorrectiveActionFactory()

        assert told("raised") == {action.owner.user}

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"due_on": RAISED_ON - timedelta(days=1)}, "due_on"),
            ({"found_on": RAISED_ON + timedelta(days=1)}, "found_on"),
            ({"fact": " "}, "fact"),
            ({"grade": "terrible"}, "grade"),
            ({"source": "rumour"}, "source"),
            ({"cause_class": "unknown_cause"}, "cause_class"),
        ],
    )
    def test_refuses_what_makes_no_sense(self, facts, field):
        with pytest.raises(ValidationError) as refusal:
            CorrectiveActionFactory(**facts)

        assert field in refusal.value.message_dict


class TestRecurrence:
    def like(self, **facts):
        return CorrectiveActionFactory(**facts)

    def test_is_the_same_clause_and_department(self):
        clause, department = ClauseFactory(), DepartmentFactory()
        former = self.like(clause=clause, department=department)

        action = self.like(clause=clause, department=department)

        assert action.recurrence_of == former
        assert "recurrence_found" in events(action)

    @pytest.mark.parametrize("other", ["clause", "department"])
    def test_is_not_one_of_them_alone(self, other):
        same = {"clause": ClauseFactory(), "department": DepartmentFactory()}
        self.like(**same)
        made = {"clause": ClauseFactory, "department": DepartmentFactory}[other]()

        assert not self.like(**same | {other: made}).is_recurrence

    def test_is_the_same_kind_of_cause_anywhere(self):
        former = self.like(cause_class=CauseClass.HANDOVER)

        assert self.like(cause_class=CauseClass.HANDOVER).recurrence_of == former

    def test_is_found_when_the_analysis_names_the_cause(self):
        former = self.like(cause_class=CAUSE["cause_class"])
        action = carry(self.like(), Status.PLANNING)

        assert action.recurrence_of == former

    @pytest.mark.parametrize(
        "facts",
        [
            {"cause_class": CauseClass.OTHER},
            {"cause_class": CauseClass.SLIP, "source": Source.IMPROVEMENT},
            {"cause_class": CauseClass.SLIP, "source": Source.LAW_CHANGE},
        ],
    )
    def test_is_not_what_says_nothing_of_a_nonconformity(self, facts):
        self.like(**facts)

        assert not self.like(**facts).is_recurrence

    @pytest.mark.parametrize(
        ("found_on", "is_one"), [(date(2024, 4, 10), True), (date(2024, 4, 9), False)]
    )
    def test_reaches_back_24_months(self, found_on, is_one):
        self.like(
            cause_class=CauseClass.SLIP,
            found_on=found_on,
            today=found_on,
            due_on=found_on + timedelta(days=30),
        )

        assert self.like(cause_class=CauseClass.SLIP).is_recurrence == is_one

    def test_means_the_closed_one_which_claimed_that_the_cause_was_gone(self):
        closed = self.like(at=Status.CLOSED, cause_class=CauseClass.NO_RULE)
        self.like(cause_class=CauseClass.NO_RULE)

        assert self.like(cause_class=CauseClass.NO_RULE).recurrence_of == closed

    def test_is_not_of_one_that_was_withdrawn(self):
        self.like(cause_class=CauseClass.SLIP, at=Status.WITHDRAWN)

        assert not self.like(cause_class=CauseClass.SLIP).is_recurrence

    def test_can_be_dismissed_with_a_reason_and_stays_so(self):
        self.like(cause_class=CAUSE["cause_class"])
        action = self.like(cause_class=CAUSE["cause_class"])

        with pytest.raises(DomainError):
            services.settle_recurrence(action.pk, earlier=None, reason="", actor=UserFactory())
        services.settle_recurrence(
            action.pk, earlier=None, reason="別の業務である。", actor=UserFactory()
        )

        assert not carry(action, Status.PLANNING).is_recurrence


class TestCorrectionAndCause:
    def test_come_in_any_order(self):
        action = CorrectiveActionFactory()
        actor = action.owner.user

        services.record_cause(action.pk, whys=WHYS, actor=actor, **CAUSE)
        action.refresh_from_db()
        assert action.status == Status.RAISED
        action = carry(action, Status.ANALYSIS)

        assert action.status == Status.PLANNING

    def test_may_be_written_by_and_by(self):
        action = CorrectiveActionFactory(at=Status.ANALYSIS)
        partly = CAUSE | {"why_not_found": "", "similar_cases": ""}

        services.record_cause(action.pk, whys=WHYS[:1], actor=None, **partly)
        action.refresh_from_db()

        assert action.status == Status.ANALYSIS
        assert len(services.cause_obstacles(action.current)) == 2

    def test_keep_the_answers_to_why_in_their_order(self):
        action = CorrectiveActionFactory(at=Status.PLANNING)

        services.record_cause(action.pk, whys=["", "一", " ", "二"], actor=None, **CAUSE)

        assert [it.answer for it in action.current.whys.all()] == ["一", "二"]

    def test_are_dated_between_finding_and_today(self):
        action = CorrectiveActionFactory(found_on=date(2026, 4, 8))

        for day in (date(2026, 4, 7), date(2026, 4, 11)):
            with pytest.raises(DomainError) as refusal:
                services.record_correction(
                    action.pk, correction="消した。", corrected_on=day, today=RAISED_ON, actor=None
                )
            assert "corrected_on" in refusal.value.message_dict

    @pytest.mark.parametrize("step", [Status.SUBMITTED, Status.EXECUTION, Status.CLOSED])
    def test_stay_once_the_plan_is_handed_in(self, step):
        action = CorrectiveActionFactory(at=step)

        with pytest.raises(DomainError):
            services.record_cause(action.pk, whys=WHYS, actor=None, **CAUSE)


class TestPlan:
    def test_names_everything_that_is_missing(self):
        action = CorrectiveActionFactory()

        with pytest.raises(SubmissionRefusedError) as refusal:
            services.submit_plan(action.pk, actor=None, today=RAISED_ON, now=at(RAISED_ON))

        assert len(set(refusal.value.messages)) == 7

    def test_waits_for_the_privacy_manager(self):
        manager, top = (
            UserFactory(roles=[Role.PRIVACY_MANAGER]),
            UserFactory(roles=[Role.TOP_MANAGEMENT]),
        )
        action = CorrectiveActionFactory(at=Status.SUBMITTED)

        assert not action.current.needs_top_management
        assert told("plan_submitted") == {manager, top}

    @pytest.mark.parametrize("facts", [{"grade": Grade.MAJOR}, {"source": Source.AUDIT}])
    def test_waits_for_top_management_where_the_company_says_so(self, facts):
        UserFactory(roles=[Role.PRIVACY_MANAGER])
        top = UserFactory(roles=[Role.TOP_MANAGEMENT])
        action = CorrectiveActionFactory(at=Status.SUBMITTED, **facts)

        assert action.current.needs_top_management
        assert told("plan_submitted") == {top}

    def test_is_not_approved_by_who_handed_it_in_or_answers_for_it(self):
        submitter = UserFactory()
        action = CorrectiveActionFactory(at=Status.PLANNING)
        submit(action, submitter)

        for actor in (submitter, action.owner.user):
            with pytest.raises(DomainError):
                services.approve_plan(
                    action.pk, actor=actor, today=APPROVED_ON, now=at(APPROVED_ON)
                )

    def test_sets_the_first_dates_of_its_measures_when_it_is_approved(self):
        CorrectiveActionFactory(at=Status.EXECUTION)

        measure = Measure.objects.get()
        assert measure.first_due_on == measure.due_on

    def test_goes_back_with_a_reason_and_comes_again(self):
        action = CorrectiveActionFactory(at=Status.SUBMITTED)
        approver = UserFactory()

        with pytest.raises(DomainError):
            services.return_plan(action.pk, reason=" ", actor=approver, now=at(APPROVED_ON))
        services.return_plan(
            action.pk, reason="教育も加えること。", actor=approver, now=at(APPROVED_ON)
        )
        action.refresh_from_db()
        assert action.status == Status.PLANNING
        assert action.current.return_comment == "教育も加えること。"

        submit(action, action.owner.user)
        action = services.approve_plan(
            action.pk, actor=approver, today=APPROVED_ON, now=at(APPROVED_ON)
        )
        assert action.status == Status.EXECUTION
        assert events(action)[:2] == ["plan_approved", "plan_submitted"]

    def test_has_no_measure_after_the_day_of_the_action(self):
        with pytest.raises(DomainError) as refusal:
            add_measure(CorrectiveActionFactory(), due_on=DUE_ON + timedelta(days=1))

        assert "due_on" in refusal.value.message_dict

    def test_can_be_changed_on_the_way_and_needs_a_new_approval(self):
        measure = MeasureFactory()
        action = measure.round.action

        services.replan(action.pk, reason="担当部署が変わった。", actor=action.owner.user)
        add_measure(action)
        services.submit_plan(
            action.pk, actor=action.owner.user, today=APPROVED_ON, now=at(APPROVED_ON)
        )

        action.refresh_from_db()
        assert action.status == Status.SUBMITTED
        assert action.current.approved_on is None
        measure.refresh_from_db()
        assert measure.first_due_on is not None


class TestExecution:
    def test_waits_for_the_effect_once_the_last_measure_is_done(self):
        officer = UserFactory(roles=[Role.PRIVACY_MANAGER])
        action = CorrectiveActionFactory(at=Status.CHECKING)

        current = action.current
        assert (current.executed_on, current.check_from_on) == (DONE_ON, CHECK_FROM)
        assert current.check_due_on == CHECK_FROM + timedelta(days=30)
        assert current.checker == officer.person
        assert told("check_planned") == {officer}
        assert action.has_effect_check_planned

    def test_asks_the_audit_officer_about_audit_findings(self):
        UserFactory(roles=[Role.PRIVACY_MANAGER])
        officer = UserFactory(roles=[Role.AUDIT_OFFICER])

        action = CorrectiveActionFactory(at=Status.CHECKING, source=Source.AUDIT)

        assert action.current.checker == officer.person

    def test_asks_nobody_who_answers_for_it(self):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        action = CorrectiveActionFactory(at=Status.CHECKING, owner=manager.person)

        assert action.current.checker is None
        assert not action.has_effect_check_planned

    def test_goes_on_while_a_measure_is_left(self):
        action = CorrectiveActionFactory(at=Status.PLANNING)
        add_measure(action)
        MeasureFactory(action=action)
        first = Measure.objects.order_by("pk").first()

        services.complete_measure(
            first.pk,
            done_on=DONE_ON,
            result="済み",
            actor=action.owner.user,
            today=DONE_ON,
            now=at(DONE_ON),
        )

        action.refresh_from_db()
        assert action.status == Status.EXECUTION

    @pytest.mark.parametrize("day", [RAISED_ON - timedelta(days=1), DONE_ON + timedelta(days=1)])
    def test_is_dated_between_finding_and_today(self, day):
        measure = MeasureFactory()

        with pytest.raises(DomainError) as refusal:
            services.complete_measure(
                measure.pk, done_on=day, result="済み", actor=None, today=DONE_ON, now=at(DONE_ON)
            )

        assert "done_on" in refusal.value.message_dict

    @pytest.mark.parametrize("step", [Status.PLANNING, Status.SUBMITTED])
    def test_waits_for_the_approval(self, step):
        action = CorrectiveActionFactory(at=Status.PLANNING)
        measure = add_measure(action)
        if step == Status.SUBMITTED:
            submit(action, action.owner.user)

        with pytest.raises(DomainError):
            services.complete_measure(
                measure.pk,
                done_on=DONE_ON,
                result="済み",
                actor=None,
                today=DONE_ON,
                now=at(DONE_ON),
            )


class TestNextRound:
    def test_begins_when_the_measures_did_not_work(self):
        action = CorrectiveActionFactory(round=2)

        first = action.rounds.get(number=1)
        assert first.verdict == Verdict.NOT_EFFECTIVE
        assert (first.root_cause, first.measures.count()) == (CAUSE["root_cause"], 1)
        assert action.status == Status.ANALYSIS
        assert (action.current.number, action.current.root_cause) == (2, "")
        assert (action.due_on, action.first_due_on) == (date(2026, 11, 30), DUE_ON)

    def test_needs_a_day(self):
        action = CorrectiveActionFactory(at=Status.CHECKING)

        with pytest.raises(DomainError) as refusal:
            check(action, UserFactory(roles=[]), verdict=Verdict.NOT_EFFECTIVE)

        assert "new_due_on" in refusal.value.message_dict

    def test_is_told_to_the_owner(self):
        action = CorrectiveActionFactory(round=2)

        assert action.owner.user in told("effect_checked")

    def test_closes_by_its_own_cause_measures_and_check(self):
        action = CorrectiveActionFactory(round=2)
        actor = action.owner.user
        services.record_cause(action.pk, whys=WHYS, actor=actor, **CAUSE)
        add_measure(action, due_on=date(2026, 11, 1), today=CHECKED_ON)
        services.submit_plan(action.pk, actor=actor, today=CHECKED_ON, now=at(CHECKED_ON))
        services.approve_plan(action.pk, actor=UserFactory(), today=CHECKED_ON, now=at(CHECKED_ON))
        done = date(2026, 10, 20)
        services.complete_measure(
            Measure.objects.get(round__number=2).pk,
            done_on=done,
            result="システムで確かめる。",
            files=[a_file()],
            actor=actor,
            today=done,
            now=at(done),
        )
        day = date(2027, 1, 25)
        check(action, UserFactory(roles=[]), today=day, now=at(day))

        closed = services.close(action.pk, comment="効いた。", actor=UserFactory(), today=day)

        assert closed.status == Status.CLOSED
        assert closed.rounds.count() == 2


class TestExtensions:
    def test_move_the_day_and_keep_the_first_one(self):
        extension = ExtensionFactory()
        decider = UserFactory(roles=[Role.PRIVACY_MANAGER])

        services.decide_extension(
            extension.pk, grants=True, answer="承知した。", actor=decider, now=at(DONE_ON)
        )

        action = CorrectiveAction.objects.get()
        assert (action.due_on, action.first_due_on) == (DUE_ON + timedelta(days=30), DUE_ON)
        assert events(action)[0] == "extension_granted"
        assert action.owner.user in told("extension_decided")

    def test_of_a_measure_stay_within_the_action(self):
        measure = MeasureFactory()
        late = {"new_due_on": DUE_ON + timedelta(days=1), "reason": "遅れる。"}
        facts = {"measure_id": measure.pk, "actor": UserFactory(), "now": at(DONE_ON)}
        action = measure.round.action

        with pytest.raises(DomainError):
            services.request_extension(action.pk, **facts | late)
        extension = services.request_extension(
            action.pk, **facts, new_due_on=DUE_ON, reason="遅れる。"
        )
        services.decide_extension(
            extension.pk,
            grants=True,
            answer="よい。",
            actor=UserFactory(roles=[Role.PRIVACY_MANAGER]),
            now=at(DONE_ON),
        )

        measure.refresh_from_db()
        assert measure.due_on == DUE_ON
        assert measure.first_due_on == DUE_ON - timedelta(days=30)

    @pytest.mark.parametrize("whose", ["request", "action"])
    def test_are_decided_by_somebody_else(self, whose):
        manager = UserFactory(roles=[Role.PRIVACY_MANAGER])
        facts = (
            {"asked_by": manager}
            if whose == "request"
            else {"action": CorrectiveActionFactory(owner=manager.person)}
        )
        extension = ExtensionFactory(**facts)

        with pytest.raises(DomainError):
            services.decide_extension(
                extension.pk, grants=True, answer="よい。", actor=manager, now=at(DONE_ON)
            )

    @pytest.mark.parametrize("grants", [True, False])
    def test_are_decided_with_a_reason(self, grants):
        with pytest.raises(DomainError) as refusal:
            services.decide_extension(
                ExtensionFactory().pk,
                grants=grants,
                answer=" ",
                actor=UserFactory(roles=[Role.PRIVACY_MANAGER]),
                now=at(DONE_ON),
            )

        assert "answer" in refusal.value.message_dict

    def test_wait_one_at_a_time(self):
        extension = ExtensionFactory()

        with pytest.raises(ValidationError):
            services.request_extension(
                extension.action_id,
                new_due_on=DUE_ON + timedelta(days=9),
                reason="また遅れる。",
                actor=UserFactory(),
                now=at(DONE_ON),
            )

    def test_are_off_once_the_measures_are_carried_out(self):
        measure = MeasureFactory()
        extension = ExtensionFactory(action=measure.round.action)

        services.complete_measure(
            measure.pk, done_on=DONE_ON, result="済み", actor=None, today=DONE_ON, now=at(DONE_ON)
        )

        extension.refresh_from_db()
        assert extension.status == ExtensionStatus.WITHDRAWN


class TestAcceptedRisks:
    @pytest.mark.parametrize("step", [Status.ANALYSIS, Status.EXECUTION, Status.CHECKING])
    def test_rest_until_their_day_and_then_go_on_where_they_stood(self, step):
        action = accept(CorrectiveActionFactory(at=step), until=date(2026, 10, 1))
        assert action.status == Status.ACCEPTED

        assert services.reopen_accepted(today=date(2026, 9, 30), now=at(date(2026, 9, 30))) == 0
        assert services.reopen_accepted(today=date(2026, 10, 1), now=at(date(2026, 10, 1))) == 1
        assert services.reopen_accepted(today=date(2026, 10, 1), now=at(date(2026, 10, 1))) == 0

        action.refresh_from_db()
        assert action.status == step
        assert events(action)[0] == "reopened"
        assert told("reopened") == {action.owner.user}

    def test_are_caught_up_with_after_an_outage(self):
        AcceptanceFactory(until=date(2026, 10, 1))

        assert services.reopen_accepted(today=date(2026, 12, 1), now=at(date(2026, 12, 1))) == 1

    @pytest.mark.parametrize("until", [RAISED_ON, RAISED_ON - timedelta(days=1)])
    def test_have_an_end_that_is_to_come(self, until):
        with pytest.raises(ValidationError):
            AcceptanceFactory(until=until)

    def test_are_not_accepted_by_whoever_answers_for_the_action(self):
        action = CorrectiveActionFactory()

        with pytest.raises(DomainError):
            services.accept_risk(
                action.pk,
                reason="構わない。",
                until=date(2026, 10, 1),
                actor=action.owner.user,
                today=RAISED_ON,
                now=at(RAISED_ON),
            )

    @pytest.mark.parametrize("step", [Status.SUBMITTED, Status.CLOSED])
    def test_are_not_decided_over_a_plan_that_waits_or_an_end(self, step):
        with pytest.raises(InvalidTransitionError):
            accept(CorrectiveActionFactory(at=step))


class TestWithdrawing:
    def test_keeps_number_and_reason(self):
        action = CorrectiveActionFactory(at=Status.WITHDRAWN)

        assert (action.number, action.withdrawn_reason) == ("CA-2026-001", "二重に起票した。")
        assert CorrectiveActionFactory().number == "CA-2026-002"

    @pytest.mark.parametrize("step", [Status.SUBMITTED, Status.EXECUTION, Status.CHECKING])
    def test_is_no_way_round_the_locks(self, step):
        action = CorrectiveActionFactory(at=step)

        with pytest.raises(DomainError):
            services.withdraw(action.pk, reason="面倒。", actor=UserFactory())

    def test_is_no_way_round_them_in_a_plan_that_is_changed(self):
        action = CorrectiveActionFactory(at=Status.EXECUTION)
        services.replan(action.pk, reason="変える。", actor=UserFactory())

        with pytest.raises(DomainError):
            services.withdraw(action.pk, reason="面倒。", actor=UserFactory())


class TestHandingOver:
    def test_tells_the_new_owner(self):
        action, person = CorrectiveActionFactory(), PersonFactory(with_account=True)

        services.reassign(
            action.pk, owner=person, reason="異動した。", actor=UserFactory(), now=at(DONE_ON)
        )

        assert person.user in told("raised")

    def test_is_not_to_who_checks_the_effect(self):
        action = CorrectiveActionFactory(at="checked")

        with pytest.raises(DomainError):
            services.reassign(
                action.pk,
                owner=action.current.checker,
                reason="異動した。",
                actor=UserFactory(),
                now=at(DONE_ON),
            )

    def test_of_a_measure_tells_whoever_carries_it_out(self):
        measure, person = MeasureFactory(), PersonFactory(with_account=True)

        services.reassign_measure(
            measure.pk, owner=person, reason="退職した。", actor=UserFactory(), now=at(DONE_ON)
        )

        measure.refresh_from_db()
        assert measure.owner == person
        assert told("measure_given") == {person.user}


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_reached_on_the_way(step):
    action = CorrectiveActionFactory(at=step)

    assert action.status == (Status.CHECKING if step == "checked" else step)
