"""What several measures need."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from pms.accounts.models import User

HR = "000115"  # the training officer of the invented company
ROOT_EMAIL = "root@tsumugino.example"


def office() -> Client:
    """The training officer, signed in."""
    return signed_in(User.objects.get(person__employee_number=HR))


def root() -> Client:
    """An account that a plain admin lets do everything, signed in."""
    user, _is_new = User.objects.get_or_create(email=ROOT_EMAIL, defaults={"is_superuser": True})
    return signed_in(user)


def signed_in(user: User) -> Client:
    """A browser of `user`."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def clock() -> float:
    """Seconds, for differences. SQLite works inside the process, so that the process's own time
    is the whole of the work and what else the machine does stays out; a server's is not."""
    return process_time() if connection.vendor == "sqlite" else perf_counter()


def seconds(work: Callable[[], Any], times: int = 1) -> list[float]:
    """How long `work` takes, each time."""
    found = []
    for _ in range(times):
        begun = clock()
        work()
        found.append(clock() - begun)
    return found


def idle_megabytes() -> float:
    """The memory that this process has now; from here on `peak_megabytes` counts anew."""
    Path("/proc/self/clear_refs").write_text("5")  # proc(5): reset the peak
    return _megabytes("VmRSS")


def peak_megabytes() -> float:
    """The most memory that this process has had.

    Not `ru_maxrss`: that one begins with what the process that started this one had.
    """
    return _megabytes("VmHWM")


def _megabytes(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"This system does not tell {name}.")
