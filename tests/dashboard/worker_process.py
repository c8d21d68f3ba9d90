"""A worker that does what waits and ends: `worker_process.py DATABASE MAIL_PORT live|die`.

Told to die, it is killed with a mail in its hands, without any chance to tidy up.
"""

import os
import signal
import sys
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

database, port, how = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
settings.TASKS["default"]["BACKEND"] = "django_tasks_db.DatabaseBackend"
settings.MAILERS["default"] = {
    "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "OPTIONS": {"host": "127.0.0.1", "port": int(port), "timeout": 10},
}
django.setup()

from pms.notifications import delivery  # noqa: E402 - needs the set-up


def die(*args: Any) -> None:
    """Be killed."""
    os.kill(os.getpid(), signal.SIGKILL)


if how == "die":
    delivery._Server.send = die  # type: ignore[method-assign]
call_command("db_worker", batch=True, startup_delay=False, interval=0.0)
