"""What stands on the report of a corrective action."""

from typing import Any


def report_pdf(action: Any, **kwargs: Any) -> bytes:
    """Not written yet."""
    raise NotImplementedError
