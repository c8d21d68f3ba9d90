"""What a mail server pipes in when a mail came back."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from pms.notifications.bounces import read_bounce
from pms.notifications.services import record_bounce

MAX_BYTES = 10 * 1024 * 1024


class Command(BaseCommand):
    """Note a mail that came back; the same notification twice changes nothing the second time."""

    help = (
        "Reads a delivery status notification (RFC 3464) and marks the mail that came back. "
        "Exit code 1 if it is none, or about no mail of this system."
    )

    # Called for every single mail; what is wrong elsewhere must not make a bounce bounce.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the mail is."""
        parser.add_argument("file", nargs="?", default="-", help="the mail; - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, find, mark."""
        try:
            told = record_bounce(read_bounce(self._read(options["file"])), now=timezone.now())
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"Notification {told.pk}: the mail came back.")

    def _read(self, name: str) -> bytes:
        if name == "-":
            return sys.stdin.buffer.read(MAX_BYTES)
        try:
            with Path(name).open("rb") as file:
                return file.read(MAX_BYTES)
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
