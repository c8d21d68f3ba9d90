"""Corrective actions at every step.

They are carried from step to step by the services, as people would: the database lets no action
begin anywhere else.
"""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from pms.accounts.roles import Role
from pms.corrective_actions import services
from pms.corrective_actions.choices import CauseClass, Grade, MeasureKind, Source, Spread, Status
from pms.corrective_actions.models import (
    Acceptance,
    CorrectiveAction,
    ExaminerFinding,
    Extension,
    Measure,
)
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory, PersonFactory

RAISED_ON = date(2026, 4, 10)
DUE_ON = date(2026, 6, 30)
APPROVED_ON = date(2026, 4, 20)
DONE_ON = date(2026, 5, 29)
CHECK_FROM = date(2026, 8, 29)
CHECKED_ON = date(2026, 9, 1)
CLOSED_ON = date(2026, 9, 3)

CAUSE = {
    "root_cause": "宛先を確かめる手順が決まっていなかった。",
    "cause_class": CauseClass.NO_RULE,
    "why_not_found": "送信記録を見る担当を決めていなかった。",
    "spread": Spread.NONE,
    "similar_cases": "ほかの営業部の手順を調べたが、同じ不備はなかった。",
}
WHYS = ("宛先を確かめずに送った。", "二人で確かめる決まりがない。", "手順書が古い。")

# The steps in the order of life.
STEPS = (
    Status.RAISED,
    Status.ANALYSIS,
    Status.PLANNING,
    Status.SUBMITTED,
    Status.EXECUTION,
    Status.CHECKING,
    "checked",
    Status.CLOSED,
)


def at(day: date) -> datetime:
    """Noon of a day in Japan."""
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def a_file(name: str = "手順書.txt") -> SimpleUploadedFile:
    """A file that proves something."""
    return SimpleUploadedFile(name, f"第3版 {name}".encode(), "text/plain")


def cast() -> SimpleNamespace:
    """Who decides: accounts that are made when the first of them is asked for."""
    return SimpleNamespace(
        runner=UserFactory(), approver=UserFactory(), checker=UserFactory(roles=[])
    )


def carry(action: CorrectiveAction, to: str, *, proof: bool = True) -> CorrectiveAction:
    """Carry an action that was just raised to a step, each on its own day."""
    people = cast()
    owner = action.owner.user or people.runner
    moves = {
        Status.ANALYSIS: lambda: correct(action, owner),
        Status.PLANNING: lambda: services.record_cause(action.pk, whys=WHYS, actor=owner, **CAUSE),
        Status.SUBMITTED: lambda: submit(action, owner),
        Status.EXECUTION: lambda: services.approve_plan(
            action.pk, actor=people.approver, today=APPROVED_ON, now=at(APPROVED_ON)
        ),
        Status.CHECKING: lambda: carry_out(action, owner, proof=proof),
        "checked": lambda: check(action, people.checker),
        Status.CLOSED: lambda: services.close(
            action.pk, comment="効果があった。", actor=people.runner, today=CLOSED_ON
        ),
    }
    for step in STEPS[1 : STEPS.index(to) + 1]:
        moves[step]()
    return CorrectiveAction.objects.get(pk=action.pk)


def correct(action: CorrectiveAction, actor: Any) -> None:
    """What was done on the spot."""
    services.record_correction(
        action.pk,
        correction="送信先に連絡し、削除してもらった。",
        corrected_on=action.found_on,
        today=action.raised_on,
        actor=actor,
    )


def submit(action: CorrectiveAction, actor: Any) -> None:
    """A plan with one measure waits for approval."""
    add_measure(action)
    services.submit_plan(action.pk, actor=actor, today=action.raised_on, now=at(action.raised_on))


def carry_out(action: CorrectiveAction, actor: Any, *, proof: bool = True) -> None:
    """All measures of the present round."""
    for measure in Measure.objects.filter(round__action=action, done_on__isnull=True):
        services.complete_measure(
            measure.pk,
            done_on=DONE_ON,
            result="手順書を改めた。",
            files=[a_file()] if proof else [],
            actor=actor,
            today=DONE_ON,
            now=at(DONE_ON),
        )


def add_measure(action: CorrectiveAction, **facts: Any) -> Measure:
    """A measure of the action's present round, due a month before the action."""
    values = {
        "title": "送信手順書に二人での確認を加える",
        "kind": MeasureKind.RULE,
        "owner": action.owner,
        "due_on": DUE_ON - timedelta(days=30),
        "actor": None,
        "today": action.raised_on,
    }
    return services.add_measure(action.pk, **values | facts)


def check(action: CorrectiveAction, checker: Any, **facts: Any) -> CorrectiveAction:
    """The effect is checked by an account with a person, and found to be there."""
    values = {
        "verdict": "effective",
        "method": "送信記録を20件見た。",
        "result": "すべて二人で確かめていた。",
        "actor": checker,
        "today": CHECKED_ON,
        "now": at(CHECKED_ON),
    }
    return services.check_effect(action.pk, **values | facts)


class CorrectiveActionFactory(DjangoModelFactory):
    """A minor finding of an internal audit of 10 April 2026, due on 30 June.

    `at=` is the step it has reached (a `Status`, or "checked" for one that can be closed);
    `round=2` one whose first measures did not work; `proof=False` leaves the proof out.
    """

    source = Source.OPERATION_CHECK
    source_label = factory.Sequence("運用の確認 第{}号".format)
    title = factory.Sequence("宛先の確認漏れ{}".format)
    fact = "4月9日、送信前の宛先の確認が記録されていなかった。"
    department = factory.SubFactory(DepartmentFactory)
    grade = Grade.MINOR
    found_on = RAISED_ON
    owner = factory.SubFactory(PersonFactory, with_account=True)
    due_on = DUE_ON
    actor = None
    today = RAISED_ON
    now = factory.LazyAttribute(lambda it: at(it.today))

    class Meta:
        model = CorrectiveAction

    @classmethod
    def _create(cls, model_class: type[CorrectiveAction], *args: Any, **facts: Any) -> Any:
        step = facts.pop("at", Status.RAISED)
        proof = facts.pop("proof", True)
        number = facts.pop("round", 1)
        action = services.raise_action(**facts)
        if step == Status.ACCEPTED:
            return accept(action)
        if step == Status.WITHDRAWN:
            services.withdraw(action.pk, reason="二重に起票した。", actor=UserFactory())
        elif number > 1:
            carry(action, Status.CHECKING)
            check(
                action,
                UserFactory(roles=[]),
                verdict="not_effective",
                result="3件で記録がなかった。",
                new_due_on=date(2026, 11, 30),
            )
        elif step != Status.RAISED:
            carry(action, step, proof=proof)
        return CorrectiveAction.objects.get(pk=action.pk)


def accept(action: CorrectiveAction, until: date = date(2026, 10, 1)) -> CorrectiveAction:
    """Top management accepts the risk until October."""
    services.accept_risk(
        action.pk,
        reason="基幹システムの入替えで解消するため。",
        until=until,
        actor=UserFactory(roles=[Role.AUDITOR]),
        today=RAISED_ON,
        now=at(RAISED_ON),
    )
    return CorrectiveAction.objects.get(pk=action.pk)


class MeasureFactory(DjangoModelFactory):
    """A measure of a plan that is carried out; `action=` is the action, `owner=` who does it."""

    action = factory.SubFactory(CorrectiveActionFactory, at=Status.PLANNING)
    owner = factory.SubFactory(PersonFactory, with_account=True)

    class Meta:
        model = Measure

    @classmethod
    def _create(cls, model_class: type[Measure], *args: Any, **facts: Any) -> Any:
        action = facts.pop("action")
        measure = add_measure(action, **facts)
        submitter = UserFactory()
        services.submit_plan(action.pk, actor=submitter, today=RAISED_ON, now=at(RAISED_ON))
        services.approve_plan(
            action.pk, actor=UserFactory(), today=APPROVED_ON, now=at(APPROVED_ON)
        )
        return Measure.objects.select_related("round__action").get(pk=measure.pk)


class ExtensionFactory(DjangoModelFactory):
    """A request to move an action by a month, which waits."""

    action = factory.SubFactory(CorrectiveActionFactory)
    old_due_on = factory.SelfAttribute("action.due_on")
    new_due_on = factory.LazyAttribute(lambda it: it.old_due_on + timedelta(days=30))
    reason = "設備の納期が遅れたため。"
    asked_by = factory.SubFactory(UserFactory)
    asked_at = at(date(2026, 6, 1))

    class Meta:
        model = Extension


class ExaminerFindingFactory(DjangoModelFactory):
    """A finding of the examiner's list of 10 April 2026, not answered yet."""

    number = factory.Sequence("指摘{}".format)
    action = factory.LazyAttribute(
        lambda it: CorrectiveActionFactory(
            source=Source.EXTERNAL, source_label=it.number, due_on=date(2026, 7, 10)
        )
    )
    received_on = RAISED_ON
    answer_due_on = date(2026, 7, 10)

    class Meta:
        model = ExaminerFinding


class AcceptanceFactory(DjangoModelFactory):
    """The risk of an action that rests until 1 October 2026."""

    class Meta:
        model = Acceptance

    @classmethod
    def _create(cls, model_class: type[Acceptance], *args: Any, **facts: Any) -> Any:
        action = facts.pop("action", None) or CorrectiveActionFactory()
        return accept(action, **facts).acceptances.get()
