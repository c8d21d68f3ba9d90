"""Who may do what to one record, where the name of a permission does not say enough."""

from typing import Any

from .models import Excuse, TrainingRecord


def is_the_person(user: Any, record: TrainingRecord) -> bool:
    """Whether `user` is the account of the person whom `record` is about."""
    return user.pk is not None and record.person.user_id == user.pk


def may_see_score(user: Any, record: TrainingRecord) -> bool:
    """Scores are for who runs training and for the person concerned, nobody else."""
    return user.has_perm("training.view_score") or is_the_person(user, record)


def may_decide(user: Any, excuse: Excuse) -> bool:
    """Nobody decides on their own request, or on a request for themselves."""
    return (
        user.has_perm("training.approve_excuse")
        and excuse.requested_by_id != user.pk
        and not is_the_person(user, excuse.record)
    )
