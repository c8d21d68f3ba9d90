"""Child processes that measure: each has its own settings, and is asked in turns.

The parent starts one for each side of a comparison and asks them alternately, so that whatever
else the machine does meets both sides alike.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """A process with one module of measures; `ask` calls a function of it.

    Args:
        module: below `tests.benchmarks.measures`.
        settings: module of Django settings.
        environment: database, folder and key.
    """

    def __init__(self, module: str, settings: str, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.workers", module],
            cwd=ROOT,
            env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": settings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(timeout=60)

    def send(self, name: str, **values: Any) -> None:
        """Start a function; `receive` gives what it returns."""
        with suppress(BrokenPipeError):  # `receive` tells
            self._process.stdin.write(json.dumps([name, values]) + "\n")
            self._process.stdin.flush()

    def receive(self) -> Any:
        """What the function returned.

        Raises:
            RuntimeError: it failed; its traceback is on the standard error.
        """
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a measuring process ended with an error")
        return json.loads(line)

    def ask(self, name: str, **values: Any) -> Any:
        """Call a function and wait for what it returns."""
        self.send(name, **values)
        return self.receive()


def main(name: str) -> None:
    """Serve the functions of one module, a line of JSON for each call."""
    import importlib

    import django

    answers, sys.stdout = sys.stdout, sys.stderr
    django.setup()
    module = importlib.import_module(f"tests.benchmarks.measures.{name}")
    for line in sys.stdin:
        function, values = json.loads(line)
        answers.write(json.dumps(getattr(module, function)(**values)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
