"""The invented company's plans of the years: done in time, done late, waiting, missed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from django.utils import timezone

from pms.accounts.models import User
from pms.cycles import services
from pms.cycles.choices import ExtensionStatus, Fulfilment, PlanStatus, Verdict
from pms.cycles.models import Cycle, Extension, Milestone, Objective, YearPlan
from pms.history.context import acting
from pms.history.services import record

# Of the milestones that somebody ticks by hand.
LATE_SHARE: Final = 0.08
RESULTS: Final = (
    "実施した。記録はPMS事務局のキャビネットに保管している。",
    "予定どおり実施し、結果を個人情報保護管理者に報告した。",
    "実施した。指摘はなかった。",
    "実施した。軽微な改善点を次年度の計画に反映する。",
)
POLICIES: Final = (
    "委託先の監督を強め、再委託の状況まで把握する。",
    "退職者のアカウント削除を当日中に行うことを徹底する。",
    "在宅勤務での個人情報の持ち出しを減らし、教育の受講率100%を保つ。",
)
# Goal, measure, target, result, whether it was reached.
OBJECTIVES: Final = (
    ("個人情報の漏えい等を起こさない", "漏えい等の件数（事故記録）", "0件", "1件", Verdict.NOT_MET),
    (
        "全従業者が教育を修了する",
        "修了率（教育実施報告書）",
        "100%",
        "100%（免除を除く）",
        Verdict.MET,
    ),
    (
        "委託先の再評価を期限までに終える",
        "期限までに評価した委託先の割合",
        "95%以上",
        "92%",
        Verdict.PARTLY,
    ),
)


@dataclass(frozen=True, slots=True)
class Signers:
    """Who makes the plans, and who approves them."""

    privacy_manager: User
    president: User


def plan_year(
    random: Random, cycle: Cycle, signers: Signers, *, former: Cycle | None, number: int
) -> YearPlan:
    """The plan of a year, made of the template or of last year's and approved before it begins."""
    made_on = cycle.starts_on - timedelta(days=25)
    plan = services.make_plan(
        cycle.pk, actor=signers.privacy_manager, today=made_on, copy_from=former
    )
    plan.policy = POLICIES[number % len(POLICIES)]
    person = signers.privacy_manager.person
    cycle.milestones.filter(owner=None).update(owner=person)
    # New staff are trained by their departments, and no campaign of ours proves it.
    by_department = cycle.milestones.filter(fulfilment=Fulfilment.NEW_HIRE_TRAINING)
    by_department.update(fulfilment=Fulfilment.BY_HAND)
    if former is None:
        Objective.objects.bulk_create(
            Objective(
                cycle=cycle,
                title=title,
                measure=measure,
                target=target,
                owner=person,
                due_on=cycle.ends_on - timedelta(days=59),
            )
            for title, measure, target, _result, _verdict in OBJECTIVES
        )
    # Not by the services: nobody is to be told today what was asked years ago.
    plan.move_to(PlanStatus.SUBMITTED)
    plan.submitted_by = signers.privacy_manager
    plan.move_to(PlanStatus.APPROVED)
    approved_on = cycle.starts_on - timedelta(days=random.randint(5, 12))
    plan.approved_by, plan.approved_on = signers.president, approved_on
    plan.full_clean()
    with acting(actor=signers.president):
        plan.save()
        record("cycles.plan_approved", plan, actor=signers.president)
    services.fulfil(Fulfilment.YEAR_PLAN, cycle, by=plan, actor=signers.president, on=approved_on)
    return plan


def finish_year(random: Random, cycle: Cycle, signers: Signers) -> None:
    """Everything of a year that is over: done, a little of it late, and measured."""
    for milestone in _by_hand(cycle):
        _do(random, milestone, signers, until=cycle.ends_on)
    for objective in cycle.objectives.all():
        _title, _measure, _target, result, verdict = next(
            it for it in OBJECTIVES if it[0] == objective.title
        )
        services.measure_objective(
            objective.pk,
            result=result,
            verdict=verdict,
            measured_on=cycle.ends_on - timedelta(days=59),
            today=cycle.ends_on,
            actor=signers.privacy_manager,
        )


def run_year(random: Random, cycle: Cycle, signers: Signers, *, today: date) -> None:
    """The running year until `today`: one milestone missed, one with a request that waits."""
    due = [it for it in _by_hand(cycle) if it.due_on <= today]
    waiting, missed = due[-1:], due[-3:-2]
    for milestone in due:
        if milestone not in (*waiting, *missed):
            _do(random, milestone, signers, until=today)
    for milestone in waiting:
        services.request_extension(
            milestone.pk,
            new_due_on=today + timedelta(days=30),
            reason="外部講師の日程が合わず、翌月に実施するため。",
            actor=_account(milestone, signers),
            now=_noon(today - timedelta(days=1)),
        )
    services.record_missed(today=today)


def give_more_time(
    cycle: Cycle, signers: Signers, *, what: str, new_due_on: date, reason: str
) -> None:
    """Grant a later date for what a record fulfils, as long as it is still to come."""
    milestone = cycle.milestones.open().filter(fulfilment=what, due_on__lt=new_due_on).first()
    if milestone is None:
        return
    asked_at = _noon(milestone.due_on - timedelta(days=20))
    Extension.objects.create(
        milestone=milestone,
        old_due_on=milestone.due_on,
        new_due_on=new_due_on,
        reason=reason,
        status=ExtensionStatus.GRANTED,
        asked_by=signers.privacy_manager,
        asked_at=asked_at,
        decided_by=signers.president,
        decided_at=asked_at + timedelta(days=1),
        answer="承知した。",
    )
    milestone.due_on = new_due_on
    with acting(actor=signers.president):
        milestone.save()


def _by_hand(cycle: Cycle) -> list[Milestone]:
    rows = cycle.milestones.open().filter(fulfilment=Fulfilment.BY_HAND)
    return list(rows.select_related("owner__user").order_by("due_on", "pk"))


def _do(random: Random, milestone: Milestone, signers: Signers, *, until: date) -> None:
    """Somebody says that it is done, a few days before the day or some days after it."""
    is_late = random.random() < LATE_SHARE
    days = random.randint(3, 15) if is_late else -random.randint(0, 12)
    done_on = min(max(milestone.due_on + timedelta(days=days), milestone.cycle.starts_on), until)
    if done_on > milestone.due_on:
        services.record_missed(today=milestone.due_on + timedelta(days=1))
    services.complete_milestone(
        milestone.pk,
        done_on=done_on,
        result=random.choice(RESULTS),
        today=until,
        actor=_account(milestone, signers),
    )


def _account(milestone: Milestone, signers: Signers) -> User:
    """Who answers, or the privacy manager for somebody without an account."""
    owner = milestone.owner
    return owner.user if owner and owner.user else signers.privacy_manager


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
