"""The law changes: versions of rules begin and end, and none is ever rewritten."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.history.context import as_actor
from pms.history.services import Action, record
from pms.incidents.models import ObligationRule


@transaction.atomic
@as_actor
def add_rule(
    *, actor: Any, today: date, instead_of: int | None = None, **words: Any
) -> ObligationRule:
    """Add a version of a rule that begins today or later.

    Cases that became known before are judged by what was in force then, so they stay as they are.

    Args:
        actor: who enters it.
        today: the day.
        instead_of: key of the version that it follows; one that still holds on the first day is
            ended on the day before.
        words: the fields of `ObligationRule`.

    Raises:
        DomainError: it begins in the past, a word is none that the engine knows, or another
            version holds on some of its days.
    """
    rule = ObligationRule(**words)
    if rule.valid_from < today:
        raise DomainError(
            {
                "valid_from": _(
                    "This day is over. A version that began in the past would assess cases again "
                    "that were assessed already; let it begin today or later."
                )
            }
        )
    if instead_of is not None:
        _make_room(instead_of, rule)
    rule.full_clean()
    rule.save()
    record("incidents.rule_added", rule, actor=actor, action=Action.CREATE)
    return rule


def _make_room(former_id: int, rule: ObligationRule) -> None:
    """End the version before, if it would share days with the new one."""
    former = ObligationRule.objects.select_for_update().get(pk=former_id)
    if former.code != rule.code or former.valid_from >= rule.valid_from:
        return
    if former.valid_to is None or former.valid_to >= rule.valid_from:
        former.valid_to = rule.valid_from - timedelta(days=1)
        former.save()


@transaction.atomic
@as_actor
def end_rule(
    rule_id: int, *, valid_to: date | None, actor: Any, today: date, reason: str
) -> ObligationRule:
    """Say on which day a version holds for the last time; without a day it holds on.

    Raises:
        DomainError: the day is before today, the version is over already, or another one holds
            after it.
    """
    rule = ObligationRule.objects.select_for_update().get(pk=rule_id)
    if rule.valid_to is not None and rule.valid_to < today:
        raise DomainError(_("“%(rule)s” is over already.") % {"rule": rule})
    if valid_to is not None and valid_to < today:
        raise DomainError({"valid_to": _("This day is over. Choose today or a later day.")})
    rule.valid_to = valid_to
    rule.full_clean()
    rule.save()
    record("incidents.rule_ended", rule, actor=actor, reason=reason)
    return rule


def version_before(rule: ObligationRule) -> ObligationRule | None:
    """The version that ends on the day before `rule` begins."""
    day = rule.valid_from - timedelta(days=1)
    return ObligationRule.objects.filter(code=rule.code, valid_to=day).first()


@transaction.atomic
@as_actor
def withdraw_rule(
    rule_id: int, *, holds_on: bool, actor: Any, today: date, reason: str
) -> ObligationRule:
    """Take back a version that has not begun: no case was judged by it.

    Args:
        rule_id: key of the version.
        holds_on: whether the version that ends on the day before holds on without an end again.
        actor: who takes it back.
        today: the day.
        reason: why; the journal keeps it with what the version said.

    Raises:
        DomainError: the version has begun.
    """
    rule = ObligationRule.objects.select_for_update().get(pk=rule_id)
    if rule.valid_from <= today:
        raise DomainError(
            _("“%(rule)s” has begun; cases may have been assessed by it. End it instead.")
            % {"rule": rule}
        )
    said = {"sentence": rule.sentence, "article": rule.article}
    record(
        "incidents.rule_withdrawn",
        rule,
        actor=actor,
        reason=reason,
        details=said,
        action=Action.DELETE,
    )
    before = version_before(rule)
    rule.delete()
    if holds_on and before is not None:
        before.valid_to = None
        before.full_clean()
        before.save()
        record("incidents.rule_ended", before, actor=actor, reason=reason)
    return rule
