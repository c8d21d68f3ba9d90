"""`manage.py load_guideline FILE`: a later edition of the guideline, all or nothing."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from pms.core.dates import DateError, parse_date
from pms.cycles.models import Clause, GuidelineEdition
from pms.cycles.services import add_edition, differences, read_clauses
from pms.transfer.exceptions import TableError


class Command(BaseCommand):
    """Add an edition beside those that are there; their clauses stay as they are."""

    help = "Add a later edition of the guideline from a CSV file or an Excel workbook."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and what is to be known of the edition."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--code", required=True, help='of the edition, e.g. "2027-2.0"')
        parser.add_argument("--name", required=True, help="its name in Japanese")
        parser.add_argument("--name-en", default="", help="its name in English")
        parser.add_argument(
            "--starts-on",
            required=True,
            metavar="DAY",
            help="first day of the applications that it applies to; the edition before ends "
            "on the day before",
        )
        parser.add_argument("--applies-to", default="", help="what it applies to, in Japanese")
        parser.add_argument("--applies-to-en", default="", help="the same in English")
        parser.add_argument("--dry-run", action="store_true", help="only show what would change")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Read, compare with the latest edition, and store unless it is a dry run."""
        clauses = self._read(options["file"])
        former = GuidelineEdition.objects.first()
        if former:
            self.stdout.write(_("Compared with “%(edition)s”:") % {"edition": former})
            for sentence in differences(clauses, former) or [_("The same numbers and titles.")]:
                self.stdout.write(f"  {sentence}")
        names = ("code", "name", "name_en", "applies_to", "applies_to_en")
        try:
            edition = add_edition(
                **{name: options[name] for name in names},
                starts_on=_day(options["starts_on"]),
                clauses=clauses,
                actor=None,
            )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        if options["dry_run"]:
            transaction.set_rollback(True)
            self.stdout.write(_("This was a dry run. Nothing has been registered."))
            return
        said = _("“%(edition)s” has been added with %(count)d clauses.")
        facts = {"edition": edition, "count": len(clauses)}
        self.stdout.write(self.style.SUCCESS(said % facts))

    def _read(self, path: Path) -> list[Clause]:
        try:
            clauses, faults = read_clauses(path)
        except (OSError, TableError) as error:
            raise CommandError(str(error)) from error
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(
                _(
                    "Errors: %(count)d. Please correct them and load the file again. Nothing has "
                    "been registered, the other rows included."
                )
                % {"count": len(faults)}
            )
        return clauses


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except DateError as error:
        raise CommandError(str(error)) from error
