"""What can be done to the years and their plans; the actor, today and now are arguments."""

from .years import create_cycle, update_cycle

__all__ = ["create_cycle", "update_cycle"]
