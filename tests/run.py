"""Run the whole suite on every engine of this machine, and say at the end what ran on what.

`python -m tests.run [pytest's arguments]`. With CI=true, what could not run is a failure.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests import engines

NOTHING_COLLECTED = 5


@dataclass
class Run:
    """What one run of pytest gave on one engine."""

    engine: str
    exit_code: int = 0
    passed: int = 0
    failed: int = 0
    in_browser: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def is_fine(self) -> bool:
        """Whether pytest had nothing to complain of; a selection may leave an engine nothing."""
        return self.exit_code in {0, NOTHING_COLLECTED}

    @property
    def total(self) -> int:
        """How many tests there were."""
        return self.passed + self.failed + self.skipped.total()

    def __str__(self) -> str:
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped.total()} skipped"
        browser = f"; {self.in_browser} ran in Chromium" if self.in_browser else ""
        broken = "" if self.is_fine or self.failed else f"; pytest ended with {self.exit_code}"
        return f"{self.engine}: {counts}{browser}{broken}"


def main(arguments: Sequence[str]) -> int:
    """Run the suite on SQLite and on PostgreSQL; gives the exit code of the whole."""
    # Whoever ends us ends us properly: with the server and the folders that we started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # A part of the suite cannot reach the floor that the whole must reach.
    coverage = [] if arguments else ["--cov", "--cov-append", "--cov-report=", "--cov-fail-under=0"]
    Path(".coverage").unlink(missing_ok=True)
    options = ["-n", "auto", "--dist", "worksteal", *coverage, *arguments]
    sqlite = run_pytest("SQLite", {"TEST_DB": "sqlite"}, options)
    runs = [sqlite, run_on_postgres(options, expected=sqlite.total)]
    is_covered = not coverage or call("coverage", "report") == 0
    return 0 if report(runs) and is_covered else 1


def run_on_postgres(options: Sequence[str], *, expected: int) -> Run:
    """The run on DATABASE_URL if that names a PostgreSQL, else on one that is started for it.

    Where there is none, `expected` tests count as skipped.
    """
    url = os.environ.get("DATABASE_URL", "")
    with ExitStack() as stack:
        if not url.startswith("postgres"):
            try:
                url = stack.enter_context(engines.postgres())
            except engines.EngineMissingError as error:
                return Run("PostgreSQL", skipped=Counter({str(error): expected}))
        return run_pytest("PostgreSQL", {"TEST_DB": "postgres", "DATABASE_URL": url}, options)


def run_pytest(engine: str, environment: dict[str, str], options: Sequence[str]) -> Run:
    """One run of pytest, shown as it goes; the counts come from its own record."""
    with tempfile.TemporaryDirectory(prefix="pms-run-") as folder:
        record = Path(folder, "record.xml")
        print(f"\n--- {engine} ---", flush=True)
        run = Run(engine)
        run.exit_code = call("pytest", f"--junitxml={record}", *options, environment=environment)
        if record.exists():
            count(run, record)
        return run


def call(module: str, *arguments: str, environment: dict[str, str] | None = None) -> int:
    """Run a module of this Python; gives its exit code."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=os.environ | (environment or {}), check=False).returncode


def count(run: Run, record: Path) -> None:
    """Add what pytest's JUnit record tells to `run`."""
    for case in ElementTree.parse(record).iter("testcase"):
        skip = case.find("skipped")
        if skip is not None:
            run.skipped[skip.get("message", "")] += 1
            continue
        run.in_browser += case.find("properties/property[@name='browser']") is not None
        if case.find("failure") is not None or case.find("error") is not None:
            run.failed += 1
        else:
            run.passed += 1


def report(runs: Sequence[Run]) -> bool:
    """Print what ran on what, what did not and how to get it; gives whether all is fine."""
    skipped = sum((run.skipped for run in runs), Counter[str]())
    is_complete = not skipped or os.environ.get("CI") != "true"
    print()
    for run in runs:
        print(run)
    for reason, number in skipped.items():
        print(f"{number} skipped: {reason}")
    if not is_complete:
        print("CI=true: nothing may be skipped.")
    passed, failed = sum(run.passed for run in runs), sum(run.failed for run in runs)
    print(f"{passed} passed, {failed} failed, {skipped.total()} skipped", flush=True)
    return passed > 0 and is_complete and all(run.is_fine for run in runs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
