"""A worker that is killed in the middle of its work: `dying_worker.py DATABASE RUN check|write`.

It dies right after the first block has been planned or written, without any chance to tidy up.
"""

import os
import signal
import sys
from datetime import date
from typing import Any

import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()

from pms.organization.importers import PeopleImporter  # noqa: E402 - needs the set-up
from pms.transfer import engine  # noqa: E402

run_id, work = int(sys.argv[2]), sys.argv[3]
method = {"check": "look_up", "write": "apply"}[work]
original = getattr(PeopleImporter, method)


def die_afterwards(importer: PeopleImporter, *args: Any, **kwargs: Any) -> None:
    """Do it, and be killed."""
    original(importer, *args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)


setattr(PeopleImporter, method, die_afterwards)
getattr(engine, work)(run_id, today=date(2026, 11, 21))
