"""Replays the demo company's training years through the same services that people use.

Today and the actor are arguments of every service, so the past can be lived through again: plans
are approved, campaigns opened and closed on their own days. Only what single people did in between
is written in bulk.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from pms.accounts.models import User
from pms.core.bulk import create_rows, update_rows
from pms.cycles.choices import Fulfilment
from pms.cycles.models import Cycle, year_end
from pms.training import services
from pms.training.choices import (
    CampaignStatus,
    Comprehension,
    FollowUpKind,
    Method,
    RecordStatus,
)
from pms.training.models import (
    Attempt,
    Campaign,
    Course,
    FollowUp,
    PlanItem,
    Session,
    TrainingRecord,
)

from . import company, plans
from .organization import Company

FIRST_MONTH = 4
WINDOW_DAYS = 30
FAIL_SHARE, PAPER_SHARE, IN_PROGRESS_SHARE = 0.08, 0.15, 0.06
# How far the running campaign has come, and the department that lags behind.
DONE_SHARE, LATE_DONE_SHARE = 0.62, 0.12
# In a huge company, made for measuring, the answers of so many people stand for all of them.
MAX_ATTEMPTS = 2_000


@dataclass(frozen=True, slots=True)
class Actors:
    """Who did the office's work."""

    training_officer: User
    privacy_manager: User


def first_days(years: int, today: date) -> list[date]:
    """First days of the running fiscal year and of `years` finished ones, oldest first."""
    running = today.year if today.month >= FIRST_MONTH else today.year - 1
    return [date(year, FIRST_MONTH, 1) for year in range(running - years, running + 1)]


def build(random: Random, firm: Company, *, years: int, today: date) -> None:
    """Write cycles, plans and campaigns: `years` finished, one running on `today`."""
    actors = Actors(firm.account("training_officer"), firm.account("privacy_manager"))
    starts = first_days(years, today)
    course = services.install_starter_course(actor=actors.training_officer, today=starts[0])
    signers = plans.Signers(actors.privacy_manager, firm.account("president"))
    former = None
    for number, first in enumerate(starts):
        cycle = Cycle.objects.create(
            name=f"{first.year}年度", starts_on=first, ends_on=year_end(first)
        )
        plans.plan_year(random, cycle, signers, former=former, number=number)
        _plan(cycle, course, actors)
        if first == starts[-1]:
            campaign = _running_campaign(random, cycle, course, actors, today)
            _move_behind(campaign, signers)
            plans.run_year(random, cycle, signers, today=today)
        else:
            _finished_campaign(random, cycle, course, actors)
            plans.finish_year(random, cycle, signers)
        former = cycle


def _move_behind(campaign: Campaign, signers: plans.Signers) -> None:
    """This year's training is later than planned, and what hangs on it was granted more time."""
    for what, days in (
        (Fulfilment.YEARLY_TRAINING, 14),
        (Fulfilment.TRAINING_REPORT, 44),
    ):
        plans.give_more_time(
            campaign.cycle,
            signers,
            what=what,
            new_due_on=min(campaign.ends_on + timedelta(days=days), campaign.cycle.ends_on),
            reason="基幹システムの入替えに合わせ、教育の実施時期を変更するため。",
        )


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _plan(cycle: Cycle, course: Course, actors: Actors) -> None:
    plan = services.create_plan(
        cycle,
        actor=actors.training_officer,
        today=cycle.starts_on,
        purpose=(
            "すべての従業者が、個人情報保護方針、PMSに適合することの重要性と利点、"
            "自らの役割と責任、違反した際に予想される結果を理解し、日々の業務で守れるようにする。"
        ),
        follow_up_rule=(
            "期間の終わりまでに修了しない者には、部門管理者を通じて受講を促し、補講を行う。"
            "不合格が3回続いた者には面談を行う。長期休業者は復帰後に受講する。"
        ),
        responsible=actors.training_officer.person.full_name,
    )
    PlanItem.objects.create(
        plan=plan,
        course=course,
        target="全従業者（役員、契約、パート、派遣を含む）",
        planned_month=cycle.starts_on.replace(month=9),
        method=Method.E_LEARNING,
        comprehension="理解度確認テスト",
        pass_mark=80,
    )
    services.submit_plan(plan.pk, actor=actors.training_officer)
    services.approve_plan(plan.pk, actor=actors.privacy_manager, today=cycle.starts_on)


def _open(
    cycle: Cycle, course: Course, actors: Actors, *, starts_on: date, ends_on: date
) -> Campaign:
    campaign = Campaign.objects.create(
        cycle=cycle,
        course=course,
        title=f"{cycle.name} 個人情報保護教育",
        title_en=f"Personal information protection training {cycle.starts_on.year}",
        starts_on=starts_on,
        ends_on=ends_on,
        pass_mark=80,
        question_count=10,
        lecturer=actors.training_officer.person.full_name,
    )
    return services.open_campaign(
        campaign.pk, actor=actors.training_officer, today=starts_on, now=_at(starts_on, 9)
    )


def _finished_campaign(random: Random, cycle: Cycle, course: Course, actors: Actors) -> None:
    starts_on = cycle.starts_on.replace(month=9)
    ends_on = starts_on + timedelta(days=WINDOW_DAYS - 1)
    campaign = _open(cycle, course, actors, starts_on=starts_on, ends_on=ends_on)
    session = Session.objects.create(
        campaign=campaign,
        held_on=ends_on - timedelta(days=5),
        place="本社 大会議室",
        lecturer=campaign.lecturer,
        is_make_up=True,
    )
    services.apply_dated_rules(campaign.pk, actor=None, today=ends_on)
    open_records = list(campaign.records.open().order_by("pk"))
    _carry_through(random, campaign, open_records, session, actors, until=ends_on)
    closing_day = ends_on + timedelta(days=14)
    services.close_campaign(
        campaign.pk, actor=actors.training_officer, today=closing_day, now=_at(closing_day, 17)
    )
    report = services.write_report(
        campaign.pk,
        actor=actors.training_officer,
        opinions="事例が身近で分かりやすかったという意見が多かった。",
        effectiveness="理解度確認の平均点が合格点を上回り、全従業者が修了した。教育は有効だった。",
        improvements="誤答の多かった設問の解説を、次年度の教材に加える。",
        reported_to="代表取締役",
        reported_on=closing_day + timedelta(days=5),
    )
    services.approve_report(
        report.pk, actor=actors.privacy_manager, today=closing_day + timedelta(days=6)
    )


def _running_campaign(
    random: Random, cycle: Cycle, course: Course, actors: Actors, today: date
) -> Campaign:
    starts_on = max(cycle.starts_on + timedelta(days=1), today - timedelta(days=20))
    ends_on = min(cycle.ends_on, starts_on + timedelta(days=WINDOW_DAYS + 10))
    campaign = _open(cycle, course, actors, starts_on=starts_on, ends_on=ends_on)
    services.apply_dated_rules(campaign.pk, actor=None, today=today)
    Session.objects.create(
        campaign=campaign,
        held_on=min(ends_on, today + timedelta(days=7)),
        place="本社 大会議室",
        lecturer=campaign.lecturer,
        is_make_up=True,
    )
    held = campaign.records.open().order_by("pk").select_related("department")
    through, begun, failed = [], [], []
    own = {face.employee_number for face in company.KNOWN_PEOPLE}
    for record in held:
        late = record.department.code == company.LATE_DEPARTMENT_CODE
        chance = random.random()
        share = LATE_DONE_SHARE if late else DONE_SHARE
        if record.employee_number in own:
            continue  # whoever tries the demo still has the training before them
        if chance < share:
            through.append(record)
        elif chance < share + IN_PROGRESS_SHARE:
            begun.append(record)
        elif chance < share + IN_PROGRESS_SHARE + FAIL_SHARE:
            failed.append(record)
    _carry_through(random, campaign, through, None, actors, until=today)
    for record in begun:
        record.status = RecordStatus.IN_PROGRESS
    for record in failed:
        record.status, record.failures = RecordStatus.FAILED, 1
    update_rows(begun + failed, ["status", "failures"])
    _sit(random, campaign, failed, score=50)
    FollowUp.objects.bulk_create(
        FollowUp(
            record=record,
            kind=FollowUpKind.REMINDER,
            done_on=today - timedelta(days=2),
            result="部門管理者を通じて再受験を依頼した。",
            done_by=actors.training_officer,
        )
        for record in failed[:5]
    )
    return campaign


def _carry_through(
    random: Random,
    campaign: Campaign,
    records: list[TrainingRecord],
    session: Session | None,
    actors: Actors,
    *,
    until: date,
) -> None:
    days = max(1, (until - campaign.starts_on).days)
    on_paper = []
    online = []
    for record in records:
        day = campaign.starts_on + timedelta(days=int(days * random.betavariate(1.6, 1.9)))
        paper = record.employee_number.startswith("H") or random.random() < PAPER_SHARE
        record.status = RecordStatus.PASSED
        record.attended_on = record.passed_on = day
        record.score = random.choice((80, 80, 90, 90, 90, 100, 100))
        record.failures = 1 if not paper and random.random() < FAIL_SHARE else 0
        if paper:
            record.method, record.comprehension = Method.CLASSROOM, Comprehension.TEST
            record.lecturer, record.session = campaign.lecturer, session
            record.logged_by, record.logged_at = actors.training_officer, _at(day, 17)
            if session:
                record.attended_on = record.passed_on = session.held_on
            on_paper.append(record)
        else:
            record.method, record.comprehension = Method.E_LEARNING, Comprehension.TEST
            record.acknowledged_at = _at(day, random.randrange(8, 20))
            online.append(record)
    update_rows(
        records,
        [
            *("status", "attended_on", "passed_on", "score", "failures", "method"),
            *("comprehension", "lecturer", "session", "logged_by", "logged_at", "acknowledged_at"),
        ],
    )
    _sit(random, campaign, [record for record in online if record.failures], score=60)
    _sit(random, campaign, online)


def _sit(
    random: Random, campaign: Campaign, records: list[TrainingRecord], *, score: int | None = None
) -> None:
    """Write the attempts behind the first of `records`; with `score`, failed ones."""
    questions = list(campaign.questions.order_by("position"))
    attempts = []
    for record in records[:MAX_ATTEMPTS]:
        reached = record.score if score is None else score
        number = 1 if score is not None else record.failures + 1
        drawn = random.sample(questions, campaign.question_count or len(questions))
        right = round(len(drawn) * (reached or 0) / 100)
        # Later questions are the harder ones: they are what people get wrong.
        wrong = {
            question.pk
            for question in sorted(drawn, key=lambda q: q.position * random.random())[right:]
        }
        day = record.passed_on or campaign.starts_on + timedelta(days=3)
        attempts.append(
            Attempt(
                record=record,
                number=number,
                started_at=_at(day, 8 + number),
                submitted_at=_at(day, 8 + number) + timedelta(minutes=12),
                paper=[
                    {"question": q.pk, "order": list(range(len(q.content["choices"])))}
                    for q in drawn
                ],
                answers={str(q.pk): _answer(q.content["choices"], q.pk in wrong) for q in drawn},
                score=reached,
                is_passed=score is None,
            )
        )
    create_rows(attempts)


def _answer(choices: list[dict], wrong: bool) -> list[int]:
    right = [n for n, choice in enumerate(choices) if choice["correct"]]
    if not wrong:
        return right
    others = [n for n in range(len(choices)) if n not in right]
    return others[:1]


def fill_up(*, rows: int, actor: User) -> None:
    """Add finished campaigns until there are `rows` training records; for measuring only.

    They are copies of real closed campaigns, made by the database itself and without entries in
    the journal.
    """
    sources = list(Campaign.objects.filter(status=CampaignStatus.CLOSED).order_by("starts_on"))
    count, copy = TrainingRecord.objects.count(), 0
    while count < rows:
        source = sources[copy % len(sources)]
        copy += 1
        campaign = Campaign.objects.create(
            cycle=source.cycle,
            course=source.course,
            course_version=source.course_version,
            title=f"{source.title} 追加{copy}",
            starts_on=source.starts_on,
            ends_on=source.ends_on,
            status=CampaignStatus.OPEN,
            opened_at=source.opened_at,
            opened_by=actor,
            population_on=source.population_on,
        )
        count += _copy_records(source, campaign, limit=rows - count)
        Campaign.objects.filter(pk=campaign.pk).update(
            status=CampaignStatus.CLOSED, closed_at=source.closed_at, closed_by=actor
        )


def _copy_records(source: Campaign, target: Campaign, *, limit: int) -> int:
    """Copy the population of `source` in one statement; gives the number of rows."""
    own = {"id", "campaign", "session", "import_run", "replaces"}
    quote = connection.ops.quote_name
    table = quote(TrainingRecord._meta.db_table)
    names = [str(it.column) for it in TrainingRecord._meta.concrete_fields if it.name not in own]
    columns = ", ".join(map(quote, names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (campaign_id, {columns}) "  # noqa: S608 - names of our own
            f"SELECT %s, {columns} FROM {table} "
            "WHERE campaign_id = %s AND status <> %s ORDER BY id LIMIT %s",
            [target.pk, source.pk, RecordStatus.VOID, limit],
        )
        return cursor.rowcount
