"""Proves that the kept files are still those that came in."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from pms.evidence import reports, services
from pms.evidence.choices import ScanState
from pms.evidence.models import EvidenceFile, storage

# What is younger may belong to a transaction that is still running.
LEFTOVER_AGE = timedelta(days=1)


class Command(BaseCommand):
    """Recompute every hash; ends with status 1 if a file is missing or altered."""

    help = "Recomputes the SHA-256 of all evidence files and lists what is missing or altered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The two things that it can do besides."""
        parser.add_argument(
            "--scan",
            action="store_true",
            help="also search the files for viruses that nobody has searched yet",
        )
        parser.add_argument(
            "--remove-leftovers",
            action="store_true",
            help="also remove files that belong to no record because an upload was broken off",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """List deviations, then say how many files were looked at."""
        found = 0
        for deviation in reports.deviations(EvidenceFile.objects.order_by("pk").iterator()):
            found += 1
            text = (
                _("Missing: %(uid)s “%(name)s”")
                if deviation.is_missing
                else _("Altered: %(uid)s “%(name)s”")
            )
            evidence = deviation.evidence
            self.stdout.write(text % {"uid": evidence.uid, "name": evidence.name})
        if options["scan"]:
            self._scan()
        self._leftovers(remove=options["remove_leftovers"])
        total = EvidenceFile.objects.count()
        if found:
            raise CommandError(
                _("%(found)s of %(total)s files are not as they were kept.")
                % {"found": found, "total": total}
            )
        self.stdout.write(_("All %(total)s files are as they were kept.") % {"total": total})

    def _scan(self) -> None:
        waiting = EvidenceFile.objects.filter(scan_state=ScanState.NOT_SCANNED)
        for pk in waiting.values_list("pk", flat=True):
            try:
                evidence = services.rescan(pk)
            except FileNotFoundError:
                continue  # named above
            if evidence.is_infected:
                self.stdout.write(
                    _("Infected: %(uid)s “%(name)s”") % {"uid": evidence.uid, "name": evidence.name}
                )

    def _leftovers(self, *, remove: bool) -> None:
        for name in list(reports.leftovers(before=timezone.now() - LEFTOVER_AGE)):
            if remove:
                storage().delete(name)
                self.stdout.write(
                    _("Removed, for it belonged to no record: %(name)s") % {"name": name}
                )
            else:
                self.stdout.write(_("Belongs to no record: %(name)s") % {"name": name})
