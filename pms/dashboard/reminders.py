"""What people are reminded of: the explicit list of rules. Every new one joins with a row here."""

from typing import Final

from pms.corrective_actions import reminders as corrective_actions
from pms.cycles import reminders as cycles
from pms.incidents import reminders as incidents
from pms.reminders.rules import Rule
from pms.training import reminders as training

RULES: Final[tuple[Rule, ...]] = (
    *incidents.RULES,
    *cycles.RULES,
    *training.RULES,
    *corrective_actions.RULES,
)
