"""Whatever is done in whatever order: everyone is counted once, and passed stays passed."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from pms.organization.models import Person
from pms.training import services
from pms.training.choices import ExcuseReason, ExcuseStatus, FollowUpKind, Method
from pms.training.models import Attempt, Campaign, Excuse, TrainingRecord
from pms.training.reports import progress
from tests.accounts.factories import UserFactory
from tests.organization.factories import LeaveFactory, PersonFactory
from tests.transfer.factories import ImportRunFactory

from .factories import STARTS_ON, CampaignFactory, at

pytestmark = pytest.mark.django_db

STEPS = 60


class Walk:
    """A campaign in which something happens at every step, on a later and later day."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311
        for _time in range(6):
            PersonFactory(with_account=True)
        self.campaign: Campaign = CampaignFactory(open=True)
        self.actor, self.other = UserFactory(), UserFactory()
        self.today = STARTS_ON
        self.runs: list = []

    def step(self) -> None:
        """Do one thing; a refusal is fine, as long as nothing is left of it."""
        verb = self.random.choice(list(self.verbs()))
        self.today += timedelta(days=self.random.randrange(3))
        try:
            verb()
        except ValidationError:
            return

    def verbs(self) -> Iterator[Callable[[], object]]:
        """What can happen."""
        yield from (self.sit, self.sit, self.sit, self.acknowledge, self.acknowledge)
        yield from (self.log, self.undo, self.correct, self.rules, self.rules)
        yield from (self.request, self.decide, self.end, self.follow_up)
        yield from (self.join, self.leave, self.go_away, self.extend)

    @property
    def now(self):
        return at(self.today, self.random.randrange(24))

    def record(self) -> TrainingRecord:
        # In one order on both engines, so that a seed goes the same way on each.
        rows = self.campaign.records.select_related("person__user").order_by("employee_number")
        return self.random.choice(list(rows))

    def sit(self) -> None:
        record = self.record()
        user = record.person.user
        attempt = services.start_attempt(record.pk, actor=user, now=self.now, seed=1)
        right = self.random.random() < 0.5
        chosen = {str(it["question"]): [0 if right else 1] for it in attempt.paper}
        services.save_answers(attempt.pk, chosen, actor=user, now=self.now)
        if self.random.random() < 0.8:
            services.submit_attempt(attempt.pk, {}, actor=user, now=self.now)

    def acknowledge(self) -> None:
        record = self.record()
        services.acknowledge(record.pk, actor=record.person.user, now=self.now)

    def log(self) -> None:
        lines = [
            services.Completion(
                number=number,
                employee_number=self.record().employee_number,
                attended_on=STARTS_ON,
                method=Method.PAPER,
                score=self.random.choice((50, 90)),
            )
            for number in range(3)
        ]
        run = ImportRunFactory()
        planned = services.plan_completions(self.campaign, lines, today=self.today)
        services.apply_completions(
            self.campaign.pk, planned, actor=self.actor, now=self.now, run=run
        )
        self.runs.append(run)

    def undo(self) -> None:
        if self.runs:
            run = self.runs.pop()
            services.undo_completions(run, actor=self.actor, reason="間違い", now=self.now)

    def correct(self) -> None:
        facts = {"passed": self.random.random() < 0.5, "attended_on": STARTS_ON, "score": 90}
        services.correct_record(
            self.record().pk, actor=self.actor, reason="訂正", now=self.now, **facts
        )

    def rules(self) -> None:
        services.apply_dated_rules(today=self.today)

    def request(self) -> None:
        until = self.today + timedelta(days=self.random.randrange(20))
        services.request_excuse(
            self.record().pk,
            reason=ExcuseReason.LEAVE,
            actor=self.actor,
            now=self.now,
            until=self.random.choice((None, until)),
        )

    def decide(self) -> None:
        excuse = Excuse.objects.filter(status=ExcuseStatus.REQUESTED).order_by("pk").first()
        if excuse:
            services.decide_excuse(
                excuse.pk,
                approve=self.random.random() < 0.7,
                actor=self.other,
                now=self.now,
                note="決裁",
            )

    def end(self) -> None:
        excuse = Excuse.objects.filter(status=ExcuseStatus.APPROVED).order_by("pk").first()
        if excuse:
            services.end_excuse(excuse.pk, actor=self.actor, reason="終了", now=self.now)

    def follow_up(self) -> None:
        services.add_follow_up(
            self.record().pk,
            kind=FollowUpKind.INTERVIEW,
            done_on=self.today,
            result="面談した。",
            actor=self.actor,
            now=self.now,
        )

    def join(self) -> None:
        PersonFactory(joined_on=self.today, with_account=True)

    def leave(self) -> None:
        left_on = self.random.choice((self.today, None))
        Person.objects.filter(pk=self.record().person_id).update(left_on=left_on)

    def go_away(self) -> None:
        days = self.random.randrange(60)
        LeaveFactory(
            person=self.record().person,
            starts_on=self.today,
            ends_on=self.random.choice((None, self.today + timedelta(days=days))),
        )

    def extend(self) -> None:
        last = Campaign.objects.get(pk=self.campaign.pk).ends_on
        services.extend_campaign(
            self.campaign.pk, ends_on=last + timedelta(days=1), actor=self.actor, reason="延長"
        )


def count(sql: str, *values: object) -> int:
    """A number straight from the database."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def assert_everyone_is_counted_once(campaign: Campaign) -> None:
    """Passed + excused + open = population = one row a person, in plain SQL and on the page."""
    everybody = "FROM training_trainingrecord WHERE campaign_id = %s AND status <> 'void'"
    population = count(f"SELECT COUNT(*) {everybody}", campaign.pk)
    parts = [
        count(f"SELECT COUNT(*) {everybody} AND status IN ({statuses})", campaign.pk)
        for statuses in ("'passed'", "'excused'", "'not_started', 'in_progress', 'failed'")
    ]
    people = count(
        "SELECT COUNT(DISTINCT person_id) FROM training_trainingrecord WHERE campaign_id = %s",
        campaign.pk,
    )
    total = progress(campaign).total
    assert population == sum(parts) == people == total.population
    assert parts == [total.passed, total.excused, total.open]


def assert_excuses_fit(campaign: Campaign) -> None:
    """Exactly those are excused whose excuse is in force."""
    in_force = Excuse.objects.filter(record__campaign=campaign, status=ExcuseStatus.APPROVED)
    excused = campaign.records.filter(status="excused").values_list("pk", flat=True)
    assert sorted(in_force.values_list("record_id", flat=True)) == sorted(excused)
    settled = campaign.records.filter(status__in=("passed", "void"))
    waiting = Excuse.objects.filter(record__in=settled, status=ExcuseStatus.REQUESTED)
    assert not waiting.exists()


@pytest.mark.parametrize("seed", range(6))
def test_everyone_is_counted_once_at_every_step(seed):
    walk = Walk(seed)
    passed: dict[int, date] = {}
    for _step in range(STEPS):
        walk.step()
        assert_everyone_is_counted_once(walk.campaign)
        assert_excuses_fit(walk.campaign)
        now = dict(TrainingRecord.objects.values_list("pk", "status"))
        assert all(now[pk] in {"passed", "void"} for pk in passed)
        passed |= dict.fromkeys(pk for pk, status in now.items() if status == "passed")

    assert passed, "the walk went nowhere"
    assert Attempt.objects.exists()
