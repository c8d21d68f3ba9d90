"""The texts of code and templates and their Japanese: `python -m scripts.texts collect|check`.

Like Django's `makemessages` and `compilemessages`, without the GNU programs that a machine may
lack; nothing is guessed, so no translation is ever fuzzy.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "pms/locale/ja/LC_MESSAGES/django.po"
CODE = ROOT / "pms"
TEMPLATES = ROOT / "templates"
METADATA = {
    "Language": "ja",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

# What each function's leading arguments are; the lazy and noop variants take the same.
ARGUMENTS = {
    "gettext": ("msgid",),
    "ngettext": ("msgid", "msgid_plural"),
    "pgettext": ("msgctxt", "msgid"),
    "npgettext": ("msgctxt", "msgid", "msgid_plural"),
}
STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL_IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\(({STRING}(?:,\s*{STRING})*)", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

type Key = tuple[str | None, str]


def collect() -> list[str]:
    """Bring the catalogue in step with the sources and compile it; gives what is left to do."""
    old = {key(entry): entry for entry in read_catalogue()}
    new = polib.POFile()
    new.metadata = METADATA
    for entry in find_texts():
        known = old.get(key(entry))
        if known and bool(known.msgid_plural) == bool(entry.msgid_plural):
            entry.msgstr, entry.msgstr_plural = known.msgstr, known.msgstr_plural
        new.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(CATALOGUE))
    new.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    return check()


def check() -> list[str]:
    """What is wrong with the catalogue, one sentence each; nothing if it is complete."""
    catalogue = read_catalogue()
    known = {key(entry) for entry in catalogue}
    found = {key(entry): entry for entry in find_texts()}
    problems = [
        f"{entry.occurrences[0][0]}: {entry.msgid!r} is not in the catalogue; run `make messages`."
        for entry in found.values()
        if key(entry) not in known
    ]
    for entry in catalogue:
        if key(entry) not in found:
            problems.append(f"{entry.msgid!r} is used nowhere; run `make messages`.")
        if entry.fuzzy:
            problems.append(f"{entry.msgid!r} is fuzzy: read its Japanese and remove the mark.")
        problems += [f"{entry.msgid!r} {problem}" for problem in check_translation(entry)]
    if compiled() != {key(entry): translation(entry) for entry in catalogue if translation(entry)}:
        problems.append("The compiled catalogue is not up to date; run `make messages`.")
    return problems


def check_translation(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with the Japanese of one text."""
    japanese = translation(entry)
    if not japanese:
        yield "has no Japanese yet."
    # Japanese has one form for every number; it must name what the English plural names.
    elif placeholders(japanese) != placeholders(entry.msgid_plural or entry.msgid):
        yield f"and its Japanese {japanese!r} have different placeholders."


def find_texts() -> list[polib.POEntry]:
    """Every text of code and templates, sorted, with the files that use it."""
    entries: dict[Key, polib.POEntry] = {}
    templates = [path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"}]
    sources = [(path, texts_in_code) for path in CODE.rglob("*.py")]
    sources += [(path, texts_in_template) for path in templates]
    for path, read in sorted(sources, key=lambda source: source[0]):
        occurrence = (path.relative_to(ROOT).as_posix(), "")
        for text in read(path.read_text()):
            entry = entries.setdefault((text.get("msgctxt"), text["msgid"]), polib.POEntry(**text))
            if "msgid_plural" in text:
                entry.msgid_plural, entry.msgstr_plural = text["msgid_plural"], {0: ""}
            if occurrence not in entry.occurrences:
                entry.occurrences.append(occurrence)
            if "%" in entry.msgid and placeholders(entry.msgid):
                entry.flags = ["python-format"]
    return [
        entries[found] for found in sorted(entries, key=lambda found: (found[1], found[0] or ""))
    ]


def texts_in_code(source: str) -> Iterator[dict[str, str]]:
    """The texts that a Python module marks; what is not a plain string is left to the linter."""
    tree = ast.parse(source)
    aliases = {
        it.asname: it.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for it in node.names
        if it.asname
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            function = re.sub("_(lazy|noop)$", "", aliases.get(name, name))
            wanted = ARGUMENTS.get(function, ())
            strings = [it.value for it in node.args[: len(wanted)] if isinstance(it, ast.Constant)]
            if wanted and len(strings) == len(wanted):
                yield dict(zip(wanted, strings, strict=True))


def texts_in_template(source: str) -> Iterator[dict[str, str]]:
    """The texts that a template marks, as Django itself reads it."""
    for match in CALL_IN_TEMPLATE.finditer(templatize(source)):
        strings = ast.literal_eval(f"({match[2]},)")
        yield dict(zip(ARGUMENTS[match[1].replace("_", "gettext")], strings, strict=False))


def read_catalogue() -> list[polib.POEntry]:
    """The catalogue's entries; none if there is no catalogue yet."""
    return list(polib.pofile(str(CATALOGUE))) if CATALOGUE.exists() else []


def compiled() -> dict[Key, str]:
    """What the compiled catalogue, the one that Django reads, holds."""
    path = CATALOGUE.with_suffix(".mo")
    entries = polib.mofile(str(path)) if path.exists() else []
    return {key(entry): translation(entry) for entry in entries}


def key(entry: polib.POEntry) -> Key:
    """What tells one text from another."""
    return entry.msgctxt, entry.msgid


def translation(entry: polib.POEntry) -> str:
    """The Japanese of a text, empty if there is none."""
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def placeholders(text: str) -> set[str]:
    """What will be filled in."""
    return set(PLACEHOLDER.findall(text))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pms.settings.test")
    remaining = {"collect": collect, "check": check}[sys.argv[1]]()
    print(*remaining, sep="\n", end="\n" if remaining else "")
    sys.exit(1 if remaining and sys.argv[1] == "check" else 0)
