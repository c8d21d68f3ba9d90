"""Rows held until the transaction ends; always the year's plan first, then its milestones."""

from pms.cycles.models import Milestone


def lock_milestone(milestone_id: int) -> Milestone:
    """The milestone as it is now, held, with its year."""
    return (
        Milestone.objects.select_for_update(of=("self",))
        .select_related("cycle")
        .get(pk=milestone_id)
    )
