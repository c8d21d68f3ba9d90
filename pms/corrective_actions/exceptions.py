"""Why corrective actions refuse something, for callers that do more than show the words."""

from pms.core.exceptions import DomainError


class SubmissionRefusedError(DomainError):
    """The plan lacks something that it must have before it is approved; one message each."""


class ClosingRefusedError(DomainError):
    """A lock holds the action open: root cause, proof, or the effect check; one message each."""
