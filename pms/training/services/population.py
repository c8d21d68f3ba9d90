"""Who belongs to an open campaign: frozen at the opening, then moved by dated rules only."""

from dataclasses import dataclass
from datetime import date

from pms.accounts.models import User


@dataclass(frozen=True, slots=True)
class RulesResult:
    """What the dated rules did in all campaigns that they were applied to; numbers of people.

    Attributes:
        added: got a record because they joined, or came into the audience, meanwhile.
        excused: excused because they left, or are on leave until after the end.
        returned: their excuse ended, and the training is due again.
        elsewhere: joined meanwhile and are left to the training on joining.
    """

    added: int = 0
    excused: int = 0
    returned: int = 0
    elsewhere: int = 0


def apply_dated_rules(
    campaign_id: int | None = None, *, today: date, actor: User | None = None
) -> RulesResult:
    """Bring the records of open campaigns in line with the personnel dates of `today`.

    Joiners and others who came into the audience get a record; leavers and people on leave until
    after their due day are excused by rule; an excuse whose reason or last day is over ends, and
    the record is open again as it was. Somebody who moves keeps the department of the snapshot.
    Applying it again on the same day changes nothing.

    Args:
        campaign_id: one campaign; None means all that are open. Any other state: nothing happens.
        today: the day to judge by, in the organization's time zone.
        actor: who asked for it; None when the timer did.
    """
    raise NotImplementedError
