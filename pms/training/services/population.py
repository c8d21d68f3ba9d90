"""Who belongs to an open campaign: frozen at the opening, then moved by dated rules only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from pms.accounts.models import User
from pms.core.bulk import create_rows, update_rows
from pms.history.services import record_created, record_updated
from pms.organization.models import Leave, Person
from pms.organization.models.people import AffiliationQuerySet
from pms.training.choices import (
    OPEN_STATUSES,
    CourseKind,
    ExcuseReason,
    ExcuseStatus,
    JoinerRule,
    RecordStatus,
)
from pms.training.deadlines import Span, absence_on, due_again, due_day, is_excused_by
from pms.training.models import Attempt, Campaign, Excuse, TrainingRecord

BATCH = 2_000
IN_FORCE = (ExcuseStatus.REQUESTED, ExcuseStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class RulesResult:
    """What the dated rules did in all campaigns that they were applied to; numbers of people.

    Attributes:
        added: got a record because they joined, or came into the audience, meanwhile.
        excused: excused because they left, or are on leave until after the end.
        returned: their excuse ended, and the training is due again.
        elsewhere: joined meanwhile and are left to the training on joining.
    """

    added: int = 0
    excused: int = 0
    returned: int = 0
    elsewhere: int = 0


@transaction.atomic
def apply_dated_rules(
    campaign_id: int | None = None, *, today: date, actor: User | None = None
) -> RulesResult:
    """Bring the records of open campaigns in line with the personnel dates of `today`.

    Joiners and others who came into the audience get a record; leavers and people on leave until
    after their due day are excused by rule; an excuse whose reason or last day is over ends, and
    the record is open again as it was. Somebody who moves keeps the department of the snapshot.
    Applying it again on the same day changes nothing.

    Args:
        campaign_id: one campaign; None means all that are open. Any other state: nothing happens.
        today: the day to judge by, in the organization's time zone.
        actor: who asked for it; None when the timer did.
    """
    campaigns = Campaign.objects.open().select_for_update(of=("self",)).select_related("course")
    if campaign_id is not None:
        campaigns = campaigns.filter(pk=campaign_id)
    held = list(campaigns.order_by("pk"))
    if not held:
        return RulesResult()
    added = elsewhere = 0
    for campaign in held:
        wanted, left_out = _newcomers(campaign, today)
        added += len(add_people(campaign, wanted, actor=actor, is_opening=False))
        elsewhere += left_out.count()
    changes = judge_absences(held, today=today, actor=actor)
    return RulesResult(added, changes.excused, changes.returned, elsewhere)


def add_people(
    campaign: Campaign, audience: AffiliationQuerySet, *, actor: User | None, is_opening: bool
) -> list[TrainingRecord]:
    """Give a record to everyone of `audience`, with the facts of that day, and journal them.

    Should somebody have two main affiliations on the day, the later one counts: one row a person.
    """
    facts = audience.order_by("person_id", "starts_on").values_list(
        "person_id",
        "person__employee_number",
        "person__family_name",
        "person__given_name",
        "person__family_kana",
        "person__given_kana",
        "person__joined_on",
        "starts_on",
        "department_id",
        "employment_kind",
    )
    is_on_joining = campaign.course.kind == CourseKind.NEW_HIRE
    rows: dict[int, TrainingRecord] = {}
    for person, number, family, given, kana, given_kana, joined, since, department, kind in facts:
        rows[person] = TrainingRecord(
            campaign_id=campaign.pk,
            person_id=person,
            employee_number=number,
            name=f"{family} {given}".strip(),
            kana=f"{kana} {given_kana}".strip(),
            department_id=department,
            employment_kind=kind,
            due_on=due_day(
                joined if is_opening else max(joined, since),
                starts_on=campaign.starts_on,
                ends_on=campaign.ends_on,
                days=campaign.joiner_days,
                is_on_joining=is_on_joining,
            ),
        )
    created = list(rows.values())
    create_rows(created)
    record_created(created, actor=actor, event="training.person_added")
    return created


def _newcomers(campaign: Campaign, today: date) -> tuple[AffiliationQuerySet, AffiliationQuerySet]:
    """Who is in the audience and has no record: whom to add, and whom to leave to the training on
    joining. After the last day nobody comes in any more, but who was forgotten before is found."""
    day = min(today, campaign.ends_on)
    # Nearly everybody has a record on nearly every day. So who has none is found first, by the
    # index `trainingrecord_one_per_person`, whose condition is named here as it stands there; of
    # those few people only the affiliations are read, all of them, however late they came in.
    known = campaign.records.exclude(status=RecordStatus.VOID).order_by().values("person")
    unknown = Person.objects.employed_on(day).exclude(pk__in=known).order_by().values("pk")
    missing = campaign.audience_on(day).filter(person__in=unknown)
    if campaign.joiner_rule == JoinerRule.ADD:
        return missing, missing.none()
    joined_meanwhile = Q(person__joined_on__gt=campaign.population_on)
    return missing.exclude(joined_meanwhile), missing.filter(joined_meanwhile)


def untrained_joiners(campaign: Campaign, today: date) -> AffiliationQuerySet:
    """Who was left to the training on joining and is in none of this year's."""
    elsewhere = TrainingRecord.objects.population().filter(
        campaign__cycle=campaign.cycle_id, campaign__course__kind=CourseKind.NEW_HIRE
    )
    left_out = _newcomers(campaign, today)[1]
    return left_out.exclude(person__in=elsewhere.order_by().values("person"))


@dataclass(slots=True)
class _Changes:
    """What the rules on absence will write."""

    at: datetime
    new: list[Excuse] = field(default_factory=list)
    prolonged: list[tuple[Excuse, date | None]] = field(default_factory=list)
    ended: list[Excuse] = field(default_factory=list)
    leaving: list[TrainingRecord] = field(default_factory=list)
    returning: list[tuple[TrainingRecord, date]] = field(default_factory=list)

    @property
    def excused(self) -> int:
        return len(self.leaving)

    @property
    def returned(self) -> int:
        return len(self.returning)

    def excuse(self, it: TrainingRecord, reason: str, until: date | None) -> None:
        self.new.append(
            Excuse(
                record=it,
                reason=reason,
                until=until,
                by_rule=True,
                status=ExcuseStatus.APPROVED,
                requested_at=self.at,
                decided_at=self.at,
            )
        )


def judge_absences(campaigns: Iterable[Campaign], *, today: date, actor: User | None) -> _Changes:
    """Excuse who left or is away until after the due day; bring back whose excuse is over."""
    changes = _Changes(at=timezone.make_aware(datetime.combine(today, time.min)))
    days = {campaign.pk: campaign.joiner_days for campaign in campaigns}
    records = _absent_or_excused(days, today)
    excuses = {
        excuse.record_id: excuse
        for excuse in Excuse.objects.filter(record__campaign__in=days, status__in=IN_FORCE).only(
            "record", "reason", "until", "by_rule", "status"
        )
    }
    leaves = _leaves(records, today)
    for it in records:
        absence = absence_on(leaves[it.person_id], today)
        wish = _rule_for(it, it.person, absence, today)
        _judge(changes, it, excuses.get(it.pk), wish, today=today, days=days[it.campaign_id])
    _write(changes, actor)
    return changes


def _absent_or_excused(campaign_ids: Iterable[int], today: date) -> list[TrainingRecord]:
    """Records that the rules may have to say something about, held; with what judging asks for."""
    # Both are few, and gathered once, instead of asked for each person.
    gone = Person.objects.filter(left_on__lt=today).order_by().values("pk")
    on_leave = Leave.objects.on(today).order_by().values("person")
    return list(
        TrainingRecord.objects.filter(
            Q(person__in=gone) | Q(person__in=on_leave) | Q(status=RecordStatus.EXCUSED),
            campaign__in=list(campaign_ids),
            status__in=(*OPEN_STATUSES, RecordStatus.EXCUSED),
        )
        .select_related("person")
        .only(
            *("campaign", "person__left_on", "employee_number", "name"),
            *("status", "due_on", "failures"),
        )
        .select_for_update(of=("self",))
        .order_by("pk")
    )


def _leaves(records: Iterable[TrainingRecord], today: date) -> Mapping[int, list[Span]]:
    """Leaves by person, as far back as the earliest due day."""
    since = min((it.due_on for it in records), default=today)
    rows = Leave.objects.overlapping(min(since, today), None)
    leaves: dict[int, list[Span]] = defaultdict(list)
    for person, starts_on, ends_on in rows.values_list("person_id", "starts_on", "ends_on"):
        leaves[person].append((starts_on, ends_on))
    return leaves


def _rule_for(
    it: TrainingRecord, person: Person, absence: Span | None, today: date
) -> tuple[str, date | None] | None:
    if person.left_on and person.left_on < today:
        return ExcuseReason.LEFT, None
    if absence and is_excused_by(absence, it.due_on):
        return ExcuseReason.LEAVE, absence[1]
    return None


def _judge(
    changes: _Changes,
    it: TrainingRecord,
    excuse: Excuse | None,
    wish: tuple[str, date | None] | None,
    *,
    today: date,
    days: int,
) -> None:
    """Compare what is in force for one record with what the rules want."""
    if it.status != RecordStatus.EXCUSED:
        if wish:
            if excuse:
                changes.ended.append(excuse)
            changes.excuse(it, *wish)
            changes.leaving.append(it)
        return
    if excuse is None or not _is_over(excuse, wish, today):
        if excuse and excuse.by_rule and wish and excuse.until != wish[1]:
            changes.prolonged.append((excuse, wish[1]))
        return
    changes.ended.append(excuse)
    if wish:
        changes.excuse(it, *wish)
        return
    last = excuse.until
    back_on = last + timedelta(days=1) if last and last < today else today
    changes.returning.append((it, due_again(it.due_on, back_on=back_on, days=days)))


def _is_over(excuse: Excuse, wish: tuple[str, date | None] | None, today: date) -> bool:
    """Whether an approved excuse holds no longer: its rule by the facts, another by its date."""
    if excuse.by_rule:
        return wish is None or wish[0] != excuse.reason
    return excuse.until is not None and excuse.until < today


def _write(changes: _Changes, actor: User | None) -> None:
    end_excuses(changes.ended, at=changes.at, actor=actor)
    for excuse, until in changes.prolonged:
        record_updated([(excuse, {"until": (excuse.until, until)})], actor=actor)
        Excuse.objects.filter(pk=excuse.pk).update(until=until)
    Excuse.objects.bulk_create(changes.new, batch_size=BATCH)
    record_created(changes.new, actor=actor, event="training.excused_by_rule")
    _move(changes.leaving, RecordStatus.EXCUSED, actor)
    _bring_back(changes.returning, actor)


def end_excuses(excuses: list[Excuse], *, at: datetime, actor: User | None) -> None:
    """End excuses and requests in bulk, with the journal."""
    if not excuses:
        return
    Excuse.objects.filter(pk__in=[it.pk for it in excuses]).update(
        status=ExcuseStatus.ENDED, ended_at=at
    )
    record_updated(
        (
            (it, {"status": (it.status, ExcuseStatus.ENDED), "ended_at": (None, at)})
            for it in excuses
        ),
        actor=actor,
        event="training.excuse_ended",
    )


def lift_excuses(records: Iterable[TrainingRecord], *, at: datetime, actor: User) -> None:
    """End what excuses people who have passed, or asks to."""
    held = Excuse.objects.filter(record__in=[it.pk for it in records], status__in=IN_FORCE)
    end_excuses(list(held), at=at, actor=actor)


def _move(records: list[TrainingRecord], status: RecordStatus, actor: User | None) -> None:
    if not records:
        return
    TrainingRecord.objects.filter(pk__in=[it.pk for it in records]).update(status=status)
    record_updated(
        ((it, {"status": (it.status, status)}) for it in records),
        actor=actor,
        event="training.person_excused",
    )


def _bring_back(returning: list[tuple[TrainingRecord, date]], actor: User | None) -> None:
    if not returning:
        return
    changes = []
    begun = begun_tests(it for it, _ in returning)
    for it, due_on in returning:
        status = status_by_facts(it.failures, it.pk in begun)
        changes.append((it, {"status": (it.status, status), "due_on": (it.due_on, due_on)}))
        it.status, it.due_on = status, due_on
    update_rows([it for it, _ in returning], ["status", "due_on"])
    record_updated(changes, actor=actor, event="training.person_returned")


def begun_tests(records: Iterable[TrainingRecord]) -> set[int]:
    """Numbers of those records whose test is running, or passed and not confirmed yet."""
    attempts = Attempt.objects.filter(record__in=[it.pk for it in records])
    begun = attempts.filter(Q(submitted_at__isnull=True) | Q(is_passed=True))
    return set(begun.values_list("record_id", flat=True))


def status_by_facts(failures: int, is_begun: bool) -> RecordStatus:
    """Where somebody who is not through stands by what they did: what an excuse only covers."""
    if is_begun:
        return RecordStatus.IN_PROGRESS
    return RecordStatus.FAILED if failures else RecordStatus.NOT_STARTED
