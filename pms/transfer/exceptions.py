"""What may be wrong with a table as a whole."""


class TableError(ValueError):
    """A file is no table that can be read or written; the message says why and what helps.

    Attributes:
        code: the kind of fault, for tests and tallies ("empty", "wrong_type" …).
        row: the row as a person counts it in the file, from 1; None if the fault has no row.
    """

    def __init__(self, message: str, *, code: str, row: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.row = row
