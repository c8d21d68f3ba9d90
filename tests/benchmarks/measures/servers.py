"""Workers of the production server: their memory and their start, and what a browser sees."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from typing import Any

import psutil
from playwright.sync_api import Browser, sync_playwright

from tests import engines
from tests.benchmarks.workers import ROOT

OURS = "pms.wsgi:application"
PLAIN = "django.core.wsgi:get_wsgi_application()"
START_SECONDS = 60
SHOWN = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  const all = performance.getEntriesByType("resource");
  const scripts = all.filter(it => it.initiatorType === "script");
  return {
    shown: page.loadEventEnd,
    script: scripts.reduce((sum, it) => sum + it.encodedBodySize, 0),
    requests: 1 + all.length,
  };
}"""


@contextmanager
def server(settings: str, application: str, environment: Mapping[str, str]) -> Iterator[Any]:
    """One gunicorn worker on a free port; gives the process and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
        *("--workers", "1", "--threads", "1", "--log-level", "error"),
    ]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": settings},
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def start(
    settings: str, application: str, path: str, environment: Mapping[str, str]
) -> dict[str, float]:
    """Seconds until the first answer, and megabytes of the worker after 20 of them."""
    begun = time.perf_counter()
    with server(settings, application, environment) as (process, address):
        while True:
            try:
                _get(address + path)
                break
            except (urllib.error.URLError, ConnectionError):
                if process.poll() is not None or time.perf_counter() - begun > START_SECONDS:
                    raise
                time.sleep(0.01)
        first = time.perf_counter() - begun
        for _ in range(20):
            _get(address + path)
        workers = psutil.Process(process.pid).children()
        memory = sum(it.memory_full_info().uss for it in workers) / 2**20
    return {"seconds": first, "megabytes": memory}


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=START_SECONDS) as answer:
        return answer.read()


def shown(
    sides: Mapping[str, tuple[str, str]], cookies: Mapping[str, str], *, times: int
) -> dict[str, dict[str, float]]:
    """Open pages of several servers in turns, each in a browser that knows nothing.

    Args:
        sides: name → address of the server and path of the page.
        cookies: name → session.
        times: so often each.

    Returns:
        name → milliseconds until everything is there (p50), requests, bytes of script.
    """
    found: dict[str, list[dict[str, float]]] = {name: [] for name in sides}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=engines.chromium(), args=["--no-sandbox"]
        )
        for _ in range(times):
            for name, (address, path) in sides.items():
                found[name].append(_open(browser, address, path, cookies[name]))
        browser.close()
    return {
        name: {
            "shown": median(it["shown"] for it in views),
            "script": max(it["script"] for it in views),
            "requests": max(it["requests"] for it in views),
        }
        for name, views in found.items()
    }


def _open(browser: Browser, address: str, path: str, cookie: str) -> dict[str, float]:
    context = browser.new_context(locale="ja-JP")
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    page = context.new_page()
    answer = page.goto(address + path, wait_until="load")
    if answer is None or answer.status != 200:
        raise AssertionError(f"{path}: {answer and answer.status}")
    page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    seen: dict[str, float] = page.evaluate(SHOWN)
    context.close()
    return seen


def has_browser() -> bool:
    """Whether a page can be looked at on this machine."""
    return bool(engines.chromium() and shutil.which(engines.chromium() or ""))
