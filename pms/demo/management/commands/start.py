"""One command from nothing to a running system: `make run` ends here."""

import os
import signal
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command

from pms.organization.models import Person


class Command(BaseCommand):
    """Prepare the database, load the demo on the first start, serve pages and work tasks."""

    help = "Prepares everything that is missing and serves the system on this machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The port, and whether to forget what there is."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until interrupted."""
        settings.VAR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if settings.DEMO and not Person.objects.exists():
            self.stdout.write("Loading the demo company (once) ...")
            call_command("seed_demo")
        port = options["port"]
        worker = [sys.executable, "manage.py", "db_worker"]
        lines = [worker, self._server(port)]
        children = [subprocess.Popen(line, cwd=settings.ROOT) for line in lines]  # noqa: S603
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        self.stdout.write(self.style.SUCCESS(f"\n  The PMS is at http://127.0.0.1:{port}\n"))
        self.stdout.write("  Stop it with Ctrl+C. What you enter is kept.\n")
        self.stdout.flush()
        try:
            children[-1].wait()
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(timeout=30)

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
