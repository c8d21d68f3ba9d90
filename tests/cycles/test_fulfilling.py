"""Milestones are done, missed, or given more time; the first date is never lost."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError, InvalidTransitionError
from pms.cycles import services
from pms.cycles.choices import ExtensionStatus, Fulfilment, MilestoneStatus
from pms.cycles.models import Milestone
from pms.history.models import HistoryEntry
from pms.history.timeline import timeline
from tests.accounts.factories import UserFactory
from tests.organization.factories import PersonFactory

from .factories import ExtensionFactory, MilestoneFactory, YearPlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


DUE, DAY_AFTER = date(2026, 9, 30), date(2026, 10, 1)
NOW = datetime(2026, 9, 15, 3, tzinfo=UTC)
S = MilestoneStatus


@pytest.fixture
def cycle():
    """A year whose plan is approved."""
    return YearPlanFactory(approved=True).cycle


class TestFulfil:
    def by(self, milestone, what=Fulfilment.YEARLY_TRAINING):
        proof = PersonFactory()
        return proof, services.fulfil(
            what, milestone.cycle, by=proof, actor=UserFactory(), on=date(2026, 9, 20)
        )

    def test_a_record_does_it(self, cycle):
        milestone = MilestoneFactory(cycle=cycle, fulfilment=Fulfilment.YEARLY_TRAINING)
        proof, found = self.by(milestone)
        milestone.refresh_from_db()
        assert found == milestone
        assert (milestone.status, milestone.done_on) == (S.DONE, date(2026, 9, 20))
        assert milestone.fulfilled_by == proof
        assert HistoryEntry.objects.filter(event="cycles.milestone_fulfilled").count() == 1

    def test_tells_no_keys_in_the_journal(self, cycle):
        milestone = MilestoneFactory(cycle=cycle, fulfilment=Fulfilment.YEARLY_TRAINING)
        self.by(milestone)
        viewer = UserFactory(roles=[Role.PRIVACY_MANAGER])

        told = timeline(milestone, viewer=viewer)

        assert any("is done" in it.sentence for it in told)
        assert not any("fulfilled by" in text for it in told for text in (it.sentence, *it.details))

    def test_the_earliest_open_one_is_meant(self, cycle):
        late, early, done = (
            MilestoneFactory(cycle=cycle, fulfilment=Fulfilment.YEARLY_TRAINING, **facts)
            for facts in (
                {"due_on": date(2026, 11, 30)},
                {"due_on": date(2026, 6, 30)},
                {"due_on": date(2026, 5, 31), "done": True},
            )
        )
        assert self.by(late)[1] == early
        assert self.by(late)[1] == late
        assert self.by(done)[1] is None

    def test_a_missed_one_is_done_late_and_stays_missed(self, cycle):
        milestone = MilestoneFactory(
            cycle=cycle, fulfilment=Fulfilment.YEARLY_TRAINING, missed=True
        )
        self.by(milestone)
        milestone.refresh_from_db()
        assert (milestone.status, milestone.missed_on) == (S.DONE, DAY_AFTER)

    def test_other_kinds_are_left_alone(self, cycle):
        milestone = MilestoneFactory(cycle=cycle)
        assert self.by(milestone)[1] is None

    def test_a_request_for_more_time_is_off(self, cycle):
        milestone = MilestoneFactory(cycle=cycle, fulfilment=Fulfilment.YEARLY_TRAINING)
        extension = ExtensionFactory(milestone=milestone)
        self.by(milestone)
        extension.refresh_from_db()
        assert extension.status == ExtensionStatus.WITHDRAWN


class TestComplete:
    def complete(self, milestone, **changes):
        facts = {"done_on": date(2026, 9, 20), "result": "議事録のとおり。"}
        options = {"today": date(2026, 9, 25), "actor": UserFactory()}
        return services.complete_milestone(milestone.pk, **options | facts | changes)

    def test_is_done_by_hand_with_its_result(self, cycle):
        milestone = self.complete(MilestoneFactory(cycle=cycle))
        assert (milestone.status, milestone.result) == (S.DONE, "議事録のとおり。")

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"done_on": date(2026, 9, 26)}, "has not come yet"),
            ({"done_on": date(2026, 3, 31)}, "begins on 2026-04-01"),
            ({"result": "  "}, "proof"),
        ],
    )
    def test_refuses(self, cycle, changes, words):
        milestone = MilestoneFactory(cycle=cycle)
        with pytest.raises(DomainError, match=words):
            self.complete(milestone, **changes)
        milestone.refresh_from_db()
        assert milestone.status == S.PLANNED

    def test_nobody_ticks_what_a_record_fulfils(self, cycle):
        milestone = MilestoneFactory(cycle=cycle, fulfilment=Fulfilment.YEARLY_TRAINING)
        with pytest.raises(DomainError, match="The yearly training is closed"):
            self.complete(milestone)

    def test_nothing_is_done_before_the_plan_is_approved(self):
        milestone = MilestoneFactory(cycle=YearPlanFactory(submitted=True).cycle)
        with pytest.raises(DomainError, match="not approved"):
            self.complete(milestone)

    def test_is_taken_back_with_a_reason(self, cycle):
        milestone = self.complete(MilestoneFactory(cycle=cycle, missed=True))
        services.reopen_milestone(
            milestone.pk, reason="別の件だった。", today=DAY_AFTER, actor=UserFactory()
        )
        milestone.refresh_from_db()
        assert (milestone.status, milestone.done_on) == (S.MISSED, None)

    def test_what_a_record_proves_is_not_taken_back(self, cycle):
        milestone = MilestoneFactory(cycle=cycle, fulfilment=Fulfilment.YEARLY_TRAINING)
        services.fulfil(Fulfilment.YEARLY_TRAINING, cycle, by=PersonFactory(), actor=None, on=DUE)
        with pytest.raises(DomainError, match="proves"):
            services.reopen_milestone(
                milestone.pk, reason="x", today=DAY_AFTER, actor=UserFactory()
            )


class TestMissed:
    @pytest.mark.parametrize(("today", "count"), [(DUE, 0), (DAY_AFTER, 1)])
    def test_is_recorded_on_the_day_after(self, cycle, today, count):
        milestone = MilestoneFactory(cycle=cycle)
        assert services.record_missed(today=today) == count
        milestone.refresh_from_db()
        assert (milestone.status == S.MISSED) == bool(count)

    def test_is_recorded_once(self, cycle):
        MilestoneFactory(cycle=cycle)
        services.record_missed(today=DAY_AFTER)
        assert services.record_missed(today=date(2026, 10, 5)) == 0
        assert Milestone.objects.get().missed_on == DAY_AFTER

    def test_is_nothing_in_a_plan_that_is_not_approved(self):
        MilestoneFactory(cycle=YearPlanFactory(submitted=True).cycle)
        assert services.record_missed(today=DAY_AFTER) == 0

    def test_cannot_be_wiped_out(self, cycle):
        MilestoneFactory(cycle=cycle, missed=True)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE cycles_milestone SET status = 'planned', missed_on = NULL")


class TestExtension:
    def ask(self, milestone, **changes):
        facts = {"new_due_on": date(2026, 10, 31), "reason": "講師が入院した。"}
        options = {"actor": UserFactory(), "now": NOW}
        return services.request_extension(milestone.pk, **options | facts | changes)

    def decide(self, extension, *, grants=True, answer="", **changes):
        options = {"actor": UserFactory(), "today": date(2026, 9, 16), "now": NOW}
        return services.decide_extension(
            extension.pk, grants=grants, answer=answer, **options | changes
        )

    def test_moves_the_date_and_keeps_the_first(self, cycle):
        milestone = MilestoneFactory(cycle=cycle)
        self.decide(self.ask(milestone))
        milestone.refresh_from_db()
        assert (milestone.due_on, milestone.first_due_on) == (date(2026, 10, 31), DUE)

    def test_of_a_missed_one_plans_it_again_but_it_stays_missed(self, cycle):
        milestone = MilestoneFactory(cycle=cycle, missed=True)
        self.decide(self.ask(milestone), today=date(2026, 10, 5))
        milestone.refresh_from_db()
        assert (milestone.status, milestone.missed_on) == (S.PLANNED, DAY_AFTER)

    def test_is_decided_by_another(self, cycle):
        extension = self.ask(MilestoneFactory(cycle=cycle))
        with pytest.raises(DomainError, match="of their own"):
            self.decide(extension, actor=extension.asked_by)

    def test_refused_leaves_the_date(self, cycle):
        milestone = MilestoneFactory(cycle=cycle)
        extension = self.ask(milestone)
        with pytest.raises(DomainError, match="Say why"):
            self.decide(extension, grants=False)
        self.decide(extension, grants=False, answer="代わりの講師がいる。")
        milestone.refresh_from_db()
        assert milestone.due_on == DUE

    def test_is_decided_once(self, cycle):
        extension = self.ask(MilestoneFactory(cycle=cycle))
        self.decide(extension)
        with pytest.raises(InvalidTransitionError):
            self.decide(extension, grants=False, answer="x")

    @pytest.mark.parametrize("change", [{"new_due_on": DUE}, {"reason": " "}])
    def test_needs_a_later_date_and_a_reason(self, cycle, change):
        with pytest.raises(ValidationError) as refusal:
            self.ask(MilestoneFactory(cycle=cycle), **change)
        assert refusal.value.messages

    @pytest.mark.parametrize("state", [{}, {"submitted": True}])
    def test_is_nothing_for_a_plan_that_is_not_approved(self, state):
        """A draft is changed freely, and what waits for approval stays as it was submitted."""
        milestone = MilestoneFactory(cycle=YearPlanFactory(**state).cycle)
        with pytest.raises(DomainError, match="not approved"):
            self.ask(milestone)

    def test_is_asked_for_once_at_a_time(self, cycle):
        milestone = MilestoneFactory(cycle=cycle)
        self.ask(milestone)
        with pytest.raises(ValidationError, match="waits already"):
            self.ask(milestone)

    def test_is_nothing_for_what_is_done(self, cycle):
        with pytest.raises(DomainError, match="no longer open"):
            self.ask(MilestoneFactory(cycle=cycle, done=True))
