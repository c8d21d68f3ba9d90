"""Dates as Japanese offices write them, read and written.

The eras and their first days follow the cabinet orders that named them. 明治 begins here with
the Gregorian calendar (1873-01-01); before that day a Japanese date is no Gregorian date.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from .text import fold


class DateError(ValueError):
    """A value is no date; the message names the value and the cure, in the reader's language.

    Attributes:
        code: "unreadable", "no_such_day" or "outside_era".
        suggestion: the day that was probably meant, when there is one.
    """

    def __init__(self, message: str, *, code: str, suggestion: date | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.suggestion = suggestion


class Era(NamedTuple):
    """A Japanese era, from its first to its last day, both included.

    `base` is what is added to a year of the era to get the year of the common era.
    """

    name: str
    letter: str
    base: int
    first: date
    last: date


# 1926-12-25 belongs to two eras: 大正 ended on the day 昭和 began. The same holds for 1912-07-30.
ERAS: Final = (
    Era("令和", "R", 2018, date(2019, 5, 1), date.max),
    Era("平成", "H", 1988, date(1989, 1, 8), date(2019, 4, 30)),
    Era("昭和", "S", 1925, date(1926, 12, 25), date(1989, 1, 7)),
    Era("大正", "T", 1911, date(1912, 7, 30), date(1926, 12, 25)),
    Era("明治", "M", 1867, date(1873, 1, 1), date(1912, 7, 30)),
)
_ERA_BY_MARK = {
    mark: era
    for era, square in zip(ERAS, "㋿㍻㍼㍽㍾", strict=True)
    for mark in (era.name, era.name[0], era.letter, square)
}

_WESTERN = re.compile(
    r"(?P<year>\d{4})(?:(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"|年(?P<month_>\d{1,2})月(?P<day_>\d{1,2})日)"
)
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)")
_ERA = re.compile(
    r"(令和|平成|昭和|大正|明治|[令平昭大明RHSTM㋿㍻㍼㍽㍾])"
    r"(?:(\d{1,2}|元)(?:年(\d{1,2})月(\d{1,2})日|[-/.](\d{1,2})[-/.](\d{1,2}))|(\d\d)(\d\d)(\d\d))",
    re.IGNORECASE,
)
# Day 1 of a spreadsheet's calendar is 1900-01-01 and its 1900 has a 29 February, so that from
# March 1900 on the count starts on the day below. Only five digits are taken for such a count
# (1927-05-18 to 2173-10-13): a smaller number is a slip of the pen, not a day.
_SERIAL = re.compile(r"([1-9]\d{4})(?:\.\d+)?")
_SERIAL_START: Final = date(1899, 12, 30)
# What a spreadsheet or another system adds behind the day, and what a form asks for is a day.
_WEEKDAY = re.compile(r"\([月火水木金土日](?:曜日?)?\)")
_TIME = re.compile(r"(?<=[\d日)])[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?")


def parse_date(value: str | float | date) -> date:
    """Read a day from what a person typed or a file holds.

    Reads 2026-04-01, 2026/4/1, 2026.4.1, 20260401, 2026年4月1日; 令和8年4月1日, 令和元年5月1日,
    R8.4.1, R8/4/1, R080401 and the same of the older eras; each in full-width too and with the
    day of the week in brackets; and the day numbers of a spreadsheet (1900 system). A time of
    day is read and left away. Years of two digits are refused: nobody can tell their calendar.

    Args:
        value: a text, a day number or eight digits as a number, a date, or a moment (an aware
            one is taken in the current time zone).

    Returns:
        The day.

    Raises:
        DateError: the value is no date, no day of the calendar, or outside its era.
    """
    if isinstance(value, str):
        return _parse_text(value)
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    if isinstance(value, date):
        return value
    return _parse_text(f"{value:.15g}")


@lru_cache(maxsize=8192)
def _parse_text(value: str) -> date:
    if value[4:8:3] == "--":  # the usual case, as databases and this system's exports write it
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    text = _WEEKDAY.sub("", _TIME.sub("", fold(value))).replace(" ", "")
    for pattern, read in _READERS:
        if match := pattern.fullmatch(text):
            return read(value, match)
    raise DateError(
        _(
            "“%(value)s” cannot be read as a date. Please write it like 2026-04-01, 2026/4/1, "
            "令和8年4月1日 or R8.4.1."
        )
        % {"value": value},
        code="unreadable",
    )


def _western(value: str, match: re.Match[str]) -> date:
    found = match.groupdict()
    return _day(
        value,
        int(found["year"]),
        int(found["month"] or found["month_"]),
        int(found["day"] or found["day_"]),
    )


def _eight_digits(value: str, match: re.Match[str]) -> date:
    return _day(value, *map(int, match.groups()))


def _serial(value: str, match: re.Match[str]) -> date:
    return _SERIAL_START + timedelta(days=int(match[1]))


def _era(value: str, match: re.Match[str]) -> date:
    mark, *numbers = (group for group in match.groups() if group)
    era = _ERA_BY_MARK[mark.upper()]
    year, month, day = (1 if number == "元" else int(number) for number in numbers)
    found = _day(value, era.base + year, month, day)
    if year and era.first <= found <= era.last:
        return found
    raise DateError(
        _(
            "“%(value)s” is not a day of the era %(era)s. If %(wareki)s (%(iso)s) is meant, "
            "please write that."
        )
        % {
            "value": value,
            "era": era.name,
            "wareki": format_wareki(found),
            "iso": found.isoformat(),
        },
        code="outside_era",
        suggestion=found,
    )


_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], date]], ...]] = (
    (_WESTERN, _western),
    (_EIGHT_DIGITS, _eight_digits),
    (_ERA, _era),
    (_SERIAL, _serial),
)


def _day(value: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_such_day(value, year, month) from None


def _no_such_day(value: str, year: int, month: int) -> DateError:
    if date.min.year <= year < date.max.year and 1 <= month <= 12:
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        message = _(
            "“%(value)s” is a day that does not exist. In month %(month)d of %(year)d the days "
            "run from 1 to %(last)d."
        ) % {"value": value, "year": year, "month": month, "last": last}
    else:
        message = _(
            "“%(value)s” is a day that does not exist. Months run from 1 to 12; please check "
            "year, month and day."
        ) % {"value": value}
    return DateError(message, code="no_such_day")


def era_of(day: date) -> Era | None:
    """The era of `day`, the newer one on a day that has two; None before 1873."""
    return next((era for era in ERAS if day >= era.first), None)


def format_wareki(day: date) -> str:
    """Write `day` like 令和8年4月1日, the first year of an era as 元年; 1872年1月1日 before any."""
    era = era_of(day)
    if era is None:
        return f"{day.year}年{day.month}月{day.day}日"
    year = day.year - era.base
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def format_wareki_short(day: date) -> str:
    """Write `day` like R8.4.1, for narrow columns."""
    era = era_of(day)
    if era is None:
        return f"{day.year}.{day.month}.{day.day}"
    return f"{era.letter}{day.year - era.base}.{day.month}.{day.day}"
