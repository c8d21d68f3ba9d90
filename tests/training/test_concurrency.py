"""Two people, or two tabs, at the same moment: one of them is first, and nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from pms.history.models import HistoryEntry
from pms.training import services
from pms.training.choices import CampaignStatus, FollowUpKind, Method, RecordStatus
from pms.training.models import Attempt, Campaign, TrainingPlan, TrainingRecord
from tests.accounts.factories import UserFactory
from tests.organization.factories import PersonFactory

from .factories import (
    CLOSING_DAY,
    ENDS_ON,
    STARTS_ON,
    CampaignFactory,
    FollowUpFactory,
    PlanFactory,
    TrainingRecordFactory,
    at,
    pass_everybody,
    plan_course,
)

pytestmark = pytest.mark.django_db(transaction=True)

NOW = at(date(2026, 9, 10))


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


def events(name: str) -> int:
    """How often the journal tells of `name`."""
    return HistoryEntry.objects.filter(event=name).count()


@pytest.fixture
def record() -> TrainingRecord:
    """Somebody with an account in an open campaign."""
    return TrainingRecordFactory(person__with_account=True)


def test_two_openings_open_once():
    campaign = CampaignFactory(people=5)
    plan_course(campaign.cycle, campaign.course)
    actors = UserFactory.create_batch(2)

    opened = together(
        *(
            lambda actor=actor: services.open_campaign(
                campaign.pk, actor=actor, today=STARTS_ON, now=at(STARTS_ON)
            )
            for actor in actors
        )
    )

    assert [it.result().status for it in opened] == [CampaignStatus.OPEN] * 2
    assert campaign.records.count() == 5
    assert events("training.campaign_opened") == 1


def test_two_starts_make_one_paper(record):
    user = record.person.user

    started = together(*[lambda: services.start_attempt(record.pk, actor=user, now=NOW)] * 3)

    assert len({it.result().pk for it in started}) == 1
    assert Attempt.objects.count() == 1


def test_two_sendings_count_once(record):
    user = record.person.user
    attempt = services.start_attempt(record.pk, actor=user, now=NOW)

    sent = together(*[lambda: services.submit_attempt(attempt.pk, {}, actor=user, now=NOW)] * 3)

    assert {it.result().score for it in sent} == {0}
    record.refresh_from_db()
    assert (record.status, record.failures) == (RecordStatus.FAILED, 1)
    assert events("training.attempt_submitted") == 1


def test_answers_of_two_tabs_are_both_kept(record):
    user = record.person.user
    attempt = services.start_attempt(record.pk, actor=user, now=NOW)
    questions = [str(it["question"]) for it in attempt.paper]

    saved = together(
        *(
            lambda question=question: services.save_answers(
                attempt.pk, {question: [0]}, actor=user, now=NOW
            )
            for question in questions
        )
    )

    assert [it.exception() for it in saved] == [None] * len(questions)
    attempt.refresh_from_db()
    assert attempt.answers == {question: [0] for question in questions}


def test_logging_and_pressing_i_understood_pass_once(record):
    campaign, user, actor = record.campaign, record.person.user, UserFactory()
    attempt = services.start_attempt(record.pk, actor=user, now=NOW)
    right = {str(it["question"]): [0] for it in attempt.paper}
    services.submit_attempt(attempt.pk, right, actor=user, now=NOW)
    line = services.Completion(
        number=1,
        employee_number=record.employee_number,
        attended_on=STARTS_ON,
        method=Method.PAPER,
        score=90,
    )
    planned = services.plan_completions(campaign, [line], today=ENDS_ON)

    pressed, logged = together(
        lambda: services.acknowledge(record.pk, actor=user, now=NOW),
        lambda: services.apply_completions(campaign.pk, planned, actor=actor, now=NOW),
    )

    assert pressed.result().status == RecordStatus.PASSED
    assert logged.exception() is None or isinstance(logged.exception(), ValidationError)
    record.refresh_from_db()
    is_first = logged.exception() is None
    assert record.method == (Method.PAPER if is_first else Method.E_LEARNING)
    assert (record.acknowledged_at is None) is is_first


def test_closing_counts_what_was_sent_before_and_refuses_what_comes_after(record):
    campaign, user, actor = record.campaign, record.person.user, UserFactory()
    attempt = services.start_attempt(record.pk, actor=user, now=NOW)
    FollowUpFactory(record=record, kind=FollowUpKind.DECISION)
    others = campaign.records.exclude(pk=record.pk)
    for other in others:
        FollowUpFactory(record=other, kind=FollowUpKind.DECISION)

    sent, closed = together(
        lambda: services.submit_attempt(attempt.pk, {}, actor=user, now=NOW),
        lambda: services.close_campaign(
            campaign.pk, actor=actor, today=CLOSING_DAY, now=at(CLOSING_DAY)
        ),
    )

    assert closed.result().status == CampaignStatus.CLOSED
    assert sent.exception() is None or isinstance(sent.exception(), ValidationError)
    figures = services.report_figures(Campaign.objects.get())
    assert figures.attended == (1 if sent.exception() is None else 0)
    assert figures.attended == campaign.records.filter(attended_on__isnull=False).count()


def test_two_closings_close_once():
    campaign = CampaignFactory(people=2, open=True)
    pass_everybody(campaign)
    actors = UserFactory.create_batch(2)

    closed = together(
        *(
            lambda actor=actor: services.close_campaign(
                campaign.pk, actor=actor, today=CLOSING_DAY, now=at(CLOSING_DAY)
            )
            for actor in actors
        )
    )

    assert [it.result().status for it in closed] == [CampaignStatus.CLOSED] * 2
    assert events("training.campaign_closed") == 1


def test_rules_applied_twice_at_once_add_each_joiner_once():
    campaign = CampaignFactory(people=1, open=True)
    for _time in range(3):
        PersonFactory(joined_on=date(2026, 9, 5))

    applied = together(*[lambda: services.apply_dated_rules(today=date(2026, 9, 10))] * 2)

    assert sorted(it.result().added for it in applied) == [0, 3]
    assert campaign.records.count() == 4


def test_two_revisions_make_one_draft():
    plan, actors = PlanFactory(approved=True), UserFactory.create_batch(2)

    drafts = together(
        *(
            lambda actor=actor: services.revise_plan(plan.pk, actor=actor, today=STARTS_ON)
            for actor in actors
        )
    )

    assert len({it.result().pk for it in drafts}) == 1
    assert TrainingPlan.objects.count() == 2
