"""Who hears of what happens to an action, in the transaction in which it happens."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.corrective_actions.models import Acceptance, CorrectiveAction, Extension, Measure
from pms.cycles.services.telling import who_may
from pms.notifications.services import notify
from pms.organization.models import Appointment

from .locking import round_of


def _accounts(*keys: int | None, but: Any = None) -> list[User]:
    wanted = {key for key in keys if key} - {getattr(but, "pk", None)}
    return list(User.objects.filter(pk__in=wanted).order_by("pk"))


def _tell(
    recipients: Iterable[User],
    kind: str,
    action: CorrectiveAction,
    *,
    key: object = "",
    now: datetime,
    is_duty: bool = False,
    **facts: Any,
) -> None:
    notify(
        recipients,
        kind=kind,
        key=f"{kind}:{action.pk}:{key}",
        url=action.get_absolute_url(),
        facts={"action": action, **facts},
        is_duty=is_duty,
        now=now,
    )


def tell_owner(action: CorrectiveAction, *, actor: Any, now: datetime) -> None:
    """Somebody answers for an action now."""
    people = _accounts(action.owner.user_id, but=actor)
    _tell(people, "corrective_actions.raised", action, key=action.owner_id, now=now, is_duty=True)


def tell_approvers(action: CorrectiveAction, *, now: datetime) -> None:
    """A plan waits for the post that approves it."""
    current = round_of(action)
    needed = "approve_grave_plan" if current.needs_top_management else "approve_plan"
    people = who_may(
        f"corrective_actions.{needed}",
        now,
        but=(current.submitted_by_id, action.owner.user_id),
    )
    _tell(
        people,
        "corrective_actions.plan_submitted",
        action,
        key=now.isoformat(),
        now=now,
        is_duty=True,
    )


def tell_decision(action: CorrectiveAction, *, actor: Any, now: datetime) -> None:
    """Owner and submitter hear whether the plan was approved; so do the measures' owners."""
    current = round_of(action)
    people = {action.owner.user_id, current.submitted_by_id}
    if current.is_approved:
        people |= set(current.measures.values_list("owner__user", flat=True))
        _tell(
            _accounts(*people, but=actor),
            "corrective_actions.plan_approved",
            action,
            key=now.isoformat(),
            now=now,
            is_duty=True,
        )
    else:
        _tell(
            _accounts(*people, but=actor),
            "corrective_actions.plan_returned",
            action,
            key=now.isoformat(),
            now=now,
            is_duty=True,
            reason=current.return_comment,
        )


def tell_checker(action: CorrectiveAction, *, actor: Any, now: datetime) -> None:
    """Somebody is asked to look at the effect."""
    current = round_of(action)
    if current.checker:
        people = _accounts(current.checker.user_id, but=actor)
        key = f"{current.pk}:{current.checker_id}"
        _tell(
            people,
            "corrective_actions.check_planned",
            action,
            key=key,
            now=now,
            is_duty=True,
            round=current,
        )


def tell_new_measure_owner(measure: Measure, *, actor: Any, now: datetime) -> None:
    """Somebody else carries out a measure now."""
    people = _accounts(measure.owner.user_id, but=actor)
    key = f"{measure.pk}:{measure.owner_id}"
    action = measure.round.action
    _tell(
        people,
        "corrective_actions.measure_given",
        action,
        key=key,
        now=now,
        is_duty=True,
        measure=measure,
    )


def tell_verdict(action: CorrectiveAction, checked: Any, *, actor: Any, now: datetime) -> None:
    """The owner and whoever closes actions hear what the check brought."""
    closers = who_may("corrective_actions.close_correctiveaction", now, but=(actor.pk,))
    people = {it.pk: it for it in [*_accounts(action.owner.user_id, but=actor), *closers]}
    _tell(
        people.values(),
        "corrective_actions.effect_checked",
        action,
        key=checked.pk,
        now=now,
        round=checked,
    )


def tell_deciders(extension: Extension, *, now: datetime) -> None:
    """Somebody else has to decide on a later date."""
    owner = extension.measure.owner if extension.measure else extension.action.owner
    people = who_may(
        "corrective_actions.decide_extension", now, but=(extension.asked_by_id, owner.user_id)
    )
    _tell(
        people,
        "corrective_actions.extension_requested",
        extension.action,
        key=extension.pk,
        now=now,
        is_duty=True,
        extension=extension,
        subject=str(extension.measure or extension.action),
    )


def tell_who_asked(extension: Extension, *, now: datetime) -> None:
    """What was decided, to who asked and to whoever answers for it."""
    owner = extension.measure.owner if extension.measure else extension.action.owner
    keys = {extension.asked_by_id, owner.user_id} - {extension.decided_by_id}
    _tell(
        _accounts(*keys),
        "corrective_actions.extension_decided",
        extension.action,
        key=extension.pk,
        now=now,
        extension=extension,
        subject=str(extension.measure or extension.action),
    )


def tell_acceptance(acceptance: Acceptance, *, actor: Any, now: datetime) -> None:
    """Owner and privacy manager hear that a risk is accepted for a time."""
    action = acceptance.action
    people = _with_privacy_manager(action, now, but=actor)
    _tell(
        people,
        "corrective_actions.risk_accepted",
        action,
        key=acceptance.pk,
        now=now,
        acceptance=acceptance,
    )


def tell_reopened(acceptance: Acceptance, *, now: datetime) -> None:
    """The accepted time is over: owner and privacy manager go on."""
    action = acceptance.action
    people = _with_privacy_manager(action, now)
    _tell(
        people,
        "corrective_actions.reopened",
        action,
        key=acceptance.pk,
        now=now,
        is_duty=True,
        acceptance=acceptance,
    )


def _with_privacy_manager(action: CorrectiveAction, now: datetime, but: Any = None) -> list[User]:
    posts = Appointment.objects.holding(Role.PRIVACY_MANAGER, timezone.localdate(now))
    managers = posts.order_by().values_list("person__user", flat=True)
    return _accounts(action.owner.user_id, *managers, but=but)
