"""A process that is killed in the middle of a verb: `dying_process.py DATABASE VERB NUMBER ACTOR`.

It dies when the journal is about to be told, which every verb does last: all is written and
nothing is committed.
"""

import os
import signal
import sys
from datetime import UTC, date, datetime
from typing import Any

import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()

from pms.accounts.models import User  # noqa: E402 - needs the set-up
from pms.training import services  # noqa: E402
from pms.training.importers.completions import CompletionsImporter  # noqa: E402
from pms.training.services import closing, opening  # noqa: E402
from pms.transfer import engine  # noqa: E402

verb, number = sys.argv[2], int(sys.argv[3])
actor = User.objects.get(pk=sys.argv[4])


def die(*args: Any, **kwargs: Any) -> None:
    """Be killed, without any chance to tidy up."""
    os.kill(os.getpid(), signal.SIGKILL)


if verb == "open":
    opening.record = die
    now = datetime(2026, 9, 1, 3, tzinfo=UTC)
    services.open_campaign(number, actor=actor, today=date(2026, 9, 1), now=now)
elif verb == "close":
    closing.record = die
    now = datetime(2026, 10, 15, 3, tzinfo=UTC)
    services.close_campaign(number, actor=actor, today=date(2026, 10, 15), now=now)
else:
    original = CompletionsImporter.apply

    def write_and_die(importer: CompletionsImporter, *args: Any, **kwargs: Any) -> None:
        """Write what was pasted, then be killed."""
        original(importer, *args, **kwargs)
        die()

    CompletionsImporter.apply = write_and_die  # type: ignore[method-assign]
    engine.write(number, today=date(2026, 9, 10))
