"""A roster of 10,000 people as an office would hand it over: Shift_JIS, with slips in it."""

import csv
import io
from collections.abc import Iterator

from pms.demo.names import FAMILY_NAMES, GIVEN_NAMES_F

HEADINGS = ["社員番号", "氏名", "フリガナ", "メールアドレス", "部署コード", "雇用区分", "入社日"]
# Row as a person counts it (the heading is row 1) → column, wrong value. Twelve slips.
SLIPS = {
    12: ("入社日", "2026/2/30"),
    345: ("部署コード", "999"),
    678: ("雇用区分", "正社印"),
    1001: ("社員番号", ""),
    1500: ("氏名", ""),
    2222: ("メールアドレス", "hanako.example.jp"),
    3333: ("入社日", "平成32年4月1日"),
    4444: ("部署コード", ""),
    5678: ("入社日", "昨年の春"),
    6789: ("雇用区分", "？"),
    7890: ("メールアドレス", "a@@example.jp"),
    9999: ("部署コード", "営業"),
}
# The Shift_JIS of Japanese offices has no place for these; such people are in no roster of theirs.
_FAMILIES = [name for name in FAMILY_NAMES if "𠮷" not in name.kanji]


def number_of(place: int) -> str:
    """The employee number in a row, with a leading zero."""
    return f"{place + 10_001:06}"


def people(count: int) -> Iterator[list[str]]:
    """Rows of a roster without slips; the first person has an address, the others have none."""
    for place in range(count):
        family = _FAMILIES[place % len(_FAMILIES)]
        given = GIVEN_NAMES_F[place // len(_FAMILIES) % len(GIVEN_NAMES_F)]
        yield [
            number_of(place),
            f"{family.kanji} {given.kanji}",
            f"{family.kana} {given.kana}",
            "hanako@example.jp" if place == 0 else "",
            f"{(place % 14 + 1) * 10}",
            ("正社員", "契約社員", "パート", "派遣社員")[place % 4],
            ("2020-04-01", "2021/4/1", "令和4年4月1日", "R5.4.1")[place % 4],
        ]


def roster(count: int, *, with_slips: bool) -> bytes:
    """The file."""
    rows = [HEADINGS, *people(count)]
    if with_slips:
        for number, (heading, value) in SLIPS.items():
            rows[number - 1][HEADINGS.index(heading)] = value
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("cp932")


def completions(numbers: list[str]) -> bytes:
    """Completions of `numbers` as HR's training system writes them out."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["社員番号", "点数"])
    writer.writerows([number, 90] for number in numbers)
    return text.getvalue().encode("cp932")
