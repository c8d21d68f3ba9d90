"""Who hears of what happens to a plan, in the transaction in which it happens."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from pms.accounts.models import User
from pms.cycles.models import Extension, YearPlan
from pms.notifications.services import notify
from pms.organization.models import Appointment


def who_may(permission: str, now: datetime, *, but: tuple[Any, ...] = ()) -> list[User]:
    """The accounts of whoever holds a post that may do this on the day of `now`.

    Args:
        permission: e.g. "cycles.approve_yearplan".
        now: the moment.
        but: keys of accounts that are left out, e.g. of who asks.
    """
    posts = Appointment.objects.allowing(permission, timezone.localdate(now)).order_by()
    people = posts.values("person")
    return list(User.objects.filter(person__in=people).exclude(pk__in=but).order_by("pk"))


def tell_approvers(plan: YearPlan, *, now: datetime) -> None:
    """Top management has a plan to approve."""
    notify(
        who_may("cycles.approve_yearplan", now, but=(plan.created_by_id, plan.submitted_by_id)),
        kind="cycles.plan_submitted",
        key=f"cycles.plan_submitted:{plan.pk}:{now.isoformat()}",
        url=plan.get_absolute_url(),
        facts={"plan": plan},
        is_duty=True,
        now=now,
    )


def tell_maker(plan: YearPlan, *, reason: str = "", now: datetime) -> None:
    """What became of the plan: in force, or sent back with a reason."""
    keys = {plan.created_by_id, plan.submitted_by_id or plan.created_by_id}
    makers = User.objects.filter(pk__in=keys).order_by("pk")
    facts = {"plan": plan, "reason": reason}
    url = plan.get_absolute_url()
    if plan.is_in_force:
        key = f"cycles.plan_approved:{plan.pk}"
        notify(makers, kind="cycles.plan_approved", key=key, url=url, facts=facts, now=now)
        return
    key = f"cycles.plan_returned:{plan.pk}:{now.isoformat()}"
    notify(
        makers,
        kind="cycles.plan_returned",
        key=key,
        url=url,
        facts=facts,
        is_duty=True,
        now=now,
    )


def tell_deciders(extension: Extension, *, now: datetime) -> None:
    """Somebody else has to decide on a later date."""
    notify(
        who_may("cycles.decide_extension", now, but=(extension.asked_by_id,)),
        kind="cycles.extension_requested",
        key=f"cycles.extension_requested:{extension.pk}",
        url=extension.get_absolute_url(),
        facts={"extension": extension, "milestone": extension.milestone},
        is_duty=True,
        now=now,
    )


def tell_who_asked(extension: Extension, *, now: datetime) -> None:
    """What was decided, to who asked and to who answers for the milestone."""
    owner = extension.milestone.owner
    keys = {extension.asked_by_id}
    if owner and owner.user_id:
        keys.add(owner.user_id)
    keys.discard(extension.decided_by_id or 0)
    notify(
        User.objects.filter(pk__in=keys).order_by("pk"),
        kind="cycles.extension_decided",
        key=f"cycles.extension_decided:{extension.pk}",
        url=extension.get_absolute_url(),
        facts={"extension": extension, "milestone": extension.milestone},
        now=now,
    )
