"""A process that runs what is due when told to: `running_process.py DATABASE MAIL_FOLDER DAY`.

It says "ready" and then waits for a line, so that several can be sent off at one moment.
"""

import sys

import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.MAILERS["default"] = {
    "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    "OPTIONS": {"file_path": sys.argv[2]},
}
django.setup()

from django.core.management import call_command  # noqa: E402 - needs the set-up

print("ready", flush=True)  # noqa: T201 - the test waits for it
sys.stdin.readline()
call_command("run_due", "--today", sys.argv[3])
