"""How the legal days of an incident are counted; pure functions.

The day of knowing is day 1, holidays are counted, and a last day on which the authorities are
closed moves to the next day on which they are open (個人情報の保護に関する法律施行規則 art. 8;
guideline (general rules) 3-5-3-4 with note 2; 行政機関の休日に関する法律 art. 2).
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

JAPAN: Final = ZoneInfo("Asia/Tokyo")
ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5
APRIL: Final = 4
# 29 December to 3 January (行政機関の休日に関する法律 art. 1, para. 1, item 3).
TURN_OF_THE_YEAR: Final = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})


def day_in_japan(moment: datetime) -> date:
    """The day on which `moment` falls in Japan, where the days of the law are counted."""
    return moment.astimezone(JAPAN).date()


def first_day_of_list_year(year: int) -> date:
    """The day on which a year of the lists begins."""
    return date(year, APRIL, 1)


def list_year(day: date) -> int:
    """Which year of the examining bodies' lists a case that was reported on `day` is counted by.

    They publish their numbers by their fiscal year, from April to March, whatever the company's own
    is (JIPDEC, 事故報告集計結果). A case belongs to it by the day of the report inside, as in our
    own statistics.
    """
    return day.year if day.month >= APRIL else day.year - 1


class OfficeDays:
    """On which days the authorities are open.

    Args:
        holidays_of: the public holidays of a year.
        further: public holidays that `holidays_of` does not know yet.
    """

    def __init__(
        self, holidays_of: Callable[[int], Collection[date]], further: Collection[date] = ()
    ) -> None:
        self._holidays_of = holidays_of
        self._further = frozenset(further)
        self._years: dict[int, frozenset[date]] = {}

    def is_closed(self, day: date) -> bool:
        """Whether `day` is a Saturday, a Sunday, a public holiday or 29 December to 3 January."""
        if day.weekday() >= SATURDAY or (day.month, day.day) in TURN_OF_THE_YEAR:
            return True
        if day.year not in self._years:
            self._years[day.year] = frozenset(self._holidays_of(day.year)) | self._further
        return day in self._years[day.year]

    def next_open(self, day: date) -> date:
        """`day` itself if the authorities are open on it, else the next day on which they are."""
        while self.is_closed(day):
            day += ONE_DAY
        return day


def nth_day(counted_from: date, days: int) -> date:
    """The day that is number `days`, when `counted_from` is number 1."""
    return counted_from + timedelta(days=days - 1)
