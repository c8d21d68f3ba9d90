"""Rows held until the transaction ends, and the state that nearly every verb asks for.

The order is always campaign, then records by number, so that no two of us wait for each other.
"""

from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.training.choices import CampaignStatus
from pms.training.models import Campaign, TrainingRecord


def lock_campaign(campaign_id: int) -> Campaign:
    """The campaign as it is now, held."""
    return Campaign.objects.select_for_update().get(pk=campaign_id)


def lock_record(record_id: int) -> TrainingRecord:
    """The record as it is now, held; its campaign is read afterwards, so it is as new."""
    return TrainingRecord.objects.select_for_update(of=("self",)).get(pk=record_id)


def require_open(campaign: Campaign) -> None:
    """Refuse to change what belongs to a campaign that is not open."""
    if campaign.status == CampaignStatus.DRAFT:
        raise DomainError(
            _("“%(campaign)s” is not open yet. Open the campaign first."),
            params={"campaign": campaign},
        )
    refuse_closed(campaign)


def refuse_closed(campaign: Campaign) -> None:
    """Refuse to change what belongs to a closed campaign."""
    if campaign.status == CampaignStatus.CLOSED:
        raise DomainError(
            _("“%(campaign)s” is closed. Its records can no longer be changed."),
            params={"campaign": campaign},
        )


def require_reason(reason: str) -> str:
    """The reason without spaces around it; refuses an empty one."""
    if not reason.strip():
        raise DomainError(_("Give a reason."))
    return reason.strip()
