"""Why a file is not accepted."""

from collections.abc import Mapping
from typing import Any

from pms.core.exceptions import DomainError


class UnacceptableFileError(DomainError):
    """The file is of a wrong kind, damaged, too large or not what its name says."""


class InfectedFileError(DomainError):
    """The virus scanner found something in the file; `entry` is what the journal shall tell."""

    def __init__(self, message: Any, *, entry: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.entry = entry
