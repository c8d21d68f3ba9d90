"""Preparing a campaign, changing it, giving it more time."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.core.exceptions import DomainError, InvalidTransitionError
from pms.cycles.models import Cycle
from pms.history.context import as_actor
from pms.history.services import Action, record, record_updated
from pms.organization.models import Department
from pms.training.choices import OPEN_STATUSES, CampaignStatus, RecordStatus
from pms.training.models import Campaign, Course, TrainingRecord

from .locking import lock_campaign, refuse_closed, require_reason

# What may still be put right while people take the training.
CHANGEABLE_WHILE_OPEN = frozenset({"title", "title_en", "lecturer"})


@transaction.atomic
@as_actor
def create_campaign(
    cycle: Cycle,
    course: Course,
    *,
    actor: User,
    audience_departments: Sequence[Department] = (),
    **fields: Any,
) -> Campaign:
    """Prepare a campaign; nobody is concerned until it is opened.

    Args:
        cycle: the year that it is filed under.
        course: what is taught.
        actor: who prepares it.
        audience_departments: with those below them; none means all.
        fields: of the model: title, starts_on, ends_on, pass_mark, question_count, audience_kinds …

    Raises:
        ValidationError: a field or the window is wrong, e.g. outside the cycle.
    """
    campaign = Campaign(cycle=cycle, course=course, **fields)
    campaign.full_clean()
    campaign.save()
    campaign.audience_departments.set(audience_departments)
    record("training.campaign_created", campaign, actor=actor, action=Action.CREATE)
    return campaign


@transaction.atomic
@as_actor
def change_campaign(
    campaign_id: int,
    *,
    actor: User,
    audience_departments: Sequence[Department] | None = None,
    **fields: Any,
) -> Campaign:
    """Change a campaign in preparation; once it is open only titles and lecturer.

    Raises:
        DomainError: the campaign is closed, or open and the field is settled.
        ValidationError: as in `create_campaign`.
    """
    campaign = lock_campaign(campaign_id)
    refuse_closed(campaign)
    changed = {name for name, value in fields.items() if getattr(campaign, name) != value}
    if campaign.status != CampaignStatus.DRAFT and (
        audience_departments is not None or not changed <= CHANGEABLE_WHILE_OPEN
    ):
        raise DomainError(
            _("“%(campaign)s” has been opened. Only its titles and its lecturer can be changed."),
            params={"campaign": campaign},
        )
    for name in changed:
        setattr(campaign, name, fields[name])
    campaign.full_clean()
    campaign.save()
    if audience_departments is not None:
        campaign.audience_departments.set(audience_departments)
    record("training.campaign_changed", campaign, actor=actor, details={"fields": sorted(changed)})
    return campaign


@transaction.atomic
@as_actor
def discard_campaign(campaign_id: int, *, actor: User) -> None:
    """Remove a campaign that was never opened.

    Raises:
        InvalidTransitionError: it was opened.
    """
    campaign = lock_campaign(campaign_id)
    if campaign.status != CampaignStatus.DRAFT:
        raise InvalidTransitionError(
            _("“%(campaign)s” has been opened and stays on record."),
            params={"campaign": campaign},
        )
    record("training.campaign_discarded", campaign, actor=actor, action=Action.DELETE)
    campaign.sessions.all().delete()
    campaign.delete()


@transaction.atomic
@as_actor
def extend_campaign(campaign_id: int, *, ends_on: date, actor: User, reason: str) -> Campaign:
    """Move the last day of an open campaign, and the due days that were that day.

    Raises:
        DomainError: it is not open, the day is not later than before or lies outside the cycle,
            or no reason is given.
    """
    reason = require_reason(reason)
    campaign = lock_campaign(campaign_id)
    if campaign.status != CampaignStatus.OPEN or ends_on <= campaign.ends_on:
        raise DomainError(
            _("Only an open campaign can be extended, and only to a day after %(day)s."),
            params={"day": campaign.ends_on.isoformat()},
        )
    before, campaign.ends_on = campaign.ends_on, ends_on
    campaign.full_clean()
    campaign.save()
    due = list(
        TrainingRecord.objects.filter(
            campaign=campaign, status__in=(*OPEN_STATUSES, RecordStatus.EXCUSED), due_on=before
        )
        .select_for_update()
        .order_by("pk")
    )
    TrainingRecord.objects.filter(pk__in=[it.pk for it in due]).update(due_on=ends_on)
    record_updated(((it, {"due_on": (before, ends_on)}) for it in due), actor=actor)
    record(
        "training.campaign_extended",
        campaign,
        actor=actor,
        reason=reason,
        details={"from": before.isoformat(), "to": ends_on.isoformat(), "people": len(due)},
    )
    return campaign
