"""Everything that recurs, in one command that may be run as often as one likes."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from pms.training import services as training


class Command(BaseCommand):
    """Bring records in line with the dates of today; a second run the same day changes nothing."""

    help = "Does what is due by date. Call it once a day; after an outage it catches up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Another day than today, for trying out."""
        parser.add_argument("--today", type=date.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Training: joiners, leavers, leave."""
        today = options["today"] or timezone.localdate()
        result = training.apply_dated_rules(today=today)
        self.stdout.write(
            f"{today}: training: {result.added} added, {result.excused} excused, "
            f"{result.returned} due again."
        )
