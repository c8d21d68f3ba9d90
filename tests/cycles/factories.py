"""Fiscal years, their plans, and the guideline."""

from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from pms.cycles.choices import Confidence, MilestoneStatus, Phase, PlanStatus
from pms.cycles.models import (
    Clause,
    Cycle,
    Extension,
    GuidelineEdition,
    Milestone,
    Objective,
    YearPlan,
    year_end,
)
from tests.accounts.factories import UserFactory
from tests.organization.factories import PersonFactory


class CycleFactory(DjangoModelFactory):
    """The fiscal year 2026 from April on, or that of `year=`; the same year is the same row."""

    name = factory.LazyAttribute(lambda it: f"{it.year}年度")
    starts_on = factory.LazyAttribute(lambda it: date(it.year, 4, 1))
    ends_on = factory.LazyAttribute(lambda it: year_end(it.starts_on))

    class Meta:
        model = Cycle
        django_get_or_create = ["starts_on"]

    class Params:
        year = 2026


class GuidelineEditionFactory(DjangoModelFactory):
    """An edition of one day, long before the one that is shipped; with another start, open."""

    code = factory.Sequence(lambda number: f"former-{number}")
    name = factory.LazyAttribute(lambda it: f"指針 {it.code}")
    name_en = factory.LazyAttribute(lambda it: f"Guideline {it.code}")
    starts_on = factory.Sequence(lambda number: date(1900, 1, 1) + timedelta(days=number))
    ends_on = factory.LazyAttribute(lambda it: it.starts_on if it.starts_on.year < 2000 else None)

    class Meta:
        model = GuidelineEdition


class ClauseFactory(DjangoModelFactory):
    """A clause whose source has been read, of an edition of its own."""

    edition = factory.SubFactory(GuidelineEditionFactory)
    position = factory.Sequence(lambda number: number + 1001)  # after those that are shipped
    code = factory.Sequence(lambda number: f"J.99.{number + 1}")
    title = factory.LazyAttribute(lambda it: f"項目 {it.code}")
    title_en = factory.LazyAttribute(lambda it: f"Item {it.code}")
    phase = Phase.PLAN
    title_confidence = Confidence.VERIFIED
    mapping_confidence = Confidence.SECONDARY

    class Meta:
        model = Clause


class YearPlanFactory(DjangoModelFactory):
    """A draft of the year 2026. Traits: `submitted`, `approved` on 2026-03-20."""

    cycle = factory.SubFactory(CycleFactory)
    created_on = date(2026, 3, 1)
    created_by = factory.SubFactory(UserFactory)

    class Meta:
        model = YearPlan

    class Params:
        submitted = factory.Trait(
            status=PlanStatus.SUBMITTED, submitted_by=factory.SelfAttribute("created_by")
        )
        approved = factory.Trait(
            submitted=True,
            status=PlanStatus.APPROVED,
            approved_on=date(2026, 3, 20),
            approved_by=factory.SubFactory(UserFactory),
        )


class MilestoneFactory(DjangoModelFactory):
    """A milestone of 2026 that is due on 30 September.

    Traits: `missed` on the day after, `done` on 20 September.
    """

    cycle = factory.SubFactory(CycleFactory)
    phase = Phase.DO
    title = factory.Sequence("節目{}".format)
    owner = factory.SubFactory(PersonFactory)
    due_on = date(2026, 9, 30)
    first_due_on = factory.SelfAttribute("due_on")

    class Meta:
        model = Milestone

    class Params:
        missed = factory.Trait(
            status=MilestoneStatus.MISSED,
            missed_on=factory.LazyAttribute(lambda it: it.due_on + timedelta(days=1)),
        )
        done = factory.Trait(
            status=MilestoneStatus.DONE,
            done_on=date(2026, 9, 20),
            result="済んだ。",
        )


class ExtensionFactory(DjangoModelFactory):
    """A request to move a milestone by a month, which waits."""

    milestone = factory.SubFactory(MilestoneFactory)
    old_due_on = factory.SelfAttribute("milestone.due_on")
    new_due_on = factory.LazyAttribute(lambda it: it.old_due_on + timedelta(days=30))
    reason = "講師の都合による。"
    asked_by = factory.SubFactory(UserFactory)
    asked_at = datetime(2026, 9, 1, 3, tzinfo=UTC)

    class Meta:
        model = Extension


class ObjectiveFactory(DjangoModelFactory):
    """An objective of 2026 that nobody has measured yet."""

    cycle = factory.SubFactory(CycleFactory)
    title = "漏えい等を年間0件にする"
    measure = "事故記録の件数"
    target = "0件"

    class Meta:
        model = Objective
