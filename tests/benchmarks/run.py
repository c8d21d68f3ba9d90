"""Measures the speed on both engines: `make bench`, with ARGS="--quick" for a small company.

Every figure is a ratio of two sides that were measured in the same run, in turns where both are
quick: seconds of a shared machine say nothing. The table is printed and kept in var/bench.json.
"""

import argparse
import csv
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import xlsxwriter

from tests import engines

from .measures import servers
from .workers import ROOT, Worker

OURS, PLAIN = "tests.benchmarks.settings", "tests.benchmarks.plain_settings"
BARE = "tests.benchmarks.bare_settings"
TODAY = datetime.now(ZoneInfo("Asia/Tokyo")).date().isoformat()


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    people: int
    years: int
    rows: int
    imported: int
    more_imported: int
    opened_plainly: int
    exported: int
    ledger: int
    cases: int
    rounds: int


FULL = Size(10_000, 5, 1_000_000, 10_000, 100_000, 3_000, 100_000, 200_000, 10_000, 4)
QUICK = Size(1_000, 2, 20_000, 500, 2_000, 300, 5_000, 4_000, 500, 4)


@dataclass
class Figure:
    """One line of the table: `value` against `goal`, in `unit`, and what it is made of."""

    engine: str
    work: str
    value: float
    sign: str
    goal: float
    detail: str
    unit: str = "×"

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.value <= self.goal if self.sign in ("≤", "<") else self.value >= self.goal


class Bench:
    """One engine's databases, and the figures found on them."""

    def __init__(self, engine: str, folder: Path, size: Size, stack: ExitStack) -> None:
        self.engine, self.folder, self.size = engine, folder, size
        self.figures: list[Figure] = []
        self.failures: list[str] = []
        self._server = stack.enter_context(engines.postgres()) if engine == "postgresql" else ""

    # --- Databases ------------------------------------------------------------------------------

    def environment(self, name: str) -> dict[str, str]:
        """What a process needs to work with the database `name`."""
        url = self._server.replace("/postgres?", f"/{name}?") if self._server else ""
        return {
            "PMS_ENV_FILE": os.devnull,
            "PMS_DEMO": "",
            "PMS_VAR": str(self.folder),
            "SECRET_KEY": "only-for-measuring-and-thrown-away-afterwards",
            "DATABASE_URL": url or f"sqlite:///{self.folder / name}.sqlite3",
        }

    def manage(self, database: str, *arguments: str) -> None:
        """Run a management command."""
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment(database), "DJANGO_SETTINGS_MODULE": OURS},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def build(self, database: str, **options: int) -> None:
        """A new database with an invented company."""
        self._sql(f"CREATE DATABASE {database}")
        self.manage(database, "migrate", "-v0", "--skip-checks")
        self.manage(database, "createcachetable", "-v0")
        given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        self.manage(database, "seed_demo", *given)
        self._sql("VACUUM ANALYZE", database)

    @contextmanager
    def copy(self, database: str) -> Iterator[dict[str, str]]:
        """A copy to write in, thrown away afterwards; gives its environment."""
        name = f"{database}_copy"
        if self._server:
            self._sql(f"CREATE DATABASE {name} TEMPLATE {database}")
        else:
            for old in self.folder.glob(f"{name}.sqlite3*"):
                old.unlink()
            shutil.copyfile(self.folder / f"{database}.sqlite3", self.folder / f"{name}.sqlite3")
        yield self.environment(name)
        self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def _sql(self, statement: str, database: str = "postgres") -> None:
        if self._server:
            url = self._server.replace("/postgres?", f"/{database}?")
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(statement)

    # --- Figures --------------------------------------------------------------------------------

    def add(
        self, work: str, value: float, sign: str, goal: float, detail: str, unit: str = "×"
    ) -> None:
        """Keep a figure and print it."""
        figure = Figure(self.engine, work, round(value, 3), sign, goal, detail, unit)
        self.figures.append(figure)
        print(line_of(figure), flush=True)

    def subject(self, measure: Callable[["Bench"], None]) -> None:
        """Measure one subject; what goes wrong is told and does not stop the others."""
        begun = time.monotonic()
        try:
            measure(self)
        except (RuntimeError, AssertionError, subprocess.SubprocessError, OSError) as error:
            traceback.print_exc()
            self.failures.append(f"{self.engine}: {measure.__name__}: {error}")
        print(f"  ({measure.__name__}: {time.monotonic() - begun:.0f} s)", flush=True)


def in_turns(rounds: int, asks: Mapping[str, Callable[[], list[float]]]) -> dict[str, float]:
    """Ask each side, one after the other, `rounds` times; the p50 of each, in seconds."""
    found: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(rounds):
        for name, ask in asks.items():
            found[name] += ask()
    return {name: median(times) for name, times in found.items()}


# --- Subjects -----------------------------------------------------------------------------------


def pages(bench: Bench) -> None:
    """Lists, details, progress, landing page."""
    rounds = bench.size.rounds
    large, small = bench.environment("large"), bench.environment("small")
    with (
        Worker("pages", OURS, large) as ours,
        Worker("pages", OURS, small) as fewer,
        Worker("pages", PLAIN, large) as plain,
    ):
        here, there = ours.ask("facts"), fewer.ask("facts")

        def asks(path: str, worker: Worker = ours, times: int = 3) -> Callable[[], list[float]]:
            worker.ask("fetch", path=path, times=2)
            return lambda: worker.ask("fetch", path=path, times=times)

        def lists(title: str, path: str, admin: str, filters: list[str], *, grows: bool) -> None:
            sides = {
                "first": asks(path),
                "last": asks(_with(path, "page=last")),
                "small": asks(path, fewer),
                "admin": asks(admin, plain, 1),
            }
            sides |= {it: asks(_with(path, it)) for it in filters}
            p50 = in_turns(rounds, sides)
            first = p50["first"]
            mine, theirs = _ms(first), _ms(p50["admin"])
            bench.add(
                f"{title}: 50 rows against 100 of the plain admin",
                *(p50["admin"] / first, "≥", 4, f"{mine} / {theirs}"),
            )
            if grows:
                bench.add(
                    f"{title}: {here['rows']:,} rows against {there['rows']:,}",
                    *(first / p50["small"], "≤", 1.3, f"{mine} / {_ms(p50['small'])}"),
                )
            bench.add(
                f"{title}: last page against first",
                *(p50["last"] / first, "≤", 1.5, f"{_ms(p50['last'])} / {mine}"),
            )
            worst = max(filters, key=lambda it: p50[it])
            bench.add(
                f"{title}: filtered against not (worst: {worst})",
                *(p50[worst] / first, "≤", 1.5, f"{_ms(p50[worst])} / {mine}"),
            )
            queries(title, [path, *(_with(path, it) for it in ("page=last", *filters))], 6)

        def queries(title: str, paths: list[str], goal: int) -> None:
            seen = [ours.ask("look", path=path)["queries"] for path in paths]
            bench.add(f"{title}: queries", max(seen), "≤", goal, "at most", unit="")

        lists(
            "people",
            "/organization/people/",
            "/admin/organization/person/",
            [f"department={here['department']}", "kind=regular", "q=佐"],
            grows=False,
        )
        lists(
            "training rows",
            "/training/records/",
            "/admin/training/trainingrecord/",
            ["status=passed", f"unit={here['department']}", "kind=dispatched"],
            grows=True,
        )
        campaign = f"/training/records/?campaign={here['campaign']}"
        lists(
            "training rows of a campaign",
            campaign,
            f"/admin/training/trainingrecord/?campaign__id__exact={here['campaign']}",
            ["status=passed", "status=open", f"unit={here['department']}", "q=佐"],
            grows=False,
        )
        for title, path, admin in (
            (
                "person",
                f"/organization/people/{here['person']}/",
                f"/admin/organization/person/{here['person']}/change/",
            ),
            (
                "training record",
                f"/training/records/{here['record']}/",
                f"/admin/training/trainingrecord/{here['record']}/change/",
            ),
        ):
            p50 = in_turns(rounds, {"ours": asks(path), "admin": asks(admin, plain)})
            bench.add(
                f"detail of a {title} against the admin's",
                *(p50["ours"] / p50["admin"], "≤", 0.5, f"{_pair(p50)}"),
            )
            queries(f"detail of a {title}", [path], 8)
        for title, path, old in (
            (
                "progress page",
                f"/training/campaigns/{here['campaign']}/",
                f"/training/campaigns/{there['campaign']}/",
            ),
            ("landing page of HR", "/overview/", "/overview/"),
            ("landing page of everyone", "/", "/"),
        ):
            p50 = in_turns(rounds, {"ours": asks(path), "one year": asks(old, fewer)})
            naive = median(ours.ask("naive", times=3))
            bench.add(
                f"{title} against an aggregate over all rows",
                *(naive / p50["ours"], "≥", 35, f"{_ms(p50['ours'])} / {_ms(naive)}"),
            )
            bench.add(
                f"{title}: {bench.size.years} past years against one",
                *(p50["ours"] / p50["one year"], "≤", 1.2, _pair(p50)),
            )
            queries(title, [path], 6)


def creating(bench: Bench) -> None:
    """One record with its journal entry, then eight people at once."""
    with bench.copy("small") as database:
        with Worker("pages", OURS, database) as ours, Worker("pages", PLAIN, database) as plain:
            found: dict[str, list[float]] = {"ours": [], "admin": []}
            queries = 0
            for _ in range(bench.size.rounds):
                made = ours.ask("create_people", times=3, prefix="P")
                queries = made["queries"]
                found["ours"] += made["seconds"]
                found["admin"] += plain.ask("create_people", times=3, prefix="Q")["seconds"]
            p50 = {name: median(times) for name, times in found.items()}
            bench.add(
                "creating a person with the first affiliation against the admin's",
                *(p50["ours"] / p50["admin"], "≤", 1.1, _pair(p50)),
            )
            bench.add("creating a person: queries", queries, "≤", 8, "whole request", unit="")
        with ExitStack() as stack:
            people = [stack.enter_context(Worker("pages", OURS, database)) for _ in range(8)]
            for person in people:
                person.ask("users")
            each = 25
            for number, person in enumerate(people):
                person.send("create_people", times=each, prefix=f"W{number}")
            errors = 0
            for person in people:
                try:
                    person.receive()
                except RuntimeError:
                    errors += 1
            with Worker("pages", OURS, database) as reader:
                written = reader.ask("written", prefix="W")
        lost = 8 * each - min(written["people"], written["journal"])
        bench.add(
            "eight people writing at once: errors and losses",
            *(errors + lost, "≤", 0, f"{8 * each} people sent, {written}"),
            unit="",
        )


def roster_imports(bench: Bench) -> None:
    """The roster, small and large, as CSV and as workbook."""
    with Worker("imports", OURS, bench.environment("office")) as office:
        codes = office.ask("departments")
    # Of its CSV of the smaller file: it reads no workbooks without a library that we do not use.
    per_second = 0.0
    for count in (bench.size.imported, bench.size.more_imported):
        for kind in ("csv", "xlsx"):
            path = bench.folder / f"roster-{count}.{kind}"
            _roster(path, count, codes)
            with bench.copy("office") as database:
                options = {"effective_on": TODAY}
                with Worker("imports", OURS, database) as ours:
                    mine = ours.ask("ours", path=str(path), importer="people", options=options)
                if not per_second:
                    baseline = bench.folder / f"plain-{count}.{kind}"
                    _roster(baseline, count, codes, plain=True)
                    with Worker("imports", PLAIN, database) as plain:
                        theirs = plain.ask("plain", path=str(baseline), model="organization/person")
                    per_second = count / theirs["seconds"]
            rate = count / mine["seconds"]
            title = f"roster, {count:,} rows, {kind.upper()}"
            bench.add(
                f"{title}: rows a second against import-export's",
                *(rate / per_second, "≥", 10, f"{rate:,.0f} / {per_second:,.0f} rows/s"),
            )
            bench.add(
                f"{title}: memory above idle",
                *(mine["memory"], "≤", 150, "peak of the process"),
                unit=" MB",
            )
            bench.add(
                f"{title}: preview page",
                *(mine["preview_bytes"] / 1_000, "<", 300, f"check {mine['check']:.1f} s"),
                unit=" kB",
            )


def campaigns(bench: Bench) -> None:
    """Opening for everybody, and logging everybody from a file."""
    size = bench.size
    with bench.copy("small") as database:
        with Worker("opening", OURS, database) as worker:
            found = []
            theirs = worker.ask("plain", title="P", people=size.opened_plainly)
            found = [worker.ask("ours", title=f"O{number}") for number in range(3)]
        mine = median(it["seconds"] / it["people"] for it in found)
        plain = theirs["seconds"] / theirs["people"]
        people = found[0]["people"]
        bench.add(
            f"opening for {people:,} people, journal included, against create()",
            *(plain / mine, "≥", 9, f"{mine * 1e6:.0f} / {plain * 1e6:.0f} µs a person"),
        )
        campaign = found[0]["campaign"]
        with Worker("imports", OURS, database) as worker:
            numbers = worker.ask("numbers", campaign=campaign)
            path = bench.folder / "completions.csv"
            _table(path, ["社員番号", "点数"], [[number, 90] for number in numbers])
            options = {
                "campaign": campaign,
                "attended_on": TODAY,
                "method": "classroom",
                "comprehension": "test",
                "lecturer": "",
                "session": None,
            }
            logged = worker.ask("ours", path=str(path), importer="completions", options=options)
        other, sample = found[1]["campaign"], numbers[: max(size.imported // 5, 100)]
        heads = [
            *("campaign", "employee_number", "status", "attended_on", "passed_on"),
            *("method", "comprehension", "score", "lecturer"),
        ]
        day = TODAY
        rows = [[other, it, "passed", day, day, "classroom", "test", 90, ""] for it in sample]
        _table(bench.folder / "plain-completions.csv", heads, rows)
        with Worker("imports", PLAIN, database) as worker:
            slow = worker.ask(
                "plain",
                path=str(bench.folder / "plain-completions.csv"),
                model="training/trainingrecord",
            )
    rate, other_rate = len(numbers) / logged["seconds"], len(sample) / slow["seconds"]
    bench.add(
        f"logging {len(numbers):,} completions from a file against import-export",
        *(rate / other_rate, "≥", 10, f"{rate:,.0f} / {other_rate:,.0f} rows/s"),
    )


def files(bench: Bench) -> None:
    """Papers and workbooks."""
    database = bench.environment("large")
    for rows in (50, 1_000):
        with Worker("files", OURS, database) as ours, Worker("files", OURS, database) as theirs:
            ours.ask("typst_pdf", rows=5)
            theirs.ask("weasyprint_pdf", rows=5)
            p50 = in_turns(
                5 if rows == 50 else 2,
                {
                    "ours": lambda: [ours.ask("typst_pdf", rows=rows)["seconds"]],  # noqa: B023
                    "theirs": lambda: [theirs.ask("weasyprint_pdf", rows=rows)["seconds"]],  # noqa: B023
                },
            )
        bench.add(
            f"PDF of {rows:,} rows against WeasyPrint",
            *(p50["ours"] / p50["theirs"], "≤", 0.1, _pair(p50)),
        )
    rows = bench.size.exported
    with Worker("files", OURS, database) as ours, Worker("files", OURS, database) as bare:
        first = ours.ask("export", rows=rows)
        p50 = in_turns(
            2,
            {
                "ours": lambda: [ours.ask("export", rows=rows)["seconds"]],
                "bare": lambda: [bare.ask("bare_export", rows=rows)["seconds"]],
            },
        )
    bench.add(
        f"XLSX of {rows:,} rows, with reading, against bare XlsxWriter",
        *(p50["ours"] / p50["bare"], "≤", 1.3, _pair(p50)),
    )
    bench.add(
        f"XLSX of {rows:,} rows: memory above idle",
        *(first["memory"], "≤", 150, "peak of the process"),
        unit=" MB",
    )


def year(bench: Bench) -> None:
    """The pages of the year over a full ledger, and `run_due` with nothing and with much to do."""
    rounds = bench.size.rounds
    with bench.copy("large") as database:
        with Worker("year", OURS, database) as worker:
            here = worker.ask("fill", rows=bench.size.ledger)
            shown = {
                "the year as a board": f"/cycles/{here['cycle']}/",
                "the year by months": f"/cycles/{here['cycle']}/months/",
                "my duties": "/",
                "landing page of the privacy manager": "/overview/",
                f"ledger of {here['rows']:,} reminders": "/reminders/",
            }
            sides = {"training rows": "/training/records/", **shown}
            for path in sides.values():
                worker.ask("fetch", path=path, times=2)
            p50 = in_turns(
                rounds,
                {
                    title: lambda path=path: worker.ask("fetch", path=path, times=3)
                    for title, path in sides.items()
                },
            )
            asked = {title: worker.ask("queries", path=path) for title, path in shown.items()}
            day = worker.ask("working_day")
            worker.ask("run", day=day)
            duties = worker.ask("open_duties")
        for title in shown:
            mine, rows = p50[title], p50["training rows"]
            bench.add(
                f"{title} against the list of 50 training rows",
                *(mine / rows, "≤", 2, f"{_ms(mine)} / {_ms(rows)}"),
            )
        _queries_of_the_year(bench, shown, asked, here["cycle"])
        _nothing_to_do(bench, database, day, duties)
        _much_to_do(bench, database, day)


def _queries_of_the_year(
    bench: Bench, shown: Mapping[str, str], asked: Mapping[str, int], cycle: int
) -> None:
    """Whether each page asks as many queries in an office of 40 people without a past."""
    with bench.copy("office") as database, Worker("year", OURS, database) as office:
        few = office.ask("facts")
        office.ask("run", day=office.ask("working_day"))  # an empty ledger asks for less
        for title, path in shown.items():
            there = path.replace(f"/{cycle}/", f"/{few['cycle']}/")
            fewer = office.ask("queries", path=there)
            bench.add(
                f"{title}: queries more than with {few['people']} people",
                *(asked[title] - fewer, "≤", 0, f"{asked[title]} / {fewer}"),
                unit="",
            )


def incidents(bench: Bench) -> None:
    """The register and the statistics of many cases, and how quickly the rules judge."""
    rounds, cases = bench.size.rounds, bench.size.cases
    with bench.copy("large") as database, Worker("incidents", OURS, database) as worker:
        register, statistics = "/incidents/", "/incidents/statistics/"
        # More than a page of the register: rows that fit on one page need no counting.
        few = worker.ask("fill", rows=60)
        fewer = {path: worker.ask("queries", path=path) for path in (register, statistics)}
        held = worker.ask("fill", rows=cases)
        sides = {"training rows": "/training/records/", "register": register, "sums": statistics}
        for path in sides.values():
            worker.ask("fetch", path=path, times=2)
        p50 = in_turns(
            rounds,
            {
                title: lambda path=path: worker.ask("fetch", path=path, times=3)
                for title, path in sides.items()
            },
        )
        asked = {path: worker.ask("queries", path=path) for path in fewer}
        quick = [worker.ask("judged_a_second", cases=cases) for _round in range(rounds)]
    rows = p50["training rows"]
    for title, name, goal in (
        (f"register of {held:,} incidents", "register", 1.5),
        (f"statistics of {held:,} incidents", "sums", 2),
    ):
        bench.add(
            f"{title} against the list of 50 training rows",
            *(p50[name] / rows, "≤", goal, f"{_ms(p50[name])} / {_ms(rows)}"),
        )
    for path, title in ((register, "register"), (statistics, "statistics")):
        bench.add(
            f"{title} of incidents: queries more than with {few} cases",
            *(asked[path] - fewer[path], "≤", 0, f"{asked[path]} / {fewer[path]}"),
            unit="",
        )
    bench.add(
        f"{cases:,} cases judged",
        *(median(quick), "≥", 5_000, "facts in memory, rules read once"),
        unit="a second",
    )


def _nothing_to_do(bench: Bench, database: Mapping[str, str], day: str, duties: int) -> None:
    """A second run of the day, as a process, against one that only starts Django and ends."""

    def asks(*arguments: str) -> Callable[[], list[float]]:
        return lambda: [_process(bench, database, *arguments) for _ in range(2)]

    sides = {"ours": asks("run_due", f"--today={day}"), "bare": asks("version")}
    for ask in sides.values():
        ask()
    p50 = in_turns(bench.size.rounds, sides)
    bench.add(
        f"run_due with nothing to do ({duties:,} open duties), beside the start of Django",
        *(p50["ours"] - p50["bare"], "≤", 0.2, _pair(p50)),
        unit=" s",
    )


def _process(bench: Bench, database: Mapping[str, str], *arguments: str) -> float:
    """How long a management command takes from start to end, in seconds.

    On SQLite the processor's time, as `measures.common.clock` says.
    """
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **database, "DJANGO_SETTINGS_MODULE": OURS},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    if bench.engine == "postgresql":
        return time.perf_counter() - begun
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return now.ru_utime - used.ru_utime + now.ru_stime - used.ru_stime


def _much_to_do(bench: Bench, database: Mapping[str, str], day: str) -> None:
    """A step due for everybody at once, against inserting the same rows and sending the mails."""
    mine, plain = [], []
    with Worker("year", OURS, database) as worker:
        for _ in range(3):
            done = worker.ask("run_much", day=day)
            mine.append(done["seconds"])
            plain.append(worker.ask("plain", steps=done["steps"], digests=done["digests"]))
    p50 = {"ours": median(mine), "plain": median(plain)}
    bench.add(
        f"run_due with {done['steps']:,} due steps against a bare insert and sending",
        *(p50["ours"] / p50["plain"], "≤", 3, _pair(p50)),
    )


def workers(bench: Bench) -> None:
    """Memory and start of one worker."""
    database = bench.environment("small")
    bare = {**database, "DATABASE_URL": f"sqlite:///{bench.folder / 'bare'}.sqlite3"}
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0"],
        cwd=ROOT,
        env={**os.environ, **bare, "DJANGO_SETTINGS_MODULE": BARE},
        check=True,
    )
    mine, theirs = [], []
    for _ in range(4):
        mine.append(servers.start(OURS, servers.OURS, "/accounts/login/", database))
        theirs.append(servers.start(BARE, servers.PLAIN, "/admin/login/", bare))
    megabytes = [median(it["megabytes"] for it in side) for side in (mine, theirs)]
    seconds = [median(it["seconds"] for it in side) for side in (mine, theirs)]
    bench.add(
        "memory of a worker against a bare Django's",
        *(megabytes[0] / megabytes[1], "≤", 1.7, "{:.0f} / {:.0f} MB".format(*megabytes)),
    )
    bench.add(
        "cold start of a worker against a bare Django's",
        *(seconds[0] / seconds[1], "≤", 2, "{:.1f} / {:.1f} s".format(*seconds)),
    )


def browser(bench: Bench) -> None:
    """A list in Chromium, from an empty cache to the last byte."""
    if not servers.has_browser():
        raise RuntimeError(engines.CHROMIUM_HELP)
    database = bench.environment("large")
    with Worker("pages", OURS, database) as ours, Worker("pages", PLAIN, database) as plain:
        cookies = {"ours": ours.ask("session_cookie"), "admin": plain.ask("session_cookie")}
    with (
        servers.server(OURS, servers.OURS, database) as (_one, here),
        servers.server(PLAIN, servers.PLAIN, database) as (_other, there),
    ):
        time.sleep(4)
        sides = {
            "ours": (here, "/organization/people/"),
            "admin": (there, "/admin/organization/person/"),
        }
        servers.shown(sides, cookies, times=2)
        seen = servers.shown(sides, cookies, times=bench.size.rounds)
    mine, theirs = seen["ours"], seen["admin"]
    bench.add(
        "page fully shown in Chromium against the admin's list",
        *(mine["shown"] / theirs["shown"], "≤", 0.5),
        f"{mine['shown']:.0f} / {theirs['shown']:.0f} ms",
    )
    bench.add("page in Chromium: requests", mine["requests"], "≤", 6, "empty cache", unit="")
    bench.add(
        "page in Chromium: script",
        *(mine["script"] / 1_000, "<", 60, "as sent over the wire"),
        unit=" kB",
    )


SUBJECTS = (
    pages,
    creating,
    roster_imports,
    campaigns,
    files,
    year,
    incidents,
    workers,
    browser,
)


# --- Files of our own making --------------------------------------------------------------------


def _roster(path: Path, rows: int, codes: list[str], *, plain: bool = False) -> None:
    """A roster of invented people; `plain` with the table's own names as headings."""
    dice = random.Random(rows)
    heads = ["社員番号", "姓", "名", "セイ", "メイ", "メールアドレス", "入社日", "退職日"]
    if plain:
        heads = [
            *("employee_number", "family_name", "given_name", "family_kana", "given_kana"),
            *("email", "joined_on", "left_on"),
        ]
    else:
        heads += ["部門コード", "雇用区分", "役職"]
    names = ("佐藤 サトウ", "髙橋 タカハシ", "𠮷田 ヨシダ", "宮﨑 ミヤザキ", "渡邉 ワタナベ")
    given = ("真理 マリ", "健太 ケンタ", "由美 ユミ", "修一 シュウイチ")
    found = []
    for number in range(rows):
        name, reading = dice.choice(names).split()
        own, own_reading = dice.choice(given).split()
        joined = f"20{dice.randrange(10, 26)}-04-01"
        key = f"{'Y' if plain else 'X'}{number:07}"
        row = [key, name, own, reading, own_reading, f"{key}@example.com".lower(), joined, ""]
        if not plain:
            row += [dice.choice(codes), dice.choice(("正社員", "パート", "契約社員")), ""]
        found.append(row)
    _table(path, heads, found)


def _table(path: Path, heads: list[str], rows: list[list[Any]]) -> None:
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([heads, *rows])
        return
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([heads, *rows]):
        sheet.write_row(number, 0, row)
    book.close()


# --- Telling ------------------------------------------------------------------------------------


def _with(path: str, query: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{query}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1_000:.1f} ms"


def _pair(p50: Mapping[str, float]) -> str:
    return " / ".join(_ms(it) for it in p50.values())


def line_of(figure: Figure) -> str:
    """The figure in one line."""
    verdict = "met   " if figure.met else "MISSED"
    value = f"{figure.value:g}{figure.unit}"
    goal = f"{figure.sign} {figure.goal:g}{figure.unit}"
    return f"{verdict} {figure.engine:10} {value:>10} ({goal:>9})  {figure.work}  [{figure.detail}]"


def commit() -> str:
    """What was measured."""
    git = shutil.which("git") or "git"
    done = subprocess.run(
        [git, "describe", "--always", "--dirty", "--abbrev=12"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def main() -> int:
    """Measure what the command line asks for; 0 if everything could be measured."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as in an installation
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small company, in a minute")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    known = {it.__name__: it for it in SUBJECTS}
    parser.add_argument("--only", choices=sorted(known), action="append", help="a subject")
    parser.add_argument("--keep", type=Path, help="a folder whose SQLite databases are kept")
    given = parser.parse_args()
    size = QUICK if given.quick else FULL
    figures, failures = [], []
    state, begun = commit(), time.time()
    for engine in given.engine or ["sqlite", "postgresql"]:
        with ExitStack() as stack:
            temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix="pms-bench-"))
            folder = given.keep if given.keep and engine == "sqlite" else Path(temporary)
            try:
                bench = Bench(engine, folder, size, stack)
            except engines.EngineMissingError as missing:
                failures.append(f"{engine}: {missing}")
                continue
            _prepare(bench)
            for subject in SUBJECTS:
                if not given.only or subject.__name__ in given.only:
                    bench.subject(subject)
            figures += bench.figures
            failures += bench.failures
    _tell(figures, failures, state, minutes=(time.time() - begun) / 60, is_quick=given.quick)
    return 1 if failures else 0


def _prepare(bench: Bench) -> None:
    """Three companies: of five years and a million rows, of one year, and one office alone."""
    begun = time.monotonic()
    size = bench.size
    if not (bench.folder / "office.sqlite3").exists():
        bench.build("small", people=size.people, years=1)
        bench.build("large", people=size.people, years=size.years, training_rows=size.rows)
        bench.build("office", people=40, years=0)
    if not (bench.folder / "static").exists():
        bench.manage("office", "collectstatic", "--noinput", "-v0")
    print(f"{bench.engine}: databases made in {time.monotonic() - begun:.0f} s", flush=True)


def _tell(
    figures: list[Figure], failures: list[str], state: str, *, minutes: float, is_quick: bool
) -> None:
    """Print the summary and keep everything."""
    print()
    for figure in figures:
        print(line_of(figure))
    for failure in failures:
        print(f"NOT MEASURED  {failure}")
    missed = sum(not it.met for it in figures)
    print(f"\n{len(figures)} figures, {missed} missed, commit {state}, {minutes:.0f} minutes")
    kept = {
        "commit": state,
        "quick": is_quick,
        "minutes": round(minutes, 1),
        "figures": [asdict(it) | {"met": it.met} for it in figures],
        "not_measured": failures,
    }
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
