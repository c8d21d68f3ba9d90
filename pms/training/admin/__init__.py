"""The office's care of training's data: what has rules is written by the services."""

from . import campaigns, courses, plans, records

__all__ = ["campaigns", "courses", "plans", "records"]
