"""Rows held until the transaction ends; always the year's plan first, then its milestones."""

from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.cycles.models import Milestone


def lock_milestone(milestone_id: int) -> Milestone:
    """The milestone as it is now, held, with its year."""
    return (
        Milestone.objects.select_for_update(of=("self",))
        .select_related("cycle")
        .get(pk=milestone_id)
    )


def require_in_force(milestone: Milestone) -> None:
    """Refuse what only a milestone of an approved plan can go through."""
    if not Milestone.objects.in_force().filter(pk=milestone.pk).exists():
        raise DomainError(_("The plan of the year is not approved yet."))
