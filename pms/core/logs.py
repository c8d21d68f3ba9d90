"""What must not get into a log."""

import logging
import re

# Who has such an address has what is behind it: a log that holds it would be a secret, too.
SECRET_ADDRESS = re.compile(r"(/calendar/)[\w-]{8,}")


class SecretAddressFilter(logging.Filter):
    """Cut the secret end off addresses; everything is logged, so nothing is filtered out."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the message as it will be read, and keep the record."""
        message = record.getMessage()
        masked = SECRET_ADDRESS.sub(r"\1…", message)
        if masked != message:
            record.msg, record.args = masked, None
        return True
