"""Training, in states that the services made: a campaign that is open was opened."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import factory
from factory.django import DjangoModelFactory

from pms.cycles.models import Cycle
from pms.organization.models import Person
from pms.training import services
from pms.training.choices import (
    ExcuseReason,
    ExcuseStatus,
    FollowUpKind,
    Method,
    QuestionKind,
    RecordStatus,
    Topic,
)
from pms.training.models import (
    Attempt,
    Campaign,
    Choice,
    Course,
    CourseVersion,
    Excuse,
    FollowUp,
    PlanItem,
    Question,
    Session,
    TrainingPlan,
    TrainingRecord,
)
from tests.accounts.factories import UserFactory
from tests.cycles.factories import CycleFactory
from tests.organization.factories import PersonFactory

# The campaign's window is September 2026, in the fiscal year 2026; it is opened on its first day.
STARTS_ON, ENDS_ON = date(2026, 9, 1), date(2026, 9, 30)
CLOSING_DAY = date(2026, 10, 15)


def at(day: date, hour: int = 3) -> datetime:
    """A moment of `day`: 3 o'clock UTC is noon in Tokyo."""
    return datetime.combine(day, time(hour), UTC)


def record_of(campaign: Campaign, person: Person) -> TrainingRecord:
    """The record of `person` in `campaign` that counts."""
    return campaign.records.population().get(person=person)


class CourseFactory(DjangoModelFactory):
    """An annual course without material.

    `published=True` gives it a published version on all four topics, `questions=5` five questions
    of which the first answer is the right one, going round the topics.
    """

    code = factory.Sequence("C{:03}".format)
    title = factory.Sequence("研修{}".format)

    class Meta:
        model = Course
        skip_postgeneration_save = True

    @factory.post_generation
    def published(course: Course, create: bool, extracted: bool, **_kwargs: Any) -> None:  # noqa: N805
        """Add a published version."""
        if extracted:
            CourseVersionFactory(course=course, published=True)

    @factory.post_generation
    def questions(course: Course, create: bool, extracted: int | None, **_kwargs: Any) -> None:  # noqa: N805
        """Add as many questions."""
        topics = list(Topic)
        for place in range(extracted or 0):
            QuestionFactory(course=course, topic=topics[place % len(topics)])


class CourseVersionFactory(DjangoModelFactory):
    """Material in preparation, on all four topics; `published=True` since April 2020."""

    course = factory.SubFactory(CourseFactory)
    number = factory.LazyAttribute(lambda it: it.course.versions.count() + 1)
    text = "# 個人情報保護"
    covers_policy = covers_importance = covers_roles = covers_consequences = True

    class Meta:
        model = CourseVersion

    class Params:
        published = factory.Trait(published_on=date(2020, 4, 1))


class QuestionFactory(DjangoModelFactory):
    """A question with one correct answer: the first of three.

    `choices=[("text", True), …]` sets the answers.
    """

    course = factory.SubFactory(CourseFactory)
    code = factory.Sequence("Q{:03}".format)
    kind = QuestionKind.SINGLE
    topic = Topic.POLICY
    text = factory.Sequence("問{}: 正しいものはどれですか。".format)

    class Meta:
        model = Question
        skip_postgeneration_save = True

    @factory.post_generation
    def choices(
        question: Question,  # noqa: N805
        create: bool,
        extracted: Sequence[tuple[str, bool]] | None,
        **_kwargs: Any,
    ) -> None:
        """Add the answers."""
        answers = extracted or [("正しい", True), ("誤り", False), ("これも誤り", False)]
        for position, (text, is_correct) in enumerate(answers, start=1):
            Choice.objects.create(
                question=question, position=position, text=text, is_correct=is_correct
            )


class PlanItemFactory(DjangoModelFactory):
    """A line of the plan: the annual course in September."""

    plan = factory.SubFactory("tests.training.factories.PlanFactory", item=None)
    course = factory.SubFactory(CourseFactory)
    target = "全従業者"
    planned_month = factory.LazyAttribute(lambda it: it.plan.cycle.starts_on.replace(month=9))

    class Meta:
        model = PlanItem


class PlanFactory(DjangoModelFactory):
    """A draft of the year's plan with one line; `item__course=` says for which course.

    `submitted=True` waits for approval; `approved=True` was approved on the day after it was made.
    """

    cycle = factory.SubFactory(CycleFactory)
    version = factory.LazyAttribute(lambda it: it.cycle.training_plans.count() + 1)
    purpose = "全員が自らの役割を理解する。"
    created_on = factory.LazyAttribute(lambda it: it.cycle.starts_on)
    created_by = factory.SubFactory(UserFactory)
    item = factory.RelatedFactory(PlanItemFactory, factory_related_name="plan")

    class Meta:
        model = TrainingPlan
        skip_postgeneration_save = True

    @factory.post_generation
    def submitted(plan: TrainingPlan, create: bool, extracted: bool, **_kwargs: Any) -> None:  # noqa: N805
        """Ask for approval."""
        if extracted:
            services.submit_plan(plan.pk, actor=plan.created_by)
            plan.refresh_from_db()

    @factory.post_generation
    def approved(plan: TrainingPlan, create: bool, extracted: bool, **_kwargs: Any) -> None:  # noqa: N805
        """Have somebody approve it."""
        if extracted:
            services.submit_plan(plan.pk, actor=plan.created_by)
            day = plan.cycle.starts_on.replace(day=2)
            services.approve_plan(plan.pk, actor=UserFactory(), today=day)
            plan.refresh_from_db()


class CampaignFactory(DjangoModelFactory):
    """A campaign in preparation: September 2026, pass mark 80, a course with five questions.

    `people=3` makes three people of its audience. `open=True` has its course planned and opens it
    on its first day (somebody is made if nobody is there); `closed=True` also has everybody pass
    on paper on its last day, and closes it in the middle of the next month. All through services.
    """

    cycle = factory.SubFactory(CycleFactory)
    course = factory.SubFactory(CourseFactory, published=True, questions=5)
    title = factory.LazyAttribute(lambda it: f"{it.cycle.name} 個人情報保護教育")
    starts_on = factory.LazyAttribute(lambda it: it.cycle.starts_on.replace(month=9))
    ends_on = factory.LazyAttribute(lambda it: it.starts_on.replace(day=30))
    pass_mark = 80

    class Meta:
        model = Campaign
        skip_postgeneration_save = True

    @factory.post_generation
    def people(campaign: Campaign, create: bool, extracted: int | None, **_kwargs: Any) -> None:  # noqa: N805
        """Make as many people."""
        PersonFactory.create_batch(extracted or 0)

    @factory.post_generation
    def open(campaign: Campaign, create: bool, extracted: bool, **_kwargs: Any) -> None:  # noqa: N805
        """Open it."""
        if extracted:
            open_campaign(campaign)

    @factory.post_generation
    def closed(campaign: Campaign, create: bool, extracted: bool, **_kwargs: Any) -> None:  # noqa: N805
        """Open it, carry everybody through, close it."""
        if extracted:
            open_campaign(campaign)
            pass_everybody(campaign)
            close_campaign(campaign)


def open_campaign(campaign: Campaign) -> None:
    """Have the course of `campaign` planned, if it is not, and open it on its first day."""
    if not campaign.audience_on(campaign.starts_on).exists():
        PersonFactory()
    plan_course(campaign.cycle, campaign.course)
    services.open_campaign(
        campaign.pk, actor=UserFactory(), today=campaign.starts_on, now=at(campaign.starts_on)
    )
    campaign.refresh_from_db()


def plan_course(cycle: Cycle, course: Course) -> TrainingPlan:
    """The approved plan of `cycle`, which has a line for `course`; revised if it must be."""
    held = TrainingPlan.objects.in_force(cycle).first()
    if held is None:
        return PlanFactory(cycle=cycle, item__course=course, approved=True)
    if held.items.filter(course=course).exists():
        return held
    draft = services.revise_plan(held.pk, actor=UserFactory(), today=held.approved_on)
    PlanItemFactory(plan=draft, course=course)
    services.submit_plan(draft.pk, actor=draft.created_by)
    return services.approve_plan(draft.pk, actor=UserFactory(), today=held.approved_on)


def pass_everybody(campaign: Campaign, *, score: int = 100) -> None:
    """Log for everybody who is open that they passed on paper on the last day."""
    rows = [
        services.Completion(
            number=number,
            employee_number=record.employee_number,
            attended_on=campaign.ends_on,
            method=Method.PAPER,
            score=score if campaign.pass_mark else None,
        )
        for number, record in enumerate(campaign.records.open(), start=1)
    ]
    planned = services.plan_completions(campaign, rows, today=campaign.ends_on)
    services.apply_completions(campaign.pk, planned, actor=UserFactory(), now=at(campaign.ends_on))


def close_campaign(campaign: Campaign) -> None:
    """Close `campaign` in the middle of the month after its last day."""
    closing_day = date(campaign.ends_on.year, campaign.ends_on.month + 1, 15)
    services.close_campaign(
        campaign.pk, actor=UserFactory(), today=closing_day, now=at(closing_day)
    )
    campaign.refresh_from_db()


class TrainingRecordFactory(DjangoModelFactory):
    """A new person's record, not started, in an open campaign.

    Traits, written as the services leave them: `in_progress`, `failed`, `passed`, `excused`,
    `void`. A person who was there at the opening has a record already: take `record_of`.
    """

    campaign = factory.SubFactory(CampaignFactory, open=True)
    person = factory.SubFactory(PersonFactory)
    employee_number = factory.SelfAttribute("person.employee_number")
    name = factory.SelfAttribute("person.full_name")
    kana = factory.SelfAttribute("person.full_kana")
    department = factory.LazyAttribute(lambda it: it.person.affiliations.get().department)
    employment_kind = factory.LazyAttribute(lambda it: it.person.affiliations.get().employment_kind)
    due_on = factory.SelfAttribute("campaign.ends_on")

    class Meta:
        model = TrainingRecord
        skip_postgeneration_save = True

    class Params:
        in_progress = factory.Trait(status=RecordStatus.IN_PROGRESS)
        failed = factory.Trait(
            status=RecordStatus.FAILED,
            attended_on=factory.SelfAttribute("campaign.starts_on"),
            method=Method.E_LEARNING,
            score=40,
            failures=1,
        )
        passed = factory.Trait(
            status=RecordStatus.PASSED,
            attended_on=factory.SelfAttribute("campaign.starts_on"),
            passed_on=factory.SelfAttribute("campaign.starts_on"),
            method=Method.E_LEARNING,
            score=90,
            acknowledged_at=factory.LazyAttribute(lambda it: at(it.campaign.starts_on)),
        )
        void = factory.Trait(status=RecordStatus.VOID, void_reason="人違い")
        excused = factory.Trait(
            status=RecordStatus.EXCUSED,
            excuse=factory.RelatedFactory(
                "tests.training.factories.ExcuseFactory",
                factory_related_name="record",
                approved=True,
            ),
        )


class AttemptFactory(DjangoModelFactory):
    """A running attempt; `failed=True` and `passed=True` are sent in."""

    record = factory.SubFactory(TrainingRecordFactory, in_progress=True)
    number = factory.LazyAttribute(lambda it: it.record.attempts.count() + 1)
    started_at = factory.LazyAttribute(lambda it: at(it.record.campaign.starts_on, it.number))
    paper = factory.LazyAttribute(
        lambda it: [
            {"question": question.pk, "order": list(range(len(question.content["choices"])))}
            for question in it.record.campaign.questions.all()
        ]
    )

    class Meta:
        model = Attempt

    class Params:
        failed = factory.Trait(
            submitted_at=factory.SelfAttribute("started_at"), score=0, is_passed=False
        )
        passed = factory.Trait(
            submitted_at=factory.SelfAttribute("started_at"),
            score=100,
            is_passed=True,
            answers=factory.LazyAttribute(
                lambda it: {str(question["question"]): [0] for question in it.paper}
            ),
        )


class ExcuseFactory(DjangoModelFactory):
    """A request to be excused; `approved=True` and `refused=True` are decided.

    The record's status is the record's matter.
    """

    record = factory.SubFactory(TrainingRecordFactory)
    reason = ExcuseReason.OTHER
    note = "海外の拠点に長期滞在しているため。"
    requested_by = factory.SubFactory(UserFactory)
    requested_at = factory.LazyAttribute(lambda it: at(it.record.campaign.starts_on))

    class Meta:
        model = Excuse

    class Params:
        decided = factory.Trait(
            decided_by=factory.SubFactory(UserFactory),
            decided_at=factory.SelfAttribute("requested_at"),
        )
        approved = factory.Trait(decided=True, status=ExcuseStatus.APPROVED)
        refused = factory.Trait(
            decided=True, status=ExcuseStatus.REFUSED, decision_note="補講で受講できるため。"
        )


class FollowUpFactory(DjangoModelFactory):
    """A reminder on the campaign's last day."""

    record = factory.SubFactory(TrainingRecordFactory)
    kind = FollowUpKind.REMINDER
    done_on = factory.LazyAttribute(lambda it: it.record.campaign.ends_on)
    result = "今週中に受講するとのこと。"
    done_by = factory.SubFactory(UserFactory)

    class Meta:
        model = FollowUp


class SessionFactory(DjangoModelFactory):
    """A class-room hour on the campaign's first day."""

    campaign = factory.SubFactory(CampaignFactory)
    held_on = factory.SelfAttribute("campaign.starts_on")
    place = "大会議室"

    class Meta:
        model = Session
