"""Rules over made-up duties, and rows of the ledger."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import factory
from django.contrib.contenttypes.models import ContentType
from factory.django import DjangoModelFactory

from pms.notifications.services import notify
from pms.organization.models import Person, Site
from pms.reminders.choices import TOLD_STATES, ReminderState
from pms.reminders.models import Reminder
from pms.reminders.rules import (
    Rule,
    Step,
    Subject,
    before,
    for_manager,
    weekly_after,
)
from tests.organization.factories import PersonFactory

STEPS = (before(14), before(7), before(1), weekly_after(7))
ALSO_MANAGER = (*STEPS, *for_manager(before(1), weekly_after(7)))


def noon(day: date) -> datetime:
    """3 o'clock UTC is noon in Tokyo."""
    return datetime.combine(day, time(3), UTC)


def duty(
    person: Person,
    due_on: date,
    *,
    arose_on: date = date(2020, 4, 1),
    object_id: int = 1,
    title: Any = "安全管理の点検",
) -> Subject:
    """An open duty."""
    return Subject(
        object_id=object_id,
        person_id=person.pk,
        due_on=due_on,
        arose_on=arose_on,
        title=title,
        url=f"/duties/{object_id}/",
        list_url="/duties/",
    )


def rule_of(
    *subjects: Subject, steps: Sequence[Step] = STEPS, name: str = "test.duty", **facts: Any
) -> Rule:
    """A rule with these duties, whatever the day; `facts` as `Rule` has them."""
    return Rule(
        name=name,
        label="点検",
        model="organization.Site",
        steps=tuple(steps),
        subjects=lambda today: subjects,
        **facts,
    )


class ReminderFactory(DjangoModelFactory):
    """Somebody with an account was told on September 16th 2026, a fortnight before the last day."""

    rule = "training.open"
    content_type = factory.LazyFunction(lambda: ContentType.objects.get_for_model(Site))
    object_id = factory.Sequence(lambda number: number + 1)
    person = factory.SubFactory(PersonFactory, with_account=True)
    due_on = date(2026, 9, 30)
    step = "before:14"
    title = "個人情報保護教育"
    planned_on = date(2026, 9, 16)
    told_on = factory.LazyAttribute(lambda it: it.planned_on if it.state in TOLD_STATES else None)
    state = ReminderState.TOLD
    told_through = None

    class Meta:
        model = Reminder

    class Params:
        overtaken = factory.Trait(state=ReminderState.OVERTAKEN)
        through = factory.Trait(state=ReminderState.THROUGH_MANAGER)
        untold = factory.Trait(state=ReminderState.UNTOLD, reason="nobody")

    @factory.lazy_attribute
    def notification(self) -> Any:
        """The digest that said so."""
        if self.state not in TOLD_STATES:
            return None
        reader = self.told_through if self.state == ReminderState.THROUGH_MANAGER else self.person
        return notify(
            [reader.user],
            kind="reminders.digest",
            key=f"digest:{self.told_on}:{self.object_id}",
            url="/",
            now=noon(self.told_on),
            facts={"groups": [], "count": 1, "home": "/"},
            is_duty=True,
        )[0]
