"""Two people at the same moment: numbers stay without gaps, and nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from pms.corrective_actions import services
from pms.corrective_actions.choices import Status
from pms.corrective_actions.models import CorrectiveAction
from pms.history.models import HistoryEntry
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory, PersonFactory

from .factories import (
    APPROVED_ON,
    CLOSED_ON,
    DUE_ON,
    RAISED_ON,
    CorrectiveActionFactory,
    at,
)

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[Future]:
    """Do all of `acts` at once, each on a connection of its own."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            gate.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [pool.submit(run, act) for act in acts]


def test_numbers_are_given_once_each_and_without_a_gap():
    department, owner = DepartmentFactory(), PersonFactory()

    def raise_one(title: str) -> CorrectiveAction:
        return services.raise_action(
            source="audit",
            source_label="",
            title=title,
            fact="記録がなかった。",
            department=department,
            grade="minor",
            found_on=RAISED_ON,
            owner=owner,
            due_on=DUE_ON,
            actor=None,
            today=RAISED_ON,
            now=at(RAISED_ON),
        )

    # Every third one is refused, after it has taken its number.
    titles = ["一", "二", "", "四", "五", ""]
    raised = together(*(lambda title=title: raise_one(title) for title in titles))

    refused = [it for it in raised if it.exception()]
    assert all(isinstance(it.exception(), ValidationError) for it in refused)
    numbers = CorrectiveAction.objects.order_by("sequence").values_list("number", flat=True)
    assert list(numbers) == [f"CA-2026-00{number}" for number in range(1, 5)]


def test_two_approvals_approve_once():
    action = CorrectiveActionFactory(at=Status.SUBMITTED)
    approvers = UserFactory.create_batch(2)

    decided = together(
        *(
            lambda actor=actor: services.approve_plan(
                action.pk, actor=actor, today=APPROVED_ON, now=at(APPROVED_ON)
            )
            for actor in approvers
        )
    )

    assert sum(it.exception() is None for it in decided) == 1
    assert HistoryEntry.objects.filter(event="corrective_actions.plan_approved").count() == 1


def test_two_closings_close_once():
    action = CorrectiveActionFactory(at="checked")
    actors = UserFactory.create_batch(2)

    closed = together(
        *(
            lambda actor=actor: services.close(
                action.pk, comment="効いた。", actor=actor, today=CLOSED_ON
            )
            for actor in actors
        )
    )

    assert sum(it.exception() is None for it in closed) == 1
    assert HistoryEntry.objects.filter(event="corrective_actions.closed").count() == 1


def test_an_accepted_risk_opens_once():
    action = CorrectiveActionFactory(at=Status.ACCEPTED)
    day = action.acceptances.get().until

    opened = together(*[lambda: services.reopen_accepted(today=day, now=at(day))] * 2)

    assert sorted(it.result() for it in opened) == [0, 1]
