"""One command from nothing to a running system: `make run` ends here."""

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.utils import timezone

from pms.organization.models import Person

SECONDS_BETWEEN_LOOKS = 5


class Command(BaseCommand):
    """Prepare the database, load the demo on the first start, serve pages and work tasks."""

    help = "Prepares everything that is missing and serves the system on this machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The port, whether to start over, and how large a new invented company shall be."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument(
            "--over", action="store_true", help="throw the invented company away first"
        )
        parser.add_argument("--people", type=int, help="people of a new invented company")
        parser.add_argument("--years", type=int, help="its finished years before this one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until interrupted."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        if options["over"]:
            self._throw_away()
        size = {name: options[name] for name in ("people", "years")}
        self._prepare(**{name: number for name, number in size.items() if number is not None})
        port = options["port"]
        # Mails and calendars name the address that this very start serves.
        os.environ.setdefault("PMS_BASE_URL", f"http://127.0.0.1:{port}")
        worker = [sys.executable, "manage.py", "db_worker"]
        children = [self._child(worker), self._child(self._server(port))]
        self.stdout.write(self.style.SUCCESS(f"\n  The PMS is at http://127.0.0.1:{port}\n"))
        self.stdout.write("  Stop it with Ctrl+C. What you enter is kept.\n")
        self.stdout.flush()
        try:
            self._watch(children)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(timeout=30)

    def _throw_away(self) -> None:
        """Only what the demo itself has made: its database file and the files beside it."""
        if not settings.DEMO:
            raise CommandError("Only an invented company can be thrown away; this is not the demo.")
        database = Path(settings.DATABASES["default"]["NAME"])
        if connection.vendor != "sqlite" or database.parent != settings.VAR:
            raise CommandError(
                "DATABASE_URL names a database of its own. Empty it yourself, then run `make run`."
            )
        connection.close()
        for path in settings.VAR.glob(f"{database.name}*"):
            path.unlink()
        for folder in ("evidence", "mail"):
            shutil.rmtree(settings.VAR / folder, ignore_errors=True)

    def _prepare(self, **size: int) -> None:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if settings.DEMO and not Person.objects.exists():
            self.stdout.write("Loading the demo company (once) ...")
            call_command("seed_demo", **size)

    def _watch(self, children: list[subprocess.Popen[bytes]]) -> None:
        """Do what is due once a day, as a timer does elsewhere; end when a child ends."""
        done_on = None
        while all(child.poll() is None for child in children):
            today = timezone.localdate()
            if done_on != today:
                call_command("run_due", stdout=io.StringIO())
                connection.close()
                done_on = today
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _child(self, line: list[str]) -> subprocess.Popen[bytes]:
        """A process in a session of its own: Ctrl+C reaches it once, through us."""
        return subprocess.Popen(line, cwd=settings.ROOT, start_new_session=True)  # noqa: S603

    def _server(self, port: int) -> list[str]:
        """The server's command line; where the production server does not run, Django's own."""
        if sys.platform == "win32":
            return [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
        module = os.environ["DJANGO_SETTINGS_MODULE"]
        return [
            *(sys.executable, "-m", "gunicorn", "pms.wsgi:application"),
            *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
            *("--workers", "1", "--threads", "8", "--log-level", "warning"),
            *("--env", f"DJANGO_SETTINGS_MODULE={module}"),
        ]
