"""Where the suite runs: a folder of its own, and SQLite or a PostgreSQL that lives only as long.

Django reads its settings before any `conftest.py`, so the test settings call this.
"""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

POSTGRES_HELP = "PostgreSQL's server programs are missing: install the package postgresql"
CHROMIUM_HELP = "no Chromium was found: install the package chromium, or name one in PMS_CHROMIUM"

# A throw-away cluster has nothing to lose in a power cut.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "listen_addresses": "",
}
START_SECONDS = 30


class EngineMissingError(Exception):
    """What an engine needs is not on this machine; the message says how to get it."""


def chromium() -> str | None:
    """The Chromium that the browser tests drive, or None if this machine has none."""
    named = os.environ.get("PMS_CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if (path := shutil.which(name))), None)


def prepare() -> None:
    """Give this process a clean environment for the suite, before the settings are read.

    The developer's own `.env` and PMS_… variables stay outside. TEST_DB names the engine:
    `sqlite`, or `postgres` (DATABASE_URL if it names one, else a cluster started here). Without
    TEST_DB it is whatever DATABASE_URL says, else SQLite. Worker processes inherit the result.
    """
    folder = os.environ.get("TEST_FOLDER") or _make_folder()
    browser = os.environ.get("PMS_CHROMIUM", "")
    for name in [name for name in os.environ if name.startswith("PMS_")]:
        del os.environ[name]
    own = Path(folder, os.environ.get("PYTEST_XDIST_WORKER", "main"))
    own.mkdir(exist_ok=True)
    os.environ |= {
        "TEST_FOLDER": folder,
        "PMS_CHROMIUM": browser,
        "PMS_ENV_FILE": os.devnull,
        "PMS_VAR": str(own),
        "SECRET_KEY": "only-for-the-test-suite",
        "DATABASE_URL": _database_url(),
        # Playwright keeps an event loop alive in the thread that runs the tests.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL on a socket in a temporary folder; gives its address, leaves nothing.

    Raises:
        EngineMissingError: the server programs are not installed.
    """
    initdb, server_program = _postgres_programs()
    account = _unprivileged_account()
    folder = Path(tempfile.mkdtemp(prefix="pms-postgres-"))
    data = folder / "data"
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if account:
            shutil.chown(folder, account["user"], account["group"])
        subprocess.run(
            [initdb, "-D", data, "-U", "pms", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **account,
        )
        # Where the system can do it, the server ends with us even if we are killed.
        lifeline = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
        settings = [f"--{name}={value}" for name, value in FORGETFUL.items()]
        log = stack.enter_context((folder / "log").open("wb"))
        server = subprocess.Popen(
            [*lifeline, server_program, "-D", data, "-k", folder, *settings],
            cwd=folder,
            stderr=log,
            start_new_session=True,
            **account,
        )
        stack.callback(_stop, server)
        _wait_until_ready(server, folder)
        yield f"postgres://pms@/postgres?host={folder}"


def _database_url() -> str:
    wished = os.environ.get("TEST_DB", "")
    given = os.environ.get("DATABASE_URL", "")
    if wished == "postgres" and not given.startswith("postgres"):
        stack = ExitStack()
        atexit.register(stack.close)
        return stack.enter_context(postgres())
    if wished == "sqlite" and not given.startswith("sqlite"):
        return ""
    return given


def _make_folder() -> str:
    folder = tempfile.mkdtemp(prefix="pms-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _postgres_programs() -> tuple[str, str]:
    """The paths of initdb and postgres; Debian keeps them out of PATH, by version."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name)
    )
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, reversed(versions))])
    initdb = shutil.which("initdb", path=path)
    if initdb is None:
        raise EngineMissingError(POSTGRES_HELP)
    # Both must be of one version: the neighbour of initdb, not another one from PATH.
    return initdb, str(Path(initdb).resolve().with_name("postgres"))


def _unprivileged_account() -> dict[str, Any]:
    """Arguments of `subprocess` for running as someone else: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _wait_until_ready(server: subprocess.Popen, folder: Path) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="pms", dbname="postgres").close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > give_up_at:
                log = (folder / "log").read_text(errors="replace")
                raise EngineMissingError(f"PostgreSQL does not start: {log}") from error
            time.sleep(0.05)
        else:
            return


def _stop(server: subprocess.Popen) -> None:
    """A fast shutdown: whoever is still connected is cut off."""
    server.send_signal(signal.SIGINT)
    server.wait(timeout=START_SECONDS)
