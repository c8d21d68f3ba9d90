"""`manage.py import_people FILE [--dry-run]`: the roster, without a browser."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from pms.accounts.models import User
from pms.core.dates import DateError, parse_date
from pms.core.text import listed
from pms.organization.importers import PeopleImporter
from pms.transfer import engine, services
from pms.transfer.choices import ImportStatus, RowStatus
from pms.transfer.exceptions import TableError
from pms.transfer.models import ImportRun

KEY = PeopleImporter.key


class Command(BaseCommand):
    """Import a roster, all or nothing, by the same rules as on the page."""

    help = "Import the roster from a CSV file or an Excel workbook; all rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and what the upload page asks beside it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only show what would change")
        parser.add_argument(
            "--effective-on",
            default="",
            metavar="DAY",
            help="first day of changed departments, kinds and posts; today if left out",
        )
        parser.add_argument("--accounts", action="store_true", help="open accounts for new people")
        parser.add_argument("--invitations", action="store_true", help="invite them by mail")
        parser.add_argument(
            "--as", dest="email", default="", metavar="EMAIL", help="the account that imports"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Show the preview; unless it is a dry run or there are errors, import."""
        path: Path = options["file"]
        today = timezone.localdate()
        answers = {
            "effective_on": _day(options["effective_on"], today).isoformat(),
            "accounts": options["accounts"],
            "invitations": options["invitations"],
        }
        actor = _account(options["email"])
        try:
            if options["dry_run"]:
                self._try(path, answers, today)
            else:
                self._import(path, answers, actor, today)
        except (OSError, TableError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal

    def _try(self, path: Path, answers: Mapping[str, Any], today: date) -> None:
        preview = engine.plan_file(
            path,
            PeopleImporter,
            options=answers,
            remembered=services.remembered(PeopleImporter),
            today=today,
        )
        self._show(preview.counts, preview.as_data())
        self.stdout.write(_("This was a dry run. Nothing has been registered."))

    def _import(self, path: Path, answers: Mapping[str, Any], actor: Any, today: date) -> None:
        moment: dict[str, Any] = {"actor": actor, "today": today, "now": timezone.now()}
        with path.open("rb") as file:
            run = services.upload(
                file, name=path.name, importer=KEY, options=answers, in_background=False, **moment
            )
        try:
            if run.status == ImportStatus.UPLOADED:  # unknown headings are left out
                services.map_columns(run.pk, {}, in_background=False, **moment)
            engine.check(run.pk, today=today)
            run.refresh_from_db()
            self._show(run.counts, run.preview)
            if not services.count_written(run):
                services.cancel(run.pk, actor=actor)
                self.stdout.write(_("Everything in this file is in the system already."))
                return
            services.confirm(run.pk, digest=run.plan_digest, in_background=False, **moment)
        except (CommandError, ValidationError):
            services.cancel(run.pk, actor=actor)
            raise
        engine.write(run.pk, today=today)
        self._tell_result(run)

    def _tell_result(self, run: ImportRun) -> None:
        run.refresh_from_db()
        if run.status != ImportStatus.DONE:
            raise CommandError(run.failure)
        count = services.count_written(run)
        self.stdout.write(
            self.style.SUCCESS(_("%(count)d rows have been imported.") % {"count": count})
        )

    def _show(self, counts: Mapping[str, int], preview: Mapping[str, Any]) -> None:
        """The preview in words.

        Raises:
            CommandError: the file has errors; all that are kept have been shown.
        """
        for status, label in RowStatus.choices:
            if counts.get(status):
                self.stdout.write(f"{label}: {counts[status]}")
        for line in _changes(preview["samples"].get(RowStatus.CHANGED, [])):
            self.stdout.write(line)
        for row, column, message in preview["errors"]:
            self.stderr.write(_sentence(row, column, message))
        if preview["error_count"]:
            raise CommandError(
                _(
                    "Errors: %(count)d. Please correct them and import the file again. Nothing has "
                    "been registered yet, the other rows included."
                )
                % {"count": preview["error_count"]}
            )


def _changes(samples: list[dict[str, Any]]) -> Iterator[str]:
    for sample in samples:
        changes = listed(f"{label}: {old} → {new}" for label, old, new in sample["changes"])
        yield f"  {sample['key']} {sample['label']}  {changes}"


def _sentence(row: int, column: str, message: str) -> str:
    if not row:
        return message
    if not column:
        return _("Row %(row)d: %(message)s") % {"row": row, "message": message}
    return _("Row %(row)d, “%(column)s”: %(message)s") % {
        "row": row,
        "column": column,
        "message": message,
    }


def _day(text: str, today: date) -> date:
    try:
        return parse_date(text) if text else today
    except DateError as error:
        raise CommandError(str(error)) from error


def _account(email: str) -> User | None:
    if not email:
        return None
    account = User.objects.filter(email__iexact=email).first()
    if account is None:
        raise CommandError(_("There is no account %(email)s.") % {"email": email})
    return account
